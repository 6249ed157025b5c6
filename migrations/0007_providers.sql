-- Accounts elsewhere that open a person's account here, such as a WeChat account in one mini-program. Whoever comes
-- with one is found by its keyed hash in person_lookup; here is what the owner sees and may take away.

create table bindings (
    person uuid not null,
    -- which service and application, such as wechat:APPID
    provider text not null,
    -- the keyed hash that stands in person_lookup
    lookup bytea not null,
    bound_at bigint not null,
    primary key (person, provider)
);
