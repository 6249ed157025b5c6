//! The packs of this repository load without an error, and hold what they promise.

use std::path::{Path, PathBuf};

use domain::{Date, Deadline, Limit, Time};
use packs::{Field, FieldKind, Handling, Loaded, Problem, StepKind};

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
    assert_eq!(counts.worked_examples, 14);
    assert_eq!(counts.procedures, 19);
    assert_eq!(counts.agencies, 177);
    assert_eq!(counts.themes, 101);
    assert_eq!(counts.areas, 3_401 + 1_757);
    assert_eq!(counts.online, 800);
    assert_eq!(counts.online_zero_visit, 723);
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

/// 实施编码 begins with the code of the body; an item whose guide has all four elements is handled here.
#[test]
fn published_items_are_what_their_guide_allows() {
    let catalogue = real().catalogue.unwrap();
    let mut whole = 0;
    for item in catalogue.items.iter().filter(|item| !item.worked_example) {
        assert!(item.code.starts_with(&item.agency) && matches!(item.code.len(), 31 | 33), "{}", item.code);
        let complete = item.statutory.is_some()
            && item.promised.is_some()
            && !item.materials.is_empty()
            && item.conditions.is_some();
        whole += usize::from(complete);
        assert!(item.online() || !complete, "{}", item.code);
        match &item.handling {
            Handling::Online { .. } => assert!(complete || item.summary.is_some(), "{}", item.code),
            Handling::LookUp { register } => assert_eq!(*register, None),
            Handling::GuideOnly { missing } => assert!(!missing.is_empty(), "{}", item.code),
        }
        assert!(item.windows.iter().all(|window| !window.address.contains("办理地点")), "{}", item.code);
    }
    assert_eq!(whole, 784);
}

#[test]
fn worked_examples_say_so_and_name_their_law() {
    let catalogue = real().catalogue.unwrap();
    for item in catalogue.items.iter().filter(|item| item.worked_example) {
        assert!(item.code.starts_with("ex-") && item.zero_visit() && !item.law.is_empty(), "{}", item.code);
        let conditions = item.conditions.as_ref().unwrap();
        assert!(conditions.zh.contains("示例事项"), "{}", item.code);
        assert!(conditions.en.as_ref().unwrap().contains("worked example"), "{}", item.code);
    }
}

/// The order of the packs' folders does not matter, and what is loaded twice is the same.
#[test]
fn loading_is_repeatable() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    let other = packs::load(&[root.join("cn"), root.join("guangdong")] as &[PathBuf]).catalogue.unwrap();
    let catalogue = real().catalogue.unwrap();
    assert_eq!(catalogue.packs, other.packs);
    assert_eq!(catalogue.items, other.items);
    assert_eq!(catalogue.packs.iter().map(|pack| pack.id.as_str()).collect::<Vec<_>>(), ["cn", "guangdong"]);
    assert!(catalogue.packs.iter().all(|pack| pack.digest.len() == 64));
}

#[test]
fn what_is_looked_up_is_found() {
    let catalogue = real().catalogue.unwrap();
    assert_eq!(catalogue.picks.len(), 8);
    for code in &catalogue.picks {
        assert!(catalogue.item(code).unwrap().online(), "{code}");
    }
    let path: Vec<&str> = catalogue.area_path("440103001").iter().map(|area| area.name.zh.as_str()).collect();
    assert_eq!(path, ["广东省", "广州市", "荔湾区", "沙面街道"]);
    // Dongguan has no counties: its towns hang directly under the city.
    assert!(catalogue.children(Some("441900")).all(|area| area.level == domain::AreaLevel::Town));
    assert_eq!(catalogue.children(None).count(), 34);
    assert!(catalogue.item("no-such-item").is_none() && catalogue.area_path("999999").is_empty());
    let permit = catalogue.procedure("permit").unwrap();
    let review = permit.steps.iter().find(|step| step.kind == packs::StepKind::Review).unwrap();
    assert_eq!(review.officers, 2);
    assert_eq!(permit.suspends.len(), 8, "all of art. 45");
    assert_eq!(permit.extend.as_ref().map(|extend| extend.up_to), Some(Limit::workdays(10)), "art. 42");
    assert!(catalogue.procedure("inquiry").unwrap().steps.is_empty());
    let national = catalogue.code_list("item-kind").unwrap();
    assert_eq!(national.entries.iter().find(|code| code.code == "20").unwrap().name.zh, "公共服务");
}

