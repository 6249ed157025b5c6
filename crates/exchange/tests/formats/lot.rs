//! The lot that the hand-written examples tell of.

use exchange::cfx::Envelope;
use exchange::{Decided, Finding, Judged, Lot, Unit, Verification};
use uuid::Uuid;

fn unit(number: u128, judged: Judged, score: u32, decided: Decided) -> Unit {
    Unit {
        case: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + number),
        serial: format!("D-0000{number}"),
        lot: "L-0001".to_owned(),
        recipe: "die-a/3".to_owned(),
        station: "一号线 AOI".to_owned(),
        model: "synth-1.2.0".to_owned(),
        judged,
        obstacle: None,
        score,
        found: 0,
        findings: Vec::new(),
        decided,
        by_person: false,
        taken: Some("2026-09-07T00:59:58Z".parse().unwrap()),
        reported: "2026-09-07T01:00:00Z".parse().unwrap(),
        decided_at: Some("2026-09-07T01:00:00Z".parse().unwrap()),
    }
}

fn found(line: &str) -> Finding {
    Finding::read(line).unwrap()
}

pub(crate) fn lot() -> Lot {
    Lot { lot: "L-0001".to_owned(), size: Some(5) }
}

pub(crate) fn envelope() -> Envelope {
    Envelope {
        unique_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_00ff),
        time_stamp: "2026-09-07T02:00:00Z".parse().unwrap(),
        source: "Shengshi.Station.0190".to_owned(),
        transaction_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_00ee),
        recipe: Some("die-a/3".to_owned()),
    }
}

/// Defective by rule; good by rule; a false call; still open; defective by a person's word, with a class of its own.
pub(crate) fn units() -> Vec<Unit> {
    let mut bad = unit(17, Judged::Ng, 9_913, Decided::Ng);
    bad.findings = vec![found("open 9913 120 44 18 9"), found("short 4000 0 0 16 16")];
    bad.found = 2;
    let good = unit(18, Judged::Ok, 12, Decided::Ok);
    let mut doubted = unit(19, Judged::Unsure, 5_230, Decided::Ok);
    doubted.findings =
        vec![Finding { verification: Verification::DefectRejected, ..found("spur 5230 60 10 8 8") }];
    (doubted.found, doubted.by_person) = (1, true);
    doubted.decided_at = Some("2026-09-07T01:30:00Z".parse().unwrap());
    let mut open = unit(20, Judged::CannotJudge, 0, Decided::Review);
    (open.obstacle, open.by_person, open.taken, open.decided_at) =
        (Some("dark".to_owned()), true, None, None);
    let mut cracked = unit(21, Judged::CannotJudge, 0, Decided::Ng);
    cracked.obstacle = Some("blurred".to_owned());
    cracked.findings =
        vec![Finding { verification: Verification::DefectConfirmed, ..found("crack 10000 130 0 4 60") }];
    (cracked.found, cracked.by_person, cracked.taken) = (0, true, None);
    vec![bad, good, doubted, open, cracked]
}
