//! `/apply/{draft}/…` and the receipt.

use domain::Limit;
use serde::Serialize;

use super::engine::Page;
use super::field::{FieldErrorView, FieldView, OptionView, SummaryLine, WhenView};
use super::parts::{LimitView, Link, Tx};

/// Where one is in an application.
#[derive(Debug, Clone, Serialize)]
pub struct Progress {
    /// The item, its page.
    pub item: Link,
    /// This step, from 1.
    pub step: u32,
    /// All steps, with materials and check.
    pub steps: u32,
    /// The step before; on the first step the item's page.
    pub back: String,
    /// Where the form goes.
    pub action: String,
    /// When the draft was saved last, ready to read.
    pub saved_at: Option<String>,
    /// Where the draft is deleted (POST).
    pub discard: String,
}

/// `/apply/{draft}/{page}`: a few questions.
#[derive(Debug, Clone, Serialize)]
pub struct ApplyPage {
    /// Where one is.
    pub progress: Progress,
    /// Heading.
    pub title: Tx,
    /// Questions.
    pub fields: Vec<FieldView>,
    /// What is wrong, in the order of the questions.
    pub errors: Vec<SummaryLine>,
}

impl ApplyPage {
    /// The summary of the fields' errors.
    #[must_use]
    pub fn summary(fields: &[FieldView]) -> Vec<SummaryLine> {
        let line = |field: &FieldView| {
            let error = field.error.as_ref()?;
            Some(SummaryLine {
                href: format!("#f-{}", field.name),
                title: field.title.clone(),
                key: format!("rule-{}", error.rule),
                min: error.min.clone(),
                max: error.max.clone(),
            })
        };
        fields.iter().filter_map(line).collect()
    }
}

/// `/apply/{draft}/materials`.
///
/// One multipart form: files as `file-<id>`, excuses as `excuse-<id>`; the buttons send `do=continue`,
/// `do=upload` (save and stay) or `remove=<file>`.
#[derive(Debug, Clone, Serialize)]
pub struct MaterialsPage {
    /// Where one is.
    pub progress: Progress,
    /// Materials in the guide's order.
    pub materials: Vec<MaterialView>,
    /// What is wrong; hrefs `#m-<id>`.
    pub errors: Vec<SummaryLine>,
    /// Most megabytes a file.
    pub max_mb: u32,
    /// Most files a material.
    pub max_files: u32,
}

/// One material to hand in.
#[derive(Debug, Clone, Serialize)]
pub struct MaterialView {
    /// Id.
    pub id: String,
    /// Name.
    pub name: Tx,
    /// Note.
    pub note: Option<Tx>,
    /// Required; `None`: upload, or say why it does not apply.
    pub required: Option<bool>,
    /// What was handed in.
    pub files: Vec<FileView>,
    /// 容缺: whether it is promised for later, where it may be; sent as `later-<id>`.
    pub later: Option<bool>,
    /// Why it does not apply, as typed.
    pub excuse: String,
    /// What is wrong: `file-empty file-too-large file-kind file-too-many file-disk-full material-missing
    /// material-missing-or-excuse material-always-needed material-unknown`.
    pub error: Option<UploadError>,
    /// 免证办: the certificate that stands for it, or could.
    pub proof: Option<ProofView>,
}

/// A certificate beside a material.
#[derive(Debug, Clone, Serialize)]
pub struct ProofView {
    /// Its name.
    pub name: Tx,
    /// Who issued it.
    pub issuer: Tx,
    /// What is given of it.
    pub rows: Vec<super::wallet::Said>,
    /// It stands for the material.
    pub on: bool,
    /// Nothing was uploaded in its place, so that it may be attached again.
    pub free: bool,
}

/// Why a file was refused.
#[derive(Debug, Clone, Serialize)]
pub struct UploadError {
    /// Key of the text.
    pub key: &'static str,
    /// The file's name, as sent; may be empty.
    pub file: String,
    /// Most, in words; may be empty.
    pub max: String,
}

/// A file that was handed in.
#[derive(Debug, Clone, Serialize)]
pub struct FileView {
    /// Id, the value of the remove button.
    pub id: String,
    /// Name as sent.
    pub name: String,
    /// Where to look at it.
    pub href: String,
    /// Size, ready to read.
    pub size: String,
}

