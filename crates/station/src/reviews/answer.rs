//! What the platform answers, which nobody needs to trust: docs/stations.md has each member.

use inspection::picture::MAX_SIDE;
use inspection::{Annotation, Defect, Rect};
use serde::Deserialize;
use serde_json::Value;

use crate::report::Unit;

/// Reviews in one answer.
pub(super) const MOST: usize = 100;
/// Boxes of one unit.
const MOST_BOXES: usize = 256;
/// Longest cursor.
const MOST_CURSOR: usize = 200;

/// Some reviews, in the order in which they were settled.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) reviews: Vec<Value>,
    /// From where to go on; none at the end.
    pub(super) next: Option<String>,
}

#[derive(Deserialize)]
struct Told {
    reviews: Vec<Value>,
    next: Option<String>,
}

impl Page {
    /// # Errors
    /// When it is no such answer, has more than was asked for, or would lead in a circle.
    pub(super) fn read(answer: Value, after: Option<&str>) -> Result<Self, String> {
        let Told { reviews, next } = serde_json::from_value(answer).map_err(|error| error.to_string())?;
        if reviews.len() > MOST {
            return Err(format!("{} reviews where {MOST} were asked for", reviews.len()));
        }
        // A page may be empty and lead on: what it held was taken up again meanwhile.
        if reviews.is_empty() && next.as_deref() == after {
            return Ok(Self { reviews, next: None });
        }
        if let Some(next) = &next {
            // It becomes part of an address.
            let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.~".contains(c);
            if next.is_empty() || next.len() > MOST_CURSOR || !next.chars().all(is_plain) {
                return Err("its cursor is none".to_owned());
            }
            if Some(next.as_str()) == after {
                return Err("its cursor does not move".to_owned());
            }
        }
        Ok(Self { reviews, next })
    }
}

/// What a person decided about a unit.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Review {
    /// The case, which names its files.
    pub(super) case: String,
    pub(super) recipe: String,
    pub(super) test_picture: String,
    pub(super) template_picture: String,
    /// The boxes drawn on it; empty where the unit is good, none where nobody said what is wrong.
    pub(super) boxes: Option<Vec<Annotation>>,
}

#[derive(Deserialize)]
struct Member {
    case: String,
    serial: String,
    lot: String,
    recipe: String,
    test_picture: String,
    template_picture: String,
    decision: String,
    at: String,
    labels: Vec<Label>,
    #[serde(default)]
    false_calls: Vec<Value>,
}

#[derive(Deserialize)]
struct Label {
    class: String,
    x: u32,
    y: u32,
    width: u32,
    height: u32,
}

impl Review {
    /// # Errors
    /// What is wrong with it.
    pub(super) fn read(value: &Value) -> Result<Self, String> {
        let told = Member::deserialize(value).map_err(|error| error.to_string())?;
        if !is_case(&told.case) {
            return Err("its case is no number of a case".to_owned());
        }
        if Unit::new(&told.lot, &told.recipe, &told.serial).is_none() {
            return Err("its lot, recipe or serial number is no name".to_owned());
        }
        if ![&told.test_picture, &told.template_picture].into_iter().all(|hash| is_hash(hash)) {
            return Err("its pictures are not named by SHA-256".to_owned());
        }
        if told.at.parse::<jiff::Timestamp>().is_err() {
            return Err("its time is none".to_owned());
        }
        if told.labels.len().max(told.false_calls.len()) > MOST_BOXES {
            return Err(format!("more than {MOST_BOXES} boxes"));
        }
        let boxes = told.labels.iter().map(annotation).collect::<Result<Vec<_>, String>>()?;
        let boxes = match told.decision.as_str() {
            "ok" if boxes.is_empty() => Some(boxes),
            "ok" => return Err("it calls the unit good and names defects".to_owned()),
            "ng" => (!boxes.is_empty()).then_some(boxes),
            _ => return Err("its decision is neither ok nor ng".to_owned()),
        };
        Ok(Self {
            case: told.case.to_ascii_lowercase(),
            recipe: told.recipe,
            test_picture: told.test_picture,
            template_picture: told.template_picture,
            boxes,
        })
    }
}

/// The case that a review names, if it does.
pub(super) fn case_of(value: &Value) -> Option<String> {
    let case = value.get("case").and_then(Value::as_str).filter(|case| is_case(case));
    case.map(str::to_ascii_lowercase)
}

