//! `/items/{code}`: the guide of one item.

use domain::Limit;
use serde::Serialize;

use super::engine::Page;
use super::parts::{LimitView, Link, Paragraphs, Tx};

/// `/items/{code}`.
#[derive(Debug, Clone, Serialize)]
pub struct ItemPage {
    /// The official code, or the `ex-…` id of a worked example.
    pub code: String,
    /// Name.
    pub name: Tx,
    /// What people call it.
    pub common_names: Vec<String>,
    /// One plain sentence.
    pub summary: Option<Tx>,
    /// Kind id; text `kind-<id>`.
    pub kind: &'static str,
    /// Level id; text `level-<id>`.
    pub level: &'static str,
    /// The agency, its page.
    pub agency: Link,
    /// The handling area, its page.
    pub area: Link,
    /// The catalogue item it is part of.
    pub parent: Option<Tx>,
    /// `online`, `look-up`, `guide-only`.
    pub how: &'static str,
    /// 一件事: which agencies get their part of it.
    pub agencies: Vec<super::apply::Recipient>,
    /// 秒批: rules grant at once what plainly meets the conditions.
    pub instant: bool,
    /// What handling lacks (`statutory-limit promised-limit materials conditions`); text `missing-<id>`.
    pub missing: Vec<&'static str>,
    /// The connected register of a look-up.
    pub register: Option<Tx>,
    /// Visits to an office.
    pub visits: u8,
    /// The real-name level an applicant must have.
    pub real_name: u8,
    /// The limit promised to the public, else the statutory one.
    pub limit: Option<LimitView>,
    /// Statutory limit.
    pub statutory: Option<LimitView>,
    /// Promised limit.
    pub promised: Option<LimitView>,
    /// Fee; `None` where the guide is silent.
    pub fee: Option<FeeView>,
    /// Where "apply" goes.
    pub apply: String,
    /// A draft of mine that waits.
    pub draft: Option<String>,
    /// Who may apply: audience ids; text `audience-<id>`.
    pub audiences: Vec<&'static str>,
    /// Conditions.
    pub conditions: Option<Paragraphs>,
    /// Materials.
    pub materials: Vec<MaterialLine>,
    /// The life of a case, for online items.
    pub steps: Vec<StepLine>,
    /// Law it rests on.
    pub law: Vec<LawLine>,
    /// Ways to challenge a refusal.
    pub remedies: Option<Tx>,
    /// Offices.
    pub windows: Vec<String>,
    /// Co-operating agencies.
    pub co_agencies: Option<String>,
    /// The system that handles it today.
    pub system: Option<String>,
    /// Whether documents may be posted.
    pub express: Option<bool>,
    /// Themes.
    pub themes: Vec<Link>,
    /// A worked example.
    pub worked_example: bool,
    /// Where the data come from.
    pub source: SourceView,
}

/// A fee.
#[derive(Debug, Clone, Serialize)]
pub struct FeeView {
    /// Yuan, ready to read; empty when free.
    pub yuan: String,
    /// Basis and exceptions.
    pub note: Option<Tx>,
}

/// A material.
#[derive(Debug, Clone, Serialize)]
pub struct MaterialLine {
    /// Name.
    pub name: Tx,
    /// Note.
    pub note: Option<Tx>,
    /// Required; `None` where the guide is silent.
    pub required: Option<bool>,
}

/// A step of the procedure.
#[derive(Debug, Clone, Serialize)]
pub struct StepLine {
    /// `intake review decide issue deliver`; text `step-<id>`.
    pub kind: &'static str,
    /// What the procedure calls it; its kind where it is absent.
    pub title: Option<Tx>,
    /// Its own limit.
    pub limit: Option<LimitView>,
    /// Counted within the item's limit.
    pub item_limit: bool,
    /// Officers who must agree.
    pub officers: u8,
    /// Article.
    pub law: Option<Tx>,
}

/// An act, perhaps an article.
#[derive(Debug, Clone, Serialize)]
pub struct LawLine {
    /// Act.
    pub act: Tx,
    /// Article.
    pub article: Option<Tx>,
}

/// Where data come from.
#[derive(Debug, Clone, Serialize)]
pub struct SourceView {
    /// The source in words.
    pub title: Tx,
    /// Its licence.
    pub licence: String,
    /// When it was read, ready to read; may be empty.
    pub read_on: String,
}

impl Page for ItemPage {
    const TEMPLATE: &'static str = "item.html";

    fn sample() -> Vec<Self> {
        let online = Self::sample_online();
        vec![
            online.clone(),
            online.clone().into_look_up(),
            online.clone().into_guide_only(),
            online.into_example(),
        ]
    }
}

