//! Holding the record against its checkpoints.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt;
use std::path::Path;

use uuid::Uuid;

use crate::blobs::blocking;
use crate::cases::MAX_PAGE;
use crate::checkpoint::{Checkpoint, CheckpointHead, root};
use crate::checkpoint_file;
use crate::definitions::CaseKey;
use crate::engine::args;
use crate::sql::statements;
use crate::{Error, PublicKey, Store};

/// Faults that are told; more make no difference.
const MAX_FAULTS: usize = 1_000;

/// Where the record is not what was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckpointFault {
    /// Six digits.
    pub area: String,
    /// The checkpoint it shows against.
    pub checkpoint: i64,
    /// The case, where it is one case.
    pub case: Option<Uuid>,
    /// The first event concerned, where it is known.
    pub seq: Option<i64>,
    /// What is wrong, as the end of an English sentence.
    pub what: String,
}

impl fmt::Display for CheckpointFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { area, checkpoint, case, what, .. } = self;
        match case {
            Some(case) => write!(f, "case {case} in {area}: {what} (checkpoint {checkpoint})"),
            None => write!(f, "checkpoint {checkpoint} in {area}: {what}"),
        }
    }
}

impl CheckpointFault {
    fn of(checkpoint: &Checkpoint, what: &str) -> Self {
        Self {
            area: checkpoint.area.clone(),
            checkpoint: checkpoint.n,
            case: None,
            seq: None,
            what: what.to_owned(),
        }
    }

    fn missing(area: &str, n: i64) -> Self {
        let what = "the checkpoint is missing".to_owned();
        Self { area: area.to_owned(), checkpoint: n, case: None, seq: None, what }
    }
}

/// What holding the record against its checkpoints has shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckpointReport {
    /// Checkpoints read.
    pub checkpoints: u64,
    /// Heads compared.
    pub heads: u64,
    /// Checkpoints without a line in `checkpoints.jsonl`: [`Store::repair_checkpoint_file`] adds them.
    pub unlisted: u64,
    /// What is wrong: for each case the first thing.
    pub faults: Vec<CheckpointFault>,
}

/// Checks one checkpoint of an area against the one before it (`None` for the first) and the heads it
/// holds against what is stored. `trusted`: the keys that may have signed.
#[must_use]
pub fn verify_checkpoint(
    before: Option<&Checkpoint>,
    this: &Checkpoint,
    heads: &[CheckpointHead],
    trusted: &[PublicKey],
) -> Vec<CheckpointFault> {
    let mut faults = Vec::new();
    let expected = before.map_or(1, |before| before.n + 1);
    let missing = (expected..this.n).take(MAX_FAULTS);
    faults.extend(missing.map(|n| CheckpointFault::missing(&this.area, n)));
    let prev = before.map_or([0; 32], Checkpoint::digest);
    if this.n == expected && this.prev != prev {
        faults.push(CheckpointFault::of(this, "it does not follow the one before it"));
    }
    if !trusted.iter().any(|key| this.signer == key.to_string() && this.signed_by(key)) {
        faults.push(CheckpointFault::of(this, "the signature does not fit"));
    }
    let mut listed: Vec<_> =
        heads.iter().map(|head| (head.case_id, head.seq, head.hash.as_slice())).collect();
    let counted = (listed.len() as i64, listed.iter().map(|(_, seq, _)| seq).sum::<i64>());
    if this.root != root(&mut listed) || counted != (this.cases, this.events) {
        faults.push(CheckpointFault::of(this, "its list of heads was changed"));
    }
    faults.extend(heads.iter().filter_map(|head| fault_of(this, head)));
    faults
}

