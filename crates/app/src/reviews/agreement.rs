//! How far people agree who looked at the same units: each pair of them, and each of them with what was decided.

use std::collections::BTreeMap;

use casework::{Actor, Officer};
use domain::{Agreement, OfficerId, micros};
use identity::Subject;
use store::ReviewLook;
use uuid::Uuid;

use super::says_good;
use crate::{App, Error};

/// Looks that are counted, the latest ones.
const MAX_LOOKS: i64 = 20_000;
/// How far is looked back (µs): 30 days.
const BACK: i64 = 30 * 24 * 3_600 * 1_000_000;

/// Two people who looked at the same units.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// Who.
    pub names: [String; 2],
    /// What they said.
    pub agreement: Agreement,
}

/// One person beside the third who decided where two disagreed.
#[derive(Debug, Clone, PartialEq)]
pub struct AgreementOf {
    /// Who.
    pub name: String,
    /// Looks that are counted.
    pub looks: u32,
    /// Of the units on which they disagreed with another, those a third has decided.
    pub settled: u32,
    /// Of these, decided as they had said.
    pub upheld: u32,
}

/// How far an agency's people agree.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Agreements {
    /// First looks beside second ones, whoever took them.
    pub all: Agreement,
    /// Each two people.
    pub pairs: Vec<Pair>,
    /// Each person.
    pub people: Vec<AgreementOf>,
    /// There are more looks than were counted.
    pub more: bool,
}

/// What is counted of one person.
#[derive(Default, Clone, Copy)]
struct Tally {
    looks: u32,
    settled: u32,
    upheld: u32,
}

impl App {
    /// How far the people of an officer's agency agreed in the last 30 days.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for whoever neither supervises nor decides there.
    pub async fn review_agreement(&self, officer: &Officer) -> Result<Agreements, Error> {
        self.may(&Actor::Officer(officer.clone()), Subject::Agreement).await?;
        let since = micros(self.now()) - BACK;
        let area = officer.area.as_str();
        let mut looks = self.store.looks_since(area, &officer.agency, since, MAX_LOOKS + 1).await?;
        let more = looks.len() as i64 > MAX_LOOKS;
        looks.truncate(MAX_LOOKS as usize);
        let name = |id: Uuid| self.officer_name(&officer.agency, OfficerId(id));
        Ok(Agreements { more, ..count(&looks, name) })
    }
}

/// Counts looks, by the name of each person.
fn count(looks: &[ReviewLook], name: impl Fn(Uuid) -> String) -> Agreements {
    let mut units: BTreeMap<Uuid, Vec<&ReviewLook>> = BTreeMap::new();
    for look in looks {
        units.entry(look.case_id).or_default().push(look);
    }
    let mut all = Agreement::default();
    let mut pairs: BTreeMap<(Uuid, Uuid), Agreement> = BTreeMap::new();
    let mut people: BTreeMap<Uuid, Tally> = BTreeMap::new();
    for unit in units.values_mut() {
        unit.sort_by_key(|look| look.seq);
        let said: Vec<(Uuid, bool)> =
            unit.iter().filter_map(|look| Some((look.officer, says_good(&look.action)?))).collect();
        for (who, _) in &said {
            people.entry(*who).or_default().looks += 1;
        }
        let &[first, second, ..] = said.as_slice() else { continue };
        all.count(first.1, second.1);
        // Under one order of two names, whoever came first.
        let [one, other] = if first.0 <= second.0 { [first, second] } else { [second, first] };
        pairs.entry((one.0, other.0)).or_default().count(one.1, other.1);
        if let Some((_, decided)) = said.get(2).filter(|_| first.1 != second.1) {
            for (who, good) in [first, second] {
                let tally = people.entry(who).or_default();
                tally.settled += 1;
                tally.upheld += u32::from(good == *decided);
            }
        }
    }
    let pair = |((one, other), agreement)| Pair { names: [name(one), name(other)], agreement };
    let mut pairs: Vec<Pair> = pairs.into_iter().map(pair).collect();
    pairs.sort_by_key(|pair| std::cmp::Reverse(pair.agreement.things()));
    let person = |(who, tally): (Uuid, Tally)| AgreementOf {
        name: name(who),
        looks: tally.looks,
        settled: tally.settled,
        upheld: tally.upheld,
    };
    let mut people: Vec<AgreementOf> = people.into_iter().map(person).collect();
    people.sort_by_key(|person| std::cmp::Reverse(person.looks));
    Agreements { all, pairs, people, more: false }
}

#[cfg(test)]
mod tests {
    use domain::Agreement;
    use store::ReviewLook;
    use uuid::Uuid;

    use super::count;

    fn look(unit: u128, seq: i64, officer: u128, action: &str) -> ReviewLook {
        ReviewLook {
            case_id: Uuid::from_u128(unit),
            seq,
            officer: Uuid::from_u128(officer),
            step: "judge".to_owned(),
            action: action.to_owned(),
            marks: "{}".to_owned(),
            at: 0,
        }
    }

    #[test]
    fn pairs_are_counted_whoever_came_first() {
        let looks = [
            look(1, 5, 8, "ok"),
            look(1, 3, 7, "ok"),
            // The second came first here.
            look(2, 3, 8, "ng"),
            look(2, 4, 7, "ok"),
            look(2, 5, 9, "ng"),
            look(3, 3, 7, "ng"),
            look(4, 3, 9, "ok"),
            look(4, 4, 7, "ng"),
        ];
        let counted = count(&looks, |id| id.as_u128().to_string());
        assert_eq!(counted.all.things(), 3);
        let pair = |n: usize| (counted.pairs[n].names.clone().map(|name| name), counted.pairs[n].agreement);
        let (names, agreement) = pair(0);
        assert_eq!(names, ["7", "8"]);
        assert_eq!(agreement, Agreement { both_good: 1, first_good: 1, ..Agreement::default() });
        assert_eq!(pair(1).0, ["7", "9"]);
        let of = |name: &str| counted.people.iter().find(|person| person.name == name).unwrap().clone();
        assert_eq!((of("7").looks, of("7").settled, of("7").upheld), (4, 1, 0));
        assert_eq!((of("8").looks, of("8").settled, of("8").upheld), (2, 1, 1));
        assert_eq!((of("9").looks, of("9").settled), (2, 0), "whoever decides is not measured by it");
    }
}
