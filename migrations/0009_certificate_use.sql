-- 授权用证: which agency may look at a holder's certificates of a type, for which case or service, until when. Who asks
-- and why is sealed with the holder's key.

create table certificate_permissions (
    -- the holder
    person uuid not null,
    id uuid not null,
    -- the pack's name of the type of certificate
    kind text not null,
    agency text not null,
    -- the agency's area
    area text not null,
    -- the service it is for
    item text not null,
    -- the case it is for; null where the holder permitted ahead of one
    case_id uuid,
    -- asked, stands, refused, ended
    state text not null,
    asked_at bigint not null,
    -- until when it stands; null until the holder says yes
    until_at bigint,
    answered_at bigint,
    ended_at bigint,
    sealed bytea not null,
    primary key (person, id)
);
