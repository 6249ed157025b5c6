//! `/me/relatives…`, `/me/organisations…`: who may act for whom.

use serde::Serialize;

use super::engine::Page;
use super::field::OptionView;
use super::parts::Tx;

/// `/me/relatives`.
#[derive(Debug, Clone, Serialize)]
pub struct RelativesPage {
    /// What waits for my answer.
    pub asks: Vec<AskLine>,
    /// For whom I may act, or ask to.
    pub mine: Vec<TieLine>,
    /// Who may act for me, or is asked to.
    pub theirs: Vec<TieLine>,
    /// What others did for me lately.
    pub done: Vec<DoneLine>,
    /// The tie this session acts by; empty for none.
    pub acting: String,
}

/// An ask that waits for an answer: sends `answer` (`yes`, `no`).
#[derive(Debug, Clone, Serialize)]
pub struct AskLine {
    /// Where the form goes.
    pub action: String,
    /// Who asks.
    pub name: String,
    /// What I would be: text `tie-ask-as-<side>`.
    pub side: &'static str,
    /// Text `bond-<id>`.
    pub bond: &'static str,
    /// Which services; empty for all.
    pub scope: Vec<Tx>,
    /// The last day.
    pub until: String,
}

/// A tie.
#[derive(Debug, Clone, Serialize)]
pub struct TieLine {
    /// Its id.
    pub id: String,
    /// The other side.
    pub name: String,
    /// Text `bond-<id>`.
    pub bond: &'static str,
    /// Text `tie-state-<id>`.
    pub state: &'static str,
    /// Which services; empty for all.
    pub scope: Vec<Tx>,
    /// The last day.
    pub until: String,
    /// I may act by it now.
    pub act: bool,
    /// Where to end it (POST), while one may.
    pub end: Option<String>,
    /// The organisation's own page, for its legal representative.
    pub page: Option<String>,
}

/// Something that was done for me.
#[derive(Debug, Clone, Serialize)]
pub struct DoneLine {
    /// The case.
    pub href: String,
    /// What.
    pub what: String,
    /// Who.
    pub who: String,
    /// When.
    pub at: String,
}

/// `/me/relatives/ask`, and an organisation's appointment: sends `side`, `bond`, `name`, `number`, `scope` (`all`,
/// `themes`, `items`), `theme`, `item`, `until`.
#[derive(Debug, Clone, Serialize)]
pub struct AskForm {
    /// Where the form goes.
    pub action: String,
    /// An organisation appoints: no side and no kind of relation are asked.
    pub staff: bool,
    /// `agent`, `principal`: what I will be.
    pub side: &'static str,
    /// Kinds of relation, `bond-<id>`.
    pub bonds: Vec<&'static str>,
    /// The chosen one.
    pub bond: String,
    /// Name as typed.
    pub name: String,
    /// Number as typed.
    pub number: String,
    /// `all`, `themes`, `items`.
    pub scope: &'static str,
    /// Themes.
    pub themes: Vec<OptionView>,
    /// One item that was come from.
    pub item: Option<OptionView>,
    /// The last day, as typed.
    pub until: String,
    /// The first day that may be the last.
    pub first: String,
    /// The last day that may be.
    pub last: String,
    /// Id of the field that is wrong; empty for none.
    pub field: &'static str,
    /// What is wrong with it.
    pub error: String,
}

/// `/me/relatives/ask`.
#[derive(Debug, Clone, Serialize)]
pub struct AskPage {
    /// The form.
    pub form: AskForm,
    /// A demonstration's children of this person, to try it with.
    pub children: Vec<(String, String)>,
}

/// `/me/organisations`: sends `code`.
#[derive(Debug, Clone, Serialize)]
pub struct OrganisationsPage {
    /// Those I represent or act for, and what waits for my answer.
    pub asks: Vec<AskLine>,
    /// Ties.
    pub mine: Vec<TieLine>,
    /// The tie this session acts by; empty for none.
    pub acting: String,
    /// Code as typed.
    pub code: String,
    /// What is wrong with it.
    pub error: Option<String>,
    /// A demonstration's organisations of this person.
    pub examples: Vec<(String, String)>,
}

/// `/me/organisations/{id}`.
#[derive(Debug, Clone, Serialize)]
pub struct StaffPage {
    /// Name.
    pub name: String,
    /// Credit code.
    pub code: String,
    /// Its agents.
    pub staff: Vec<TieLine>,
    /// The page of its stations.
    pub stations: String,
    /// Appointing one.
    pub form: AskForm,
}