/// The nation has hours to measure parts of a day, and no cut-off: what is filed online is in time until 24:00.
#[test]
fn the_real_calendar_counts_to_the_hour() {
    let calendar = real().catalogue.unwrap().calendar;
    assert_eq!(calendar.hours().expect("business hours").cut_off(), None);
    let morning = calendar.at(Date::constant(2026, 2, 12), 9);
    let five = calendar.deadline(morning, Limit::workdays(5));
    assert_eq!(five, Deadline { last_day: Date::constant(2026, 2, 26), until: None });
    let quarter = calendar.deadline(calendar.at(Date::constant(2026, 2, 14), 16), Limit::workday_quarters(1));
    let next_opening =
        Deadline { last_day: Date::constant(2026, 2, 24), until: Some(Time::constant(9, 30, 0, 0)) };
    assert_eq!(quarter, next_opening, "from a make-up Saturday over the Spring Festival");
    let evening = calendar.at(Date::constant(2026, 2, 26), 23);
    assert_eq!(calendar.received_on(evening), Date::constant(2026, 2, 26));
    assert!(evening < calendar.end_of_deadline(&five));
    for (year, workdays) in [(2024, 251), (2025, 248), (2026, 248)] {
        let (before, last) = (Date::constant(year - 1, 12, 31), Date::constant(year, 12, 31));
        assert_eq!(calendar.working_days_between(before, last), workdays, "{year}");
    }
}

/// Each special way of handling has an item that goes through it.
#[test]
fn every_way_of_handling_has_its_item() {
    let catalogue = real().catalogue.unwrap();
    for (code, procedure) in [
        ("11440000553612461J2442111672001", "instant"),
        ("ex-elder-card", "instant-card"),
        ("13440000455857174Y2442169060000", "instant-card"),
        ("11440100007483172Q3440106043008", "instant-permit-card"),
        ("ex-driving-licence-renewal", "permit-card"),
        ("ex-old-age-allowance", "entitlement"),
        ("ex-restaurant-promise", "promise"),
        ("ex-public-rental-housing", "notice"),
        ("11440000006939799Q244011403500202", "renewal"),
        ("ex-residence-permit", "confirmation-later-card"),
        ("ex-open-restaurant", "opening-a-restaurant"),
    ] {
        let item = catalogue.item(code).expect(code);
        assert_eq!(item.handling, Handling::Online { procedure: procedure.to_owned() }, "{code}");
        assert!(catalogue.procedure(procedure).is_some(), "{procedure}");
    }
    // A card is made and handed over by people; everything else the platform delivers.
    for procedure in &catalogue.procedures {
        let by_hand =
            procedure.steps.iter().any(|step| step.kind == StepKind::Deliver && step.desk.is_some());
        assert_eq!(by_hand, procedure.procedure.ends_with("-card"), "{}", procedure.procedure);
    }
    // Who is asked whether to have it posted or to fetch it is not told that it lies in “我的” at once.
    let asks = |field: &Field| match &field.kind {
        FieldKind::Choice { options } => field.name == "delivery" && options.len() > 1,
        _ => false,
    };
    let asked =
        catalogue.items.iter().filter(|item| item.form.pages.iter().flat_map(|p| &p.fields).any(asks));
    let asked: Vec<_> = asked.map(|item| (&item.code, catalogue.procedure_of(item).unwrap())).collect();
    assert!(asked.len() >= 4, "{}", asked.len());
    for (code, procedure) in asked {
        assert!(procedure.procedure.ends_with("-card"), "{code} goes by {}", procedure.procedure);
    }
    let owes = catalogue.items.iter().filter(|item| item.materials.iter().any(|material| material.later));
    assert_eq!(owes.map(|item| item.code.as_str()).collect::<Vec<_>>(), ["ex-residence-permit"]);
}

/// 一件事: each body sees what it needs and no more; 四十五日 bind all of them together (行政许可法 art. 42).
#[test]
fn a_joint_case_gives_each_body_its_part() {
    let catalogue = real().catalogue.unwrap();
    let joint = catalogue.procedure("opening-a-restaurant").unwrap();
    let branches = joint.steps.iter().flat_map(|step| &step.branches);
    let parts: Vec<(&str, bool)> = branches
        .clone()
        .map(|branch| (branch.branch.as_str(), branch.fields.iter().any(|field| field == "citizen_number")))
        .collect();
    assert_eq!(parts, [("food", true), ("fire", false), ("sign", false)]);
    assert!(branches.clone().all(|branch| catalogue.agency(&branch.agency).is_some()));
    assert!(
        branches.clone().all(|branch| branch
            .statutory
            .is_some_and(|limit| limit.weight() <= Limit::workdays(45).weight()))
    );
    let item = catalogue.item("ex-open-restaurant").unwrap();
    for branch in branches.clone() {
        assert!(
            matches!(&branch.law[..], [one] if item.law.contains(one)),
            "{} names its act",
            branch.branch
        );
    }
    assert_eq!(item.statutory, Some(Limit::workdays(45)));
}
