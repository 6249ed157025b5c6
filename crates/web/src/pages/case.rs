//! `/me/cases/{id}` and what its applicant can do there.

use std::sync::Arc;

use app::CaseFile;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use casework::{Action, Actor, ClockKind, Command, GrantedOrNot, Outcome, Running, Status, What};
use domain::CaseId;
use packs::{FieldError, StepKind};
use uuid::Uuid;

use super::materials::{MAX_MB, attachment, summary};
use super::{life, show};
use crate::failure::{Failure, see_other};
use crate::forms::Form;
use crate::site::Site;
use crate::view::account::RatePage;
use crate::view::apply::{ApplyPage, CheckSection, FileView, MaterialView, ReceiptPage, Row, UploadError};
use crate::view::case::{CasePage, Correction, HearingRight, Offer, Owed, ResultView, Task, Wanted};
use crate::view::{FieldView, Link, OptionView, Paragraphs, SummaryLine, Tx, format};
use crate::visitor::Visitor;

pub(super) async fn open(visitor: &Visitor, id: Uuid) -> Result<CaseFile, Failure> {
    Ok(visitor.site.app.my_case(visitor.party()?, CaseId(id)).await?)
}

pub(crate) async fn case(Path(id): Path<Uuid>, visitor: Visitor) -> Result<Response, Failure> {
    let file = open(&visitor, id).await?;
    visitor.personal(&page(&visitor, &file, &Sent::default()).await?)
}

/// A form of a case has no page of its own: its address, kept by a browser after an answer or a change of
/// language, leads to the case.
pub(crate) async fn back(Path(id): Path<Uuid>) -> Response {
    see_other(&format!("/me/cases/{id}"))
}

/// What was sent in answer to a correction notice, and what is wrong with it.
#[derive(Default)]
pub(super) struct Sent {
    pub(super) answers: packs::Answers,
    pub(super) note: String,
    pub(super) fields: Vec<FieldError>,
    pub(super) materials: Vec<(String, UploadError)>,
    pub(super) unchanged: bool,
    /// What stood against a task of one's own.
    pub(super) rule: Option<casework::Rule>,
}

pub(super) async fn page(visitor: &Visitor, file: &CaseFile, sent: &Sent) -> Result<CasePage, Failure> {
    let parts = visitor.site.app.parts(file).await?;
    let (case, lang) = (&file.case, visitor.lang);
    let base = format!("/me/cases/{}", case.id);
    let item = &file.definition.item;
    let part_of = case.part_of.as_ref().map(|joint| {
        let name = item.parent.as_deref().map(|code| show::item_name(&visitor.site, code, lang));
        Link::new(format!("/me/cases/{}", joint.case), name.unwrap_or_else(|| Tx::own("")))
    });
    Ok(CasePage {
        item: item_link(item, lang),
        number: case.number.as_str().to_owned(),
        status: case.status_id(),
        wanted: wanted(visitor, file, sent),
        agency: show::agency(&visitor.site, &case.agency, lang),
        clock: show::clock_view(visitor, case),
        held: life::held(visitor, file),
        parts: life::parts(visitor, &parts, |part| Some(format!("/me/cases/{}", part.known.case))),
        part_of,
        ruling: life::rulings(visitor, file).into_iter().next(),
        remedies: Tx::of(&file.definition.procedure.remedies, lang),
        history: life::history(visitor, file),
        events: show::timeline(visitor, file, false),
        ahead: ahead(visitor, file),
        result: closing(visitor, file, &parts).or_else(|| result(visitor, file)),
        certificates: certificates(visitor, file).await?,
        asked: super::permissions::waits(visitor, file).await?,
        tally: tally(visitor, file),
        sections: handed_in(visitor, file),
        receipt: format!("{base}/receipt"),
        // What was only offered is declined, not withdrawn: nothing was applied for.
        withdraw: (file.actions.contains(&Action::Withdraw) && !file.actions.contains(&Action::Decline))
            .then(|| format!("{base}/withdraw")),
        rated: case.level,
    })
}

