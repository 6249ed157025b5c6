//! Service items 政务服务事项: what a citizen can ask for. Elements after GB/T 39046-2020 table 4.

use domain::{AreaCode, InspectionLevel, Limit, Text};
use serde::{Deserialize, Serialize};

use crate::certificate::{CertificateGrade, CertificateType};
use crate::form::Form;

/// One service item as the catalogue publishes it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ServiceItem {
    /// 实施编码 (31 or 33 characters) as published, or `ex-…` for a worked example, which has no official
    /// code and does not invent one. Unique in the catalogue and safe in a URL.
    pub code: String,
    /// 事项名称.
    pub name: Text,
    /// 日常用语: what people call it.
    pub common_names: Vec<String>,
    /// One plain sentence, for hand-made items.
    pub summary: Option<Text>,
    /// 事项类型.
    pub kind: ItemKind,
    /// 实施主体: code of the agency (unified social credit code, or the `TE…` code the source uses).
    pub agency: String,
    /// 行政管辖: the handling area.
    pub area: AreaCode,
    /// 行使层级.
    pub level: Level,
    /// The catalogue item this one is a part of: name, where published.
    pub parent: Option<String>,
    /// 服务对象.
    pub audiences: Vec<Audience>,
    /// 服务主题: ids of themes.
    pub themes: Vec<String>,
    /// 到办事现场次数: visits to an office; 0 means no errand at all (零跑腿).
    pub visits: u8,
    /// 是否支持物流快递: `None` where the guide is silent.
    pub express: Option<bool>,
    /// 法定办结时限.
    pub statutory: Option<Limit>,
    /// 承诺办结时限, never longer than the statutory one.
    pub promised: Option<Limit>,
    /// 受理条件.
    pub conditions: Option<Text>,
    /// 材料, in the guide's order.
    pub materials: Vec<Material>,
    /// 是否收费: `None` where the guide is silent.
    pub fee: Option<Fee>,
    /// 设定依据.
    pub law: Vec<Law>,
    /// 办理地点.
    pub windows: Vec<Window>,
    /// 共同实施部门, as published.
    pub co_agencies: Option<String>,
    /// The information system that handles it today, as published.
    pub system: Option<String>,
    /// What one can do here.
    pub handling: Handling,
    /// What is asked of the applicant; empty for items that are not handled here.
    pub form: Form,
    /// True for an item worked out by hand where the source data hold no such row.
    pub worked_example: bool,
    /// 秒批: the decision model of the steps that are taken by rules.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules: Option<ItemRules>,
    /// 免申即享: people known to qualify are offered it; the same model says who does.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub entitlement: bool,
    /// 实名核验等级 an applicant must have, [`REAL_NAME`]; [`DEFAULT_REAL_NAME`] unless the item says otherwise.
    #[serde(default = "default_real_name", skip_serializing_if = "is_default_real_name")]
    pub real_name: u8,
    /// 电子证照: what a grant is written down as, whole, so that a case issues the type it began under.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<CertificateType>,
    /// 单独同意: asked where the use of sensitive answers rests on consent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<ConsentNeeded>,
}

/// Separate consent to the use of the sensitive answers of a form (个人信息保护法 arts 29, 30). An item that rests on a
/// statutory duty (art. 13(3)) asks for none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentNeeded {
    /// What the answers are used for.
    pub purpose: Text,
    /// Why that cannot be done without them, and what it means for the person.
    pub necessity: Text,
    /// For how many days after it is given they may be used.
    pub days: u16,
}

/// Real-name levels an item may ask for: 2 self-declared, 3 matched with a register, 4 face, 5 in person.
pub const REAL_NAME: std::ops::RangeInclusive<u8> = 2..=5;
/// What an application asks for where its item is silent: name and number matched with a register.
pub const DEFAULT_REAL_NAME: u8 = 3;

fn default_real_name() -> u8 {
    DEFAULT_REAL_NAME
}

/// Left out where it is the default, so that definitions stored before keep their digest.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_default_real_name(level: &u8) -> bool {
    *level == DEFAULT_REAL_NAME
}

/// A decision model, as a case keeps it: the source itself, so that an old decision can always be read
/// and taken again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemRules {
    /// The file in its pack, e.g. `rules/elder-card.dmn`.
    pub file: String,
    /// The DMN document.
    pub xml: String,
    /// Of a hundred cases that the model would grant, how many a person looks at as well.
    pub sample_percent: u8,
    /// Of things that come in lots: by which plan units that the model would grant are looked at (ISO 2859-1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot_plan: Option<LotPlan>,
}

/// A sampling plan's two choices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LotPlan {
    /// The general inspection level.
    pub level: InspectionLevel,
    /// The acceptance quality limit in per cent nonconforming, as the standard's columns are headed.
    pub aql: String,
}

impl ServiceItem {
    /// Whether one can apply here.
    #[must_use]
    pub fn online(&self) -> bool {
        matches!(self.handling, Handling::Online { .. })
    }

    /// Whether it is for things alone: then no person and no organisation applies, only what belongs to one.
    #[must_use]
    pub fn for_things(&self) -> bool {
        !self.audiences.is_empty() && self.audiences.iter().all(|audience| *audience == Audience::Thing)
    }

    /// 零跑腿: no visit to an office.
    #[must_use]
    pub fn zero_visit(&self) -> bool {
        self.visits == 0
    }

