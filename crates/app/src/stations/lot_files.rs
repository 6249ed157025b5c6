//! A lot as a file for other programs: CSV, CFX, or a map of E142. Written page by page from the rows of its units; no case
//! is opened, and nobody's name is in it.

use std::collections::{BTreeMap, VecDeque};

use casework::Officer;
use domain::PersonId;
use exchange::cfx::{self, Envelope};
use exchange::{Finding, Judged, Lot, Unit, Verification, csv, e142};
use ring::hmac;
use store::Line;

use super::inspect::first;
use super::{Decided, FIRST_UNIT, LotUnit, MAX_LOT, Station, StationError, UnitCursor};
use crate::{App, Error};

/// Units read at once.
const PAGE: i64 = 100;

/// How a lot is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LotFormat {
    /// RFC 4180, a line a unit.
    Csv,
    /// IPC-2591 `UnitsInspected`.
    Cfx,
    /// SEMI E142.1.
    E142,
}

impl LotFormat {
    /// All, in the order they are offered.
    pub const ALL: [Self; 3] = [Self::Csv, Self::Cfx, Self::E142];

    /// What the file is called in addresses and on disks.
    #[must_use]
    pub fn file(self) -> &'static str {
        match self {
            Self::Csv => "units.csv",
            Self::Cfx => "units.cfx.json",
            Self::E142 => "units.e142.xml",
        }
    }

    /// The format of a file that is called so.
    #[must_use]
    pub fn of(file: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.file() == file)
    }

    /// Media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Cfx => "application/json",
            Self::E142 => "application/xml",
        }
    }
}

/// Which units: of an agency's line, or of one station alone.
#[derive(Debug, Clone)]
struct Asked {
    area: String,
    agency: String,
    item: String,
    lot: String,
    station: Option<PersonId>,
}

impl Asked {
    fn line(&self) -> Line<'_> {
        Line { area: &self.area, agency: &self.agency, item: &self.item }
    }
}

/// A file under way.
#[derive(Debug)]
pub struct LotFile {
    asked: Asked,
    format: LotFormat,
    after: UnitCursor,
    /// Units written so far: the next one's number is one more.
    written: u32,
    /// A unit stands there already: the next one comes behind a comma.
    comma: bool,
    stations: BTreeMap<PersonId, String>,
    /// What is written before the next page, and at the end.
    ready: VecDeque<String>,
    tail: String,
    ended: bool,
}

impl App {
    /// A lot of an officer's agency as a file.
    ///
    /// # Errors
    /// As for [`App::line_of`]; [`Error::NotFound`] for a lot without units, [`Error::Station`] for one that is too large.
    pub async fn lot_file(
        &self,
        officer: &Officer,
        item: &str,
        lot: &str,
        format: LotFormat,
    ) -> Result<LotFile, Error> {
        let line = self.line_of(officer, item)?;
        let asked = Asked {
            area: line.area.to_owned(),
            agency: line.agency.to_owned(),
            item: item.to_owned(),
            lot: lot.to_owned(),
            station: None,
        };
        self.begin_lot_file(asked, format, format!("Shengshi.Agency.{}", officer.agency)).await
    }

    /// What a station itself reported of a lot, as a file.
    ///
    /// # Errors
    /// [`Error::Station`] for an item that is not the station's, and for a lot that is too large; [`Error::NotFound`] where it
    /// reported none of it.
    pub async fn station_lot_file(
        &self,
        station: &Station,
        item: &str,
        lot: &str,
        format: LotFormat,
    ) -> Result<LotFile, Error> {
        let known = self.catalogue.items.iter().find(|known| known.code == item);
        let own = known.filter(|known| known.for_things() && known.agency == station.agency);
        let asked = Asked {
            area: own.ok_or(StationError::Item)?.area.as_str().to_owned(),
            agency: station.agency.clone(),
            item: item.to_owned(),
            lot: lot.to_owned(),
            station: Some(station.id),
        };
        self.begin_lot_file(asked, format, format!("Shengshi.Station.{}", station.id.0.simple())).await
    }

    async fn begin_lot_file(
        &self,
        asked: Asked,
        format: LotFormat,
        source: String,
    ) -> Result<LotFile, Error> {
        let tallies = self.store.tally_lot(asked.line(), &asked.lot).await?;
        let own = tallies.iter().filter(|tally| asked.station.is_none_or(|one| one.0 == tally.station));
        let units: i64 = own.map(|tally| tally.n).sum();
        if units == 0 {
            return Err(Error::NotFound);
        }
        if units > MAX_LOT as i64 {
            let why = "more units than one file holds";
            return Err(StationError::Report { field: "lot".to_owned(), why }.into());
        }
        let (head, tail) = match format {
            LotFormat::Csv => (csv::header(), String::new()),
            LotFormat::Cfx => {
                let envelope = Envelope {
                    unique_id: self.new_id(),
                    time_stamp: self.now(),
                    source,
                    transaction_id: self.lot_transaction(&asked),
                    recipe: None,
                };
                cfx::frame(&envelope, &Lot { lot: asked.lot.clone(), size: None })
            }
            LotFormat::E142 => (String::new(), String::new()),
        };
        Ok(LotFile {
            asked,
            format,
            after: FIRST_UNIT,
            written: 0,
            comma: false,
            stations: BTreeMap::new(),
            ready: VecDeque::from([head]),
            tail,
            ended: false,
        })
    }