/// What has become of a head since it was signed.
fn fault_of(checkpoint: &Checkpoint, head: &CheckpointHead) -> Option<CheckpointFault> {
    let seq = head.seq;
    let (first, what) = match (&head.stored, head.last, head.head) {
        (None, None, None) => (1, "the case is gone".to_owned()),
        (_, _, None) => (1, "the row of the case is gone".to_owned()),
        (None, None, _) => (1, "all events are missing".to_owned()),
        (None, Some(last), _) if last < seq => (last + 1, format!("events after {last} are missing")),
        (None, ..) => (seq, format!("event {seq} is missing")),
        (Some(stored), ..) if *stored != head.hash => (seq, format!("event {seq} was changed")),
        (.., Some(at)) if at < seq => (at + 1, format!("the case was set back to event {at}")),
        _ => return None,
    };
    Some(CheckpointFault {
        case: Some(head.case_id),
        seq: Some(first),
        what,
        ..CheckpointFault::of(checkpoint, "")
    })
}

statements! {
    /// Cases that say a checkpoint holds their head, which it does not: they would never be anchored.
    FALSELY_ANCHORED = "SELECT c.area, c.id FROM cases c \
        LEFT JOIN checkpoint_heads h ON h.area = c.area AND h.n = c.anchored AND h.case_id = c.id \
        WHERE c.area = $1 AND c.anchored IS NOT NULL AND (h.hash IS NULL OR h.seq <> c.seq OR h.hash <> c.head) \
        ORDER BY c.id LIMIT $2";
}

/// The walk through all areas, and what it has found so far.
struct Walk<'a> {
    store: &'a Store,
    trusted: &'a [PublicKey],
    /// Checkpoints known from files: for each area and number the digest.
    listed: BTreeMap<(String, i64), [u8; 32]>,
    report: CheckpointReport,
}

impl Store {
    /// Holds every checkpoint of every area against the record, and the checkpoints against
    /// `checkpoints.jsonl` and the given copies of it. Reads only; needs no secret, only the public keys
    /// that may have signed.
    ///
    /// # Errors
    /// When the database or a file cannot be read; what is wrong is in the report.
    pub async fn verify_checkpoints(
        &self,
        trusted: &[PublicKey],
        copies: &[&Path],
    ) -> Result<CheckpointReport, Error> {
        let (own, mut report) = (self.checkpoint_file(), CheckpointReport::default());
        let mut listed = BTreeMap::new();
        for path in std::iter::once(own.as_path()).chain(copies.iter().copied()) {
            read_lines(path, &mut listed, &mut report).await?;
        }
        let mut areas: BTreeSet<String> = self.areas_with_checkpoints().await?.into_iter().collect();
        areas.extend(listed.keys().map(|(area, _)| area.clone()));
        let mut walk = Walk { store: self, trusted, listed, report };
        for area in areas {
            walk.area(&area).await?;
        }
        walk.report.faults.truncate(MAX_FAULTS);
        Ok(walk.report)
    }

    /// Appends the checkpoints that have no line in `checkpoints.jsonl`; how many that were. After a crash
    /// between the commit and the file, or a restore.
    ///
    /// # Errors
    /// When the database or the file fails.
    pub async fn repair_checkpoint_file(&self) -> Result<usize, Error> {
        let path = self.checkpoint_file();
        let lines = blocking(move || checkpoint_file::read(&path)).await?;
        let listed: HashSet<_> = lines.into_iter().flatten().map(|line| (line.area, line.n)).collect();
        let mut added = 0;
        for area in self.areas_with_checkpoints().await? {
            let mut after = 0;
            loop {
                let mut page = self.checkpoints(&area, after, MAX_PAGE).await?;
                let Some(last) = page.last() else { break };
                after = last.n;
                page.retain(|checkpoint| !listed.contains(&(checkpoint.area.clone(), checkpoint.n)));
                added += page.len();
                if !page.is_empty() {
                    self.append_checkpoints(page).await?;
                }
            }
        }
        Ok(added)
    }
}

