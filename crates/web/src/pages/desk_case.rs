//! `/desk/cases/{area}/{id}`

use std::sync::Arc;

use app::CaseFile;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use casework::{Action, Actor, By, Officer, Rule, Running, Status};
use domain::CaseId;
use packs::StepKind;
use uuid::Uuid;

use super::case::files;
use super::desk_actions::{FORM_RULES, Tried, command, views};
use super::materials::attachment;
use super::{life, show, unmask};
use crate::failure::{Failure, see_other};
use crate::forms::Form;
use crate::site::Site;
use crate::view::apply::Row;
use crate::view::desk_case::{Conflict, DeskCasePage, DeskClock, Evidence, Second, UsedProof};
use crate::view::life::RulingView;
use crate::view::privacy::UnmaskedView;
use crate::view::{Link, Paragraphs, Tx, format};
use crate::visitor::Visitor;

pub(crate) async fn case(
    State(site): State<Arc<Site>>,
    Path((area, id)): Path<(String, Uuid)>,
    RawQuery(raw): RawQuery,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let officer = visitor.officer()?;
    let file = site.app.open_case(&area, CaseId(id), &visitor.actor()?).await?;
    let template = Form::decode(raw.unwrap_or_default().as_bytes()).get("template").to_owned();
    let tried =
        Tried { template: Some(template).filter(|template| !template.is_empty()), ..Tried::default() };
    visitor.personal(&page(&visitor, &officer, &file, tried, None).await?)
}

pub(crate) async fn act(
    State(site): State<Arc<Site>>,
    Path((area, id, action)): Path<(String, Uuid, String)>,
    mut visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    visitor.believe(form.get("csrf"))?;
    let officer = visitor.officer()?;
    let action = Action::ALL.iter().copied().find(|known| known.id() == action).ok_or(Failure::NotFound)?;
    let tried = Tried { action: Some(action), words: form.words(), ..Tried::default() };
    let once = visitor.once(&form)?;
    let actor = visitor.actor()?;
    let done = match command(action, &form) {
        Ok(command) => site.app.act_once(&area, CaseId(id), &actor, command, once.as_ref()).await,
        Err(rule) => Err(rule.into()),
    };
    match done {
        Ok(file) => Ok(see_other(&after(action, &file))),
        Err(app::Error::Refused(refusal)) => {
            let file = site.app.open_case(&area, CaseId(id), &actor).await?;
            let conflict = conflict(&visitor, &officer, &file, &tried, form.get("seen"));
            let tried = Tried { rule: Some(refusal.rule), form, ..tried };
            let page = page(&visitor, &officer, &file, tried, conflict).await?;
            visitor.again(StatusCode::CONFLICT, &page).await
        }
        Err(error) => Err(error.into()),
    }
}

/// The address of an action, kept by a browser after an answer or a change of language, leads to the case.
pub(crate) async fn back(
    Path((area, id, action)): Path<(String, Uuid, String)>,
) -> Result<Response, Failure> {
    let area: domain::AreaCode = area.parse().map_err(|_| Failure::NotFound)?;
    let known = Action::ALL.iter().any(|known| known.id() == action);
    if known { Ok(see_other(&format!("/desk/cases/{area}/{id}"))) } else { Err(Failure::NotFound) }
}

/// Somebody else acted since this officer's page was made: what they did, and what this officer wrote.
fn conflict(
    visitor: &Visitor,
    officer: &Officer,
    file: &CaseFile,
    tried: &Tried,
    seen: &str,
) -> Option<Conflict> {
    let seen: usize = seen.parse().ok()?;
    let since = file.events.get(seen..).filter(|since| !since.is_empty())?;
    let others = |by: &By| !matches!(by, By::Officer { id, .. } if *id == officer.id);
    if !since.iter().any(|event| others(&event.by)) {
        return None;
    }
    let mut events = show::timeline(visitor, file, true);
    events.truncate(since.len());
    Some(Conflict { events, action: tried.action?.id(), words: tried.words.clone() })
}

