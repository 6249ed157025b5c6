//! The map against the names of E142.1, and against a map written by hand.

use crate::lot;

use exchange::e142::{MAX_BOARDS, map};
use exchange::{Decided, Lot, Unit};
use proptest::prelude::*;
use roxmltree::{Document, Node};

const NAMESPACE: &str = "urn:semi-org:xsd.E142-1.V1005.SubstrateMap";

/// Elements: their attributes, and what may stand in them, in this order. `#` is text.
const ELEMENTS: [(&str, &[&str], &[&str]); 14] = [
    ("MapData", &[], &["Layouts", "Substrates", "SubstrateMaps"]),
    ("Layouts", &[], &["Layout"]),
    ("Layout", &["LayoutId", "DefaultUnits", "TopLevel"], &["Dimension"]),
    ("Dimension", &["X", "Y"], &[]),
    ("Substrates", &[], &["Substrate"]),
    ("Substrate", &["SubstrateType", "SubstrateId"], &["LotId", "GoodDevices"]),
    ("LotId", &[], &["#"]),
    ("GoodDevices", &[], &["#"]),
    ("SubstrateMaps", &[], &["SubstrateMap"]),
    (
        "SubstrateMap",
        &[
            "SubstrateType",
            "SubstrateId",
            "LayoutSpecifier",
            "SubstrateSide",
            "Orientation",
            "OriginLocation",
            "AxisDirection",
        ],
        &["Overlay"],
    ),
    ("Overlay", &["MapName", "MapVersion"], &["BinCodeMap"]),
    ("BinCodeMap", &["BinType", "NullBin", "MapType"], &["BinDefinitions", "BinCode"]),
    ("BinDefinitions", &[], &["BinDefinition"]),
    ("BinDefinition", &["BinCode", "BinCount", "BinQuality", "BinDescription"], &[]),
];

/// Words that an attribute may be.
const WORDS: [(&str, &[&str]); 9] = [
    ("SubstrateType", &["Wafer", "Frame", "Strip", "Tray"]),
    ("SubstrateSide", &["TopSide", "BottomSide"]),
    ("Orientation", &["0", "90", "180", "270"]),
    ("OriginLocation", &["LowerLeft", "LowerRight", "UpperLeft", "UpperRight", "Center"]),
    ("AxisDirection", &["UpRight", "DownRight", "UpLeft", "DownLeft"]),
    ("BinType", &["Ascii", "Decimal", "HexaDecimal", "Integer2"]),
    ("MapType", &["2DArray", "Coordinate"]),
    ("BinQuality", &["Pass", "Fail", "Reference", "Skip", "Edge"]),
    ("TopLevel", &["true", "false"]),
];

fn names(node: Node<'_, '_>) -> Result<(), String> {
    let name = node.tag_name().name();
    if node.tag_name().namespace() != Some(NAMESPACE) {
        return Err(format!("{name} is not the standard's"));
    }
    // The rows of a map bear the name of a code.
    let known = ELEMENTS.iter().find(|(element, ..)| *element == name);
    let (attributes, content): (&[_], &[_]) = match known {
        Some((_, attributes, content)) => (attributes, content),
        None if name == "BinCode" => (&[], &["#"]),
        None => return Err(format!("no element {name}")),
    };
    let written: Vec<&str> = node.attributes().map(|one| one.name()).collect();
    if written != attributes {
        return Err(format!("{name} has {written:?}"));
    }
    for attribute in node.attributes() {
        let words = WORDS.iter().find(|(word, _)| *word == attribute.name());
        if words.is_some_and(|(_, words)| !words.contains(&attribute.value())) {
            return Err(format!("{name}/@{} is {}", attribute.name(), attribute.value()));
        }
    }
    if content == ["#"] {
        return if node.children().all(|one| one.is_text()) {
            Ok(())
        } else {
            Err(format!("{name} is no text"))
        };
    }
    let mut after = 0;
    for child in node.children().filter(Node::is_element) {
        let at = content.iter().position(|one| *one == child.tag_name().name());
        let at = at.filter(|at| *at >= after).ok_or(format!("{} in {name}", child.tag_name().name()))?;
        after = at;
        names(child)?;
    }
    Ok(())
}

fn number(node: Node<'_, '_>, attribute: &str) -> usize {
    node.attribute(attribute).unwrap().parse().unwrap()
}

/// What holds between the parts of a map: keys are keys, rows and columns are the layout's, counts are counted.
fn consistent(document: &Document<'_>) {
    let all =
        |name: &'static str| document.descendants().filter(move |node| node.has_tag_name((NAMESPACE, name)));
    let key = |node: Node<'_, '_>| {
        ["SubstrateType", "SubstrateId"].map(|one| node.attribute(one).unwrap().to_owned())
    };
    let mut substrates: Vec<_> = all("Substrate").map(key).collect();
    assert_eq!(substrates, all("SubstrateMap").map(key).collect::<Vec<_>>());
    substrates.sort();
    let count = substrates.len();
    substrates.dedup();
    assert_eq!(substrates.len(), count, "a substrate is told twice");
    for map in all("SubstrateMap") {
        let id = map.attribute("LayoutSpecifier").unwrap();
        let layout = all("Layout").find(|node| node.attribute("LayoutId") == Some(id)).unwrap();
        let dimension = layout.first_element_child().unwrap();
        let codes = map.descendants().find(|node| node.has_tag_name((NAMESPACE, "BinCodeMap"))).unwrap();
        let rows: Vec<&str> = codes
            .children()
            .filter(|node| node.has_tag_name((NAMESPACE, "BinCode")))
            .map(|row| row.text().unwrap())
            .collect();
        assert_eq!(rows.len(), number(dimension, "Y"));
        assert!(rows.iter().all(|row| row.len() == 2 * number(dimension, "X")), "{rows:?}");
        let cells: Vec<&str> =
            rows.iter().flat_map(|row| (0..row.len()).step_by(2).map(|at| &row[at..at + 2])).collect();
        let mut told = 0;
        for bin in codes.descendants().filter(|node| node.has_tag_name((NAMESPACE, "BinDefinition"))) {
            let code = bin.attribute("BinCode").unwrap();
            let counted = cells.iter().filter(|cell| **cell == code).count();
            assert_eq!(number(bin, "BinCount"), counted, "{code}");
            assert!(!bin.attribute("BinDescription").unwrap().is_empty(), "{code}");
            told += counted;
        }
        let null = codes.attribute("NullBin").unwrap();
        assert_eq!(
            told + cells.iter().filter(|cell| **cell == null).count(),
            cells.len(),
            "each cell's bin is defined"
        );
    }
}

