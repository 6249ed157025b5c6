//! Fills a demonstration's folder with a line that has run for some days, so that its pages can be looked at:
//! `cargo run -p app --example line -- DATA DAYS UNITS-A-DAY LAST-LOT [TEMPLATE.png]`. Seeded: the same numbers are the same
//! line. The last lot is one of `LAST-LOT` units; on the last day the lamp has aged.

#![expect(clippy::disallowed_methods, reason = "the days end with today's")]

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use app::{App, Decided, Parts, Report, Station, SystemRandom};
use casework::{Actor, Command, Officer};
use domain::{Clock, ManualClock, from_micros, micros};
use identity::{DemoOfficers, DemoProvider, OfficerDirectory, Post, demo_companies};
use serde_json::json;
use store::{Config, Database, MasterKey, Store};

const ITEM: &str = "ex-incoming-board";
const AREA: &str = "990000";
const DAY: i64 = 86_400_000_000;
const LOT: u32 = 500;
const CLASSES: [(&str, f64); 6] = [
    ("open", 0.36),
    ("short", 0.62),
    ("mousebite", 0.78),
    ("spur", 0.89),
    ("spurious-copper", 0.97),
    ("pin-hole", 1.0),
];

/// xorshift64*.
struct Random(u64);

impl Random {
    fn unit(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn below(&mut self, end: u32) -> u32 {
        (self.unit() * f64::from(end)) as u32
    }
}

struct Line {
    app: App,
    clock: Arc<ManualClock>,
    stations: Vec<Station>,
    officer: Actor,
    random: Random,
    template: String,
    made: u32,
}

impl Line {
    async fn open(data: PathBuf, template: Option<PathBuf>) -> Result<Self, Box<dyn Error>> {
        std::fs::create_dir_all(&data)?;
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../packs");
        let loaded = packs::load(&[folder.join("cn"), folder.join("chip-inspection")]);
        let catalogue = Arc::new(loaded.catalogue.ok_or("the packs do not load")?);
        let today = SystemTime::now().duration_since(UNIX_EPOCH)?.as_micros();
        let clock = Arc::new(ManualClock::at(from_micros(i64::try_from(today)?)));
        let store = Store::open(&Config {
            database: Database::Sqlite(data.join("shengshi.db")),
            data_dir: data.clone(),
            master_key: MasterKey::load_or_create(&data.join("master.key"))?,
            sqlite_max_pages: None,
            readers: 2,
            probe: None,
        })
        .await?;
        store.migrate(micros(clock.now())).await?;
        let search = Arc::new(search::Index::build(Vec::new(), &catalogue.synonyms));
        let officers = DemoOfficers::new(app::special_roles(&catalogue));
        let code = demo_companies().remove(1).code;
        let card =
            officers.of(code.as_str()).into_iter().find(|card| card.post == Post::Clerk).ok_or("no clerk")?;
        let officer = Actor::Officer(Officer {
            id: card.id,
            name: card.name,
            agency: code.as_str().to_owned(),
            area: AREA.parse()?,
            roles: card.roles,
            person: None,
        });
        let app = App::new(Parts {
            catalogue,
            search,
            store,
            provider: Some(Arc::new(DemoProvider)),
            officers: Some(Arc::new(officers)),
            clock: clock.clone(),
            random: Arc::new(SystemRandom::default()),
        })?;
        app.register_organisation_by_hand(&code, "示例·远航电子科技有限公司").await?;
        let mut stations = Vec::new();
        for name in ["示例·三号线工位", "示例·四号线工位"] {
            let (_, credential) = app.register_station(&code, name, None).await?;
            stations.push(app.station(&credential.0).await?);
        }
        let mut digest = "cd".repeat(32);
        if let Some(file) = template {
            let bytes = std::fs::read(file)?;
            digest = store::sha256_hex(&bytes);
            app.put_station_picture(&stations[0], &digest, bytes).await?;
        }
        Ok(Self { app, clock, stations, officer, random: Random(42), template: digest, made: 0 })
    }