    /// The same for the same lot, whenever and in whichever format it is asked for.
    fn lot_transaction(&self, asked: &Asked) -> uuid::Uuid {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.store.secret("exchange-lot"));
        let station = asked.station.map(|station| station.0.to_string()).unwrap_or_default();
        let text = [&asked.agency, &asked.item, &station, &asked.lot].map(String::as_str).join("\n");
        uuid::Builder::from_custom_bytes(first(&hmac::sign(&key, text.as_bytes()))).into_uuid()
    }
}

impl LotFile {
    /// The next piece; none at the end.
    ///
    /// # Errors
    /// When the store cannot answer: what was written so far is no whole file.
    pub async fn next(&mut self, app: &App) -> Result<Option<String>, Error> {
        loop {
            if let Some(piece) = self.ready.pop_front() {
                if piece.is_empty() {
                    continue;
                }
                return Ok(Some(piece));
            }
            if self.ended {
                return Ok(None);
            }
            if self.format == LotFormat::E142 {
                let lot = Lot { lot: self.asked.lot.clone(), size: None };
                let units = self.all(app).await?;
                self.ready.push_back(e142::map(&lot, &units));
                continue;
            }
            match self.page(app).await? {
                Some(units) => {
                    let piece = self.piece(&units)?;
                    self.ready.push_back(piece);
                }
                None => self.ready.push_back(std::mem::take(&mut self.tail)),
            }
        }
    }

    fn piece(&mut self, units: &[Unit]) -> Result<String, Error> {
        let mut piece = String::new();
        for unit in units {
            self.written += 1;
            if self.format == LotFormat::Csv {
                piece += &csv::line(unit);
            } else if let Some(told) = cfx::inspected_unit(unit, Some(self.written)) {
                // The first unit may be an open one: what was told before decides about the comma.
                if std::mem::replace(&mut self.comma, true) {
                    piece.push(',');
                }
                piece += &serde_json::to_string(&told)?;
            }
        }
        Ok(piece)
    }

    /// The next units; none behind the last.
    async fn page(&mut self, app: &App) -> Result<Option<Vec<Unit>>, Error> {
        let page = app.lot_units(self.asked.line(), &self.asked.lot, self.after, PAGE).await?;
        let Some(last) = page.last() else {
            self.ended = true;
            return Ok(None);
        };
        self.after = last.cursor();
        let mut units = Vec::with_capacity(page.len());
        for row in page {
            if self.asked.station.is_none_or(|own| own == row.station) {
                let station = self.name_of(app, row.station).await?;
                units.extend(unit(row, station));
            }
        }
        Ok(Some(units))
    }

    /// All units, of which those behind the last board that is drawn keep their surest finding alone.
    async fn all(&mut self, app: &App) -> Result<Vec<Unit>, Error> {
        let (mut all, mut boards) = (Vec::new(), 0);
        while let Some(units) = self.page(app).await? {
            for mut unit in units {
                boards += usize::from(!unit.findings.is_empty());
                if boards > e142::MAX_BOARDS {
                    let class = unit.class().map(str::to_owned);
                    unit.findings.retain(|finding| Some(&finding.class) == class.as_ref());
                    unit.findings.truncate(1);
                }
                all.push(unit);
            }
            if all.len() > MAX_LOT {
                let why = "more units than one file holds";
                return Err(StationError::Report { field: "lot".to_owned(), why }.into());
            }
        }
        Ok(all)
    }

    async fn name_of(&mut self, app: &App, station: PersonId) -> Result<String, Error> {
        if let Some(name) = self.stations.get(&station) {
            return Ok(name.clone());
        }
        let name = app.name_of(station).await?;
        self.stations.insert(station, name.clone());
        Ok(name)
    }
}

/// A row as the formats know it; none where the row says what no report says.
fn unit(row: LotUnit, station: String) -> Option<Unit> {
    let rejected = row.by_person && row.outcome == Decided::Ok;
    let verification = if rejected { Verification::DefectRejected } else { Verification::NotVerifiedYet };
    let finding = |found: super::UnitFinding| Finding {
        class: found.class,
        score: ten_thousandths(found.score),
        x: found.x,
        y: found.y,
        width: found.width,
        height: found.height,
        verification,
    };
    Some(Unit {
        case: row.case.0,
        serial: row.serial,
        lot: row.lot,
        recipe: row.recipe,
        station,
        model: row.model,
        judged: Judged::named(&row.judged)?,
        obstacle: row.obstacle,
        score: ten_thousandths(row.score),
        found: row.found,
        findings: row.findings.into_iter().map(finding).collect(),
        decided: match row.outcome {
            Decided::Ok => exchange::Decided::Ok,
            Decided::Ng => exchange::Decided::Ng,
            Decided::Review => exchange::Decided::Review,
            Decided::Ended => exchange::Decided::Ended,
        },
        by_person: row.by_person || row.outcome == Decided::Review,
        taken: None,
        reported: row.at,
        decided_at: row.closed,
    })
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it lies within 0 to 10,000")]
fn ten_thousandths(score: f64) -> u32 {
    (score * 10_000.0).round().clamp(0.0, 10_000.0) as u32
}