/// The certificates that followed from a case, in the wallet.
async fn certificates(visitor: &Visitor, file: &CaseFile) -> Result<Vec<Link>, Failure> {
    let Some(kind) = &file.definition.item.certificate else { return Ok(Vec::new()) };
    let case = &file.case;
    let ids = visitor.site.app.certificates_of_case(case.area.as_str(), case.id.0).await?;
    let link = |id| Link::new(format!("/me/certificates/{id}"), Tx::of(&kind.name, visitor.lang));
    Ok(ids.into_iter().map(link).collect())
}

/// The guide; a part of a joint case has none of its own.
fn item_link(item: &packs::ServiceItem, lang: domain::Lang) -> Link {
    let code = if item.code.contains('~') { item.parent.as_deref() } else { Some(item.code.as_str()) };
    Link::new(format!("/items/{}", code.unwrap_or_default()), Tx::of(&item.name, lang))
}

/// The steps still to come. Tasks lead where their outcomes lead, so nothing is foretold of those.
fn ahead(visitor: &Visitor, file: &CaseFile) -> Vec<Tx> {
    let steps = &file.definition.procedure.steps;
    let told = |step: &&packs::Step| !matches!(step.kind, StepKind::Task | StepKind::End);
    if !file.case.status.open() {
        return Vec::new();
    }
    steps.iter().skip(file.case.step).filter(told).map(|step| life::step_title(visitor, step)).collect()
}

fn wanted(visitor: &Visitor, file: &CaseFile, sent: &Sent) -> Option<Wanted> {
    let base = format!("/me/cases/{}", file.case.id);
    let may = |action| file.actions.contains(&action);
    if may(Action::Confirm) {
        return Some(offer(visitor, file, sent, &base));
    }
    if may(Action::RequestHearing) {
        return Some(hearing(visitor, file, &base));
    }
    if may(Action::Do) {
        return Some(own_task(visitor, file, sent, &base));
    }
    if may(Action::Supply) {
        return Some(owed(visitor, file, sent, &base));
    }
    if !may(Action::Correct) {
        return may(Action::Rate).then(|| Wanted::Rate { href: format!("{base}/rate") });
    }
    let item = &file.definition.item;
    let asked = file.events.iter().rev().find(|event| matches!(event.what, What::CorrectionAsked { .. }));
    let named = |id: &str| match asked.map(|event| &event.what) {
        Some(What::CorrectionAsked { points, .. }) => points.iter().any(|point| point.about == id),
        _ => false,
    };
    let (first, rest): (Vec<_>, Vec<_>) = item.materials.iter().partition(|m| named(&m.id));
    let view = |m: &&packs::Material| material(visitor, file, m, &sent.materials);
    let (materials, others): (Vec<_>, Vec<_>) =
        (first.iter().map(view).collect(), rest.iter().map(view).collect());
    let fields = answers(visitor, file, sent);
    let nothing = sent.unchanged.then(|| SummaryLine {
        href: "#note".to_owned(),
        title: Tx::own(visitor.text("correction-note")),
        key: "correction-unchanged".to_owned(),
        min: String::new(),
        max: String::new(),
    });
    let errors = nothing
        .into_iter()
        .chain(ApplyPage::summary(&fields))
        .chain(materials.iter().chain(&others).filter_map(summary))
        .collect();
    Some(Wanted::Correction(Correction {
        action: format!("{base}/correct"),
        by: last_day(visitor, file.case.clock.as_ref()),
        words: asked.map(show::words).unwrap_or_default(),
        fields,
        wrong_answers: !sent.fields.is_empty(),
        errors,
        materials,
        others,
        note: sent.note.clone(),
        max_mb: MAX_MB,
    }))
}

fn last_day(visitor: &Visitor, clock: Option<&Running>) -> Option<String> {
    clock.map(|clock| format::date(clock.last_day, visitor.lang))
}

