-- Partners' applications, to which people sign in with their account here (OpenID Connect Core 1.0).

create table partners (
    partner text not null,
    -- JSON: what the operator's file says
    data text not null,
    -- SHA-256 of its secret; null for an application that can keep none
    secret_hash bytea,
    -- since when it is registered: what was given before is void
    created_at bigint not null,
    changed_at bigint not null,
    removed_at bigint,
    primary key (partner)
);

-- What somebody agreed to, with the purposes as they were shown (个人信息保护法 art. 14, 17). Ended ones stay, as proof.
create table partner_consents (
    person uuid not null,
    id uuid not null,
    partner text not null,
    -- JSON: scopes and purposes
    data text not null,
    given_at bigint not null,
    expires_at bigint not null,
    used_at bigint not null,
    -- withdrawn, or replaced by a later one
    ended_at bigint,
    primary key (person, id)
);

-- One sign-in at a partner: everything that was given for it falls with it.
create table partner_grants (
    person uuid not null,
    id uuid not null,
    partner text not null,
    -- the address under which the partner knows this site
    issuer text not null,
    -- the session it was given in; null where there was none
    session bytea,
    -- it outlives the session
    offline boolean not null,
    created_at bigint not null,
    expires_at bigint not null,
    ended_at bigint,
    primary key (person, id)
);

-- Codes, access and refresh tokens by the hash of each: none names its person to whoever holds it.
create table partner_tokens (
    lookup bytea not null,
    -- code, access or refresh
    kind text not null,
    person uuid not null,
    grant_id uuid not null,
    partner text not null,
    -- JSON without personal data
    data text not null,
    created_at bigint not null,
    expires_at bigint not null,
    used_at bigint,
    primary key (lookup)
);

create index partner_tokens_over on partner_tokens (expires_at);

-- Partners still to be told that somebody signed out (OpenID Connect Back-Channel Logout 1.0).
create table partner_logouts (
    partner text not null,
    id uuid not null,
    -- JSON: the pseudonym and the session as the partner knows them
    data text not null,
    attempts bigint not null,
    next_at bigint not null,
    created_at bigint not null,
    primary key (partner, id)
);

create index partner_logouts_due on partner_logouts (next_at);
