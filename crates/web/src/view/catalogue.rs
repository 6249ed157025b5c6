//! `/search`, `/themes`, `/agencies`, `/areas`.

use domain::Limit;
use serde::Serialize;

use super::engine::Page;
use super::parts::{LimitView, Link, Tx};

/// `/search`.
#[derive(Debug, Clone, Serialize)]
pub struct SearchPage {
    /// What was typed.
    pub q: String,
    /// Chosen filters to keep when the words change: query name and value.
    pub hidden: Vec<(String, String)>,
    /// Chosen filters, each with the way to drop it.
    pub chosen: Vec<Chosen>,
    /// Filters to choose from; a long list (agencies) is best cut to its twenty largest.
    pub filters: Vec<Filter>,
    /// The search was answered for these words instead (a typing error mended).
    pub corrected: Option<Corrected>,
    /// Nothing has everything that was asked; these have the most of it.
    pub partial: bool,
    /// Results of this page.
    pub results: Vec<ItemLine>,
    /// All results.
    pub total: u32,
    /// Where one is in them.
    pub pager: Option<Pager>,
    /// What to try when nothing was found.
    pub suggestions: Vec<Link>,
}

/// A chosen filter.
#[derive(Debug, Clone, Serialize)]
pub struct Chosen {
    /// Which one: `theme agency area audience kind zero online`.
    pub filter: &'static str,
    /// Its value in words; for `zero` and `online` not shown.
    pub text: Tx,
    /// The same search without it.
    pub remove: String,
}

/// A filter with its choices.
#[derive(Debug, Clone, Serialize)]
pub struct Filter {
    /// `theme agency area audience kind zero online`; the last two have one choice and are shown as a switch.
    pub id: &'static str,
    /// Choices with counts.
    pub options: Vec<Link>,
}

/// A mended search.
#[derive(Debug, Clone, Serialize)]
pub struct Corrected {
    /// The words searched for.
    pub to: String,
}

/// Where one is in a long list.
#[derive(Debug, Clone, Serialize)]
pub struct Pager {
    /// This page, from 1.
    pub page: u32,
    /// All pages.
    pub pages: u32,
    /// The page before.
    pub prev: Option<String>,
    /// The page after.
    pub next: Option<String>,
}

/// A piece of a name, marked where the search met it.
#[derive(Debug, Clone, Serialize)]
pub struct Segment {
    /// The piece.
    pub text: String,
    /// Met by the search.
    pub mark: bool,
}

/// An item in a list.
#[derive(Debug, Clone, Serialize)]
pub struct ItemLine {
    /// Its page.
    pub href: String,
    /// Its name in pieces.
    pub name: Vec<Segment>,
    /// Language of the name, as in [`Tx`].
    pub lang: Option<&'static str>,
    /// The agency.
    pub agency: Tx,
    /// `online`, `look-up`, `guide-only`.
    pub how: &'static str,
    /// The promised (else statutory) limit.
    pub limit: Option<LimitView>,
    /// No errand.
    pub zero_visit: bool,
    /// A worked example.
    pub worked_example: bool,
    /// Why it was found, where the name does not show it.
    pub why: Option<Why>,
}

/// Why an item was found.
#[derive(Debug, Clone, Serialize)]
pub struct Why {
    /// `name common-name synonym parent theme agency conditions`: text `why-<field>`.
    pub field: &'static str,
    /// What matched, in pieces.
    pub segments: Vec<Segment>,
}

/// `/themes`, `/agencies`, `/areas`: names to choose from.
#[derive(Debug, Clone, Serialize)]
pub struct IndexPage {
    /// `themes`, `agencies`, `areas`.
    pub kind: &'static str,
    /// Groups in order.
    pub groups: Vec<Group>,
}

/// Names under one heading.
#[derive(Debug, Clone, Serialize)]
pub struct Group {
    /// `None` for the only group.
    pub heading: Option<Link>,
    /// The names; a count is the number of items.
    pub links: Vec<Link>,
}

/// `/themes/{id}`, `/agencies/{code}`, `/areas/{code}`: what stands behind one name.
#[derive(Debug, Clone, Serialize)]
pub struct ListPage {
    /// `theme`, `agency`, `area`, `life`.
    pub kind: &'static str,
    /// Its name.
    pub name: Tx,
    /// The list one came from, or the area above.
    pub up: Link,
    /// Areas within (counties, towns); bodies of an area are items of their own.
    pub within: Vec<Link>,
    /// Query name and value that keep a search inside, e.g. (`theme`, `t3`).
    pub scope: (String, String),
    /// Items of this page.
    pub items: Vec<ItemLine>,
    /// All items.
    pub total: u32,
    /// Where one is in them.
    pub pager: Option<Pager>,
}