fn line(state: &'static str, act: bool) -> TieLine {
    TieLine {
        id: format!("1-{state}"),
        name: "示例·李秀英".to_owned(),
        bond: "parent-child",
        state,
        scope: if act { vec![] } else { vec![Tx::own("社会保障"), Tx::own("医疗卫生")] },
        until: "2027年11月23日".to_owned(),
        act,
        end: matches!(state, "asked" | "stands").then(|| "/me/relatives/1/end".to_owned()),
        page: None,
    }
}

fn ask(side: &'static str) -> AskLine {
    AskLine {
        action: "/me/relatives/1/answer".to_owned(),
        name: "示例·林小燕".to_owned(),
        side,
        bond: "spouse",
        scope: vec![Tx::own("社会保障")],
        until: "2027年11月23日".to_owned(),
    }
}

fn form(staff: bool) -> AskForm {
    AskForm {
        action: "/me/relatives/ask".to_owned(),
        staff,
        side: "agent",
        bonds: vec!["spouse", "parent-child", "other"],
        bond: "parent-child".to_owned(),
        name: "示例·李秀英".to_owned(),
        number: String::new(),
        scope: "all",
        themes: vec![OptionView { value: "t1".to_owned(), title: Tx::own("社会保障"), checked: true }],
        item: Some(OptionView { value: "i1".to_owned(), title: Tx::own("敬老卡"), checked: false }),
        until: "2027-11-23".to_owned(),
        first: "2026-11-24".to_owned(),
        last: "2029-11-23".to_owned(),
        field: "",
        error: String::new(),
    }
}

impl Page for RelativesPage {
    const TEMPLATE: &'static str = "relatives.html";

    fn sample() -> Vec<Self> {
        let done = DoneLine {
            href: "/me/cases/1".to_owned(),
            what: "已收到你的申请：敬老卡".to_owned(),
            who: "示例·林小燕".to_owned(),
            at: "2026年11月23日 10:03".to_owned(),
        };
        vec![
            Self {
                asks: vec![ask("principal"), ask("agent")],
                mine: ["stands", "asked", "lapsed", "over", "ended"]
                    .map(|state| line(state, state == "stands"))
                    .into(),
                theirs: vec![TieLine { id: "2".to_owned(), ..line("stands", false) }],
                done: vec![done],
                acting: "1-stands".to_owned(),
            },
            Self { asks: vec![], mine: vec![], theirs: vec![], done: vec![], acting: String::new() },
        ]
    }
}

impl Page for AskPage {
    const TEMPLATE: &'static str = "relatives-ask.html";

    fn sample() -> Vec<Self> {
        let children = vec![("示例·陈小满".to_owned(), "990000201803010110".to_owned())];
        let wrong = |field, side| {
            let error = "号码的最后一位对不上".to_owned();
            Self { form: AskForm { field, error, side, item: None, ..form(false) }, children: vec![] }
        };
        let fields = ["name", "number", "scope", "until", "all"];
        let mut pages = vec![Self { form: form(false), children }];
        pages.extend(fields.map(|field| wrong(field, "principal")));
        pages
    }
}

impl Page for OrganisationsPage {
    const TEMPLATE: &'static str = "organisations.html";

    fn sample() -> Vec<Self> {
        let own = |bond, page: Option<&str>| TieLine {
            name: "示例·晨光小吃店有限公司".to_owned(),
            bond,
            page: page.map(str::to_owned),
            ..line("stands", true)
        };
        let page = Self {
            asks: vec![AskLine { bond: "staff", ..ask("agent") }],
            mine: vec![
                own("legal", Some("/me/organisations/1")),
                TieLine { id: "2".to_owned(), ..own("staff", None) },
            ],
            acting: "2".to_owned(),
            code: String::new(),
            error: None,
            examples: vec![("示例·晨光小吃店有限公司".to_owned(), "91990000MADEMX01X0".to_owned())],
        };
        let error = Some("登记机关没有把你登记为这个单位的法定代表人".to_owned());
        vec![
            page,
            Self {
                asks: vec![],
                mine: vec![],
                acting: String::new(),
                code: "91".to_owned(),
                error,
                examples: vec![],
            },
        ]
    }
}

impl Page for StaffPage {
    const TEMPLATE: &'static str = "organisation.html";

    fn sample() -> Vec<Self> {
        let page = Self {
            name: "示例·晨光小吃店有限公司".to_owned(),
            code: "91990000MADEMX01X0".to_owned(),
            staff: vec![TieLine { bond: "staff", ..line("stands", false) }],
            stations: "/me/organisations/1/stations".to_owned(),
            form: form(true),
        };
        vec![page.clone(), Self { staff: vec![], ..page }]
    }
}
