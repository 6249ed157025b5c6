//! A batch of certificates: each row once, refused rows named, wallets that wait for their holders.

use std::collections::BTreeMap;

use app::{Batch, BatchRow, Checked, Error, IssuerWish, Row, RowFault, Standing, Verifier};
use casework::Actor;
use domain::CitizenNumber;
use identity::Post;

use crate::stage::{AREA, Citizen, Place, SHOP, Stage, on_both};

on_both! {
    each_row_is_issued_once;
    what_cannot_be_is_refused_by_its_line;
    a_wallet_waits_for_its_holder;
}

fn batch(stage: &Stage) -> Batch {
    let item = stage.app.catalogue.item(SHOP).unwrap();
    Batch {
        name: "库存".to_owned(),
        kind: "small-restaurant".to_owned(),
        area: AREA.parse().unwrap(),
        agency: item.agency.clone(),
    }
}

fn row(line: u64, number: &str, name: &str) -> BatchRow {
    BatchRow {
        line,
        number: number.to_owned(),
        name: name.to_owned(),
        issued: "2026-03-01".to_owned(),
        fields: BTreeMap::from([("shop".to_owned(), "示例面馆".to_owned())]),
    }
}

/// What became of each row, by line.
async fn issue(stage: &Stage, batch: &Batch, rows: Vec<BatchRow>) -> Vec<(u64, String)> {
    let mut became = Vec::new();
    let mut told = |line: u64, row: Row| became.push((line, format!("{row:?}")));
    stage.app.issue_batch(batch, rows, &mut told).await.unwrap();
    became.sort();
    became
}

fn stranger(serial: u32) -> (String, String) {
    let body = format!("99000019750101{serial:03}");
    let number = format!("{body}{}", CitizenNumber::check_character(&body).unwrap());
    (number, format!("示例·丙{serial}"))
}

async fn each_row_is_issued_once(place: Place) {
    let stage = Stage::new(&place).await;
    let who = Citizen::new(&stage).await;
    let rows: Vec<BatchRow> = (2..52)
        .map(|line| {
            let (number, name) = stranger(300 + line as u32 % 7);
            row(line, &number, &name)
        })
        .chain([row(60, &who.number, &who.name)])
        .collect();
    let first = issue(&stage, &batch(&stage), rows.clone()).await;
    assert!(first.iter().all(|(_, what)| what == "Issued"), "{first:?}");
    let again = issue(&stage, &batch(&stage), rows.clone()).await;
    assert!(again.iter().all(|(_, what)| what == "There"), "{again:?}");
    let other = Batch { name: "另一批".to_owned(), ..batch(&stage) };
    let third = issue(&stage, &other, vec![row(60, &who.number, &who.name)]).await;
    assert_eq!(third, [(60, "Issued".to_owned())]);
    let wallet = stage.app.wallet(who.id).await.unwrap();
    assert_eq!(wallet.len(), 2);
    assert!(wallet.iter().all(|held| held.standing == Standing::Valid));
    // it is shown and checked like any other, and its issuer takes it back
    let id = wallet[0].id;
    let (_, code) = stage.app.show_code(who.id, id, &["shop".to_owned()]).await.unwrap();
    assert!(matches!(stage.app.check_code(&code.text, &Verifier::default()).await, Checked::Valid(_)));
    let Actor::Officer(head) = stage.officer(SHOP, Post::Head) else { panic!("an officer") };
    stage.app.change_certificate(&head, AREA, (id, 1), IssuerWish::Replace, "补登").await.unwrap();
    stage.app.change_certificate(&head, AREA, (id, 2), IssuerWish::Revoke, "注销").await.unwrap();
    assert_eq!(stage.app.my_certificate(who.id, id).await.unwrap().standing, Standing::Revoked);
    let (messages, _) = stage.app.messages(who.id, None).await.unwrap();
    assert!(messages.iter().any(|message| message.event == "certificate-revoked" && message.case.is_none()));
    assert_eq!(stage.faults().await, Vec::<String>::new());
}

async fn what_cannot_be_is_refused_by_its_line(place: Place) {
    let stage = Stage::new(&place).await;
    let who = Citizen::new(&stage).await;
    let (number, name) = stranger(400);
    let good = row(2, &number, &name);
    let field = BTreeMap::from([("colour".to_owned(), "红".to_owned())]);
    let rows = vec![
        good.clone(),
        row(3, "11010119800101123X", &name),
        row(4, &number, " "),
        row(5, &who.number, "示例·别人"),
        BatchRow { line: 6, issued: "2030-01-01".to_owned(), ..good.clone() },
        BatchRow { line: 7, issued: "昨天".to_owned(), ..good.clone() },
        BatchRow { line: 8, fields: field, ..good.clone() },
    ];
    let refused = |fault: RowFault| format!("{:?}", Row::Refused(fault));
    let wanted: Vec<(u64, String)> = (2..)
        .zip([
            "Issued".to_owned(),
            refused(RowFault::Number),
            refused(RowFault::Name),
            refused(RowFault::OtherName),
            refused(RowFault::Issued),
            refused(RowFault::Issued),
            refused(RowFault::Field),
        ])
        .collect();
    assert_eq!(issue(&stage, &batch(&stage), rows).await, wanted);
    for nothing in [
        Batch { kind: "nothing".to_owned(), ..batch(&stage) },
        Batch { agency: "nobody".to_owned(), ..batch(&stage) },
        Batch { area: "440100".parse().unwrap(), ..batch(&stage) },
    ] {
        let done = stage.app.issue_batch(&nothing, vec![good.clone()], &mut |_, _| {}).await;
        assert!(matches!(done, Err(Error::NotFound)));
    }
}

async fn a_wallet_waits_for_its_holder(place: Place) {
    let stage = Stage::new(&place).await;
    let (number, name) = stranger(500);
    issue(&stage, &batch(&stage), vec![row(2, &number, &name)]).await;
    let session = crate::stage::sign_in(&stage, &name, &number).await;
    let wallet = stage.app.wallet(session.citizen().unwrap()).await.unwrap();
    assert_eq!((wallet.len(), wallet[0].value("shop").as_deref()), (1, Some("示例面馆")));
}
