-- Electronic certificates. What a certificate says, whose it is and what was done with it is sealed with its
-- holder's key. In clear stands only what is needed without that key: who holds which record (as for cases), its
-- type and agency (those of the item, as for cases), and whether it still holds.

create table certificates (
    person uuid not null,
    -- the effect that issued it; all versions share it
    id uuid not null,
    version bigint not null,
    area text not null,
    -- the pack's name of its type
    kind text not null,
    -- valid, revoked or replaced; expiry follows from valid_until
    status text not null,
    -- the instant at which it ends, for the order of the wallet; null for one without an end
    valid_until bigint,
    issued_at bigint not null,
    -- the certificate itself
    sealed bytea not null,
    primary key (person, id, version)
);

-- What issuers publish, found without knowing the holder: by the number in the certificate, or by its place in the list.
create table certificate_status (
    area text not null,
    id uuid not null,
    version bigint not null,
    person uuid not null,
    agency text not null,
    case_id uuid not null,
    -- its place in the area's status list, from 0
    place bigint not null,
    status text not null,
    changed_at bigint not null,
    primary key (area, id, version)
);

create unique index certificate_places on certificate_status (area, place);

create index certificate_cases on certificate_status (area, case_id, id);

-- The ledger: by whom, when, which fields and for what, sealed. A code that was used has its own id here, so that it
-- is used once.
create table certificate_uses (
    person uuid not null,
    id uuid not null,
    certificate uuid not null,
    at bigint not null,
    -- verified, revoked or replaced
    kind text not null,
    sealed bytea not null,
    primary key (person, id)
);

create index certificate_uses_of on certificate_uses (person, certificate, at);

-- The keys that sign certificates, codes and status lists, sealed under the master key.
create table issuer_keys (
    -- the RFC 7638 thumbprint
    kid text not null,
    sealed bytea not null,
    created_at bigint not null,
    -- from then on nothing that it signed is accepted
    retired_at bigint,
    primary key (kid)
);
