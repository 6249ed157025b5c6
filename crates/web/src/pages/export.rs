//! `/me/privacy/export`: everything that is held about somebody, as files they can read and take elsewhere
//! (个人信息保护法 art. 45).

use std::sync::Arc;

use app::{CaseFile, Draft, Look, Looked, Reader};
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::{CaseId, PersonId};
use serde_json::{Value, json};
use tokio::sync::mpsc::{self, Sender};

use super::{messages, privacy, show};
use crate::failure::Failure;
use crate::forms::Form;
use crate::site::Site;
use crate::view::apply::{CheckSection, Row};
use crate::view::format;
use crate::view::privacy::ExportPage;
use crate::visitor::Visitor;
use crate::zip::{Zip, part};

/// Pieces that wait for a slow reader, of [`PIECE`] bytes at most.
const WAITING: usize = 8;
const PIECE: usize = 64 * 1024;

pub(crate) async fn show_export(visitor: Visitor) -> Result<Response, Failure> {
    visitor.citizen()?;
    visitor.personal(&ExportPage {})
}

pub(crate) async fn export(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    visitor.believe(form.get("csrf"))?;
    let person = visitor.citizen()?;
    let place = site.exports.clone().try_acquire_owned().map_err(|_| Failure::Busy)?;
    let look = Look::by(Reader::Oneself);
    site.app.note_read(person, (person.0, ""), Looked::Export, &look).await?;
    let today = site.app.catalogue.calendar.date_of(site.app.now());
    let (sender, receiver) = mpsc::channel(WAITING);
    tokio::spawn(async move {
        let mut archive = Archive { zip: Zip::new(today), out: sender, whole: true };
        if let Err(failure) = archive.write(&visitor, person).await {
            // The archive ends without its directory: nobody takes it for whole.
            tracing::warn!(?failure, "an export was broken off");
            let _ = archive.out.send(Err(std::io::Error::other("broken off"))).await;
        }
        drop(place);
    });
    let pieces = futures_util::stream::unfold(receiver, |mut receiver| async move {
        receiver.recv().await.map(|piece| (piece, receiver))
    });
    let headers = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"shengshi-{today}.zip\"")),
    ];
    Ok((headers, Body::from_stream(pieces)).into_response())
}

struct Archive {
    zip: Zip,
    out: Sender<Result<Bytes, std::io::Error>>,
    whole: bool,
}

/// Rows as a list, so that they stay in their order.
fn rows(visitor: &Visitor, rows: &[(&str, String)]) -> Value {
    let row = |(key, value): &(&str, String)| json!({"title": visitor.text(key), "value": value});
    rows.iter().map(row).collect()
}

fn sections(sections: &[CheckSection]) -> Value {
    let row = |row: &Row| json!({"title": row.q.text, "value": row.a});
    let rows = sections.iter().flat_map(|section| &section.rows).map(row);
    rows.collect()
}

impl Archive {
    async fn send(&self, bytes: Bytes) -> Result<(), Failure> {
        // A reader who has gone ends it.
        self.out.send(Ok(bytes)).await.map_err(|_| Failure::Busy)
    }

    async fn file(&mut self, name: &str, content: Vec<u8>) -> Result<(), Failure> {
        if !self.zip.has_room(content.len()) {
            self.whole = false;
            return Ok(());
        }
        let head = Bytes::from(self.zip.begin(name, &content));
        self.send(head).await?;
        let mut rest = Bytes::from(content);
        while !rest.is_empty() {
            let piece = rest.split_to(rest.len().min(PIECE));
            self.send(piece).await?;
        }
        Ok(())
    }

    async fn json(&mut self, name: &str, value: &Value) -> Result<(), Failure> {
        let text = serde_json::to_vec_pretty(value).map_err(|error| Failure::Fault(error.to_string()))?;
        self.file(name, text).await
    }

    async fn write(&mut self, visitor: &Visitor, person: PersonId) -> Result<(), Failure> {
        self.account(visitor, person).await?;
        self.certificates(visitor, person).await?;
        self.permitted(visitor, person).await?;
        for (n, draft) in visitor.site.app.drafts(person).await?.iter().enumerate() {
            self.draft(visitor, n + 1, draft).await?;
        }
        let mut before = None;
        loop {
            let page = visitor.site.app.my_cases(person, before).await?;
            for mine in &page.cases {
                let file = visitor.site.app.my_case(person, CaseId(mine.id)).await?;
                self.case(visitor, person, &file).await?;
            }
            before = page.cases.last().filter(|_| page.more).map(|last| CaseId(last.id));
            if before.is_none() {
                break;
            }
        }
        let key = if self.whole { "export-whole" } else { "export-cut" };
        let words = visitor.text(key).into_bytes();
        let head = Bytes::from(self.zip.begin("README.txt", &words));
        self.send(head).await?;
        self.send(Bytes::from(words)).await?;
        let today = visitor.site.app.catalogue.calendar.date_of(visitor.site.app.now());
        let zip = std::mem::replace(&mut self.zip, Zip::new(today));
        self.send(Bytes::from(zip.end())).await
    }

