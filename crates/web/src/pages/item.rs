//! `/items/{code}`

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use domain::Lang;
use packs::{Handling, Missing, Procedure, ServiceItem, StepKind, Within};

use super::show;
use crate::failure::{Failure, see_other};
use crate::site::Site;
use crate::view::item::{FeeView, ItemPage, LawLine, MaterialLine, SourceView, StepLine};
use crate::view::{Link, Paragraphs, Tx, format};
use crate::visitor::Visitor;

pub(crate) async fn item(
    State(site): State<Arc<Site>>,
    Path(code): Path<String>,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let item = site.app.catalogue.item(&code).ok_or(Failure::NotFound)?;
    if let Ok(party) = visitor.party() {
        let drafts = site.app.drafts(party).await?;
        if let Some(draft) = drafts.iter().find(|draft| draft.definition.item.code == code) {
            let draft = Some(super::apply::resume(draft));
            return visitor.page(&ItemPage { draft, ..guide(&site, item, visitor.lang) });
        }
    }
    visitor.kept(&site.kept, &format!("/items/{code}"), || Ok(guide(&site, item, visitor.lang)))
}

/// `/items/{code}/apply`: begins an application, or goes on with the one that is open.
pub(crate) async fn apply(
    State(site): State<Arc<Site>>,
    Path(code): Path<String>,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let party = visitor.party()?;
    let begun = site.app.start_draft(party, &code).await;
    let id = begun.map_err(|error| Failure::from(error).back_to(&format!("/items/{code}/apply")))?;
    let draft = site.app.draft(party, id).await?;
    Ok(see_other(&super::apply::resume(&draft)))
}

fn guide(site: &Site, item: &ServiceItem, lang: Lang) -> ItemPage {
    let catalogue = &site.app.catalogue;
    let procedure = catalogue.procedure_of(item);
    let text = |text: &domain::Text| Tx::of(text, lang);
    let area = catalogue.area(item.area.as_str());
    ItemPage {
        code: item.code.clone(),
        name: text(&item.name),
        common_names: item.common_names.clone(),
        summary: item.summary.as_ref().map(text),
        kind: item.kind.id(),
        level: level(item),
        agency: Link::new(format!("/agencies/{}", item.agency), show::agency(site, &item.agency, lang)),
        area: Link::new(
            format!("/areas/{}", item.area),
            area.map_or_else(|| Tx::own(item.area.as_str()), |area| text(&area.name)),
        ),
        parent: item.parent.as_ref().map(|parent| Tx::zh(parent.clone(), lang)),
        how: show::how(item),
        agencies: show::recipients(site, procedure, lang),
        instant: item.rules.is_some() && procedure.is_some_and(granted_by_rules),
        missing: missing(item),
        register: match &item.handling {
            Handling::LookUp { register } => register.as_ref().map(|register| Tx::own(register.clone())),
            _ => None,
        },
        visits: item.visits,
        real_name: item.real_name,
        limit: item.limit().map(Into::into),
        statutory: item.statutory.map(Into::into),
        promised: item.promised.map(Into::into),
        fee: item.fee.as_ref().map(|fee| FeeView {
            yuan: if fee.fen == 0 { String::new() } else { format::yuan(fee.fen) },
            note: fee.note.as_ref().map(text),
        }),
        apply: format!("/items/{}/apply", item.code),
        draft: None,
        audiences: item.audiences.iter().map(|audience| audience.id()).collect(),
        conditions: item.conditions.as_ref().map(|conditions| Paragraphs::from(text(conditions))),
        materials: item
            .materials
            .iter()
            .map(|material| MaterialLine {
                name: text(&material.name),
                note: material.note.as_ref().map(text),
                required: material.required,
            })
            .collect(),
        steps: procedure.map(|procedure| steps(procedure, lang)).unwrap_or_default(),
        law: law(item, procedure, lang),
        remedies: procedure.map(|procedure| text(&procedure.remedies)),
        windows: item.windows.iter().map(|window| window.address.clone()).collect(),
        co_agencies: item.co_agencies.clone(),
        system: item.system.clone(),
        express: item.express,
        themes: themes(site, item, lang),
        worked_example: item.worked_example,
        source: source(site, item, lang),
    }
}

/// 秒批: whether no officer stands between an application that plainly meets the conditions and its grant.
fn granted_by_rules(procedure: &Procedure) -> bool {
    let by_people = |step: &&packs::Step| {
        matches!(step.kind, StepKind::Intake | StepKind::Review | StepKind::Task | StepKind::Together)
    };
    let decides = |step: &packs::Step| step.kind == StepKind::Decide && step.rules;
    procedure.steps.iter().any(decides) && procedure.steps.iter().filter(by_people).all(|step| step.rules)
}

fn themes(site: &Site, item: &ServiceItem, lang: Lang) -> Vec<Link> {
    let known = item.themes.iter().filter_map(|id| site.app.catalogue.theme(id));
    known.map(|theme| Link::new(format!("/themes/{}", theme.id), Tx::of(&theme.name, lang))).collect()
}

/// The item's own law, and the act its procedure carries out.
fn law(item: &ServiceItem, procedure: Option<&Procedure>, lang: Lang) -> Vec<LawLine> {
    let acts_of = procedure.map(|procedure| &procedure.law).filter(|law| !item.law.contains(law));
    let acts = item.law.iter().chain(acts_of);
    acts.map(|law| LawLine {
        act: Tx::of(&law.act, lang),
        article: law.article.as_ref().map(|article| Tx::of(article, lang)),
    })
    .collect()
}

fn steps(procedure: &Procedure, lang: Lang) -> Vec<StepLine> {
    let line = |step: &packs::Step| StepLine {
        kind: step.kind.id(),
        title: step.title.as_ref().map(|title| Tx::of(title, lang)),
        limit: match step.within {
            Some(Within::Days(limit)) => Some(limit.into()),
            _ => None,
        },
        item_limit: step.within == Some(Within::ItemLimit),
        officers: step.officers,
        law: step.law.as_ref().map(|law| Tx::of(law, lang)),
    };
    procedure.steps.iter().map(line).collect()
}

fn level(item: &ServiceItem) -> &'static str {
    match item.level {
        packs::Level::Nation => "nation",
        packs::Level::Province => "province",
        packs::Level::City => "city",
        packs::Level::County => "county",
        packs::Level::Town => "town",
        packs::Level::Village => "village",
    }
}

fn missing(item: &ServiceItem) -> Vec<&'static str> {
    let Handling::GuideOnly { missing } = &item.handling else { return Vec::new() };
    let id = |missing: &Missing| match missing {
        Missing::StatutoryLimit => "statutory-limit",
        Missing::PromisedLimit => "promised-limit",
        Missing::Materials => "materials",
        Missing::Conditions => "conditions",
    };
    missing.iter().map(id).collect()
}

fn source(site: &Site, item: &ServiceItem, lang: Lang) -> SourceView {
    let pack = site.app.catalogue.pack_of(item);
    let source = pack.sources.first().filter(|_| !item.worked_example);
    let own = || Tx::of(&pack.title, lang);
    SourceView {
        title: source.map_or_else(own, |source| Tx::zh(source.title.clone(), lang)),
        licence: source.map_or("Apache-2.0", |source| source.licence.as_str()).to_owned(),
        read_on: source.map(|source| source.retrieved.clone()).unwrap_or_default(),
    }
}
