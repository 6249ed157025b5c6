//! Who sits at which desk.

use std::collections::BTreeMap;

use domain::{CitizenNumber, OfficerId};
use packs::Role;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Builder;

use crate::demo_people::demo_people;

/// A post at a desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Post {
    /// Takes in and reviews.
    Clerk,
    /// Takes in and reviews: the second pair of eyes.
    Colleague,
    /// Decides.
    Head,
    /// The head of the body: extends limits, takes cases up again, supervises.
    Chief,
    /// Looks after effects that failed for good.
    Operator,
    /// Holds whatever other roles the agency's procedures name.
    Specialist,
}

impl Post {
    /// All posts.
    pub const ALL: [Self; 6] =
        [Self::Clerk, Self::Colleague, Self::Head, Self::Chief, Self::Operator, Self::Specialist];

    /// Id of its text (`post-<id>`).
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Clerk => "clerk",
            Self::Colleague => "colleague",
            Self::Head => "head",
            Self::Chief => "chief",
            Self::Operator => "operator",
            Self::Specialist => "specialist",
        }
    }

    /// The post that roles come to, the most responsible first.
    pub(crate) fn of(roles: &[Role]) -> Self {
        let posts = [
            (Role::HEAD, Self::Chief),
            (Role::DECIDE, Self::Head),
            (Role::INTAKE, Self::Clerk),
            (Role::REVIEW, Self::Clerk),
            (Role::REGISTER, Self::Clerk),
            (Role::OPERATE, Self::Operator),
        ];
        posts.into_iter().find(|(role, _)| roles.contains(role)).map_or(Self::Specialist, |(_, post)| post)
    }
}

/// An officer as the directory knows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficerCard {
    /// Id in office.
    pub id: OfficerId,
    /// The name on the record.
    pub name: String,
    /// Their post.
    pub post: Post,
    /// What they may do.
    pub roles: Vec<Role>,
    /// Their citizen number, where the directory knows it, so that nobody handles their own case.
    pub number: Option<CitizenNumber>,
}

/// Where officers are known: an agency's directory, or the demonstration's.
pub trait OfficerDirectory: Send + Sync {
    /// The officers of an agency.
    fn of(&self, agency: &str) -> Vec<OfficerCard>;

    /// One of them.
    fn one(&self, agency: &str, id: OfficerId) -> Option<OfficerCard> {
        self.of(agency).into_iter().find(|card| card.id == id)
    }

    /// All posts of one officer, each with the code of its agency.
    fn posts(&self, _id: OfficerId) -> Vec<(String, OfficerCard)> {
        Vec::new()
    }

    /// Whether anybody may sit down as anyone: in a demonstration, and nowhere else.
    fn anybody(&self) -> bool {
        false
    }
}

/// Synthetic officers for every agency: one for each post.
#[derive(Debug, Clone, Default)]
pub struct DemoOfficers {
    /// Roles that an agency's procedures name beside the usual ones.
    others: BTreeMap<String, Vec<Role>>,
}

impl DemoOfficers {
    /// Officers for agencies whose procedures name roles of their own, by agency.
    #[must_use]
    pub fn new(others: BTreeMap<String, Vec<Role>>) -> Self {
        Self { others }
    }
}

impl OfficerDirectory for DemoOfficers {
    fn of(&self, agency: &str) -> Vec<OfficerCard> {
        let citizen = demo_people().pop();
        let others = self.others.get(agency).cloned().unwrap_or_default();
        let card = |post: Post| {
            let (name, roles, number) = match post {
                Post::Clerk => {
                    let person = citizen.as_ref();
                    let name = person.map_or("示例·受理员", |p| p.name);
                    (name, vec![Role::INTAKE, Role::REVIEW, Role::REGISTER], person.map(|p| p.number.clone()))
                }
                Post::Colleague => ("示例·梁同事", vec![Role::INTAKE, Role::REVIEW, Role::REGISTER], None),
                Post::Head => ("示例·谢科长", vec![Role::DECIDE], None),
                Post::Chief => ("示例·江局长", vec![Role::HEAD, Role::SUPERVISE], None),
                Post::Operator => ("示例·值班员", vec![Role::OPERATE], None),
                Post::Specialist => ("示例·专办员", others.clone(), None),
            };
            OfficerCard { id: officer_id(agency, post), name: name.to_owned(), post, roles, number }
        };
        Post::ALL.into_iter().map(card).filter(|card| !card.roles.is_empty()).collect()
    }

    fn anybody(&self) -> bool {
        true
    }
}

/// The same desk has the same id on every machine.
fn officer_id(agency: &str, post: Post) -> OfficerId {
    let hash = Sha256::digest(format!("demo-officer/{agency}/{}", post.id()).as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    OfficerId(Builder::from_custom_bytes(bytes).into_uuid())
}
