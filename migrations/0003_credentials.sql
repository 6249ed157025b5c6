-- Who somebody is: what sessions run on, passkeys, challenges, and registrations at a window.

-- kind of device and program in two words; null for sessions begun before
alter table sessions add column device text;

-- Passkeys (WebAuthn) of citizens and officers. person is the citizen or the officer's own id.
create table passkeys (
    person uuid not null,
    id bytea not null,
    -- COSE algorithm: -7 or -8
    algorithm bigint not null,
    public_key bytea not null,
    -- SHA-256 of the domain it was made for
    domain_hash bytea not null,
    -- the authenticator's own count of signatures; 0 where it keeps none
    counter bigint not null,
    device text not null,
    created_at bigint not null,
    used_at bigint,
    primary key (person, id)
);

-- One-time challenges; taken away by the first answer, right or wrong.
create table challenges (
    person uuid not null,
    -- SHA-256 of what it is for and the challenge
    hash bytea not null,
    expires_at bigint not null,
    primary key (person, hash)
);

-- What an officer did to somebody's proof of identity. Words are sealed with the person's key.
create table registrations (
    person uuid not null,
    id uuid not null,
    at bigint not null,
    officer uuid not null,
    officer_name text not null,
    agency text not null,
    area text not null,
    -- registered, passkeys-removed
    kind text not null,
    level_before bigint not null,
    level_after bigint not null,
    sealed bytea not null,
    primary key (person, id)
);
