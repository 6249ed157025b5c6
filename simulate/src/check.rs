//! The invariants: what must hold after any crash, and when everything has come to rest.

use std::collections::{BTreeMap, BTreeSet};

use app::App;
use casework::Actor;
use domain::{CaseId, Clock as _, micros};
use store::{CaseRow, StoredCase};
use uuid::Uuid;

use crate::asks::{self, Acked, Ask};
use crate::law::{self, data};
use crate::oracle::Days;
use crate::run::Run;
use crate::wish;
use crate::world::Fault;

/// Kinds of event that the applicant is told of, once each.
const TOLD: [&str; 27] = [
    "submitted",
    "offered",
    "correction-asked",
    "corrected-on-spot",
    "corrected",
    "supplied",
    "accepted",
    "deemed-accepted",
    "not-needed",
    "not-ours",
    "suspended",
    "hearing-requested",
    "hearing-scheduled",
    "resumed",
    "extended",
    "branched",
    "done",
    "issued",
    "deemed-granted",
    "deemed-withdrawn",
    "forwarded",
    "terminated",
    "checked",
    "reopened",
    "withdrawn",
    "refused",
    "joined",
];
const PAGE: i64 = 200;
const HOUR: i64 = 3_600;

fn read(error: impl std::fmt::Display) -> Fault {
    format!("reading: {error}")
}

/// All cases, by area and id.
pub(crate) async fn cases(app: &App) -> Result<Vec<CaseRow>, Fault> {
    app.store.cases_after("", Uuid::nil(), PAGE).await.map_err(read)
}

/// Nothing that was acknowledged is lost or altered.
pub(crate) async fn acknowledged(run: &mut Run) -> Result<(), Fault> {
    let Some(app) = run.world.app() else { return Ok(()) };
    for (number, request) in run.requests.iter().enumerate() {
        let Some(Acked { area, case, seq, hash }) = &request.done else { continue };
        let stored = app.store.event_hash(area, case.0, *seq).await.map_err(read)?;
        if stored.is_none() || stored != *hash {
            return Err(format!(
                "durability: request {number} was acknowledged as event {seq} of {case}, which is gone"
            ));
        }
    }
    Ok(())
}

/// Everything, once the trouble is over.
pub(crate) async fn everything(run: &mut Run) -> Result<(), Fault> {
    drain(run).await?;
    the_same_key_again(run).await?;
    run.world.truth.advance(24 * HOUR * 70);
    drain(run).await?;
    acknowledged(run).await?;
    let app = run.world.app().ok_or("no server is up")?;
    let verified = app.verify(&|_, _| {}).await.map_err(read)?;
    if let Some(fault) = verified.faults.first() {
        return Err(format!("replay: case {}: {}", fault.case, fault.what));
    }
    let rebuilt = app.rebuild(true, &|_, _| {}).await.map_err(read)?;
    if rebuilt.rewritten > 0 || !rebuilt.faults.is_empty() {
        return Err(format!("views: {} are not the fold of their events", rebuilt.rewritten));
    }
    let mut all = BTreeMap::new();
    for CaseRow { area, id, .. } in cases(&app).await? {
        let stored = app.store.load_case(&area, id).await.map_err(read)?.ok_or("replay: a case is gone")?;
        all.insert(id, stored);
    }
    let days = Days::read(&run.world.shared.folder)?;
    for stored in all.values() {
        law::chain(stored)?;
        law::outcomes(stored)?;
        law::clocks(stored, &days, run.world.truth.now())?;
        law::officers(stored)?;
        law::parts(stored, &all)?;
    }
    messages(run, &app, &all).await?;
    anchored(&app, &all).await?;
    for stored in all.values() {
        for event in &stored.events {
            run.note(format!("{} {} {} {}", stored.row.id, event.seq, event.at, event.kind));
        }
    }
    Ok(())
}

/// The engine works until nothing is left; within 72 hours it must be done.
async fn drain(run: &mut Run) -> Result<(), Fault> {
    let app = run.world.app().ok_or("no server is up")?;
    revive(&app).await?;
    for _ in 0..74 {
        let lapsed = app.lapse_due().await.map_err(read)?;
        let worked = app.work_by(1).await.map_err(read)?;
        let left = app.store.stats().await.map_err(read)?.outbox;
        let due = app.store.areas_with_wakes(micros(app.now())).await.map_err(read)?;
        if lapsed == 0 && worked == 0 && left == 0 && due.is_empty() {
            app.anchor_heads().await.map_err(read)?;
            return Ok(());
        }
        run.world.truth.advance(HOUR);
    }
    let left = app.store.stats().await.map_err(read)?.outbox;
    let due = app.store.areas_with_wakes(micros(app.now())).await.map_err(read)?;
    let mut why = Vec::new();
    for area in app.store.areas_with_dead().await.map_err(read)? {
        let dead = app.store.dead_letters(&area, Uuid::nil(), PAGE).await.map_err(read)?;
        why.extend(dead.into_iter().map(|dead| format!("{dead:?}")));
    }
    Err(format!(
        "liveness: after 72 hours {left} effects are left, {why:?} of them given up; clocks due in {due:?}"
    ))
}