/// Claiming leads to the case, releasing and what ends this officer's part to the queue.
fn after(action: Action, file: &CaseFile) -> String {
    let case = format!("/desk/cases/{}/{}", file.case.area, file.case.id);
    match action {
        Action::Claim => case,
        Action::Release => "/desk?notice=released".to_owned(),
        _ => format!("{case}?notice=done"),
    }
}

/// Under which real-name level the case was submitted, and who vouched for it.
fn level(visitor: &Visitor, case: &casework::Case) -> Option<String> {
    let level = identity::RealNameLevel::of(case.known.level?)?.number();
    let level = visitor.text(&format!("level-{level}"));
    let Some(provider) = &case.known.provider else { return Some(level) };
    let vouched = super::level::vouched(visitor, provider);
    Some(format!("{level}{}{vouched}", visitor.text("list-comma")))
}

pub(super) async fn page(
    visitor: &Visitor,
    officer: &Officer,
    file: &CaseFile,
    tried: Tried,
    conflict: Option<Conflict>,
) -> Result<DeskCasePage, Failure> {
    let (case, lang) = (&file.case, visitor.lang);
    let item = &file.definition.item;
    let step = file.definition.step(case.step);
    let profile = visitor.site.app.profile(case.applicant).await.ok();
    let row = |key: &str, value: String| Row { q: Tx::own(visitor.text(key)), a: vec![value] };
    let actor = Actor::Officer(officer.clone());
    let applicant = profile.as_ref().map(|profile| format::masked_name(&profile.name)).unwrap_or_default();
    let tried = Tried { applicant, ..tried };
    let actions = views(visitor, &actor, file, &tried);
    let sensitive = visitor.site.app.consent_stands(file).await?;
    let sight = unmask::Sight { whole: tried.whole, sensitive };
    let parts = visitor.site.app.parts(file).await?;
    // An officer opens the parts of their own agency and area; of the others they see how they stand.
    let href = |part: &app::Part| {
        let mine = part.known.agency == officer.agency && part.known.area == officer.area;
        mine.then(|| format!("/desk/cases/{}/{}", part.known.area, part.known.case))
    };
    Ok(DeskCasePage {
        number: case.number.as_str().to_owned(),
        item: Link::new(format!("/items/{}", item.code), Tx::of(&item.name, lang)),
        status: case.status_id(),
        step: step
            .map_or_else(|| Tx::own(visitor.text("step-deliver")), |step| life::step_title(visitor, step)),
        applicant: profile
            .map(|profile| {
                let number = if tried.whole { profile.number.clone() } else { profile.masked_number() };
                let mut rows = vec![row("applicant-name", profile.name), row("applicant-number", number)];
                rows.extend(level(visitor, case).map(|level| row("applicant-level", level)));
                let agents = file.agents.values().filter(|name| !name.is_empty());
                rows.extend(agents.map(|name| row("applied-by", name.clone())));
                rows
            })
            .unwrap_or_default(),
        sections: unmask::answers(visitor, file, sight),
        unmask: unmask::form(file, &tried),
        uncovered: uncovered(visitor, file).await?,
        materials: evidence(visitor, file).await?,
        certificates: certificates(visitor, file).await?,
        asks: super::permissions::at_desk(visitor, file).await?,
        conditions: item.conditions.as_ref().map(|conditions| Paragraphs::from(Tx::of(conditions, lang))),
        officer: case
            .claimed_by
            .map(|id| visitor.site.app.officer_name(&case.agency, id))
            .unwrap_or_default(),
        mine: case.claimed_by == Some(officer.id),
        clocks: clocks(visitor, file),
        held: life::held(visitor, file),
        history: life::history(visitor, file),
        parts: life::parts(visitor, &parts, href),
        part_of: part_of(visitor, file),
        rulings: rulings(visitor, file, tried.whole),
        cards: life::cards(visitor, file),
        conflict,
        seen: case.seq,
        second: second(visitor, file),
        barred: actions.iter().all(|action| !action.main).then(|| barred(file, officer)),
        refused: tried.rule.filter(|rule| !FORM_RULES.contains(rule)).map(Rule::id),
        actions,
        events: show::timeline(visitor, file, true),
        next: super::desk::next_case(visitor, officer, case.id).await?,
        unit: visitor.site.app.shown_unit(file).await?.map(|unit| super::review::stage(visitor, &unit)),
        review: format!("/desk/review/units/{}", case.id),
    })
}