impl ItemPage {
    /// An item one can apply for, as the imported guides have them.
    #[must_use]
    pub fn sample_online() -> Self {
        let zh = |text: &str| Tx::zh(text, domain::Lang::En);
        let step = |kind, limit, item_limit, officers, law: &str| StepLine {
            kind,
            title: None,
            limit,
            item_limit,
            officers,
            law: Some(zh(law)),
        };
        let material = |name: &str, required| MaterialLine { name: zh(name), note: None, required };
        Self {
            code: "11440000006940116U2440102002003".to_owned(),
            name: Tx::own("中小学地方课程教材初审"),
            common_names: vec![],
            summary: None,
            kind: "permit",
            level: "province",
            agency: Link::new("/agencies/11440000006940116U", Tx::own("广东省教育厅")),
            area: Link::new("/areas/440000", Tx::own("广东省")),
            parent: Some(zh("中小学地方课程教材初审、审定、复查")),
            how: "online",
            agencies: super::apply::Recipient::sample(),
            instant: true,
            missing: vec![],
            register: None,
            visits: 0,
            real_name: 3,
            limit: Some(Limit::workdays(18).into()),
            statutory: Some(Limit::workdays(70).into()),
            promised: Some(Limit::workdays(18).into()),
            fee: None,
            apply: "/items/11440000006940116U2440102002003/apply".to_owned(),
            draft: None,
            audiences: vec!["person", "enterprise", "social-organisation"],
            conditions: Some(Paragraphs::from(zh(SAMPLE_CONDITIONS))),
            materials: vec![
                material("广东省中小学地方课程教材审查登记表", None),
                material("教材清样（完整版、盲评版）", Some(true)),
                material("送审报告及试验方案", Some(false)),
            ],
            steps: vec![
                step("intake", Some(Limit::workdays(5).into()), false, 1, "第三十二条"),
                step("review", None, true, 2, "第三十四条"),
                step("decide", None, true, 1, "第四十二条"),
                step("issue", Some(Limit::workdays(10).into()), false, 1, "第四十四条"),
            ],
            law: vec![LawLine {
                act: zh("中华人民共和国行政许可法"), article: Some(zh("第三十二条"))
            }],
            remedies: Some(Tx::own(
                "不服决定的，可以自收到决定书之日起六十日内申请行政复议，或者六个月内提起行政诉讼。",
            )),
            windows: vec!["广州市越秀区农林下路72号广东省教育厅政务服务大厅1-3号窗口".to_owned()],
            co_agencies: None,
            system: Some("广东省统一申办受理平台".to_owned()),
            express: Some(true),
            themes: vec![Link::new("/themes/t4", Tx::own("教育科研"))],
            worked_example: false,
            source: SourceView {
                title: Tx::own("Clarence-Kong/QABasedOnPolicyKnowledgeGraph（www.gdzwfw.gov.cn）"),
                licence: "MIT".to_owned(),
                read_on: "2021-05".to_owned(),
            },
        }
    }

    fn into_look_up(self) -> Self {
        Self {
            how: "look-up",
            name: Tx::zh("社会保险参保缴费记录查询", domain::Lang::En),
            limit: None,
            statutory: None,
            promised: None,
            conditions: None,
            materials: vec![],
            steps: vec![],
            ..self
        }
    }

    fn into_guide_only(self) -> Self {
        Self {
            how: "guide-only",
            missing: vec!["statutory-limit", "promised-limit", "materials", "conditions"],
            visits: 2,
            real_name: 3,
            limit: Some(Limit::natural_days(15).into()),
            promised: None,
            conditions: None,
            materials: vec![],
            steps: vec![],
            law: vec![],
            remedies: None,
            windows: vec![],
            express: None,
            themes: vec![],
            ..self
        }
    }

    fn into_example(self) -> Self {
        Self {
            code: "ex-endorsement".to_owned(),
            name: Tx::own("往来港澳通行证签注"),
            common_names: vec!["港澳签注".to_owned(), "香港签证".to_owned()],
            summary: Some(Tx::own("去香港、澳门探亲、旅游、办事之前，给通行证办一次签注。")),
            parent: None,
            visits: 1,
            real_name: 3,
            limit: Some(Limit::workdays(0).into()),
            fee: Some(FeeView {
                yuan: "15".to_owned(),
                note: Some(Tx::own("一次有效签注的价格；多次有效另计。")),
            }),
            draft: Some("/apply/01/2".to_owned()),
            co_agencies: Some("公安机关出入境管理机构；口岸边检".to_owned()),
            worked_example: true,
            ..self
        }
    }
}

const SAMPLE_CONDITIONS: &str = "根据《中华人民共和国义务教育法》（中华人民共和国主席令第五十二号）第三十九条、《国务院关于基础教育改革与发展的决定》（国发［2001］21号）第三点第22条、《广东省人民政府第四轮行政事项调整目录》（广东省人民政府令第142号）第一条第30项，申请人符合全部申请条件方可申请教材初审。\n（一）坚持正确的政治方向和价值导向，体现时代要求和中小学生身心发展规律；\n（二）主编具有相应学科正高级专业技术职务；\n（三）已完成一个学期以上的试验。";