fn sample_lines() -> Vec<ItemLine> {
    let plain = |text: &str| Segment { text: text.to_owned(), mark: false };
    let mark = |text: &str| Segment { text: text.to_owned(), mark: true };
    let line = ItemLine {
        href: "/items/11440000006939756B2440101007000".to_owned(),
        name: vec![plain("城镇职工"), mark("社保"), plain("参保证明打印")],
        lang: None,
        agency: Tx::own("广东省人力资源和社会保障厅"),
        how: "online",
        limit: Some(Limit::workday_quarters(2).into()),
        zero_visit: true,
        worked_example: true,
        why: Some(Why { field: "common-name", segments: vec![mark("社保"), plain("证明")] }),
    };
    vec![
        line.clone(),
        ItemLine {
            name: vec![plain(
                "外国（地区）企业在中国境内从事生产经营活动开业、变更、注销登记以及跨省通办事项的一次性告知与容缺受理",
            )],
            lang: Some("zh-CN"),
            agency: Tx::zh("广东省市场监督管理局（知识产权局）", domain::Lang::En),
            limit: Some(Limit::natural_days(20).into()),
            zero_visit: false,
            worked_example: false,
            why: None,
            ..line.clone()
        },
        ItemLine { how: "look-up", limit: None, why: None, worked_example: false, ..line.clone() },
        ItemLine { how: "guide-only", limit: Some(Limit::workdays(0).into()), ..line },
    ]
}

impl Page for SearchPage {
    const TEMPLATE: &'static str = "search.html";

    fn sample() -> Vec<Self> {
        let option = |text: &str, n| Link::counted("/search?q=sb&theme=t3", Tx::own(text), n);
        let found = Self {
            q: "sb".to_owned(),
            hidden: vec![("theme".to_owned(), "t3".to_owned())],
            chosen: vec![
                Chosen { filter: "theme", text: Tx::own("社会保障"), remove: "/search?q=sb".to_owned() },
                Chosen { filter: "zero", text: Tx::own(""), remove: "/search?q=sb".to_owned() },
            ],
            filters: vec![
                Filter { id: "online", options: vec![option("", 31)] },
                Filter { id: "area", options: vec![option("广东省", 40), option("广州市", 7)] },
                Filter { id: "kind", options: vec![option("公共服务", 30), option("行政许可", 17)] },
            ],
            corrected: Some(Corrected { to: "社保".to_owned() }),
            partial: true,
            results: sample_lines(),
            total: 47,
            pager: Some(Pager {
                page: 2,
                pages: 3,
                prev: Some("/search?q=sb".to_owned()),
                next: Some("/search?q=sb&page=3".to_owned()),
            }),
            suggestions: vec![],
        };
        let none = Self {
            q: "火星移民 <b>".to_owned(),
            hidden: vec![],
            chosen: vec![],
            filters: vec![],
            corrected: None,
            partial: false,
            results: vec![],
            total: 0,
            pager: None,
            suggestions: vec![option("出境入境", 12), option("户籍办理", 9)],
        };
        let filtered = Self { chosen: found.chosen.clone(), ..none.clone() };
        vec![found, none, filtered]
    }
}

impl Page for IndexPage {
    const TEMPLATE: &'static str = "index.html";

    fn sample() -> Vec<Self> {
        let link = |text: &str| Link::counted("/themes/t1", Tx::zh(text, domain::Lang::En), 120);
        let heading = |text: &str| Some(Link::new("/areas/440100", Tx::own(text)));
        vec![
            Self {
                kind: "themes",
                groups: vec![
                    Group {
                        heading: Some(Link::new("", Tx::own("个人"))),
                        links: ["生育收养", "户籍办理", "民族宗教", "教育科研"].map(link).to_vec(),
                    },
                    Group {
                        heading: Some(Link::new("", Tx::own("法人"))), links: vec![link("设立变更")]
                    },
                ],
            },
            Self {
                kind: "agencies",
                groups: vec![Group {
                    heading: heading("广东省"),
                    links: vec![link("广东省发展和改革委员会")],
                }],
            },
            Self {
                kind: "areas",
                groups: vec![
                    Group {
                        heading: heading("广州市"),
                        links: ["荔湾区", "越秀区", "海珠区"].map(link).to_vec(),
                    },
                    Group { heading: heading("东莞市"), links: vec![] },
                ],
            },
        ]
    }
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "list.html";

    fn sample() -> Vec<Self> {
        let full = Self {
            kind: "theme",
            name: Tx::own("社会保障"),
            up: Link::new("/themes", Tx::own("主题")),
            within: vec![],
            scope: ("theme".to_owned(), "t3".to_owned()),
            items: sample_lines(),
            total: 64,
            pager: Some(Pager { page: 1, pages: 4, prev: None, next: Some("?page=2".to_owned()) }),
        };
        let area = Self {
            kind: "area",
            name: Tx::zh("东莞市", domain::Lang::En),
            within: vec![Link::new("/areas/441900003", Tx::own("东城街道"))],
            items: vec![],
            total: 0,
            pager: None,
            ..full.clone()
        };
        vec![full.clone(), area, Self { kind: "agency", ..full }]
    }
}
