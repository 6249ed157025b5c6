//! The message against the field list of the standard's classes, and against a message written by hand from it.

use crate::lot;

use exchange::cfx::{frame, inspected_unit, units_inspected};
use exchange::{Decided, Finding, Judged, Lot, Unit, Verification};
use proptest::prelude::*;
use serde_json::Value;

/// What a member may hold.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Guid,
    Time,
    Text,
    Whole,
    Real,
    /// One of these.
    Word(&'static [&'static str]),
    /// Exactly this.
    Is(&'static str),
    Object(&'static str),
    List(&'static str),
    /// The same, or null.
    Maybe(&'static Kind),
}

use Kind::{Guid, Is, List, Maybe, Object, Real, Text, Time, Whole, Word};

const RESULT: Kind = Word(&["Passed", "Failed", "Error", "Aborted", "Skipped"]);
const VERIFIED: Kind = Word(&["NotVerifiedYet", "DefectConfirmed", "DefectRejected", "DefectAccepted"]);

/// The classes that the message is made of, each with its members, from the CFX SDK: `CFXEnvelope`,
/// `CFX.Production.TestAndInspection.UnitsInspected`, and of `CFX.Structures` those it names. Left out are members that came
/// after version 1.3 (`PrimaryIdentifier`, `HermesIdentifier`, `RefNo`).
const CLASSES: [(&str, &[(&str, Kind)]); 10] = [
    (
        "CFXEnvelope",
        &[
            ("MessageName", Is("CFX.Production.TestAndInspection.UnitsInspected")),
            ("Version", Is("1.3")),
            ("TimeStamp", Time),
            ("UniqueID", Guid),
            ("Source", Text),
            ("Target", Maybe(&Text)),
            ("RequestID", Maybe(&Text)),
            ("MessageBody", Object("UnitsInspected")),
        ],
    ),
    (
        "UnitsInspected",
        &[
            // Newtonsoft's name for the class, by which the SDK reads the body at once.
            ("$type", Is("CFX.Production.TestAndInspection.UnitsInspected, CFX")),
            ("TransactionId", Guid),
            ("InspectionMethod", Word(&["Human", "AOI", "SPI"])),
            ("SamplingInformation", Object("SamplingInformation")),
            ("Inspector", Object("Operator")),
            ("RecipeName", Maybe(&Text)),
            ("RecipeRevision", Maybe(&Text)),
            ("InspectedUnits", List("InspectedUnit")),
        ],
    ),
    (
        "SamplingInformation",
        &[
            (
                "SamplingMethod",
                Word(&["NoSampling", "ANSI_Z14", "MIL_STD_105", "MIL_STD_1916", "Squeglia", "FixedSample"]),
            ),
            ("LotSize", Maybe(&Real)),
            ("SampleSize", Maybe(&Real)),
        ],
    ),
    (
        "Operator",
        &[
            ("OperatorIdentifier", Maybe(&Text)),
            ("ActorType", Word(&["Human", "Robot", "RemoteSystem"])),
            ("LastName", Maybe(&Text)),
            ("FirstName", Maybe(&Text)),
            ("LoginName", Maybe(&Text)),
        ],
    ),
    (
        "InspectedUnit",
        &[
            ("UnitIdentifier", Text),
            ("UnitPositionNumber", Maybe(&Whole)),
            ("OverallResult", RESULT),
            ("ActiveRecipeName", Maybe(&Text)),
            ("ActiveRecipeRevision", Maybe(&Text)),
            ("Inspections", List("Inspection")),
            ("Verification", VERIFIED),
        ],
    ),
    (
        "Inspection",
        &[
            ("UniqueIdentifier", Text),
            ("InspectionName", Text),
            ("InspectionStartTime", Maybe(&Time)),
            ("InspectionEndTime", Maybe(&Time)),
            ("TestProcedure", Maybe(&Text)),
            ("Comments", Maybe(&Text)),
            ("Result", RESULT),
            ("Verification", VERIFIED),
            ("VerificationDetail", Maybe(&Text)),
            ("Error", Maybe(&Text)),
            ("DefectsFound", List("Defect")),
            ("Symptoms", List("Symptom")),
            ("Measurements", List("Measurement")),
        ],
    ),
    (
        "Defect",
        &[
            ("UniqueIdentifier", Text),
            ("DefectCode", Text),
            ("DefectCategory", Maybe(&Text)),
            ("Description", Maybe(&Text)),
            ("Comments", Maybe(&Text)),
            ("ComponentOfInterest", Maybe(&Object("ComponentDesignator"))),
            ("RegionOfInterest", Maybe(&Object("Region"))),
            ("DefectImages", List("Image")),
            ("Priority", Maybe(&Whole)),
            ("ConfidenceLevel", Maybe(&Real)),
            ("RelatedMeasurements", List("Measurement")),
            ("RelatedSymptoms", List("Symptom")),
            ("Verification", VERIFIED),
            ("VerificationDetail", Maybe(&Text)),
        ],
    ),
    ("Region", &[("StartPointX", Real), ("StartPointY", Real), ("RegionSegments", List("Segment"))]),
    ("Segment", &[("X", Real), ("Y", Real)]),
    ("ComponentDesignator", &[("ReferenceDesignator", Maybe(&Text)), ("PartNumber", Maybe(&Text))]),
];

fn fits(value: &Value, kind: Kind, at: &str) -> Result<(), String> {
    let wrong = || Err(format!("{at} is no {kind:?}: {value}"));
    match kind {
        Maybe(_) if value.is_null() => Ok(()),
        Maybe(kind) => fits(value, *kind, at),
        Object(class) => object(value, class, at),
        List(class) => {
            let Some(list) = value.as_array() else { return wrong() };
            list.iter().enumerate().try_for_each(|(n, one)| object(one, class, &format!("{at}[{n}]")))
        }
        Whole if value.is_u64() => Ok(()),
        Real if value.is_f64() => Ok(()),
        Text if value.is_string() => Ok(()),
        Guid if value.as_str().is_some_and(|text| text.parse::<uuid::Uuid>().is_ok()) => Ok(()),
        Time if value.as_str().is_some_and(|text| text.parse::<jiff::Timestamp>().is_ok()) => Ok(()),
        Is(word) if value == word => Ok(()),
        Word(words) if value.as_str().is_some_and(|word| words.contains(&word)) => Ok(()),
        _ => wrong(),
    }
}

/// Every member is there, and no other.
fn object(value: &Value, class: &str, at: &str) -> Result<(), String> {
    let Some(members) = value.as_object() else { return Err(format!("{at} is no object: {value}")) };
    let known = CLASSES.iter().find(|(name, _)| *name == class).ok_or(format!("{at}: no class {class}"))?.1;
    if let Some(other) = members.keys().find(|key| known.iter().all(|(name, _)| name != key)) {
        return Err(format!("{at} ({class}) has no member {other}"));
    }
    known.iter().try_for_each(|(name, kind)| match members.get(*name) {
        None => Err(format!("{at} ({class}) lacks {name}")),
        Some(value) => fits(value, *kind, &format!("{at}.{name}")),
    })
}

fn check(message: &Value) -> Result<(), String> {
    object(message, "CFXEnvelope", "$")
}

fn by_hand() -> Value {
    serde_json::from_str(include_str!("example.cfx.json")).unwrap()
}

fn numbered(units: Vec<Unit>) -> Vec<(Option<u32>, Unit)> {
    (1..).map(Some).zip(units).collect()
}

#[test]
fn the_message_is_the_one_written_by_hand() {
    let written = units_inspected(&lot::envelope(), &lot::lot(), &numbered(lot::units()));
    assert_eq!(check(&by_hand()), Ok(()), "the example itself");
    assert_eq!(written, by_hand());
}

#[test]
fn a_message_in_parts_is_the_same_message() {
    let (mut text, tail) = frame(&lot::envelope(), &lot::lot());
    let units = lot::units();
    let told = (1..).zip(&units).filter_map(|(at, unit)| inspected_unit(unit, Some(at)));
    text += &told.map(|unit| serde_json::to_string(&unit).unwrap()).collect::<Vec<_>>().join(",");
    text += &tail;
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), by_hand());
    // Whatever its source calls itself.
    let mut tricky = lot::envelope();
    tricky.source = "\"InspectedUnits\":[]".to_owned();
    let (head, tail) = frame(&tricky, &lot::lot());
    let whole: Value = serde_json::from_str(&(head + &tail)).unwrap();
    assert_eq!((check(&whole), whole["Source"].as_str()), (Ok(()), Some(tricky.source.as_str())));
}

/// The list itself finds what is wrong: otherwise the tests above would say nothing.
#[test]
fn the_field_list_finds_a_wrong_name_type_or_word() {
    let wrongs: [(&str, Value); 9] = [
        ("/MessageName", "CFX.Production.UnitsInspected".into()),
        ("/UniqueID", "1".into()),
        ("/TimeStamp", "yesterday".into()),
        ("/MessageBody/InspectionMethod", "Aoi".into()),
        ("/MessageBody/SamplingInformation/LotSize", "5".into()),
        ("/MessageBody/Inspector/ActorType", "RemoteSystems".into()),
        ("/MessageBody/InspectedUnits/0/OverallResult", "NG".into()),
        ("/MessageBody/InspectedUnits/0/UnitPositionNumber", 1.5.into()),
        ("/MessageBody/InspectedUnits/0/Inspections/0/DefectsFound/0/Verification", Value::Null),
    ];
    for (place, value) in wrongs {
        let mut message = by_hand();
        *message.pointer_mut(place).unwrap() = value;
        assert!(check(&message).is_err(), "{place}");
    }
    let mut message = by_hand();
    let unit = message.pointer_mut("/MessageBody/InspectedUnits/0").unwrap().as_object_mut().unwrap();
    let named = unit.remove("UnitIdentifier").unwrap();
    unit.insert("UnitId".to_owned(), named);
    assert!(check(&message).is_err_and(|why| why.contains("has no member UnitId")));
    let unit = message.pointer_mut("/MessageBody/InspectedUnits/0").unwrap().as_object_mut().unwrap();
    unit.remove("UnitId");
    assert!(check(&message).is_err_and(|why| why.contains("lacks UnitIdentifier")));
}

#[test]
fn nobody_is_named_and_the_sure_are_bounded() {
    let mut unit = lot::units().remove(2);
    unit.findings[0].score = 0;
    let message = units_inspected(&lot::envelope(), &lot::lot(), &[(None, unit)]);
    let defect = message.pointer("/MessageBody/InspectedUnits/0/Inspections/0/DefectsFound/0").unwrap();
    assert_eq!(defect["ConfidenceLevel"], 1.0, "the standard says 1 to 100");
    for member in ["OperatorIdentifier", "LastName", "FirstName", "LoginName"] {
        assert!(message["MessageBody"]["Inspector"][member].is_null(), "{member}");
    }
}

fn any_unit() -> impl Strategy<Value = Unit> {
    let judged = prop::sample::select(vec![Judged::Ok, Judged::Ng, Judged::Unsure, Judged::CannotJudge]);
    let decided = prop::sample::select(vec![Decided::Ok, Decided::Ng, Decided::Review, Decided::Ended]);
    let finding = ("[a-z-]{1,32}", 0..=10_000u32, any::<[u16; 4]>(), 0..3usize).prop_map(
        |(class, score, side, said)| {
            let said =
                [Verification::NotVerifiedYet, Verification::DefectConfirmed, Verification::DefectRejected]
                    [said];
            let [x, y, width, height] = side.map(u32::from);
            Finding { class, score, x, y, width, height, verification: said }
        },
    );
    let findings = prop::collection::vec(finding, 0..4);
    (judged, decided, "\\PC{1,20}", any::<bool>(), 0..=10_000u32, findings).prop_map(
        |(judged, decided, serial, by_person, score, findings)| Unit {
            judged,
            decided,
            serial,
            by_person,
            score,
            findings,
            ..lot::units().remove(0)
        },
    )
}

proptest! {
    #[test]
    fn whatever_was_inspected_fits_the_field_list(units in prop::collection::vec(any_unit(), 0..6), size in any::<Option<u32>>()) {
        let decided = units.iter().filter(|unit| matches!(unit.decided, Decided::Ok | Decided::Ng)).count();
        let lot = Lot { lot: "L".to_owned(), size };
        let message = units_inspected(&lot::envelope(), &lot, &numbered(units));
        prop_assert_eq!(check(&message), Ok(()));
        prop_assert_eq!(message["MessageBody"]["InspectedUnits"].as_array().unwrap().len(), decided);
    }
}