    /// A unit: most are clearly good, some clearly not, some between.
    fn unit(&mut self, lot: &str, size: u32, aged: bool) -> Result<Report, Box<dyn Error>> {
        let random = &mut self.random;
        let kind = random.unit();
        let doubt = if aged { 0.28 } else { 0.07 };
        let (judged, score, found) = if kind < 0.04 {
            ("ng", 0.985 + 0.015 * random.unit(), 1 + random.below(3))
        } else if kind < 0.04 + doubt {
            ("unsure", 0.03 + 0.9 * random.unit(), 1)
        } else if kind < 0.045 + doubt {
            ("cannot-judge", 0.0, 0)
        } else {
            ("ok", if aged { 0.004 + 0.012 * random.unit() } else { 0.012 * random.unit().powi(2) }, 0)
        };
        let findings: Vec<_> = (0..found)
            .map(|_| {
                let at = random.unit();
                let class = CLASSES.iter().find(|(_, up_to)| at < *up_to).map_or("open", |(class, _)| class);
                // One corner of the tool is worn.
                let (x, y) = if class == "short" && random.unit() < 0.7 {
                    (430 + random.below(120), 90 + random.below(90))
                } else {
                    (10 + random.below(580), 10 + random.below(580))
                };
                json!({"class": class, "score": score, "x": x, "y": y,
                    "width": 10 + random.below(28), "height": 10 + random.below(28)})
            })
            .collect();
        self.made += 1;
        let picture = format!("{:064x}", u64::from(self.made) + 0xabcd_0000_0000);
        Ok(serde_json::from_value(json!({
            "item": ITEM, "serial": format!("B-{:06}", self.made), "lot": lot, "lot_size": size, "recipe": "board-a/3",
            "judged": judged, "score": score, "model": "synth-1.2.0", "findings": findings,
            "obstacle": (judged == "cannot-judge").then_some("blurred"),
            "test_picture": picture, "template_picture": self.template,
        }))?)
    }

    async fn lot(
        &mut self,
        lot: &str,
        size: u32,
        station: usize,
        aged: bool,
        looked: f64,
    ) -> Result<(), Box<dyn Error>> {
        let mut left = size;
        while left > 0 {
            let some = left.min(100);
            let reports = (0..some).map(|_| self.unit(lot, size, aged)).collect::<Result<Vec<_>, _>>()?;
            let told = self.app.inspect_all(&self.stations[station], &reports).await?;
            self.clock.advance(40);
            for (told, report) in told.into_iter().zip(&reports) {
                let told = told?;
                if told.decision != Decided::Review || self.random.unit() > looked {
                    continue;
                }
                let chance = match report.judged.as_str() {
                    "ok" => 0.01,
                    "cannot-judge" => 0.1,
                    _ => 0.65,
                };
                let action = if self.random.unit() < chance { "ng" } else { "ok" };
                let command = Command::Do { action: action.to_owned(), words: String::new() };
                self.app.act(AREA, told.case, &self.officer, command).await?;
            }
            left -= some;
        }
        Ok(())
    }
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let mut next = || args.next().ok_or("DATA DAYS UNITS-A-DAY LAST-LOT [TEMPLATE.png]");
    let (data, days, a_day, last) =
        (PathBuf::from(next()?), next()?.parse::<i64>()?, next()?.parse::<u32>()?, next()?.parse::<u32>()?);
    let mut line = Line::open(data, next().ok().map(PathBuf::from)).await?;
    let today = micros(line.clock.now());
    for day in (0..days).rev() {
        line.clock.set(from_micros(today - day * DAY - 2 * 3_600_000_000));
        for n in 0..a_day.div_ceil(LOT) {
            let (lot, looked) = (format!("L-{:02}{n:02}", days - day), if day == 0 { 0.6 } else { 1.0 });
            line.lot(&lot, LOT.min(a_day - n * LOT), n as usize % 2, day == 0, looked).await?;
        }
        println!("day {} of {days}", days - day);
    }
    if last > 0 {
        let begun = Instant::now();
        line.lot("L-LAST", last, 0, true, 1.0).await?;
        println!("{last} units in {:.1} s", begun.elapsed().as_secs_f64());
        let Actor::Officer(officer) = line.officer.clone() else { return Err("no officer".into()) };
        for _ in 0..3 {
            let begun = Instant::now();
            let page = line.app.lot_page(&officer, ITEM, "L-LAST").await?;
            println!(
                "its page: {:.0} ms, {} units",
                begun.elapsed().as_secs_f64() * 1e3,
                page.counts.reported
            );
            let begun = Instant::now();
            line.app.line_now(&officer, ITEM).await?;
            println!("the light: {:.1} ms", begun.elapsed().as_secs_f64() * 1e3);
            let begun = Instant::now();
            line.app.line_lots(&officer, i64::MAX, 20).await?;
            line.app.line_days(&officer, ITEM, 30).await?;
            println!("the lots: {:.1} ms", begun.elapsed().as_secs_f64() * 1e3);
        }
    }
    line.app.store.close().await;
    Ok(())
}
