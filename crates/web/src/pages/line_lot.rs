//! `/desk/line/lot`: one lot.

use std::sync::Arc;

use app::{LotFormat, LotPage, LotRecipe, LotUnit, MAX_LOT};
use axum::extract::{RawQuery, State};
use axum::response::Response;
use domain::Share;

use super::line::{interval, lot_href, number, of_all, percent, rate, sample_row, unit_link};
use super::review::class_text;
use super::show;
use crate::failure::Failure;
use crate::forms::Form;
use crate::site::Site;
use crate::view::Tx;
use crate::view::chart::{self, Bar, MAX_MARKS, Mark, Said};
use crate::view::line::{Choice, ClassRow, Fact, LotView};
use crate::visitor::Visitor;

/// Units of a kind that are listed.
const LISTED: usize = 20;
/// The lot for other programs.
const FILES: [(&str, LotFormat); 3] =
    [("csv", LotFormat::Csv), ("cfx", LotFormat::Cfx), ("e142", LotFormat::E142)];
/// Classes that are told apart; the rest is few.
const MAX_CLASSES: usize = 12;
/// Where nothing says how large a board is.
const LEAST_SIDE: u32 = 64;

pub(crate) async fn lot(
    State(site): State<Arc<Site>>,
    RawQuery(raw): RawQuery,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let officer = visitor.officer()?;
    let query = Form::decode(raw.unwrap_or_default().as_bytes());
    let (item, lot) = (query.get("item"), query.get("lot"));
    let page = site.app.lot_page(&officer, item, lot).await?;
    let class = Some(query.get("class")).filter(|class| page.pareto.iter().any(|row| row.class == *class));
    let (marks, recipe) = marks(&page, class);
    let own = lot_href(item, lot);
    let linked = |units: &[LotUnit]| {
        let links = units.iter().take(LISTED).map(|unit| unit_link(&visitor, &page, unit)).collect();
        (links, units.len() > LISTED)
    };
    visitor.personal(&LotView {
        back: format!("/desk/line/lots?item={}", super::line::encoded(item)),
        lot: lot.to_owned(),
        item: show::item_name(&site, item, visitor.lang),
        between: (show::moment(&visitor, page.between.0), show::moment(&visitor, page.between.1)),
        cut: page.cut.then_some(MAX_LOT as u32),
        facts: facts(&page),
        pareto: (!page.pareto.is_empty()).then(|| pareto(&visitor, &page)),
        classes: classes(&visitor, &page),
        map: recipe.filter(|_| !page.pareto.is_empty()).map(|recipe| map(&visitor, &page, recipe, &marks)),
        drawn: (u32::try_from(marks.len()).unwrap_or(u32::MAX), marks.len() > MAX_MARKS),
        recipe: recipe.map(|recipe| recipe.name.clone()).unwrap_or_default(),
        choices: choices(&visitor, &page, &own, class),
        samples: page.samples.iter().map(|sample| sample_row(&page.area, sample)).collect(),
        ng: linked(&page.ng),
        waiting: linked(&page.waiting),
        files: FILES
            .map(|(id, format)| (id, own.replacen("lot?", &format!("lot/{}?", format.file()), 1)))
            .into(),
    })
}

fn facts(page: &LotPage) -> Vec<Fact> {
    let counts = &page.counts;
    let fact = |id, value, note| Fact { id, value, note };
    let counted = |id, n| fact(id, number(n), String::new());
    let share = |id, share: Share| fact(id, rate(share), interval(share));
    vec![
        counted("reported", counts.reported),
        counted("ok", counts.ok),
        counted("ng", counts.ng),
        counted("open", counts.waiting),
        share("yield", counts.yields()),
        share("first-pass", counts.first_pass()),
        fact("escape-rate", rate(counts.escapes()), of_all(counts.escapes())),
        fact("overkill-rate", rate(counts.overkills()), of_all(counts.overkills())),
    ]
}

fn pareto(visitor: &Visitor, page: &LotPage) -> String {
    let bar = |row: &domain::ParetoRow| Bar {
        label: class_text(visitor, &row.class),
        note: format!("{} · {}", number(row.findings), percent(row.share)),
        share: row.share,
        up_to: row.up_to,
    };
    let bars: Vec<Bar> = page.pareto.iter().take(MAX_CLASSES).map(bar).collect();
    let (title, words) = (visitor.text("line-pareto"), visitor.text("line-pareto-says"));
    chart::bars(Said { id: "pareto", title: &title, words: &words }, &bars)
}

fn classes(visitor: &Visitor, page: &LotPage) -> Vec<ClassRow> {
    let row = |(n, row): (usize, &domain::ParetoRow)| ClassRow {
        letter: chart::letter(n),
        colour: n.min(6),
        name: class_text(visitor, &row.class),
        findings: row.findings,
        units: row.units,
        share: percent(row.share),
    };
    page.pareto.iter().enumerate().take(MAX_CLASSES).map(row).collect()
}

/// What is drawn: the findings on the defective units of the first recipe, of one class or of all.
fn marks<'a>(page: &'a LotPage, class: Option<&str>) -> (Vec<Mark>, Option<&'a LotRecipe>) {
    let Some(recipe) = page.recipes.first() else { return (Vec::new(), None) };
    let rank = |class: &str| page.pareto.iter().position(|row| row.class == class).unwrap_or(usize::MAX);
    let units = page.ng.iter().filter(|unit| unit.recipe == recipe.name);
    let found =
        units.flat_map(|unit| &unit.findings).filter(|found| class.is_none_or(|one| found.class == one));
    let mark = |found: &app::UnitFinding| Mark {
        class: rank(&found.class),
        x: found.x,
        y: found.y,
        width: found.width,
        height: found.height,
    };
    (found.map(mark).collect(), Some(recipe))
}

fn map(visitor: &Visitor, page: &LotPage, recipe: &LotRecipe, marks: &[Mark]) -> String {
    let far = |end: fn(&Mark) -> u32| marks.iter().map(end).max().unwrap_or_default().max(LEAST_SIDE);
    let seen = (far(|mark| mark.x + mark.width), far(|mark| mark.y + mark.height));
    let sides = recipe.sides.unwrap_or(seen);
    let picture = recipe
        .sides
        .map(|_| format!("/desk/cases/{}/{}/pictures/{}", page.area, recipe.case, recipe.template));
    let (title, words) = (visitor.text("line-map"), visitor.text("line-map-says"));
    chart::board(Said { id: "map", title: &title, words: &words }, sides, picture.as_deref(), marks)
}

fn choices(visitor: &Visitor, page: &LotPage, own: &str, class: Option<&str>) -> Vec<Choice> {
    if page.pareto.len() < 2 {
        return Vec::new();
    }
    let all = Choice {
        href: own.to_owned(),
        text: Tx::own(visitor.text("line-all-classes")),
        current: class.is_none(),
    };
    let one = |row: &domain::ParetoRow| Choice {
        href: format!("{own}&class={}", super::line::encoded(&row.class)),
        text: Tx::own(class_text(visitor, &row.class)),
        current: class == Some(row.class.as_str()),
    };
    std::iter::once(all).chain(page.pareto.iter().take(MAX_CLASSES).map(one)).collect()
}
