//! What a station found on a unit, and what people say of it: boxes with classes. Pure.

use packs::Answers;
use serde::{Deserialize, Serialize};

use crate::stations::MAX_FINDINGS;

/// Classes of defects, in the order of their keys: those of bare boards (arXiv 1902.06197, section 3).
pub const CLASSES: [&str; 6] = ["open", "short", "mousebite", "spur", "spurious-copper", "pin-hole"];
/// A defect of no class that is listed.
pub const OTHER: &str = "other";
/// Why a good unit was called defective.
pub const FALSE_CALLS: [&str; 4] = ["dust", "reflection", "tolerance", OTHER];
/// Most boxes that one person draws on one unit.
pub const MAX_DRAWN: usize = 16;

/// A box on a picture, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Left edge.
    pub x: u32,
    /// Upper edge.
    pub y: u32,
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
}

/// A defect with its box.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// Its class.
    pub class: String,
    /// Where.
    #[serde(flatten)]
    pub place: Place,
}

/// What a station found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What it is taken for, and where.
    pub label: Label,
    /// How sure, in ten thousandths.
    pub score: u32,
}

/// What somebody says of a unit, as they chose it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Said {
    /// It is good.
    pub good: bool,
    /// The class of the defect, where one key said so.
    pub class: Option<String>,
    /// Why a good one was called defective.
    pub why: Option<String>,
    /// Of each finding: its class, or none where it is no defect.
    pub chosen: Vec<Option<String>>,
    /// Defects that were not found.
    pub drawn: Vec<Label>,
}

/// What is kept of it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Marks {
    /// Reason codes: classes of defects, or why a good one was called defective.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub codes: Vec<String>,
    /// Defects.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<Label>,
    /// What was called a defect and is none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub false_calls: Vec<Place>,
}

/// What a report says was found; a line that cannot be read is passed over.
pub(super) fn findings(answers: &Answers) -> Vec<Found> {
    let lines = answers.get("findings").map(String::as_str).unwrap_or_default().lines();
    lines.filter_map(found).take(MAX_FINDINGS).collect()
}

fn found(line: &str) -> Option<Found> {
    let mut words = line.split(' ');
    let class = words.next()?.to_owned();
    let score = words.next()?.parse().ok()?;
    Some(Found { label: Label { class, place: place(words)? }, score })
}

fn place<'a>(mut words: impl Iterator<Item = &'a str>) -> Option<Place> {
    let mut next = || words.next()?.parse::<u32>().ok();
    let place = Place { x: next()?, y: next()?, width: next()?, height: next()? };
    words.next().is_none().then_some(place)
}

/// A box as a form sends it: class, left, top, width, height. None for what is no box of a class that is listed.
#[must_use]
pub fn drawn(line: &str) -> Option<Label> {
    let mut words = line.split(' ');
    let class = words.next().and_then(known)?;
    Some(Label { class, place: place(words)? })
}

impl Place {
    /// Whether it is a box within a picture of these sides.
    #[must_use]
    pub fn within(&self, (width, height): (u32, u32)) -> bool {
        let fits =
            |at: u32, long: u32, side: u32| long > 0 && at.checked_add(long).is_some_and(|end| end <= side);
        fits(self.x, self.width, width) && fits(self.y, self.height, height)
    }
}

/// A class that is listed, or [`OTHER`].
#[must_use]
pub fn known(class: &str) -> Option<String> {
    (CLASSES.contains(&class) || class == OTHER).then(|| class.to_owned())
}

impl Said {
    /// What is kept: the boxes as chosen and drawn. A class that one key named is the class of a lone finding; with
    /// several, whoever names a class that none of them has contradicts the boxes, and then no box is kept.
    #[must_use]
    pub fn marks(&self, found: &[Found]) -> Marks {
        let places = || found.iter().map(|found| found.label.place);
        if self.good {
            let codes = self.why.iter().cloned().collect();
            return Marks { codes, labels: Vec::new(), false_calls: places().collect() };
        }
        let mut chosen: Vec<Option<String>> = (0..found.len()).map(|at| self.chosen_at(found, at)).collect();
        if let (Some(class), [Some(lone)]) = (&self.class, chosen.as_mut_slice())
            && self.drawn.is_empty()
        {
            lone.clone_from(class);
        }
        let mut marks = Marks::default();
        for (class, place) in chosen.into_iter().zip(places()) {
            match class {
                Some(class) => marks.labels.push(Label { class, place }),
                None => marks.false_calls.push(place),
            }
        }
        marks.labels.extend(self.drawn.iter().take(MAX_DRAWN).cloned());
        let named = |class: &String| marks.labels.iter().any(|label| label.class == *class);
        let fits = if let Some(class) = &self.class { named(class) } else { !marks.labels.is_empty() };
        let mut codes: Vec<String> = self.class.iter().cloned().collect();
        if !fits {
            return Marks { codes, ..Marks::default() };
        }
        for label in &marks.labels {
            if !codes.contains(&label.class) {
                codes.push(label.class.clone());
            }
        }
        Marks { codes, ..marks }
    }

    /// What was chosen for a finding; where nothing was, what the station said.
    fn chosen_at(&self, found: &[Found], at: usize) -> Option<String> {
        self.chosen.get(at).cloned().unwrap_or_else(|| Some(found[at].label.class.clone()))
    }
}