    /// The limit the public is promised: the promised one, else the statutory one.
    #[must_use]
    pub fn limit(&self) -> Option<Limit> {
        self.promised.or(self.statutory)
    }
}

/// What the platform does with an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "how", rename_all = "kebab-case")]
pub enum Handling {
    /// Applied for and handled here, by this procedure.
    Online {
        /// Id of the procedure.
        procedure: String,
    },
    /// A look-up in a register 查询; no case. `register` is `None` while no register is connected.
    LookUp {
        /// Id of the connected register.
        register: Option<String>,
    },
    /// The guide only: the published data lack what handling needs.
    GuideOnly {
        /// What is lacking.
        missing: Vec<Missing>,
    },
}

/// An element without which an item cannot be handled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Missing {
    /// 法定办结时限
    StatutoryLimit,
    /// 承诺办结时限
    PromisedLimit,
    /// 材料
    Materials,
    /// 受理条件
    Conditions,
}

/// 事项类型, GB/T 39046 annex A. Numbers differ by source (20 and 21 in Guangdong), so the mapping is per source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ItemKind {
    /// 行政许可
    Permit,
    /// 行政确认
    Confirmation,
    /// 行政给付
    Benefit,
    /// 行政奖励
    Award,
    /// 行政裁决
    Ruling,
    /// 其他行政权力
    OtherPower,
    /// 公共服务
    PublicService,
}

impl ItemKind {
    /// All kinds, in the order of the standard.
    pub const ALL: [Self; 7] = [
        Self::Permit,
        Self::Benefit,
        Self::Confirmation,
        Self::Award,
        Self::Ruling,
        Self::OtherPower,
        Self::PublicService,
    ];

    /// The id used in files, URLs and text keys.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Permit => "permit",
            Self::Confirmation => "confirmation",
            Self::Benefit => "benefit",
            Self::Award => "award",
            Self::Ruling => "ruling",
            Self::OtherPower => "other-power",
            Self::PublicService => "public-service",
        }
    }
}

/// 行使层级, GB/T 39046 annex A.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// 国家级
    Nation,
    /// 省级
    Province,
    /// 市级
    City,
    /// 县级
    County,
    /// 镇（乡、街道）级
    Town,
    /// 村（社区）级
    Village,
}

/// 服务对象, GB/T 39046 annex A, with the words of the Guangdong data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Audience {
    /// 自然人
    Person,
    /// 企业法人
    Enterprise,
    /// 事业法人
    Institution,
    /// 社会组织法人
    SocialOrganisation,
    /// 非法人企业
    UnincorporatedEnterprise,
    /// 行政机关
    Administration,
    /// 其他组织
    OtherOrganisation,
    /// 设备: a thing that belongs to an organisation, such as a station beside a line. Not of the standard; no person
    /// applies for an item that is for things alone.
    Thing,
}

impl Audience {
    /// All audiences in the standard's order; things last.
    pub const ALL: [Self; 8] = [
        Self::Person,
        Self::Enterprise,
        Self::Institution,
        Self::SocialOrganisation,
        Self::UnincorporatedEnterprise,
        Self::Administration,
        Self::OtherOrganisation,
        Self::Thing,
    ];

    /// The id used in files, URLs and text keys.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Enterprise => "enterprise",
            Self::Institution => "institution",
            Self::SocialOrganisation => "social-organisation",
            Self::UnincorporatedEnterprise => "unincorporated-enterprise",
            Self::Administration => "administration",
            Self::OtherOrganisation => "other-organisation",
            Self::Thing => "thing",
        }
    }
}

/// One line of 申请材料.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Material {
    /// Stable id within the item (`m1`, `m2` … for lines of imported guides).
    pub id: String,
    /// 材料名称.
    pub name: Text,
    /// What to know before handing it in.
    #[serde(default)]
    pub note: Option<Text>,
    /// 是否必备材料. `None` where the guide does not say: the applicant either uploads it or says why it
    /// does not apply, and the officer judges that.
    #[serde(default)]
    pub required: Option<bool>,
    /// 容缺后补: it may follow after acceptance, against a promise.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub later: bool,
    /// 免证办: the certificate that proves it, so that its holder uploads nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<MaterialProof>,
}

/// The electronic certificate that stands for a material 电子证照免提交 (国办函〔2016〕108号).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MaterialProof {
    /// Id of its type.
    #[serde(rename = "type")]
    pub kind: String,
    /// The lowest trust grade that is taken. B unless the pack says otherwise: of C the original is still to be seen,
    /// and D is the holder's own word.
    #[serde(default = "compared")]
    pub grade: CertificateGrade,
    /// The fields that the officer needs, and no others are given (个人信息保护法 art. 6). Where the pack names none, those
    /// that are not sensitive.
    #[serde(default)]
    pub fields: Vec<String>,
}

fn compared() -> CertificateGrade {
    CertificateGrade::B
}

/// 收费.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fee {
    /// In fen (0.01 yuan); 0 is free of charge.
    pub fen: u32,
    /// Basis and exceptions.
    #[serde(default)]
    pub note: Option<Text>,
}

/// 设定依据, at article level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Law {
    /// Name of the act.
    pub act: Text,
    /// Article, e.g. 第四十二条.
    #[serde(default)]
    pub article: Option<Text>,
}

/// 办理地点: an office one may go to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// The address as published.
    pub address: String,
}