/// `/apply/{draft}/check`: everything once more.
#[derive(Debug, Clone, Serialize)]
pub struct CheckPage {
    /// Where one is.
    pub progress: Progress,
    /// Answers, page by page; the last section holds the materials.
    pub sections: Vec<CheckSection>,
    /// What is missing; hrefs lead to the page and question.
    pub problems: Vec<SummaryLine>,
    /// The key that makes a second submission the same case; sent as `key`.
    pub key: String,
    /// Who will handle it.
    pub agency: Tx,
    /// 一件事: which agencies get their part of it.
    pub agencies: Vec<Recipient>,
    /// The limit promised.
    pub limit: Option<LimitView>,
    /// The consent that the answers take; sent as `consent`.
    pub consent: Option<ConsentBox>,
}

/// 单独同意: consent to the use of sensitive answers, asked apart.
#[derive(Debug, Clone, Serialize)]
pub struct ConsentBox {
    /// Which answers.
    pub fields: Vec<Tx>,
    /// What for.
    pub purpose: Tx,
    /// Why that cannot be done without, and what it means for the person.
    pub necessity: Tx,
    /// For how many days.
    pub days: u16,
    /// It was not ticked.
    pub error: bool,
}

/// An agency that gets its part of a joint application, and sees what that needs.
#[derive(Debug, Clone, Serialize)]
pub struct Recipient {
    /// The part.
    pub part: Tx,
    /// The agency.
    pub agency: Tx,
    /// Only where an answer calls for it.
    pub perhaps: bool,
}

impl Recipient {
    /// For the samples.
    pub(super) fn sample() -> Vec<Self> {
        let one = |part: &str, agency: &str, perhaps| Self {
            part: Tx::zh(part, domain::Lang::En),
            agency: Tx::own(agency),
            perhaps,
        };
        vec![one("食品经营许可", "示例市场监督管理局", false), one("店招设置", "示例住房和城乡建设局", true)]
    }
}

/// Answers of one page.
#[derive(Debug, Clone, Serialize)]
pub struct CheckSection {
    /// Heading; `None` for the materials.
    pub title: Option<Tx>,
    /// Where to change them.
    pub change: String,
    /// Rows.
    pub rows: Vec<Row>,
}

/// A question with its answer.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// Question.
    pub q: Tx,
    /// Answer, several lines for several files; none when nothing was answered.
    pub a: Vec<String>,
}

/// `/me/cases/{id}/receipt`: kept or printed.
#[derive(Debug, Clone, Serialize)]
pub struct ReceiptPage {
    /// Just handed in: said on top.
    pub fresh: bool,
    /// Case number.
    pub number: String,
    /// Item.
    pub item: Tx,
    /// Item code.
    pub code: String,
    /// The applicant: the receipt is theirs.
    pub applicant: String,
    /// When it was received.
    pub received_at: String,
    /// Who has it.
    pub agency: Tx,
    /// It is decided already, as by rule at once.
    pub done: bool,
    /// Until when acceptance is decided, while it is not.
    pub acceptance_by: Option<String>,
    /// The limit promised, counted from acceptance.
    pub limit: Option<LimitView>,
    /// Materials handed in.
    pub materials: Vec<Row>,
    /// The case page.
    pub case_href: String,
}

fn sample_progress(step: u32) -> Progress {
    Progress {
        item: Link::new("/items/ex-permit", Tx::own("居住证办理")),
        step,
        steps: 4,
        back: "/apply/01/1".to_owned(),
        action: "/apply/01/2".to_owned(),
        saved_at: Some("14:05".to_owned()),
        discard: "/apply/01/discard".to_owned(),
    }
}