/// The certificates that followed from a case, at this desk.
async fn certificates(visitor: &Visitor, file: &CaseFile) -> Result<Vec<Link>, Failure> {
    let Some(kind) = &file.definition.item.certificate else { return Ok(Vec::new()) };
    let area = &file.case.area;
    let ids = visitor.site.app.certificates_of_case(area.as_str(), file.case.id.0).await?;
    let link = |id| Link::new(format!("/desk/certificates/{area}/{id}"), Tx::of(&kind.name, visitor.lang));
    Ok(ids.into_iter().map(link).collect())
}

/// What models were given, masked like the answers.
fn rulings(visitor: &Visitor, file: &CaseFile, whole: bool) -> Vec<RulingView> {
    let mut rulings = life::rulings(visitor, file);
    for ruling in rulings.iter_mut().filter(|_| !whole) {
        unmask::without_masked(visitor, file, &mut ruling.inputs);
    }
    rulings
}

/// Who had what is masked shown.
async fn uncovered(visitor: &Visitor, file: &CaseFile) -> Result<Vec<UnmaskedView>, Failure> {
    let list = visitor.site.app.unmaskings_of(file).await?;
    Ok(list.iter().map(|one| unmask::line(visitor, one, None)).collect())
}

/// The joint case it is a part of: its name, which is not this agency's to open.
fn part_of(visitor: &Visitor, file: &CaseFile) -> Option<Link> {
    file.case.part_of.as_ref()?;
    let joint = file.definition.item.parent.as_deref().unwrap_or_default();
    Some(Link::new("", show::item_name(&visitor.site, joint, visitor.lang)))
}

/// Why this officer can do nothing now.
fn barred(file: &CaseFile, officer: &Officer) -> &'static str {
    let case = &file.case;
    let desk = file.definition.step(case.step).and_then(|step| step.desk.as_ref());
    let rule = if !case.status.open() {
        Rule::AlreadyClosed
    } else if case.held.is_some() {
        Rule::Suspended
    } else if matches!(case.status, Status::AwaitingCorrection | Status::AwaitingConfirmation) {
        Rule::WaitsForApplicant
    } else if desk.is_none() {
        Rule::WrongStep
    } else if !desk.is_some_and(|role| officer.roles.contains(role)) {
        Rule::NotYourRole
    } else if case.reviews.iter().any(|review| review.officer == officer.id)
        || file.definition.step(case.step).is_some_and(|step| case.did(&step.not_by, officer.id))
    {
        Rule::SameOfficerTwice
    } else {
        Rule::ClaimedByOther
    };
    rule.id()
}

async fn evidence(visitor: &Visitor, file: &CaseFile) -> Result<Vec<Evidence>, Failure> {
    let base = format!("/desk/cases/{}/{}/files", file.case.area, file.case.id);
    let proofs = visitor.site.app.proofs_of(file).await?;
    let each = file.definition.item.materials.iter().map(|material| Evidence {
        id: material.id.clone(),
        name: Tx::of(&material.name, visitor.lang),
        required: material.required,
        files: files(visitor, file, &material.id, &base),
        excuse: show::excuse(file, &material.id),
        owed: file.case.materials.iter().any(|given| given.material == material.id && given.is_owed()),
        proof: proofs.iter().find(|used| used.material == material.id).map(|used| UsedProof {
            name: Tx::of(&used.proof.name, visitor.lang),
            issuer: Tx::of(&used.proof.issuer, visitor.lang),
            rows: show::proof_rows(visitor, &used.proof),
            grade: used.proof.grade.clone(),
            at: show::moment(visitor, used.at),
            today: used.today,
            pdf: format!("/desk/cases/{}/{}/proofs/{}/pdf", file.case.area, file.case.id, material.id),
        }),
    });
    Ok(each.collect())
}