impl Marks {
    /// In words that stay the same whatever the language: the codes, then a box each.
    #[must_use]
    pub fn words(&self) -> String {
        let mut parts = vec![self.codes.join(" ")];
        let boxed = |name: &str, place: &Place| {
            format!("{name} {} {} {} {}", place.x, place.y, place.width, place.height)
        };
        parts.extend(self.labels.iter().map(|label| boxed(&label.class, &label.place)));
        parts.extend(self.false_calls.iter().map(|place| boxed("false-call", place)));
        parts.retain(|part| !part.is_empty());
        parts.join("; ")
    }

    /// What may be learnt from it: nothing where a defect is of no class that is listed, since leaving it out would teach
    /// that there is none.
    #[must_use]
    pub fn teaching(self) -> Self {
        if self.labels.iter().any(|label| label.class == OTHER) { Self::default() } else { self }
    }
}

#[cfg(test)]
mod tests {
    use packs::Answers;

    use super::{Found, Label, Marks, Place, Said, drawn, findings};

    fn at(x: u32) -> Place {
        Place { x, y: 2, width: 3, height: 4 }
    }

    fn label(class: &str, x: u32) -> Label {
        Label { class: class.to_owned(), place: at(x) }
    }

    fn found(class: &str, x: u32) -> Found {
        Found { label: label(class, x), score: 9_000 }
    }

    fn ng(class: Option<&str>, chosen: &[Option<&str>]) -> Said {
        let chosen = chosen.iter().map(|class| class.map(str::to_owned)).collect();
        Said { class: class.map(str::to_owned), chosen, ..Said::default() }
    }

    #[test]
    fn findings_are_read_line_by_line() {
        let lines = "open 9900 10 20 30 8\nnothing\nspur 1 2 3 4\nspur 1 2 3 4 5 6\nshort 0 0 0 1 1";
        let read = findings(&Answers::from([("findings".to_owned(), lines.to_owned())]));
        let place = Place { x: 10, y: 20, width: 30, height: 8 };
        assert_eq!(read[0], Found { label: Label { class: "open".to_owned(), place }, score: 9_900 });
        assert_eq!((read.len(), read[1].label.class.as_str()), (2, "short"));
        assert_eq!(findings(&Answers::new()), []);
    }

    #[test]
    fn a_good_one_says_that_all_was_called_falsely() {
        let said = Said { good: true, why: Some("dust".to_owned()), ..Said::default() };
        let marks = said.marks(&[found("open", 1), found("spur", 5)]);
        assert_eq!(marks.false_calls, [at(1), at(5)]);
        assert_eq!((marks.labels.len(), marks.codes.as_slice()), (0, &["dust".to_owned()][..]));
        assert_eq!(marks.words(), "dust; false-call 1 2 3 4; false-call 5 2 3 4");
    }

    #[test]
    fn one_key_names_the_class_of_a_lone_finding() {
        let marks = ng(Some("short"), &[]).marks(&[found("spur", 1)]);
        assert_eq!(marks.labels, [label("short", 1)]);
        assert_eq!(marks.words(), "short; short 1 2 3 4");
        // Whoever said that it is none looks at another defect, of which no box is known.
        let other = ng(Some("short"), &[None]).marks(&[found("spur", 1)]);
        assert_eq!(other, Marks { codes: vec!["short".to_owned()], ..Marks::default() });
    }

    #[test]
    fn of_several_each_is_what_was_chosen() {
        let three = [found("open", 1), found("spur", 5), found("short", 9)];
        let said = ng(None, &[Some("open"), None, Some("pin-hole")]);
        let marks = said.marks(&three);
        assert_eq!(marks.labels, [label("open", 1), label("pin-hole", 9)]);
        assert_eq!((marks.false_calls.as_slice(), marks.codes.len()), (&[at(5)][..], 2));
        // What nobody touched is as the station said.
        assert_eq!(ng(None, &[]).marks(&three).labels.len(), 3);
        assert_eq!(ng(Some("spur"), &[]).marks(&three).labels.len(), 3, "one of them is a spur");
        let against = ng(Some("mousebite"), &[]).marks(&three);
        assert_eq!((against.labels.len(), against.false_calls.len()), (0, 0), "nothing is learnt from it");
        let none = ng(None, &[None, None, None]).marks(&three);
        assert_eq!(none, Marks::default(), "defective, and yet nothing is a defect");
    }

    #[test]
    fn what_was_not_found_is_drawn() {
        assert_eq!(drawn("open 637 2 3 4"), Some(label("open", 637)));
        for wrong in ["", "open", "hole 1 2 3 4", "open 1 2 3 4 5", "open 1 2 3", "open -1 2 3 4"] {
            assert_eq!(drawn(wrong), None, "{wrong}");
        }
        let within = |line: &str| drawn(line).unwrap().place.within((640, 480));
        assert!(within("open 637 476 3 4"));
        for outside in ["open 638 2 3 4", "open 1 477 3 4", "open 1 2 0 4", "open 4294967295 2 4294967295 4"]
        {
            assert!(!within(outside), "{outside}");
        }
        let said = Said { drawn: vec![label("open", 7)], ..ng(Some("open"), &[]) };
        assert_eq!(said.marks(&[]).labels, [label("open", 7)]);
        let beside = said.marks(&[found("spur", 1)]);
        assert_eq!(beside.labels, [label("spur", 1), label("open", 7)], "the finding stays what it was");
    }

    #[test]
    fn a_defect_without_a_class_teaches_nothing() {
        let marks = ng(None, &[Some("open"), Some("other")]).marks(&[found("open", 1), found("spur", 5)]);
        assert_eq!(marks.labels.len(), 2, "it is kept");
        assert_eq!(marks.teaching(), Marks::default());
    }
}