/// One field of each kind, for the samples.
pub(super) fn sample_fields() -> Vec<FieldView> {
    let field = |name: &str, title: &str, kind, value: &str| FieldView {
        name: name.to_owned(),
        title: Tx::own(title),
        help: None,
        kind,
        value: value.to_owned(),
        options: vec![],
        required: true,
        prefilled_from: None,
        max: None,
        autocomplete: None,
        when: None,
        error: None,
    };
    let option = |value: &str, title: &str, checked| OptionView {
        value: value.to_owned(),
        title: Tx::own(title),
        checked,
    };
    let ways = vec![option("post", "邮寄到家", true), option("window", "到窗口领取", false)];
    vec![
        FieldView {
            prefilled_from: Some(Tx::own("实名登记")),
            autocomplete: Some("name"),
            ..field("name", "姓名", "text", "示例·陈晓明")
        },
        FieldView {
            prefilled_from: Some(Tx::own("实名登记")),
            ..field("number", "公民身份号码", "citizen-number", "990000199001010010")
        },
        FieldView {
            help: Some(Tx::own("办理进度会发到这个号码。")),
            ..field("mobile", "手机号码", "mobile", "")
        },
        FieldView { options: ways.clone(), ..field("way", "怎么领取", "choice", "post") },
        FieldView {
            when: Some(WhenView {
                field: "way".to_owned(),
                title: Tx::own("怎么领取"),
                is: "post".to_owned(),
                words: "邮寄到家".to_owned(),
            }),
            max: Some(200),
            required: false,
            ..field("address", "收件地址", "textarea", "")
        },
        FieldView {
            options: ways, required: false, ..field("papers", "还需要哪些材料", "choices", "post")
        },
        field("since", "从哪天起住在这里", "date", "2025-03-01"),
        field("people", "同住人数", "integer", "2"),
        field("rent", "每月房租（元）", "money", "2300"),
        field("company", "单位统一社会信用代码", "credit-code", ""),
        field("true", "以上内容是真实的", "confirm", ""),
    ]
}

fn broken_fields() -> Vec<FieldView> {
    let error =
        |rule, min: &str, max: &str| Some(FieldErrorView { rule, min: min.to_owned(), max: max.to_owned() });
    let mut fields = sample_fields();
    for (index, broken) in [
        error("too-long", "", "40"),
        error("citizen-number-check", "", ""),
        error("mobile", "", ""),
        error("not-listed", "", ""),
        error("too-short", "5", ""),
        error("required", "", ""),
        error("not-past", "", ""),
        error("out-of-range", "1", "20"),
        error("out-of-range-money", "0", "99999.99"),
        error("credit-code-shape", "", ""),
        error("required", "", ""),
    ]
    .into_iter()
    .enumerate()
    {
        fields[index].error = broken;
    }
    fields
}

impl Page for ApplyPage {
    const TEMPLATE: &'static str = "apply.html";

    fn sample() -> Vec<Self> {
        let fields = broken_fields();
        let short: Vec<FieldView> = sample_fields().into_iter().take(4).collect();
        vec![
            Self {
                progress: sample_progress(1), title: Tx::own("你的信息"), fields: short, errors: vec![]
            },
            Self {
                progress: sample_progress(1),
                title: Tx::zh("领取与联系", domain::Lang::En),
                fields: sample_fields(),
                errors: vec![],
            },
            Self {
                progress: Progress { saved_at: None, ..sample_progress(2) },
                title: Tx::own("领取与联系"),
                errors: Self::summary(&fields),
                fields,
            },
        ]
    }
}

impl Page for MaterialsPage {
    const TEMPLATE: &'static str = "apply-materials.html";

