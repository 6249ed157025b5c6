//! The packs of this repository load without an error, and hold what they promise.

use std::path::{Path, PathBuf};

use packs::{Handling, Loaded, Problem};

fn real() -> Loaded {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    packs::load(&[root.join("guangdong"), root.join("cn")] as &[PathBuf])
}

fn listed(problems: &[Problem]) -> String {
    problems.iter().map(Problem::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_real_packs_hold_the_whole_catalogue() {
    let loaded = real();
    assert_eq!(loaded.errors(), 0, "{}", listed(&loaded.problems));
    let catalogue = loaded.catalogue.unwrap();
    let counts = catalogue.counts();
    assert_eq!(counts.published, 2_262);
    assert!(counts.worked_examples >= 8);
    assert_eq!(counts.agencies, 177);
    assert_eq!(counts.themes, 101);
    assert_eq!(counts.areas, 3_401 + 1_757);
    assert!(counts.online >= 784, "{counts:?}");
    assert!(counts.online_zero_visit >= 617, "{counts:?}");
    assert_eq!(catalogue.children(Some("440000")).count(), 21);
}

#[test]
fn every_online_item_has_a_procedure_a_form_and_limits() {
    let catalogue = real().catalogue.unwrap();
    for item in &catalogue.items {
        match &item.handling {
            Handling::Online { .. } => {
                let procedure = catalogue.procedure_of(item).expect("a procedure");
                assert!(!procedure.steps.is_empty(), "{}", item.code);
                assert!(!item.form.pages.is_empty(), "{}", item.code);
                assert!(item.statutory.is_some() && item.promised.is_some(), "{}", item.code);
            }
            Handling::LookUp { .. } | Handling::GuideOnly { .. } => {
                assert!(item.form.pages.is_empty(), "{}", item.code)
            }
        }
        assert!(catalogue.agency(&item.agency).is_some());
        assert!(catalogue.area(item.area.as_str()).is_some());
    }
}
