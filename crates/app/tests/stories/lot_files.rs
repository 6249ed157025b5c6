//! A lot as files for other programs: whole, in one order, and an agency's or a station's own alone.

use app::{Error, LotFile, LotFormat, Report, StationError};
use casework::{Actor, Command, Officer};
use identity::Post;
use serde_json::Value;

use crate::stage::{Place, on_both};
use crate::stations::{AREA, BOARD, DIE, Factory, code, unit};

on_both! {
    a_lot_comes_whole_in_each_format;
    a_lot_is_its_agencys_and_a_stations_own;
}

/// More than one page.
const MANY: usize = 130;

async fn whole(factory: &Factory, file: Result<LotFile, Error>) -> (usize, String) {
    let (mut file, mut pieces, mut text) = (file.unwrap(), 0, String::new());
    while let Some(piece) = file.next(&factory.stage.app).await.unwrap() {
        text += &piece;
        pieces += 1;
    }
    (pieces, text)
}

fn inspector(factory: &Factory, item: &str) -> Officer {
    match factory.stage.officer(item, Post::Clerk) {
        Actor::Officer(officer) => officer,
        other => panic!("{other:?}"),
    }
}

/// The first is open, the second was a false call, the others are clear.
async fn inspected(factory: &Factory) {
    factory.report(&unit(BOARD, "B-000", "unsure", 0.5)).await.unwrap();
    factory.stage.clock.advance(1);
    let mut doubtful = unit(BOARD, "B-001", "ng", 0.6);
    doubtful.lot = "L-0001".to_owned();
    let doubtful = factory.report(&doubtful).await.unwrap();
    let looks = factory.stage.officer(BOARD, Post::Clerk);
    let command = Command::Do { action: "ok".to_owned(), words: String::new() };
    factory.stage.app.act(AREA, doubtful.case, &looks, command).await.unwrap();
    factory.stage.clock.advance(1);
    let reports: Vec<Report> = (2..MANY).map(|n| unit(BOARD, &format!("B-{n:03}"), "ng", 0.999)).collect();
    for some in reports.chunks(app::MAX_BATCH) {
        factory.stage.app.inspect_all(&factory.station().await, some).await.unwrap();
        factory.stage.clock.advance(1);
    }
}

async fn a_lot_comes_whole_in_each_format(place: Place) {
    let factory = Factory::new(&place).await;
    inspected(&factory).await;
    let officer = inspector(&factory, BOARD);
    let app = &factory.stage.app;
    let file = |format| app.lot_file(&officer, BOARD, "L-0001", format);

    let (pieces, csv) = whole(&factory, file(LotFormat::Csv).await).await;
    assert!(pieces > 2, "page by page: {pieces}");
    let rows: Vec<&str> = csv.split("\r\n").collect();
    assert_eq!((rows.len(), rows[MANY + 1]), (MANY + 2, ""), "a line a unit, and one above them");
    assert!(rows[0].starts_with("\u{feff}case,serial,lot") && rows[1].contains(",B-000,L-0001,"));
    assert!(rows[1].contains(",unsure,,0.5000,0,,,review,yes,"), "{}", rows[1]);
    assert!(rows[2].contains("\"open 0.6000 at 10,20 30x8\",ok,yes,"), "{}", rows[2]);
    assert!(csv.contains("示例·三号线工位") && !csv.contains(&officer.name));

    let (_, text) = whole(&factory, file(LotFormat::Cfx).await).await;
    let message: Value = serde_json::from_str(&text).unwrap();
    let body = &message["MessageBody"];
    let units = body["InspectedUnits"].as_array().unwrap();
    assert_eq!(units.len(), MANY - 1, "an open unit is no result");
    let told = |unit: &Value| {
        [&unit["UnitIdentifier"], &unit["UnitPositionNumber"], &unit["OverallResult"], &unit["Verification"]]
            .map(Value::to_string)
            .join(" ")
    };
    assert_eq!(told(&units[0]), r#""B-001" 2 "Passed" "DefectRejected""#);
    assert_eq!(units[1]["UnitPositionNumber"], 3);
    let (_, again) = whole(&factory, file(LotFormat::Cfx).await).await;
    let again: Value = serde_json::from_str(&again).unwrap();
    assert_eq!(again["MessageBody"]["TransactionId"], body["TransactionId"], "the same lot");
    assert_ne!(again["UniqueID"], message["UniqueID"], "another message");

    let (pieces, map) = whole(&factory, file(LotFormat::E142).await).await;
    assert_eq!(pieces, 1);
    // 12 by 12 for 130, of which the last row of a square is not needed.
    assert!(map.contains("<Dimension X=\"12\" Y=\"11\"/>"), "{}", &map[..900]);
    assert!(
        map.contains("<BinCode>0E01") && map.contains("BinCode=\"10\" BinCount=\"128\""),
        "{}",
        &map[..900]
    );
    assert!(map.contains("<GoodDevices>1</GoodDevices>"));
}

async fn a_lot_is_its_agencys_and_a_stations_own(place: Place) {
    let factory = Factory::new(&place).await;
    factory.report(&unit(BOARD, "B-1", "ng", 0.999)).await.unwrap();
    let app = &factory.stage.app;
    let officer = inspector(&factory, BOARD);
    let missing = app.lot_file(&officer, BOARD, "L-0002", LotFormat::Csv).await;
    assert!(matches!(missing, Err(Error::NotFound)), "{missing:?}");
    let missing = app.lot_file(&officer, DIE, "L-0001", LotFormat::Csv).await;
    assert!(matches!(missing, Err(Error::NotFound)), "{missing:?}");
    let foreign = Officer { agency: "another".to_owned(), ..officer.clone() };
    let hidden = app.lot_file(&foreign, BOARD, "L-0001", LotFormat::Csv).await;
    assert!(matches!(hidden, Err(Error::NotFound)), "{hidden:?}");
    let mends = factory.stage.officer_of(code().as_str(), AREA, Post::Operator);
    let forbidden = app.lot_file(&mends, BOARD, "L-0001", LotFormat::Csv).await;
    assert!(matches!(forbidden, Err(Error::Forbidden)), "{forbidden:?}");

    // Another station beside it has reported one of its own.
    let (_, credential) = app.register_station(&code(), "示例·四号线工位", None).await.unwrap();
    let second = app.station(&credential.0).await.unwrap();
    let hidden = app.station_lot_file(&second, BOARD, "L-0001", LotFormat::Csv).await;
    assert!(matches!(hidden, Err(Error::NotFound)), "{hidden:?}");
    app.inspect(&second, &unit(BOARD, "B-2", "ng", 0.999)).await.unwrap();
    let own = app.station_lot_file(&second, BOARD, "L-0001", LotFormat::Csv).await;
    let (_, own) = whole(&factory, own).await;
    assert!(own.contains(",B-2,") && !own.contains(",B-1,"), "{own}");
    let (_, both) = whole(&factory, app.lot_file(&officer, BOARD, "L-0001", LotFormat::Csv).await).await;
    assert!(both.contains(",B-2,") && both.contains(",B-1,"), "{both}");
    let wrong = app.station_lot_file(&second, "ex-nothing", "L-0001", LotFormat::Csv).await;
    assert!(matches!(wrong, Err(Error::Station(StationError::Item))), "{wrong:?}");
}
