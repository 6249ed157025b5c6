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

/// A moment in life.
#[derive(Debug, Clone, Serialize)]
pub struct LifeEvent {
    /// Its icon.
    icon: &'static str,
    /// Its name.
    pub text: Tx,
    /// Where it leads.
    pub href: String,
}

impl LifeEvent {
    /// A moment in life; `id` as in the pack chooses the icon.
    #[must_use]
    pub fn new(id: &str, text: Tx, href: impl Into<String>) -> Self {
        let icon = match id {
            "having-a-child" => "birth",
            "going-to-school" => "school",
            "getting-married" => "rings",
            "finding-work" => "work",
            "starting-a-business" => "business",
            "finding-a-home" => "home",
            "driving" => "car",
            "falling-ill" => "illness",
            "going-abroad" => "globe",
            "growing-old" => "ageing",
            "living-with-a-disability" => "wheelchair",
            "after-a-death" => "leaf",
            _ => "file",
        };
        Self { icon, text, href: href.into() }
    }
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
            life: [
                ("having-a-child", "生孩子"),
                ("getting-married", "结婚"),
                ("finding-work", "找工作、换工作"),
                ("starting-a-business", "开店创业"),
                ("finding-a-home", "租房、买房"),
                ("driving", "开车出行"),
                ("going-abroad", "出境旅行"),
                ("growing-old", "年老生活"),
                ("living-with-a-disability", "残疾人服务"),
                ("something-new", "别的时刻"),
            ]
            .map(|(id, name)| LifeEvent::new(id, Tx::own(name), format!("/life/{id}")))
            .to_vec(),
            areas: areas.iter().map(|name| Link::new("/areas/440100", Tx::own(*name))).collect(),
            items: 2274,
            online: 796,
            zero_visit: 2183,
        };
        let bare = Self { open: vec![], more_open: false, areas: vec![], ..full.clone() };
        // Packs without a home.yaml.
        let empty = Self { picks: vec![], life: vec![], ..bare.clone() };
        vec![full, bare, empty]
    }
}