    fn sample() -> Vec<Self> {
        let file = FileView {
            id: "f1".to_owned(),
            name: "租赁合同（扫描件）2025年3月.pdf".to_owned(),
            href: "/files/f1".to_owned(),
            size: "812 kB".to_owned(),
        };
        let material = |id: &str, name: &str, required| MaterialView {
            id: id.to_owned(),
            name: Tx::own(name),
            note: None,
            required,
            later: None,
            files: vec![],
            excuse: String::new(),
            error: None,
            proof: None,
        };
        let proof = |on| ProofView {
            name: Tx::own("居住证（示例）"),
            issuer: Tx::own("示例·公安局"),
            rows: vec![super::wallet::Said {
                q: Tx::own("居住起始日"), a: "2025年3月1日".to_owned()
            }],
            on,
            free: true,
        };
        let materials = vec![
            MaterialView {
                files: vec![file],
                note: Some(Tx::own("每一页都要，字迹看得清。")),
                ..material("m1", "住房租赁合同", Some(true))
            },
            MaterialView {
                excuse: "我没有用人单位。".to_owned(), ..material("m2", "劳动合同", None)
            },
            material("m3", "学生证", Some(false)),
            MaterialView { later: Some(true), ..material("m4", "体检报告", Some(true)) },
            MaterialView { proof: Some(proof(true)), ..material("m5", "居住证", Some(true)) },
            MaterialView { proof: Some(proof(false)), ..material("m6", "居住证", Some(true)) },
        ];
        let broken: Vec<MaterialView> = materials
            .iter()
            .zip(["file-too-large", "material-missing-or-excuse", "file-kind"])
            .map(|(material, key)| MaterialView {
                error: Some(UploadError { key, file: "合同.docx".to_owned(), max: "10".to_owned() }),
                ..material.clone()
            })
            .collect();
        let line = SummaryLine {
            href: "#m-m2".to_owned(),
            title: Tx::own("劳动合同"),
            key: "material-missing-or-excuse".to_owned(),
            min: String::new(),
            max: String::new(),
        };
        let page =
            Self { progress: sample_progress(3), materials, errors: vec![], max_mb: 10, max_files: 10 };
        vec![page.clone(), Self { materials: broken, errors: vec![line], ..page }]
    }
}

impl Page for CheckPage {
    const TEMPLATE: &'static str = "apply-check.html";

    fn sample() -> Vec<Self> {
        let row =
            |q: &str, a: &[&str]| Row { q: Tx::own(q), a: a.iter().map(|line| (*line).to_owned()).collect() };
        let page = Self {
            progress: sample_progress(4),
            sections: vec![
                CheckSection {
                    title: Some(Tx::own("你的信息")),
                    change: "/apply/01/1".to_owned(),
                    rows: vec![row("姓名", &["示例·陈晓明"]), row("公民身份号码", &["9900**************"])],
                },
                CheckSection {
                    title: None,
                    change: "/apply/01/materials".to_owned(),
                    rows: vec![
                        row("住房租赁合同", &["合同.pdf（812 kB）", "附页.jpg（1.2 MB）"]),
                        row("学生证", &[]),
                    ],
                },
            ],
            problems: vec![],
            key: "01JDX".to_owned(),
            agency: Tx::zh("广东省公安厅", domain::Lang::En),
            agencies: Recipient::sample(),
            limit: Some(Limit::workdays(18).into()),
            consent: Some(ConsentBox {
                fields: vec![Tx::own("需要无障碍房源吗"), Tx::zh("身体状况", domain::Lang::En)],
                purpose: Tx::zh("安排无障碍房源", domain::Lang::En),
                necessity: Tx::own("不同意也能申请，按普通房源分配。"),
                days: 1095,
                error: true,
            }),
        };
        let problem = SummaryLine {
            href: "/apply/01/1#f-mobile".to_owned(),
            title: Tx::own("手机号码"),
            key: "rule-required".to_owned(),
            min: String::new(),
            max: String::new(),
        };
        vec![page.clone(), Self { problems: vec![problem], limit: None, consent: None, ..page }]
    }
}

impl Page for ReceiptPage {
    const TEMPLATE: &'static str = "receipt.html";

    fn sample() -> Vec<Self> {
        let page = Self {
            fresh: true,
            number: "440000-20261123-000017-4".to_owned(),
            item: Tx::zh("中小学地方课程教材初审", domain::Lang::En),
            code: "11440000006940116U2440102002003".to_owned(),
            applicant: "示*****明".to_owned(),
            received_at: "2026年11月23日 14:05".to_owned(),
            agency: Tx::own("广东省教育厅"),
            done: false,
            acceptance_by: Some("2026年11月30日".to_owned()),
            limit: Some(Limit::workdays(18).into()),
            materials: vec![
                Row { q: Tx::own("教材清样"), a: vec!["清样.pdf（3.4 MB）".to_owned()] },
                Row { q: Tx::own("送审报告"), a: vec![] },
            ],
            case_href: "/me/cases/440000-20261123-000017-4".to_owned(),
        };
        vec![
            page.clone(),
            Self { fresh: false, done: true, acceptance_by: None, limit: None, materials: vec![], ..page },
        ]
    }
}
