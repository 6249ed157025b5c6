//! `/`.

use serde::Serialize;

use super::engine::Page;
use super::parts::{Link, Tx};

/// The home page.
#[derive(Debug, Clone, Serialize)]
pub struct HomePage {
    /// What is open for me now, what is wanted of me first; empty when signed out or nothing is open.
    pub open: Vec<OpenView>,
    /// More is open than shown.
    pub more_open: bool,
    /// What people come for most, eight at best.
    pub picks: Vec<Link>,
    /// Life events.
    pub life: Vec<LifeEvent>,
    /// Areas to choose from.
    pub areas: Vec<Link>,
    /// Items in the catalogue.
    pub items: u32,
    /// Items one can apply for here.
    pub online: u32,
    /// Items without any errand.
    pub zero_visit: u32,
}

/// A draft or case of mine.
#[derive(Debug, Clone, Serialize)]
pub struct OpenView {
    /// Where it goes on.
    pub href: String,
    /// The item.
    pub item: Tx,
    /// `draft`, or a case status id.
    pub status: &'static str,
    /// Something is wanted of me.
    pub wanted: bool,
    /// "Due on …" or "saved on …", ready to read; may be empty.
    pub note: String,
}

/// A life event: `birth school work home car illness ageing death business`.
#[derive(Debug, Clone, Serialize)]
pub struct LifeEvent {
    /// Id; names the icon and the text `life-<id>`.
    pub id: &'static str,
    /// Where it leads.
    pub href: String,
}

impl LifeEvent {
    /// The ids in the order of a life.
    pub const ALL: [&'static str; 9] =
        ["birth", "school", "work", "home", "car", "illness", "ageing", "death", "business"];
}

impl Page for HomePage {
    const TEMPLATE: &'static str = "home.html";

    fn sample() -> Vec<Self> {
        let picks = [
            "参保证明打印",
            "住房公积金提取",
            "往来港澳签注",
            "居住证办理",
            "驾驶证期满换证",
            "敬老优待证",
            "残疾人证补办",
            "出生登记",
        ];
        let areas = ["广州市", "深圳市", "珠海市", "汕头市", "佛山市", "韶关市"];
        let link = |name: &&str| Link::new("/items/ex-1", Tx::own(*name));
        let full = Self {
            open: vec![
                OpenView {
                    href: "/me/cases/1".to_owned(),
                    item: Tx::zh(
                        "外国律师事务所驻粤代表机构派驻代表执业许可及变更备案（含延续、注销）",
                        domain::Lang::En,
                    ),
                    status: "awaiting-correction",
                    wanted: true,
                    note: "2026-11-30".to_owned(),
                },
                OpenView {
                    href: "/apply/1/2".to_owned(),
                    item: Tx::own("居住证办理"),
                    status: "draft",
                    wanted: false,
                    note: String::new(),
                },
            ],
            more_open: true,
            picks: picks.iter().map(link).collect(),
            life: LifeEvent::ALL.map(|id| LifeEvent { id, href: format!("/search?life={id}") }).to_vec(),
            areas: areas.iter().map(|name| Link::new("/areas/440100", Tx::own(*name))).collect(),
            items: 2274,
            online: 796,
            zero_visit: 2183,
        };
        let bare = Self { open: vec![], more_open: false, areas: vec![], ..full.clone() };
        vec![full, bare]
    }
}
