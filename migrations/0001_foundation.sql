-- One text for SQLite and PostgreSQL. The runner maps bigint, bytea, uuid and boolean for SQLite, makes
-- its tables STRICT and sends one statement per call.
--
-- Each primary key begins with the shard key: area (six digits) on the side of the case, person on the
-- side of the citizen. No foreign keys, triggers or sequences: see ARCHITECTURE.md.

create table cases (
    area text not null,
    id uuid not null,
    person uuid not null,
    number text not null,
    item text not null,
    agency text not null,
    definition text not null,
    status text not null,
    step text not null,
    outcome text,
    open boolean not null,
    received_at bigint not null,
    due_at bigint,
    warn_at bigint,
    due_kind text,
    clock_paused boolean not null,
    claimed_by uuid,
    updated_at bigint not null,
    view text not null,
    -- due_at, or the largest number when nothing is due: the order of the desk queue
    sort_at bigint not null,
    seq bigint not null,
    head bytea not null,
    -- the head this commit was decided on; an update whose prev_head is not the stored head is refused
    prev_head bytea not null,
    -- 1 for the commit that opens a case; kept from then on
    opened bigint not null,
    primary key (area, id)
);

create unique index cases_number on cases (area, number);

create index cases_desk on cases (area, agency, open, sort_at, id);

create table events (
    area text not null,
    case_id uuid not null,
    seq bigint not null,
    at bigint not null,
    kind text not null,
    data text not null,
    sealed bytea,
    person uuid not null,
    prev_hash bytea not null,
    hash bytea not null,
    primary key (area, case_id, seq)
);

create table my_cases (
    person uuid not null,
    id uuid not null,
    area text not null,
    number text not null,
    item text not null,
    status text not null,
    submitted_at bigint not null,
    updated_at bigint not null,
    primary key (person, id)
);

create table outbox (
    area text not null,
    id uuid not null,
    case_id uuid not null,
    seq bigint not null,
    kind text not null,
    data text not null,
    sealed bytea,
    person uuid not null,
    attempts bigint not null,
    next_at bigint not null,
    lease_until bigint not null,
    fence bigint not null,
    created_at bigint not null,
    primary key (area, id)
);

create table messages (
    person uuid not null,
    id uuid not null,
    at bigint not null,
    kind text not null,
    data text not null,
    sealed bytea,
    case_area text,
    case_id uuid,
    read_at bigint,
    primary key (person, id)
);

create table persons (
    person uuid not null,
    -- null once the person's key is destroyed
    key_wrapped bytea,
    sealed bytea,
    created_at bigint not null,
    updated_at bigint not null,
    primary key (person)
);

create table person_lookup (
    lookup bytea not null,
    person uuid not null,
    primary key (lookup)
);

create index person_lookup_person on person_lookup (person);

create table drafts (
    person uuid not null,
    id uuid not null,
    item text not null,
    definition text not null,
    step text not null,
    sealed bytea not null,
    files text not null,
    version bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    submitted_case uuid,
    primary key (person, id)
);

create table sessions (
    person uuid not null,
    token_hash bytea not null,
    kind text not null,
    principal text not null,
    csrf bytea not null,
    created_at bigint not null,
    seen_at bigint not null,
    expires_at bigint not null,
    primary key (person, token_hash)
);

create table blobs (
    person uuid not null,
    digest text not null,
    media_type text not null,
    bytes bigint not null,
    name_sealed bytea not null,
    created_at bigint not null,
    primary key (person, digest)
);

create table definitions (
    digest text not null,
    item text not null,
    body text not null,
    created_at bigint not null,
    primary key (digest)
);