/// Elements with their attributes and texts, in order: what two documents have in common that differ in blanks only.
fn outline(text: &str) -> Vec<String> {
    let document = Document::parse(text).unwrap();
    let elements = document.descendants().filter(Node::is_element);
    let told = elements.map(|node| {
        let mut attributes: Vec<String> =
            node.attributes().map(|one| format!("{}={}", one.name(), one.value())).collect();
        attributes.sort();
        let depth = node.ancestors().count();
        format!("{depth} {:?} {attributes:?} {}", node.tag_name(), node.text().unwrap_or_default().trim())
    });
    told.collect()
}

fn check(text: &str) {
    let document = Document::parse(text).unwrap();
    assert_eq!(names(document.root_element()), Ok(()));
    consistent(&document);
}

#[test]
fn the_map_is_the_one_written_by_hand() {
    let (written, example) = (map(&lot::lot(), &lot::units()), include_str!("example.e142.xml"));
    check(example);
    check(&written);
    assert_eq!(outline(&written), outline(example));
}

#[test]
fn the_list_of_names_finds_what_is_wrong() {
    for (from, to) in [
        ("<LotId>", "<Lot>"),
        ("SubstrateType=\"Tray\"", "SubstrateType=\"Lot\""),
        ("NullBin", "Null"),
        ("DownRight", "RightDown"),
        ("BinQuality=\"Fail\"", "BinQuality=\"Bad\""),
        ("V1005", "V1006"),
    ] {
        let wrong = map(&lot::lot(), &lot::units())
            .replace(from, to)
            .replace("</LotId>", if from == "<LotId>" { "</Lot>" } else { "</LotId>" });
        assert!(names(Document::parse(&wrong).unwrap().root_element()).is_err(), "{from}");
    }
}

#[test]
fn texts_from_outside_stay_texts() {
    let mut unit = lot::units().remove(0);
    unit.serial = "\"><x a='&amp;'/>\u{b}\u{ffff}\n".to_owned();
    let lot = Lot { lot: "L&\"<".to_owned(), size: None };
    let written = map(&lot, &[unit.clone(), unit]);
    check(&written);
    let document = Document::parse(&written).unwrap();
    let ids: Vec<_> = document.descendants().filter_map(|node| node.attribute("SubstrateId")).collect();
    let shown = "\"><x a='&amp;'/>\u{fffd}\u{fffd}\n";
    assert_eq!(ids[..3], ["L&\"<", shown, &format!("{shown}~2")], "inspected twice: two boards");
}

#[test]
fn what_is_large_stays_within_bounds() {
    let mut far = lot::units().remove(0);
    (far.findings[0].x, far.findings[0].width) = (65_535, 65_535);
    let units: Vec<Unit> = std::iter::repeat_n(far, MAX_BOARDS + 3).collect();
    let written = map(&lot::lot(), &units);
    check(&written);
    assert_eq!(written.matches("SubstrateType=\"Strip\"").count(), 2 * MAX_BOARDS);
    assert!(written.contains("LayoutId=\"Board-4096px\" DefaultUnits=\"mm\" TopLevel=\"true\">\n      <Dimension X=\"32\" Y=\"1\"/>"));
    check(&map(&lot::lot(), &[]));
}

proptest! {
    #[test]
    fn any_lot_has_a_map_that_agrees_with_itself(count in 0..40usize, classes in prop::collection::vec("[a-z]{1,3}", 1..300)) {
        let mut units = lot::units();
        let (bad, open) = (units[0].clone(), units[3].clone());
        units.clear();
        for (at, class) in classes.iter().enumerate().take(count) {
            let mut unit = bad.clone();
            unit.findings[0].class.clone_from(class);
            unit.decided = [Decided::Ng, Decided::Ok, Decided::Ended][at % 3];
            units.extend([unit, open.clone()]);
        }
        check(&map(&lot::lot(), &units));
    }
}

#[test]
fn more_classes_than_codes_share_the_last() {
    let mut unit = lot::units().remove(0);
    unit.findings.truncate(1);
    let units: Vec<Unit> = (0..300)
        .map(|number| {
            let mut one = unit.clone();
            one.findings[0].class = format!("class-{number:03}");
            one
        })
        .collect();
    let written = map(&lot::lot(), &units);
    check(&written);
    assert!(written.contains("BinCode=\"FE\" BinCount=\"78\" BinQuality=\"Fail\" BinDescription=\"other\""));
}