fn annotation(label: &Label) -> Result<Annotation, String> {
    let defect = Defect::ALL.into_iter().find(|defect| defect.name() == label.class);
    let defect = defect.ok_or("a class that no model is taught here")?;
    let ends = [label.x.checked_add(label.width), label.y.checked_add(label.height)];
    let is_box = label.width > 0 && label.height > 0;
    match ends {
        [Some(right), Some(bottom)] if is_box && right.max(bottom) <= MAX_SIDE => Ok(Annotation {
            defect,
            at: Rect {
                left: label.x as f32,
                top: label.y as f32,
                right: right as f32,
                bottom: bottom as f32,
            },
        }),
        _ => Err("a box that lies on no picture".to_owned()),
    }
}

fn is_case(text: &str) -> bool {
    let is_digit =
        |(n, c): (usize, char)| if matches!(n, 8 | 13 | 18 | 23) { c == '-' } else { c.is_ascii_hexdigit() };
    text.len() == 36 && text.chars().enumerate().all(is_digit)
}

fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn review() -> Value {
        json!({
            "case": "0199AAAA-0000-7000-8000-000000000001", "serial": "S-1", "lot": "L-1", "recipe": "board 3",
            "test_picture": "a".repeat(64), "template_picture": "b".repeat(64), "decision": "ng",
            "at": "2026-11-24T02:00:00+08:00",
            "labels": [{ "class": "open", "x": 1, "y": 2, "width": 30, "height": 40 }], "false_calls": []
        })
    }

    #[test]
    fn a_review_is_read() {
        let read = Review::read(&review()).unwrap();
        assert_eq!(read.case, "0199aaaa-0000-7000-8000-000000000001");
        let at = Rect { left: 1.0, top: 2.0, right: 31.0, bottom: 42.0 };
        assert_eq!(read.boxes, Some(vec![Annotation { defect: Defect::Open, at }]));
        let mut unnamed = review();
        unnamed["labels"] = json!([]);
        assert_eq!(Review::read(&unnamed).unwrap().boxes, None);
        unnamed["decision"] = json!("ok");
        assert_eq!(Review::read(&unnamed).unwrap().boxes, Some(Vec::new()));
    }

    #[test]
    fn one_that_lies_is_refused_with_a_reason() {
        let label = |name: &str, value: Value| {
            let mut label = json!({ "class": "open", "x": 1, "y": 2, "width": 30, "height": 40 });
            label[name] = value;
            json!([label])
        };
        let long = json!(vec![review()["labels"][0].clone(); 257]);
        for (member, value, why) in [
            ("case", json!("../../etc/passwd"), "case"),
            ("case", json!("0199aaaa-0000-7000-8000-00000000000é"), "case"),
            ("recipe", json!("a\nb"), "recipe"),
            ("serial", json!(""), "serial"),
            ("test_picture", json!("../template"), "SHA-256"),
            ("template_picture", json!("B".repeat(64)), "SHA-256"),
            ("decision", json!("maybe"), "decision"),
            ("decision", json!("ok"), "names defects"),
            ("at", json!("yesterday"), "time"),
            ("labels", json!("none"), "invalid type"),
            ("labels", long, "256 boxes"),
            ("labels", label("class", json!("scratch")), "class"),
            ("labels", label("width", json!(0)), "on no picture"),
            ("labels", label("x", json!(u32::MAX)), "on no picture"),
            ("labels", label("x", json!(4090)), "on no picture"),
            ("labels", label("x", json!(-1)), "invalid value"),
            ("labels", label("x", json!(1.5)), "invalid type"),
        ] {
            let mut lie = review();
            lie[member] = value;
            let told = Review::read(&lie).unwrap_err();
            assert!(told.contains(why), "{member}: {told}");
        }
    }

    #[test]
    fn a_page_leads_on_or_ends() {
        let page = |reviews: usize, next: Value| json!({ "reviews": vec![review(); reviews], "next": next });
        assert_eq!(Page::read(page(2, json!("c-2")), Some("c-1")).unwrap().next.as_deref(), Some("c-2"));
        assert_eq!(Page::read(page(1, json!(null)), None).unwrap().next, None);
        assert_eq!(Page::read(page(0, json!("c-9")), Some("c-8")).unwrap().next.as_deref(), Some("c-9"));
        assert_eq!(Page::read(page(0, json!("c-9")), Some("c-9")).unwrap().next, None, "that is the end");
        for (answer, why) in [
            (page(2, json!("c-1")), "does not move"),
            (page(2, json!("")), "cursor"),
            (page(2, json!("a&limit=1")), "cursor"),
            (page(2, json!("c".repeat(201))), "cursor"),
            (page(101, json!("c-2")), "101 reviews"),
            (json!({ "next": null }), "missing field"),
            (json!([]), "invalid"),
        ] {
            let told = Page::read(answer, Some("c-1")).unwrap_err();
            assert!(told.contains(why), "{told}");
        }
    }
}
