//! Drafted notices 文书模板: words with merge fields that an officer chooses, sees filled in, edits and sends.
//!
//! A template is a text of the locales under `template-<id>`, with a title `template-<id>-title`. It may name
//! the fields of [`FIELDS`] and nothing else; nothing in it can run.

use casework::BLANK;
use domain::Lang;

use super::engine::Views;
use super::texts::Arg;

/// The fields a template may name.
pub const FIELDS: [&str; 8] =
    ["agency", "applicant", "item", "last_day", "number", "points", "remedies", "special"];

/// The templates of each action, by ids.
const OF_ACTIONS: &[(&str, &[&str])] = &[
    ("ask-correction", &["correction-materials", "correction-answers"]),
    ("not-ours", &["not-ours"]),
    ("suspend", &["suspend-special", "suspend-hearing"]),
    ("schedule-hearing", &["hearing-notice"]),
    ("resume", &["resume"]),
    ("extend", &["extension"]),
    ("refuse", &["refusal-conditions", "refusal-materials"]),
    ("terminate", &["termination"]),
];

/// What is put into a template; an empty field becomes a blank to be filled by hand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields {
    /// The agency's name.
    pub agency: String,
    /// The applicant's name, masked.
    pub applicant: String,
    /// The item's name.
    pub item: String,
    /// The last day of the clock the notice is about, ready to read.
    pub last_day: String,
    /// The case's number.
    pub number: String,
    /// What is missing or wrong, one a line.
    pub points: String,
    /// Ways to challenge a decision.
    pub remedies: String,
    /// What the clock stands still for.
    pub special: String,
}

impl Fields {
    fn get(&self, name: &str) -> &str {
        let value = match name {
            "agency" => &self.agency,
            "applicant" => &self.applicant,
            "item" => &self.item,
            "last_day" => &self.last_day,
            "number" => &self.number,
            "points" => &self.points,
            "remedies" => &self.remedies,
            _ => &self.special,
        };
        if value.is_empty() { BLANK } else { value }
    }
}

/// The ids of an action's templates, in the order they are offered.
#[must_use]
pub fn templates_of(action: &str) -> &'static [&'static str] {
    OF_ACTIONS.iter().find(|(id, _)| *id == action).map_or(&[], |(_, templates)| templates)
}

/// The action a template belongs to, where there is such a template.
#[must_use]
pub fn action_of(template: &str) -> Option<&'static str> {
    OF_ACTIONS.iter().find(|(_, templates)| templates.contains(&template)).map(|(action, _)| *action)
}

/// A template filled in; none where there is no such template.
#[must_use]
pub fn filled(views: &Views, lang: Lang, template: &str, fields: &Fields) -> Option<String> {
    action_of(template)?;
    let args = FIELDS.map(|name| (name, Arg::from(fields.get(name))));
    Some(views.text(lang, &format!("template-{template}"), &args))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn all() -> impl Iterator<Item = &'static str> {
        OF_ACTIONS.iter().flat_map(|(_, templates)| templates.iter().copied())
    }

    fn fields() -> Fields {
        let field = |name: &str| format!("<{name}>");
        Fields {
            agency: field("agency"),
            applicant: field("applicant"),
            item: field("item"),
            last_day: field("last_day"),
            number: field("number"),
            points: field("points"),
            remedies: field("remedies"),
            special: field("special"),
        }
    }

    #[test]
    fn every_template_is_a_text_that_names_known_fields_only() {
        let views = Views::new().unwrap();
        let known: BTreeSet<String> = all().map(|id| format!("template-{id}")).collect();
        for lang in Lang::ALL {
            for key in &known {
                for key in [key.clone(), format!("{key}-title")] {
                    let args = FIELDS.map(|name| (name, Arg::from("·")));
                    // A text that names another field cannot be formatted, and answers with its key.
                    assert_ne!(views.text(lang, &key, &args), key, "{lang:?}");
                }
            }
            for key in views.keys(lang).iter().filter(|key| key.starts_with("template-")) {
                let id = key.strip_suffix("-title").unwrap_or(key);
                assert!(known.contains(id), "{lang:?}: no action offers {key}");
            }
        }
    }

    #[test]
    fn fields_are_put_in_and_blanks_stay_for_the_officer() {
        let views = Views::new().unwrap();
        let text = filled(&views, Lang::Zh, "refusal-conditions", &fields()).unwrap();
        for name in ["<item>", "<number>", "<remedies>"] {
            assert!(text.contains(name), "{text}");
        }
        let text = filled(&views, Lang::En, "correction-materials", &Fields::default()).unwrap();
        assert!(text.contains(BLANK), "{text}");
        assert_eq!(filled(&views, Lang::Zh, "no-such", &fields()), None);
    }

    #[test]
    fn a_notice_says_what_the_law_wants_said() {
        let views = Views::new().unwrap();
        let says = |lang, id: &str, word: &str| {
            let text = filled(&views, lang, id, &fields()).unwrap();
            assert!(text.contains(word), "{id}: {text}");
        };
        for lang in Lang::ALL {
            says(lang, "correction-materials", "<points>");
            says(lang, "suspend-special", "<special>");
            says(lang, "hearing-notice", "<number>");
            says(lang, "extension", "<last_day>");
            says(lang, "refusal-materials", "<remedies>");
            says(lang, "termination", "<remedies>");
        }
    }

    #[test]
    fn every_action_named_exists() {
        for (action, _) in OF_ACTIONS {
            assert!(casework::Action::ALL.iter().any(|known| known.id() == *action), "{action}");
            assert!(templates_of(action).iter().all(|id| action_of(id) == Some(action)));
        }
    }
}
