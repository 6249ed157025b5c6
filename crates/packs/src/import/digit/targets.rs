//! Where an action leads. Files exported from a running system name the next state by the id of its database;
//! then the states' own actions tell which state has that id.

use std::collections::BTreeMap;

use super::source::Service;

/// Where an action leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// To the state with this index, by its name.
    State(usize),
    /// To the state with this index: the source gives its database id.
    ById(usize),
    /// To something that no state here goes by.
    Unknown(String),
    /// The source does not say.
    NotStated,
}

/// Looks states up by name and by database id.
pub(super) struct Targets {
    by_name: BTreeMap<String, usize>,
    by_id: BTreeMap<String, usize>,
}

impl Targets {
    pub(super) fn of(service: &Service) -> Self {
        let mut by_name = BTreeMap::new();
        // How often the actions of a state say that they start from this id: now and then one is copied wrongly.
        let mut votes: BTreeMap<&str, BTreeMap<usize, usize>> = BTreeMap::new();
        for (at, state) in service.states.iter().enumerate() {
            if !state.name.is_empty() {
                by_name.entry(state.name.clone()).or_insert(at);
            }
            let told = state.actions.iter().filter_map(|action| action.current.as_deref());
            for id in told.chain(state.uuid.as_deref()) {
                *votes.entry(id).or_default().entry(at).or_default() += 1;
            }
        }
        let mut by_id = BTreeMap::new();
        for (id, votes) in votes.into_iter().filter(|(id, _)| !by_name.contains_key(*id)) {
            let most = votes.values().max().copied().unwrap_or(0);
            let mut winners = votes.iter().filter(|(_, count)| **count == most);
            if let (Some((&at, _)), None) = (winners.next(), winners.next()) {
                by_id.insert(id.to_owned(), at);
            }
        }
        Self { by_name, by_id }
    }

    /// The state with this name or id.
    pub(super) fn find(&self, next: Option<&str>) -> Target {
        let Some(next) = next else { return Target::NotStated };
        if let Some(&at) = self.by_name.get(next) {
            return Target::State(at);
        }
        self.by_id.get(next).map_or_else(|| Target::Unknown(next.to_owned()), |&at| Target::ById(at))
    }

    /// Whether a state is the one its action says it starts from.
    pub(super) fn agrees(&self, current: &str, at: usize) -> bool {
        match self.find(Some(current)) {
            Target::State(found) | Target::ById(found) => found == at,
            Target::Unknown(_) | Target::NotStated => false,
        }
    }
}
