//! The demonstration provider: synthetic people only, on only when asked for, and loud about it.

use std::future::ready;

use domain::{CitizenNumber, Text};

use crate::claims::{Claims, RealNameLevel};
use crate::demo_people::demo_people;
use crate::provider::{Answered, Begin, Denied, Provider, Returned, Visit};

/// Numbers of synthetic people begin so; no area of the country has or had such a code.
pub(crate) const SYNTHETIC_AREA: &str = "99";

/// Whether a number is a synthetic person's.
#[must_use]
pub fn is_synthetic(number: &CitizenNumber) -> bool {
    number.reveal().starts_with(SYNTHETIC_AREA)
}

/// Vouches for synthetic people: that name and number belong together (level 3), or, where `level` is 2, only
/// that the number's check digits are right, as somebody declared it. A number that could be a real person's is refused, so that nobody types
/// their own into a demonstration.
#[derive(Debug, Clone, Copy, Default)]
pub struct DemoProvider;

impl DemoProvider {
    /// Whether a number is a synthetic person's.
    #[must_use]
    pub fn knows(number: &CitizenNumber) -> bool {
        number.reveal().starts_with(SYNTHETIC_AREA)
    }

    fn judge(returned: &Returned) -> Result<Claims, Denied> {
        let field = |name: &str| returned.get(name).map(|v| v.trim()).unwrap_or_default();
        let number: CitizenNumber = field("number").parse()?;
        if !is_synthetic(&number) {
            return Err(Denied::NotSynthetic);
        }
        let known = demo_people().into_iter().find(|person| person.number == number);
        let name = match (&known, field("name")) {
            (_, "") => return Err(Denied::Name),
            // Nobody looks a declared name up.
            (Some(person), name) if person.name != name && field("level") != "2" => {
                return Err(Denied::Mismatch);
            }
            (_, name) => name.chars().take(40).collect(),
        };
        let known = known.filter(|_| field("level") != "2");
        Ok(Claims {
            provider: "demo".to_owned(),
            name,
            number,
            mobile: known.as_ref().map(|person| person.mobile.to_owned()),
            address: known.as_ref().map(|person| person.address.to_owned()),
            level: if field("level") == "2" { RealNameLevel::Declared } else { RealNameLevel::Matched },
        })
    }
}

impl Provider for DemoProvider {
    fn id(&self) -> &str {
        "demo"
    }

    fn name(&self) -> Option<&Text> {
        None
    }

    fn offers(&self) -> &[RealNameLevel] {
        &[RealNameLevel::Declared, RealNameLevel::Matched]
    }

    fn begin<'a>(&'a self, _: &'a Visit) -> Answered<'a, Begin> {
        Box::pin(ready(Ok(Begin::OwnPage)))
    }

    fn complete<'a>(&'a self, returned: &'a Returned, _: &'a Visit) -> Answered<'a, Claims> {
        Box::pin(ready(Self::judge(returned)))
    }
}
