-- Who may act for whom: 亲友代办 among people, 经办人 of organisations.

-- A tie has a row on each side, with the same id, so that each side finds its own without asking the other's
-- shard. Both change in one transaction; the agent's row is what rights are read from.
create table ties (
    -- in whose list this row stands
    person uuid not null,
    id uuid not null,
    -- the other side; null until they confirm, since nobody is told whether they are registered
    other uuid,
    -- what `person` is in it: agent, principal
    side text not null,
    kind text not null,
    -- asked, stands, ended
    state text not null,
    -- JSON: which services
    scope text not null,
    -- keyed hash of whom it was asked of; on the asker's row alone
    asked_of bytea,
    asked_at bigint not null,
    -- until when it stands once confirmed
    until_at bigint not null,
    answered_at bigint,
    ended_at bigint,
    -- what the asker wrote of the other, sealed with the asker's key
    sealed bytea,
    primary key (person, id)
);

-- What waits for an answer, kept under the keyed hash of name and number, whether or not anybody with them
-- is registered here.
create table asks (
    lookup bytea not null,
    id uuid not null,
    asker uuid not null,
    -- what the asker will be: agent, principal
    side text not null,
    kind text not null,
    scope text not null,
    asked_at bigint not null,
    until_at bigint not null,
    -- from then on it cannot be confirmed any more
    lapses_at bigint not null,
    primary key (lookup, id)
);

-- For whom a session acts now; no row: for its own citizen.
create table acting (
    person uuid not null,
    token_hash bytea not null,
    tie uuid not null,
    since_at bigint not null,
    primary key (person, token_hash)
);