fn offer(visitor: &Visitor, file: &CaseFile, sent: &Sent, base: &str) -> Wanted {
    let fields = answers(visitor, file, sent);
    let asked = file.definition.item.materials.iter();
    let materials: Vec<_> = asked.map(|m| material(visitor, file, m, &sent.materials)).collect();
    Wanted::Offer(Offer {
        confirm: format!("{base}/confirm"),
        decline: format!("{base}/decline"),
        by: last_day(visitor, file.case.clock.as_ref()),
        errors: ApplyPage::summary(&fields).into_iter().chain(materials.iter().filter_map(summary)).collect(),
        fields,
        materials,
        max_mb: MAX_MB,
    })
}

fn hearing(visitor: &Visitor, file: &CaseFile, base: &str) -> Wanted {
    let told = file.events.iter().rev().find(|event| matches!(event.what, What::Suspended { .. }));
    let clock = file.case.held.as_ref().and_then(|held| held.clock.as_ref());
    Wanted::Hearing(HearingRight {
        request: format!("{base}/request-hearing"),
        waive: format!("{base}/waive-hearing"),
        by: last_day(visitor, clock).unwrap_or_default(),
        words: told.map(show::words).unwrap_or_default(),
    })
}

fn owed(visitor: &Visitor, file: &CaseFile, sent: &Sent, base: &str) -> Wanted {
    let open = |id: &str| file.case.materials.iter().any(|given| given.material == id && given.is_owed());
    let asked = file.definition.item.materials.iter().filter(|material| open(&material.id));
    let materials: Vec<_> = asked.map(|m| material(visitor, file, m, &sent.materials)).collect();
    Wanted::Owed(Owed {
        action: format!("{base}/supply"),
        by: last_day(visitor, file.case.owed.as_ref()),
        errors: materials.iter().filter_map(summary).collect(),
        materials,
        max_mb: MAX_MB,
    })
}

fn own_task(visitor: &Visitor, file: &CaseFile, sent: &Sent, base: &str) -> Wanted {
    let actor = Actor::Applicant(file.case.applicant);
    let option = |choice: &packs::TaskOutcome| OptionView {
        value: choice.action.clone(),
        title: Tx::of(&choice.title, visitor.lang),
        checked: false,
    };
    let step = file.definition.step(file.case.step);
    Wanted::Task(Task {
        action: format!("{base}/do"),
        title: step.map_or_else(|| Tx::own(""), |step| life::step_title(visitor, step)),
        outcomes: casework::choices(&file.definition, &file.case, &actor).into_iter().map(option).collect(),
        words: sent.note.clone(),
        error: sent.rule.map(casework::Rule::id),
    })
}

/// The questions with the answers given, as sent last; their names tell them from files and excuses.
fn answers(visitor: &Visitor, file: &CaseFile, sent: &Sent) -> Vec<FieldView> {
    let pages = &file.definition.item.form.pages;
    let all = || pages.iter().flat_map(|page| &page.fields);
    let view = |field: &packs::Field| {
        let given = sent.answers.get(&field.name).or_else(|| file.case.answers.get(&field.name));
        let error = sent.fields.iter().find(|error| error.field == field.name);
        let answer = given.map(String::as_str).unwrap_or_default();
        let mut view = FieldView::of(field, answer, error, None, visitor.lang);
        let when = field.show_when.as_ref();
        if let Some((when, other)) =
            when.and_then(|when| Some((when, all().find(|other| other.name == when.field)?)))
        {
            view = view.only_when(other, &when.is, visitor.lang);
        }
        if let Some(when) = &mut view.when {
            when.field = format!("answer-{}", when.field);
        }
        view.name = format!("answer-{}", field.name);
        view
    };
    all().map(view).collect()
}

