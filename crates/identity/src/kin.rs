//! The register of families: whose child somebody is, by the birth certificate 出生医学证明, and who has died.

use domain::{CitizenNumber, Date};

use crate::demo_people::{demo_people, synthetic};

/// What a register of families answers. A real one keeps a copy beside the platform: it is asked whenever
/// somebody acts for somebody else.
pub trait KinRegister: Send + Sync {
    /// Whether the holder of `parent` is a parent of the child of this name and number. `false` also where the
    /// register knows nothing of either.
    fn is_child(&self, parent: &CitizenNumber, name: &str, child: &CitizenNumber) -> bool;

    /// The day of death, where the register knows one.
    fn died(&self, number: &CitizenNumber) -> Option<Date>;
}

/// Synthetic families.
#[derive(Debug, Clone, Copy, Default)]
pub struct DemoKin;

/// A synthetic child.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoChild {
    /// The name, marked as an example.
    pub name: &'static str,
    /// A number of nobody.
    pub number: CitizenNumber,
    /// Names of the parents, synthetic people as well.
    pub parents: &'static [&'static str],
}

/// Name, date of birth, order digits, parents.
const CHILDREN: [(&str, &str, &str, &[&str]); 2] = [
    ("示例·陈小满", "20180301", "011", &["示例·陈晓明", "示例·林小燕"]),
    ("示例·黄子安", "20090910", "012", &["示例·黄国强"]),
];

/// Name, date of birth, order digits, day of death.
const DEAD: [(&str, &str, &str, Date); 1] = [("示例·孙长生", "19350101", "013", Date::constant(2026, 9, 15))];

/// All synthetic children.
#[must_use]
pub fn demo_children() -> Vec<DemoChild> {
    let child = |&(name, born, order, parents): &(&'static str, &str, &str, &'static [&'static str])| {
        Some(DemoChild { name, number: synthetic(born, order)?, parents })
    };
    CHILDREN.iter().filter_map(child).collect()
}

impl KinRegister for DemoKin {
    fn is_child(&self, parent: &CitizenNumber, name: &str, child: &CitizenNumber) -> bool {
        let parent = demo_people().into_iter().find(|person| person.number == *parent);
        let known = demo_children().into_iter().find(|known| known.number == *child && known.name == name);
        matches!((parent, known), (Some(parent), Some(known)) if known.parents.contains(&parent.name))
    }

    fn died(&self, number: &CitizenNumber) -> Option<Date> {
        let same = |born: &str, order: &str| synthetic(born, order).as_ref() == Some(number);
        DEAD.iter().find(|(_, born, order, _)| same(born, order)).map(|(.., day)| *day)
    }
}

#[cfg(test)]
mod tests {
    use super::{DemoKin, KinRegister as _, demo_children};
    use crate::demo_people::demo_people;

    #[test]
    fn a_child_is_its_parents_and_nobody_elses() {
        let people = demo_people();
        for child in demo_children() {
            for person in &people {
                let theirs = child.parents.contains(&person.name);
                assert_eq!(DemoKin.is_child(&person.number, child.name, &child.number), theirs);
                assert!(!DemoKin.is_child(&person.number, "示例·别人", &child.number));
            }
        }
    }
}