fn clocks(visitor: &Visitor, file: &CaseFile) -> Vec<DeskClock> {
    let calendar = &visitor.site.app.catalogue.calendar;
    let one = |clock: &Running| DeskClock {
        kind: clock.kind.id(),
        light: show::light_of(visitor, clock, casework::light(Some(clock), visitor.site.app.now(), calendar)),
        law: life::law(visitor, file, clock.kind).text,
    };
    let main = file
        .case
        .clock
        .as_ref()
        .map(|clock| DeskClock { light: show::light_view(visitor, &file.case), ..one(clock) });
    let held = file.case.held.as_ref().and_then(|held| held.clock.as_ref());
    let beside = [held, file.case.owed.as_ref(), file.case.expires.as_ref()];
    main.into_iter().chain(beside.into_iter().flatten().map(one)).collect()
}

fn second(visitor: &Visitor, file: &CaseFile) -> Option<Second> {
    let step = file.definition.step(file.case.step)?;
    (step.kind == StepKind::Review && step.officers > 1).then(|| Second {
        needed: step.officers,
        done: file
            .case
            .reviews
            .iter()
            .map(|review| visitor.site.app.officer_name(&file.case.agency, review.officer))
            .collect(),
    })
}

pub(crate) async fn file(
    State(site): State<Arc<Site>>,
    Path((area, id, file)): Path<(String, Uuid, String)>,
    visitor: Visitor,
) -> Result<Response, Failure> {
    visitor.officer()?;
    let (media_type, name, bytes) =
        site.app.case_attachment(&area, CaseId(id), &file, &visitor.actor()?).await?;
    Ok(attachment(&media_type, &name, bytes))
}

/// A picture that a station's report names.
pub(crate) async fn picture(
    State(site): State<Arc<Site>>,
    Path((area, id, picture)): Path<(String, Uuid, String)>,
    visitor: Visitor,
) -> Result<Response, Failure> {
    visitor.officer()?;
    let (media_type, bytes) = site.app.case_picture(&area, CaseId(id), &picture, &visitor.actor()?).await?;
    let mut response = attachment(&media_type, &picture, bytes);
    // Kept for as long as looks at it are one look on the record, and for this session alone, so that the picture of the
    // unit that comes next is there when it does.
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=600"));
    headers.insert(header::VARY, HeaderValue::from_static("cookie"));
    Ok(response)
}

/// The certificate that a case was given for a material, as a sealed file; its holder's ledger says who took it.
pub(crate) async fn proof(
    State(site): State<Arc<Site>>,
    Path((area, id, material)): Path<(String, Uuid, String)>,
    RawQuery(query): RawQuery,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let officer = visitor.officer()?;
    let file = site.app.open_case(&area, CaseId(id), &visitor.actor()?).await?;
    let used = site.app.proofs_of(&file).await?;
    let used = used.into_iter().find(|used| used.material == material).ok_or(Failure::NotFound)?;
    let read = |field: &app::ProofField| {
        (field.label.get(visitor.lang).to_owned(), super::wallet::readable(&field.value, visitor.lang))
    };
    let rows = used.proof.fields.iter().map(read).collect();
    let purpose = file.definition.item.name.get(visitor.lang);
    let paper = site.app.proof_pdf(&used, purpose, visitor.lang, rows).await?;
    site.app.note_look(&officer, &file, &used.proof).await?;
    let name = Tx::of(&used.proof.name, visitor.lang);
    let back = format!("/desk/cases/{area}/{id}/proofs/{material}");
    super::wallet::paper_of(&visitor, paper, name, &back, &query.unwrap_or_default())
}