fn material(
    visitor: &Visitor,
    file: &CaseFile,
    asked: &packs::Material,
    wrong: &[(String, UploadError)],
) -> MaterialView {
    let files = files(visitor, file, &asked.id, &format!("/me/cases/{}/files", file.case.id));
    MaterialView {
        id: asked.id.clone(),
        name: Tx::of(&asked.name, visitor.lang),
        note: asked.note.as_ref().map(|note| Tx::of(note, visitor.lang)),
        required: asked.required,
        later: None,
        files,
        excuse: show::excuse(file, &asked.id),
        error: wrong.iter().find(|(id, _)| *id == asked.id).map(|(_, error)| UploadError {
            key: error.key,
            file: error.file.clone(),
            max: error.max.clone(),
        }),
        proof: None,
    }
}

/// The files of one material, below `base`.
pub(crate) fn files(visitor: &Visitor, file: &CaseFile, material: &str, base: &str) -> Vec<FileView> {
    let given = file.case.materials.iter().find(|given| given.material == material);
    let ids = given.map(|given| given.files.as_slice()).unwrap_or_default();
    let view = |id: &String| FileView {
        id: id.clone(),
        name: show::file_name(visitor, file, id),
        href: format!("{base}/{id}"),
        size: String::new(),
    };
    ids.iter().map(view).collect()
}

fn handed_in(visitor: &Visitor, file: &CaseFile) -> Vec<CheckSection> {
    let mut sections = show::answers(file, visitor.lang);
    let rows = material_rows(visitor, file);
    if !rows.is_empty() {
        sections.push(CheckSection { title: None, change: String::new(), rows });
    }
    sections
}

fn material_rows(visitor: &Visitor, file: &CaseFile) -> Vec<Row> {
    let asked = |id: &str| file.definition.item.materials.iter().find(|material| material.id == id);
    let row = |given: &casework::Handed| {
        let words = show::excuse(file, &given.material);
        let names = given.files.iter().map(|id| show::file_name(visitor, file, id)).collect();
        Some(Row {
            q: Tx::of(&asked(&given.material)?.name, visitor.lang),
            a: match file.proof(&given.material) {
                Some((proof, _)) => vec![show::proven(visitor, &proof)],
                None if given.not_applicable => vec![words],
                None => names,
            },
        })
    };
    file.case.materials.iter().filter_map(row).collect()
}

/// 办结：how many parts of a joint case that not every agency granted were granted, and how many not.
fn tally(visitor: &Visitor, file: &CaseFile) -> Option<String> {
    let ended = Status::Closed(Outcome::NotAllGranted);
    (file.case.status == ended).then(|| {
        let of = |part: &&casework::BranchCase| part.outcome == Some(Outcome::Granted);
        let granted = file.case.branches.iter().filter(of).count();
        let refused = (file.case.branches.len() - granted).to_string();
        visitor.text_with("joint-tally", &[("granted", &granted.to_string()), ("refused", &refused)])
    })
}

/// The closing notice of a joint case that not every agency granted: no decision on the whole, but what each
/// agency decided, with the ways to challenge it.
fn closing(visitor: &Visitor, file: &CaseFile, parts: &[app::Part]) -> Option<ResultView> {
    let tally = tally(visitor, file)?;
    let lang = visitor.lang;
    let closed = file.events.iter().rev().find(|event| matches!(event.what, What::Closed { .. }))?;
    let calendar = &visitor.site.app.catalogue.calendar;
    let received = format::date(calendar.date_of(file.case.received), lang);
    let item = file.definition.item.name.get(lang);
    let opening = visitor.text_with("joint-closing-body", &[("item", item), ("received", &received)]);
    let line = |part: &app::Part| {
        let agency = show::agency(&visitor.site, &part.known.agency, lang).text;
        let outcome = part.known.outcome.unwrap_or(Outcome::NotAllGranted).id();
        let outcome = visitor.text(&format!("closed-{outcome}"));
        let args = [("part", part.title.get(lang)), ("agency", &agency), ("outcome", &outcome)];
        visitor.text_with("joint-closing-part", &args)
    };
    let body: Vec<String> = [opening, tally].into_iter().chain(parts.iter().map(line)).collect();
    let procedure = &file.definition.procedure;
    Some(ResultView {
        granted: false,
        title: Tx::own(visitor.text("joint-closing-title")),
        number: file.case.number.as_str().to_owned(),
        body: Paragraphs::from(Tx::own(body.join("\n"))),
        law: vec![cited(&procedure.law, lang)],
        remedies: Some(Tx::of(&procedure.remedies, lang)),
        date: format::date(calendar.date_of(closed.at), lang),
        print: format!("/me/cases/{}", file.case.id),
    })
}

