//! What the pages of relatives and organisations share: a tie as shown, and the form that asks for one.

use app::{AskView, MAX_TIE_DAYS, TieError, TieState, TieView, TieWish};
use domain::{CitizenNumber, Date, Text};
use identity::{Bond, DemoProvider, Denied, MAX_SCOPE, Scope, Side};
use jiff::ToSpan as _;
use packs::ThemeAudience;

use super::show;
use crate::forms::Form;
use crate::view::ties::{AskForm, AskLine, TieLine};
use crate::view::{OptionView, Tx, format};
use crate::visitor::Visitor;

/// Longest name kept, in characters.
const MAX_NAME: usize = 40;

/// A tie as a line; `end` is where it is ended, where this side may.
pub(super) fn line(visitor: &Visitor, tie: &TieView, end: impl Fn(&TieView) -> Option<String>) -> TieLine {
    let live = matches!(tie.state, TieState::Stands | TieState::Asked);
    TieLine {
        id: tie.id.to_string(),
        name: tie.name.clone(),
        bond: tie.bond.id(),
        state: tie.state.id(),
        scope: scope(visitor, &tie.scope),
        until: last_day(visitor, tie.until),
        act: tie.state == TieState::Stands && tie.side == Side::Agent,
        end: end(tie).filter(|_| live),
        page: None,
    }
}

/// An ask as a line, answered at the one address there is for it.
pub(super) fn ask_line(visitor: &Visitor, ask: &AskView) -> AskLine {
    AskLine {
        action: format!("/me/relatives/{}/answer", ask.id),
        name: ask.name.clone(),
        side: ask.side.id(),
        bond: ask.bond.id(),
        scope: scope(visitor, &ask.scope),
        until: last_day(visitor, ask.until),
    }
}

/// A tie stands until a day begins; people are told the day before.
fn last_day(visitor: &Visitor, until: domain::Timestamp) -> String {
    let day = visitor.site.app.catalogue.calendar.date_of(until);
    format::date(day.yesterday().unwrap_or(day), visitor.lang)
}

/// The names of what a scope covers; nothing for all.
fn scope(visitor: &Visitor, scope: &Scope) -> Vec<Tx> {
    let catalogue = &visitor.site.app.catalogue;
    match scope {
        Scope::All => Vec::new(),
        Scope::Themes(themes) => themes
            .iter()
            .map(|id| {
                let name = catalogue.theme(id).map(|theme| &theme.name);
                name.map_or_else(|| Tx::own(id.clone()), |name| Tx::of(name, visitor.lang))
            })
            .collect(),
        Scope::Items(items) => {
            items.iter().map(|code| show::item_name(&visitor.site, code, visitor.lang)).collect()
        }
    }
}

/// What is wrong with the form: the field, and the words.
pub(super) struct Wrong {
    field: &'static str,
    text: String,
}

impl Wrong {
    pub(super) fn of(visitor: &Visitor, error: TieError) -> Self {
        let field = match error {
            TieError::Yourself | TieError::Underage | TieError::NotInRegister => "number",
            TieError::Until => "until",
            TieError::Scope => "scope",
            TieError::NotLegal | TieError::TooMany => "all",
        };
        Self { field, text: visitor.text(&format!("tie-{}", error.id())) }
    }

    fn said(visitor: &Visitor, field: &'static str, key: &str) -> Self {
        Self { field, text: visitor.text(key) }
    }
}

/// Reads the form.
pub(super) fn wish(visitor: &Visitor, form: &Form) -> Result<TieWish, Wrong> {
    let name: String = form.get("name").trim().chars().take(MAX_NAME).collect();
    if name.is_empty() {
        return Err(Wrong::said(visitor, "name", "tie-name-missing"));
    }
    let number: CitizenNumber = form
        .get("number")
        .parse()
        .map_err(|error| Wrong::said(visitor, "number", Denied::Number(error).key()))?;
    // In a demonstration nobody types another person's real number either.
    if visitor.site.app.demo() && !DemoProvider::knows(&number) {
        return Err(Wrong::said(visitor, "number", "tie-not-synthetic"));
    }
    let until: Date = form.get("until").trim().parse().map_err(|_| Wrong::of(visitor, TieError::Until))?;
    let side = Side::of(form.get("side")).unwrap_or(Side::Agent);
    let bond = Bond::ASKED.into_iter().find(|bond| bond.id() == form.get("bond")).unwrap_or(Bond::Other);
    Ok(TieWish { side, bond, name, number, scope: chosen(visitor, form), until })
}

/// What was chosen, as far as the catalogue knows it.
fn chosen(visitor: &Visitor, form: &Form) -> Scope {
    let catalogue = &visitor.site.app.catalogue;
    let known = |names: Vec<&str>, there: &dyn Fn(&str) -> bool| {
        names.into_iter().filter(|name| there(name)).take(MAX_SCOPE + 1).map(str::to_owned).collect()
    };
    match form.get("scope") {
        "all" => Scope::All,
        "items" => Scope::Items(known(form.several("item"), &|code| catalogue.item(code).is_some())),
        _ => Scope::Themes(known(form.several("theme"), &|id| catalogue.theme(id).is_some())),
    }
}

/// The form, empty or as sent, with what is wrong with it.
pub(super) fn form(
    visitor: &Visitor,
    action: String,
    staff: bool,
    sent: &Form,
    wrong: Option<Wrong>,
) -> AskForm {
    let site = &visitor.site;
    let today = site.app.catalogue.calendar.date_of(site.app.now());
    let ahead = |days: i32| today.checked_add(days.days()).unwrap_or(today);
    let given = |name: &str, otherwise: String| {
        let value = sent.get(name);
        if value.is_empty() { otherwise } else { value.to_owned() }
    };
    let ticked = sent.several("theme");
    let option = |value: &str, name: &Text, checked| OptionView {
        value: value.to_owned(),
        title: Tx::of(name, visitor.lang),
        checked,
    };
    let item = site.app.catalogue.item(sent.get("item"));
    let scope = match sent.get("scope") {
        "themes" => "themes",
        "items" if item.is_some() => "items",
        "" if item.is_some() => "items",
        _ => "all",
    };
    let (field, error) = wrong.map_or(("", String::new()), |wrong| (wrong.field, wrong.text));
    AskForm {
        action,
        staff,
        side: Side::of(sent.get("side")).unwrap_or(Side::Agent).id(),
        bonds: Bond::ASKED.map(Bond::id).into(),
        bond: given("bond", Bond::ParentChild.id().to_owned()),
        name: sent.get("name").to_owned(),
        number: sent.get("number").to_owned(),
        scope,
        themes: site
            .app
            .catalogue
            .themes
            .iter()
            .filter(|theme| staff || theme.audience == ThemeAudience::Person)
            .map(|theme| option(&theme.id, &theme.name, ticked.contains(&theme.id.as_str())))
            .collect(),
        item: item.map(|item| option(&item.code, &item.name, scope == "items")),
        until: given("until", ahead(365).to_string()),
        first: ahead(1).to_string(),
        last: ahead(MAX_TIE_DAYS).to_string(),
        field,
        error,
    }
}
