//! The form of an item known only by its guide, made from whom it serves.

use domain::Text;

use crate::item::{Audience, ServiceItem};

use super::{Field, FieldKind, Form, Option_, Page, Prefill, ShowWhen};

const WHO: &str = "applicant_kind";
const PERSON: &str = "person";
const ORGANISATION: &str = "organisation";

/// Page 1 asks who applies, page 2 what for. Materials are asked beside the form, not in it.
#[must_use]
pub fn generate(item: &ServiceItem) -> Form {
    let people = item.audiences.contains(&Audience::Person);
    let organisations = item.audiences.iter().any(|audience| *audience != Audience::Person);
    let mut fields = Vec::new();
    let both = people && organisations;
    if both {
        fields.push(who());
    }
    if people {
        fields.extend(person(both));
    }
    if organisations {
        fields.extend(organisation(both));
    }
    fields.push(field("mobile", "联系手机号", "Mobile number", FieldKind::Mobile).prefill(Prefill::Mobile));
    let address = FieldKind::Text { min: 5, max: 200, multiline: false };
    fields.push(field("address", "联系地址", "Address", address).prefill(Prefill::Address).optional());
    let applicant = Page { id: "applicant".into(), title: Text::both("谁来申请", "Who applies"), fields };
    Form { pages: vec![applicant, matter()] }
}

fn who() -> Field {
    let option = |value: &str, zh: &str, en: &str| Option_ { value: value.into(), title: Text::both(zh, en) };
    let options = vec![option(PERSON, "个人", "A person"), option(ORGANISATION, "单位", "An organisation")];
    field(WHO, "以谁的名义申请", "Who is applying", FieldKind::Choice { options })
}

fn person(both: bool) -> [Field; 2] {
    let name = FieldKind::Text { min: 2, max: 50, multiline: false };
    [
        field("name", "姓名", "Name", name).prefill(Prefill::Name).when(both, PERSON),
        field("citizen_number", "公民身份号码", "Citizen number", FieldKind::CitizenNumber)
            .prefill(Prefill::CitizenNumber)
            .when(both, PERSON),
    ]
}

fn organisation(both: bool) -> [Field; 5] {
    let text = |min, max| FieldKind::Text { min, max, multiline: false };
    [
        field("organisation_name", "单位名称", "Name of the organisation", text(2, 120))
            .when(both, ORGANISATION),
        field("credit_code", "统一社会信用代码", "Unified social credit code", FieldKind::CreditCode)
            .when(both, ORGANISATION),
        field("legal_representative", "法定代表人（负责人）姓名", "Legal representative", text(2, 50))
            .when(both, ORGANISATION),
        field("agent_name", "经办人姓名", "Name of the person acting for it", text(2, 50))
            .prefill(Prefill::Name)
            .when(both, ORGANISATION),
        field(
            "agent_number",
            "经办人公民身份号码",
            "Citizen number of the person acting for it",
            FieldKind::CitizenNumber,
        )
        .prefill(Prefill::CitizenNumber)
        .when(both, ORGANISATION),
    ]
}

fn matter() -> Page {
    let mut request = field(
        "request",
        "申请事由",
        "What you ask for",
        FieldKind::Text { min: 2, max: 2000, multiline: true },
    );
    request.help = Some(Text::both(
        "用自己的话写清楚：为什么申请，希望得到什么结果。",
        "In your own words: why you apply and what you hope to get.",
    ));
    let confirm = field(
        "statement",
        "我确认所填内容和所交材料真实、有效",
        "I confirm that what I state and hand in is true and valid",
        FieldKind::Confirm,
    );
    Page {
        id: "matter".into(),
        title: Text::both("申请什么", "What you apply for"),
        fields: vec![request, confirm],
    }
}

fn field(name: &str, zh: &str, en: &str, kind: FieldKind) -> Field {
    let title = Text::both(zh, en);
    Field {
        name: name.into(),
        title,
        help: None,
        kind,
        required: true,
        prefill: None,
        show_when: None,
        sensitive: false,
    }
}

impl Field {
    fn prefill(self, prefill: Prefill) -> Self {
        Self { prefill: Some(prefill), ..self }
    }

    fn optional(self) -> Self {
        Self { required: false, ..self }
    }

    fn when(self, both: bool, who: &str) -> Self {
        let show_when = both.then(|| ShowWhen { field: WHO.into(), is: vec![who.into()] });
        Self { show_when, ..self }
    }
}
