//! What is killed.

/// What a cycle kills.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Victim {
    /// The server; the database lives.
    Server,
    /// PostgreSQL with all its processes; the server lives.
    Postgres,
    /// Both at once, as when the machine loses its power.
    Both,
}

impl Victim {
    /// The victim of a cycle, counted from 0.
    pub(crate) fn of(cycle: u64, on_postgres: bool) -> Self {
        match cycle % 3 {
            1 if on_postgres => Self::Postgres,
            2 if on_postgres => Self::Both,
            _ => Self::Server,
        }
    }

    /// What happens, in words.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Server => "the server is killed",
            Self::Postgres => "PostgreSQL is killed",
            Self::Both => "the server and PostgreSQL are killed",
        }
    }

    /// Whether the server is killed.
    pub(crate) fn server(self) -> bool {
        self != Self::Postgres
    }

    /// Whether PostgreSQL is killed.
    pub(crate) fn postgres(self) -> bool {
        self != Self::Server
    }
}

#[cfg(test)]
mod tests {
    use super::Victim::{self, Both, Postgres, Server};

    #[test]
    fn on_postgres_each_has_its_turn_and_on_sqlite_there_is_only_the_server() {
        let victims = |on_postgres| [0, 1, 2, 3].map(|cycle| Victim::of(cycle, on_postgres));
        assert_eq!(victims(true), [Server, Postgres, Both, Server]);
        assert_eq!(victims(false), [Server; 4]);
    }
}
