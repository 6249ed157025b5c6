-- Stations: things that belong to an organisation and report what they see. Each is a party with a key of its own in
-- `persons`; its name lies sealed in its profile.

create table stations (
    -- the organisation
    person uuid not null,
    -- the station, as a party
    id uuid not null,
    -- keyed hash of the credential that opens now
    credential bytea not null,
    -- who registered it; null for the operator
    added_by uuid,
    created_at bigint not null,
    -- when its credential was last replaced
    changed_at bigint not null,
    -- when it last reported, to the minute
    used_at bigint,
    revoked_at bigint,
    primary key (person, id)
);

-- Where a credential leads. What it opens is asked of the station's own row, each time.
create table station_credentials (
    lookup bytea not null,
    -- the organisation
    person uuid not null,
    station uuid not null,
    primary key (lookup)
);

-- Pictures by the hash of what was sent; the sealed file is named by another.
create table station_pictures (
    -- the station
    person uuid not null,
    -- SHA-256 of the picture
    picture bytea not null,
    -- the blob
    digest text not null,
    created_at bigint not null,
    primary key (person, picture)
);

-- The units of a lot that a station has reported.
create table station_units (
    -- the station
    person uuid not null,
    -- keyed hash of item and lot
    lot bytea not null,
    case_id uuid not null,
    -- where the case is kept
    area text not null,
    at bigint not null,
    primary key (person, lot, case_id)
);