/// An act with its articles.
fn cited(law: &packs::Law, lang: domain::Lang) -> String {
    match &law.article {
        Some(article) => format!("{} {}", law.act.get(lang), article.get(lang)),
        None => law.act.get(lang).to_owned(),
    }
}

/// The decision as a document, made from data: who decided what, on which law, and how to challenge it.
fn result(visitor: &Visitor, file: &CaseFile) -> Option<ResultView> {
    let lang = visitor.lang;
    let (event, decision) = file.events.iter().rev().find_map(|event| match event.what {
        What::Decided { decision, .. } => Some((event, decision)),
        What::DeemedGranted { .. } => Some((event, GrantedOrNot::Granted)),
        _ => None,
    })?;
    let granted = decision == GrantedOrNot::Granted;
    let item = file.definition.item.name.get(lang);
    let calendar = &visitor.site.app.catalogue.calendar;
    let received = format::date(calendar.date_of(file.case.received), lang);
    let reason = match decision {
        GrantedOrNot::Granted => String::new(),
        GrantedOrNot::Refused { reason } => visitor.text(&format!("reason-{}", reason.id())),
    };
    let key = if granted { "result-body-granted" } else { "result-body-refused" };
    let opening = visitor.text_with(key, &[("item", item), ("received", &received), ("words", &reason)]);
    let body: Vec<String> = std::iter::once(opening).chain(show::words(event)).collect();
    let procedure = &file.definition.procedure;
    let own = &file.definition.item.law;
    let law = if own.is_empty() {
        vec![cited(&procedure.law, lang)]
    } else {
        own.iter().map(|law| cited(law, lang)).collect()
    };
    Some(ResultView {
        granted,
        title: Tx::own(visitor.text(if granted { "result-title-granted" } else { "result-title-refused" })),
        number: file.case.document.clone().unwrap_or_else(|| file.case.number.as_str().to_owned()),
        body: Paragraphs::from(Tx::own(body.join("\n"))),
        law,
        remedies: (!granted).then(|| Tx::of(&procedure.remedies, lang)),
        date: format::date(calendar.date_of(event.at), lang),
        print: format!("/me/cases/{}", file.case.id),
    })
}

pub(crate) async fn receipt(
    Path(id): Path<Uuid>,
    RawQuery(query): RawQuery,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let file = open(&visitor, id).await?;
    let case = &file.case;
    let profile = visitor.site.app.profile(case.applicant).await?;
    let acceptance = file.events.first().and_then(|event| match &event.what {
        What::Submitted { clock: Some(clock), .. } if clock.kind == ClockKind::Acceptance => {
            Some(clock.last_day)
        }
        _ => None,
    });
    let undecided = case.status.open() && case.decision.is_none();
    visitor.personal(&ReceiptPage {
        fresh: query.is_some_and(|query| query.contains("fresh=1")),
        number: case.number.as_str().to_owned(),
        item: Tx::of(&file.definition.item.name, visitor.lang),
        code: case.item.clone(),
        applicant: profile.name,
        received_at: show::moment(&visitor, case.received),
        agency: show::agency(&visitor.site, &case.agency, visitor.lang),
        done: case.decision.is_some(),
        acceptance_by: acceptance
            .filter(|_| case.accepted.is_none() && case.status.open())
            .map(|day| format::date(day, visitor.lang)),
        limit: file.definition.item.limit().filter(|_| undecided).map(Into::into),
        materials: material_rows(&visitor, &file),
        case_href: format!("/me/cases/{id}"),
    })
}