async fn read_lines(
    path: &Path,
    listed: &mut BTreeMap<(String, i64), [u8; 32]>,
    report: &mut CheckpointReport,
) -> Result<(), Error> {
    let (name, path) = (path.display().to_string(), path.to_owned());
    for line in blocking(move || checkpoint_file::read(&path)).await? {
        let fault = match line {
            Ok(line) => {
                let digest = line.digest();
                match listed.insert((line.area.clone(), line.n), digest) {
                    Some(other) if other != digest => {
                        CheckpointFault::of(&line, &format!("{name} has two different lines for it"))
                    }
                    _ => continue,
                }
            }
            Err(n) => CheckpointFault {
                area: String::new(),
                checkpoint: 0,
                case: None,
                seq: None,
                what: format!("line {n} of {name} is not a checkpoint"),
            },
        };
        report.faults.push(fault);
    }
    Ok(())
}

impl Walk<'_> {
    async fn area(&mut self, area: &str) -> Result<(), Error> {
        let mut before: Option<Checkpoint> = None;
        let (mut faulty, mut gone) = (HashSet::new(), BTreeSet::new());
        loop {
            let after = before.as_ref().map_or(0, |before| before.n);
            let page = self.store.checkpoints(area, after, MAX_PAGE).await?;
            if page.is_empty() {
                break;
            }
            for this in page {
                let heads = self.store.checkpoint_heads(area, this.n).await?;
                self.report.checkpoints += 1;
                self.report.heads += heads.len() as u64;
                for fault in verify_checkpoint(before.as_ref(), &this, &heads, self.trusted) {
                    match fault.case {
                        // one change deep in a case breaks every later head of it
                        Some(case) if !faulty.insert(case) => {}
                        Some(_) => self.locate(fault).await?,
                        None => self.whole(fault, &mut gone),
                    }
                }
                self.compare(&this);
                before = Some(this);
            }
        }
        self.missing(area, &gone);
        let marked: Vec<CaseKey> =
            self.store.db.list(FALSELY_ANCHORED, &args![area, MAX_FAULTS as i64]).await?;
        for case in marked.into_iter().filter(|case| !faulty.contains(&case.id)) {
            let what = "is marked as held by a checkpoint that does not hold its head".to_owned();
            let area = area.to_owned();
            self.report.faults.push(CheckpointFault {
                area,
                checkpoint: 0,
                case: Some(case.id),
                seq: None,
                what,
            });
        }
        Ok(())
    }

    /// A fault of a whole checkpoint.
    fn whole(&mut self, fault: CheckpointFault, gone: &mut BTreeSet<i64>) {
        gone.insert(fault.checkpoint);
        self.report.faults.push(fault);
    }

    /// A changed event may lie before the head it shows at, but after the last head that still fits.
    async fn locate(&mut self, mut fault: CheckpointFault) -> Result<(), Error> {
        if let (Some(case), Some(seq), true) = (fault.case, fault.seq, fault.what.ends_with("was changed")) {
            let first = self.store.vouched_before(&fault.area, case, seq).await? + 1;
            if first < seq {
                fault.seq = Some(first);
                fault.what = format!("an event from {first} to {seq} was changed");
            }
        }
        self.report.faults.push(fault);
        Ok(())
    }

    /// A checkpoint beside its line.
    fn compare(&mut self, this: &Checkpoint) {
        match self.listed.remove(&(this.area.clone(), this.n)) {
            None => self.report.unlisted += 1,
            Some(digest) if digest != this.digest() => {
                self.report.faults.push(CheckpointFault::of(this, "differs from its line in the file"));
            }
            Some(_) => {}
        }
    }

    /// What stands in the file and not in the database.
    fn missing(&mut self, area: &str, told: &BTreeSet<i64>) {
        let of_area = (area.to_owned(), i64::MIN)..=(area.to_owned(), i64::MAX);
        let numbers: Vec<i64> = self.listed.range(of_area).map(|((_, n), _)| *n).collect();
        let new = numbers.into_iter().filter(|n| !told.contains(n));
        self.report.faults.extend(new.map(|n| CheckpointFault::missing(area, n)));
    }
}
