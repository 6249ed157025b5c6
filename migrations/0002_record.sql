-- The record: durable timers, branches, supervision cards, dead letters, idempotency keys and signed
-- checkpoints. Added columns may be null: rows written before have none of it.

-- when a clock takes effect by itself
alter table cases add column wake_at bigint;

-- the case this one is a branch of, and the area that case is kept in
alter table cases add column part_of uuid;

alter table cases add column part_area text;

-- supervision cards; null is none
alter table cases add column cards bigint;

-- the checkpoint that holds the head; null when the case has changed since
alter table cases add column anchored bigint;

-- when the light of the desk turns yellow; as sort_at, the largest number when it never does
alter table cases add column light_at bigint;

-- a clock that stands still is not due: such cases come last, as those without one
update cases set sort_at = 9223372036854775807 where clock_paused;

update cases set light_at = sort_at where clock_paused or warn_at is null;

update cases set light_at = warn_at where light_at is null;

-- Until now the acceptance clock was looked for on the desks; from now on a case says when it must be woken.
update cases set wake_at = due_at where status = 'received';

-- Until now a case that waited for its applicant left the desk; from now on it is open until it is closed.
update cases set open = true, step = 'applicant' where status = 'awaiting-correction';

alter table my_cases add column part_of uuid;

-- the instant an effect was given up
alter table outbox add column dead_at bigint;

-- why the last try failed, in words without personal data
alter table outbox add column last_error text;

-- answers given under an idempotency key
create table once (
    area text not null,
    principal uuid not null,
    key text not null,
    -- SHA-256 of what was asked
    request bytea not null,
    answer text not null,
    at bigint not null,
    primary key (area, principal, key)
);

create index once_at on once (area, at);

create table checkpoints (
    area text not null,
    -- from 1, without gaps
    n bigint not null,
    at bigint not null,
    cases bigint not null,
    events bigint not null,
    root bytea not null,
    -- SHA-256 of the checkpoint before; zeros for the first
    prev bytea not null,
    signature bytea not null,
    signer text not null,
    primary key (area, n)
);

create table checkpoint_heads (
    area text not null,
    n bigint not null,
    case_id uuid not null,
    seq bigint not null,
    hash bytea not null,
    primary key (area, n, case_id)
);

-- The desk. What is filtered by stands behind what is sorted by, so that no row is read to be left out.
drop index cases_desk;

create index cases_queue on cases (area, agency, sort_at, id, light_at, claimed_by) where open;

create index cases_steps on cases (area, agency, step, sort_at, id, light_at, claimed_by) where open;

create index cases_mine on cases (area, agency, claimed_by, sort_at, id, light_at, step) where open and claimed_by is not null;

create index cases_light on cases (area, agency, light_at, sort_at, id, claimed_by, step) where open;

create index cases_finished on cases (area, agency, sort_at, id) where not open;

create index cases_carded on cases (area, agency, updated_at, id) where cards is not null;

-- Timers: by area for the worker, by time to tell in which areas there is work.
create index cases_wake on cases (area, wake_at, id) where wake_at is not null;

create index cases_woken on cases (wake_at, area) where wake_at is not null;

create index cases_unanchored on cases (area, id) where anchored is null;

create index cases_definition on cases (definition, area, id) where outcome is null;

create index my_cases_part on my_cases (person, part_of, id) where part_of is not null;

create index outbox_dead on outbox (area, id) where dead_at is not null;