/// The operator tries again what was given up, which may only be what is older than 72 hours.
async fn revive(app: &App) -> Result<(), Fault> {
    for area in app.store.areas_with_dead().await.map_err(read)? {
        for dead in app.store.dead_letters(&area, Uuid::nil(), PAGE).await.map_err(read)? {
            if dead.dead_at - dead.created_at < 72 * HOUR * 1_000_000 {
                return Err(format!("liveness: {} was given up too early", dead.kind));
            }
            app.store.revive(&area, dead.id, micros(app.now())).await.map_err(read)?;
        }
    }
    Ok(())
}

/// The requests that the record knows by their words, each on one event of its own case.
async fn recorded(run: &Run, app: &App) -> Result<BTreeSet<usize>, Fault> {
    let mut seen = BTreeSet::new();
    for CaseRow { area, id, .. } in cases(app).await? {
        let file = app.open_case(&area, CaseId(id), &Actor::System).await.map_err(read)?;
        for private in file.events.iter().filter_map(|event| event.private.as_ref()) {
            let texts = std::iter::once(&private.words).chain(private.about.values());
            for number in texts.filter_map(|text| wish::number(text)) {
                let asked = run.requests.get(number).map(|request| &request.ask);
                if !matches!(asked, Some(Ask::Act { case, .. }) if case.0 == id) {
                    return Err(format!("idempotency: request {number} stands on the record of {id}"));
                }
                if !seen.insert(number) {
                    return Err(format!("idempotency: request {number} was carried out twice"));
                }
            }
        }
    }
    Ok(seen)
}

/// Every request that was done, whether or not anybody learned of it, sent again under its key, is answered
/// and changes nothing.
async fn the_same_key_again(run: &mut Run) -> Result<(), Fault> {
    let app = run.world.app().ok_or("no server is up")?;
    let recorded = recorded(run, &app).await?;
    for (number, request) in run.requests.iter().enumerate() {
        if request.done.is_none() && !recorded.contains(&number) {
            continue;
        }
        let (area, case) = request.ask.case();
        let before = app.store.load_case(area, case.0).await.map_err(read)?;
        let Ok(again) = asks::carry_out(&app, &request.ask).await else {
            return Err(format!("idempotency: request {number} was done and is refused under the same key"));
        };
        let after = app.store.load_case(area, case.0).await.map_err(read)?;
        let events = |stored: Option<StoredCase>| stored.map_or(0, |stored| stored.events.len());
        if events(before) != events(after) {
            return Err(format!("idempotency: request {number} was carried out twice"));
        }
        if again.case != case {
            return Err(format!("idempotency: request {number} became another case"));
        }
    }
    Ok(())
}

/// One message for each event that is told, and none without.
async fn messages(run: &Run, app: &App, all: &BTreeMap<Uuid, StoredCase>) -> Result<(), Fault> {
    let mut told: BTreeMap<(Uuid, String, i64), i64> = BTreeMap::new();
    for stored in all.values() {
        for event in stored.events.iter().filter(|event| TOLD.contains(&event.kind.as_str())) {
            if event.kind != "joined" || data(event)?["all_granted"] == false {
                *told.entry((stored.row.id, event.kind.clone(), event.at)).or_default() += 1;
            }
        }
    }
    for person in &run.world.people {
        let mut before = None;
        loop {
            let page = app.store.messages(person.0, before, PAGE).await.map_err(read)?;
            let Some(last) = page.last() else { break };
            before = Some(last.id);
            for message in page {
                let key = (message.case_id.unwrap_or_default(), message.kind, message.at);
                *told.entry(key).or_default() -= 1;
            }
        }
    }
    match told.into_iter().find(|(_, count)| *count != 0) {
        Some(((case, kind, _), missing)) if missing > 0 => {
            Err(format!("effects: nobody was told of {kind} of {case}"))
        }
        Some(((case, kind, _), _)) => {
            Err(format!("effects: {kind} of {case} was told too often or never happened"))
        }
        None => Ok(()),
    }
}

/// Checkpoints are whole, and the head of every case stands in one.
async fn anchored(app: &App, all: &BTreeMap<Uuid, StoredCase>) -> Result<(), Fault> {
    let trusted = [app.store.signer().public()];
    let report = app.store.verify_checkpoints(&trusted, &[]).await.map_err(read)?;
    if let Some(fault) = report.faults.first() {
        return Err(format!("checkpoints: {fault:?}"));
    }
    let mut heads = BTreeSet::new();
    for area in app.store.areas_with_checkpoints().await.map_err(read)? {
        for checkpoint in app.store.checkpoints(&area, 0, PAGE).await.map_err(read)? {
            let held = app.store.checkpoint_heads(&area, checkpoint.n).await.map_err(read)?;
            heads.extend(held.into_iter().map(|head| (head.case_id, head.hash)));
        }
    }
    match all.values().find(|stored| !heads.contains(&(stored.row.id, stored.row.head.hash.to_vec()))) {
        Some(stored) => Err(format!("checkpoints: the head of {} is in none", stored.row.id)),
        None => Ok(()),
    }
}