    /// Profile, window, relatives, consents, messages and the ledger of reads.
    async fn account(&mut self, visitor: &Visitor, person: PersonId) -> Result<(), Failure> {
        let app = &visitor.site.app;
        let profile = app.profile(person).await?;
        let known = [
            ("name", profile.name.clone()),
            ("citizen-number", profile.number.clone()),
            ("export-mobile", profile.mobile.clone().unwrap_or_default()),
            ("export-address", profile.address.clone().unwrap_or_default()),
            ("level", visitor.text(&format!("level-{}", profile.level.number()))),
            ("vouched", super::level::vouched(visitor, &profile.provider)),
        ];
        self.json("profile.json", &rows(visitor, &known)).await?;
        let acts: Value = app
            .window_acts(person)
            .await?
            .iter()
            .map(|act| json!({"at": show::moment(visitor, act.at), "officer": act.officer, "reason": act.reason}))
            .collect();
        self.json("window.json", &acts).await?;
        let ties: Value = app
            .ties(person)
            .await?
            .iter()
            .map(|tie| {
                json!({
                    "name": tie.name,
                    "bond": visitor.text(&format!("bond-{}", tie.bond.id())),
                    "state": visitor.text(&format!("tie-state-{}", tie.state.id())),
                    "until": show::moment(visitor, tie.until),
                })
            })
            .collect();
        self.json("relatives.json", &ties).await?;
        let given: Value = app
            .authorisations(person)
            .await?
            .iter()
            .map(|given| {
                json!({
                    "application": given.name.get(visitor.lang),
                    "run-by": given.run_by.get(visitor.lang),
                    "given": show::moment(visitor, given.given),
                    "until": show::moment(visitor, given.expires),
                })
            })
            .collect();
        self.json("authorisations.json", &given).await?;
        let consents = privacy::consents(visitor, person).await?;
        self.json("consents.json", &json!(consents)).await?;
        self.json("messages.json", &messages::all(visitor, person).await?.into()).await?;
        let mut reads = Vec::new();
        let mut before = None;
        loop {
            let (lines, older) = app.reads(person, before).await?;
            reads.extend(lines.iter().map(|line| json!(privacy::view(visitor, line))));
            before = older;
            if before.is_none() {
                break;
            }
        }
        self.json("reads.json", &reads.into()).await
    }

    async fn certificates(&mut self, visitor: &Visitor, person: PersonId) -> Result<(), Failure> {
        for held in visitor.site.app.wallet(person).await? {
            let uses: Value = visitor
                .site
                .app
                .ledger(person, held.id)
                .await?
                .iter()
                .map(|line| json!({"at": show::moment(visitor, line.at), "who": line.who, "purpose": line.purpose}))
                .collect();
            let value = json!({
                "name": held.kind.name.get(visitor.lang),
                "state": visitor.text(&format!("standing-{}", held.standing.id())),
                "certificate": held.certificate,
                "uses": uses,
            });
            self.json(&format!("certificates/{}.json", held.id), &value).await?;
        }
        Ok(())
    }

    /// Which agencies the person let look at their certificates.
    async fn permitted(&mut self, visitor: &Visitor, person: PersonId) -> Result<(), Failure> {
        let (app, lang) = (&visitor.site.app, visitor.lang);
        let moment = |at| show::moment(visitor, at);
        let permissions = app.permissions(person).await?;
        let permission = |one: &app::Permitted| {
            json!({
                "certificate": one.name.get(lang),
                "agency": show::agency(&visitor.site, &one.agency, lang).text,
                "service": show::item_name(&visitor.site, &one.item, lang).text,
                "state": one.authority.id(),
                "asked": moment(one.asked),
                "until": one.until.map(moment),
                "officer": one.officer,
                "words": one.words,
            })
        };
        self.json("permissions.json", &permissions.iter().map(permission).collect()).await
    }

    async fn draft(&mut self, visitor: &Visitor, n: usize, draft: &Draft) -> Result<(), Failure> {
        let item = &draft.definition.item;
        let folder = format!("drafts/{n}-{}", part(item.name.get(visitor.lang)));
        let asked = item.form.pages.iter().flat_map(|page| &page.fields);
        let answers: Value = asked
            .filter_map(|field| {
                let answer = draft.body.answers.get(&field.name)?;
                Some(json!({"title": field.title.get(visitor.lang), "value": answer}))
            })
            .collect();
        let value = json!({"item": item.name.get(visitor.lang), "answers": answers});
        self.json(&format!("{folder}/draft.json"), &value).await?;
        let files = draft.body.materials.values().flat_map(|material| &material.files);
        for (n, file) in files.enumerate() {
            let (_, name, bytes) = visitor.site.app.draft_file(draft, &file.id).await?;
            self.file(&format!("{folder}/{}-{}", n + 1, part(&name)), bytes).await?;
        }
        Ok(())
    }

    async fn case(&mut self, visitor: &Visitor, person: PersonId, file: &CaseFile) -> Result<(), Failure> {
        let (case, lang) = (&file.case, visitor.lang);
        let folder = format!("cases/{}", part(case.number.as_str()));
        let calendar = &visitor.site.app.catalogue.calendar;
        let events: Value = show::timeline(visitor, file, false)
            .iter()
            .map(|event| {
                let what = visitor.text(&format!("event-{}", event.kind));
                json!({"at": event.at, "what": what, "by": event.by, "facts": event.facts, "words": event.words})
            })
            .collect();
        let value = json!({
            "item": file.definition.item.name.get(lang),
            "number": case.number.as_str(),
            "agency": show::agency(&visitor.site, &case.agency, lang).text,
            "status": visitor.text(&format!("status-{}", case.status_id())),
            "received": format::date(calendar.date_of(case.received), lang),
            "answers": sections(&super::unmask::answers(visitor, file, super::unmask::Sight::ALL)),
            "events": events,
        });
        self.json(&format!("{folder}/case.json"), &value).await?;
        let held = case.materials.iter().flat_map(|given| &given.files);
        for (n, id) in held.enumerate() {
            let area = case.area.as_str();
            let actor = casework::Actor::Applicant(person);
            let (_, name, bytes) = visitor.site.app.case_attachment(area, case.id, id, &actor).await?;
            self.file(&format!("{folder}/{}-{}", n + 1, part(&name)), bytes).await?;
        }
        Ok(())
    }
}