pub(crate) async fn withdraw(
    Path(id): Path<Uuid>,
    visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    visitor.believe(form.get("csrf"))?;
    let command = Command::Withdraw { words: form.words() };
    act(&visitor, id, command, &form).await?;
    Ok(see_other(&format!("/me/cases/{id}?notice=withdrawn")))
}

/// Carries a command out once, however often its form is sent.
async fn act(visitor: &Visitor, id: Uuid, command: Command, form: &Form) -> Result<CaseFile, Failure> {
    let app = &visitor.site.app;
    let once = visitor.once(form)?;
    let area = app.my_case(visitor.party()?, CaseId(id)).await?.case.area;
    Ok(app.act_once(area.as_str(), CaseId(id), &visitor.actor()?, command, once.as_ref()).await?)
}

async fn plainly(visitor: &Visitor, id: Uuid, command: Command, form: &Form) -> Result<Response, Failure> {
    visitor.believe(form.get("csrf"))?;
    act(visitor, id, command, form).await?;
    Ok(see_other(&format!("/me/cases/{id}?notice=done")))
}

pub(crate) async fn decline(Path(id): Path<Uuid>, visitor: Visitor, form: Form) -> Result<Response, Failure> {
    plainly(&visitor, id, Command::Decline, &form).await
}

pub(crate) async fn request_hearing(
    Path(id): Path<Uuid>,
    visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    plainly(&visitor, id, Command::RequestHearing, &form).await
}

pub(crate) async fn waive_hearing(
    Path(id): Path<Uuid>,
    visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    plainly(&visitor, id, Command::WaiveHearing, &form).await
}

/// A step of the procedure that is the applicant's own.
pub(crate) async fn task(
    Path(id): Path<Uuid>,
    mut visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    let command = Command::Do { action: form.get("reason").to_owned(), words: form.words() };
    match plainly(&visitor, id, command, &form).await {
        Err(Failure::Refused(rule)) => {
            let file = open(&visitor, id).await?;
            let sent = Sent { note: form.words(), rule: Some(rule), ..Sent::default() };
            let page = page(&visitor, &file, &sent).await?;
            visitor.again(StatusCode::CONFLICT, &page).await
        }
        done => done,
    }
}

pub(crate) async fn show_rate(Path(id): Path<Uuid>, visitor: Visitor) -> Result<Response, Failure> {
    let file = open(&visitor, id).await?;
    if !file.actions.contains(&Action::Rate) {
        return Ok(see_other(&format!("/me/cases/{id}")));
    }
    visitor.personal(&rate_page(&visitor, &file, 0, "", false))
}

pub(crate) async fn rate(
    Path(id): Path<Uuid>,
    mut visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    visitor.believe(form.get("csrf"))?;
    let Some(level) = form.get("level").parse().ok().filter(|level| (1..=5).contains(level)) else {
        let file = open(&visitor, id).await?;
        let page = rate_page(&visitor, &file, 0, form.get("words"), true);
        return visitor.again(StatusCode::UNPROCESSABLE_ENTITY, &page).await;
    };
    act(&visitor, id, Command::Rate { level, words: form.words() }, &form).await?;
    Ok(see_other(&format!("/me/cases/{id}?notice=rated")))
}

fn rate_page(visitor: &Visitor, file: &CaseFile, level: u8, words: &str, error: bool) -> RatePage {
    let base = format!("/me/cases/{}", file.case.id);
    RatePage {
        item: Tx::of(&file.definition.item.name, visitor.lang),
        action: format!("{base}/rate"),
        back: base,
        level,
        words: words.to_owned(),
        error,
    }
}

pub(crate) async fn file(
    State(site): State<Arc<Site>>,
    Path((id, file)): Path<(Uuid, String)>,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let case = open(&visitor, id).await?.case;
    let (media_type, name, bytes) =
        site.app.case_attachment(case.area.as_str(), case.id, &file, &visitor.actor()?).await?;
    Ok(attachment(&media_type, &name, bytes))
}
