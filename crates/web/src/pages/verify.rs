//! `/verify`: anyone checks a code that somebody shows.

use std::sync::Arc;

use app::{Checked, Told, Verifier};
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::{show, wallet};
use crate::failure::Failure;
use crate::forms::Form;
use crate::site::Site;
use crate::view::Tx;
use crate::view::wallet::{OutcomeView, Said, VerifyPage};
use crate::visitor::Visitor;

/// Characters of a code or of an address with one; what is longer is none.
const LONGEST: usize = 2_000;

/// Opening a code's address does not use it up: that takes a press, so that a preview or a prefetch does no harm.
pub(crate) async fn show_verify(RawQuery(query): RawQuery, visitor: Visitor) -> Result<Response, Failure> {
    let form = Form::decode(query.unwrap_or_default().as_bytes());
    visitor.personal(&page(&visitor, code(form.get("c")), &Form::default()))
}

fn page(visitor: &Visitor, code: String, form: &Form) -> VerifyPage {
    let typed = |name: &str| form.get(name).chars().take(LONGEST).collect();
    let officer = visitor.session.as_ref().and_then(app::Session::officer);
    VerifyPage {
        code,
        who: officer.map_or_else(|| typed("who"), |officer| officer.name),
        purpose: typed("purpose"),
        missing: false,
        outcome: None,
    }
}

/// The code in what was pasted: itself, or an address that ends in it.
fn code(pasted: &str) -> String {
    let pasted = if pasted.chars().count() > LONGEST { "" } else { pasted };
    let code = pasted.rsplit_once("c=").map_or(pasted, |(_, code)| code);
    code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

pub(crate) async fn verify(
    State(site): State<Arc<Site>>,
    mut visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    if !visitor.address.is_none_or(|address| site.limits.address(address)) {
        return Err(Failure::TooMany);
    }
    let mut page = page(&visitor, code(form.get("code")), &form);
    if page.code.is_empty() {
        page.missing = true;
        return visitor.again(StatusCode::UNPROCESSABLE_ENTITY, &page).await;
    }
    let checked = site.app.check_code(&page.code, &verifier(&visitor, &page)).await;
    page.outcome = Some(match checked {
        Checked::Valid(seen) => valid(&visitor, *seen),
        Checked::Invalid(reason) => OutcomeView::Invalid { reason },
        Checked::NotChecked => OutcomeView::NotChecked,
    });
    visitor.again(StatusCode::OK, &page).await
}

/// An officer who is signed in is named by their agency; of all others the holder reads what they say.
fn verifier(visitor: &Visitor, page: &VerifyPage) -> Verifier {
    let officer = visitor.session.as_ref().and_then(app::Session::officer);
    let purpose = page.purpose.clone();
    match officer {
        Some(officer) => {
            let agency = show::agency(&visitor.site, &officer.agency, domain::Lang::Zh).text;
            Verifier { who: format!("{agency} {}", officer.name), known: true, purpose }
        }
        None => Verifier { who: page.who.clone(), known: false, purpose },
    }
}

fn valid(visitor: &Visitor, seen: Told) -> OutcomeView {
    let row = |(name, label, value): (String, Option<domain::Text>, String)| Said {
        q: match label {
            Some(label) => Tx::of(&label, visitor.lang),
            None => Tx::own(visitor.text(&format!("certificate-{name}"))),
        },
        a: wallet::readable(&value, visitor.lang),
    };
    OutcomeView::Valid {
        name: Tx::of(&seen.name, visitor.lang),
        issuer: Tx::of(&seen.issuer, visitor.lang),
        rows: seen.fields.into_iter().map(row).collect(),
        at: wallet::moment(visitor, seen.at),
    }
}

#[cfg(test)]
mod tests {
    use super::code;

    #[test]
    fn a_code_is_found_in_what_people_paste() {
        for pasted in
            ["ABC234", " abc 234\n", "https://site.example/verify?c=ABC234", "/verify?lang=zh&c=ABC234"]
        {
            assert_eq!(code(pasted), "ABC234");
        }
        assert_eq!(code(""), "");
        assert_eq!(code(&"A".repeat(2_001)), "");
    }
}
