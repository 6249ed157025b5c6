-- The review desk: who looks at which unit just now, verdicts that can still be taken back, what people marked on the
-- pictures, and in which order a station's units were settled.

-- A unit that an officer looks at, so that no second one gets it meanwhile. It runs out by itself.
create table review_holds (
    area text not null,
    case_id uuid not null,
    officer uuid not null,
    -- until when, microseconds since 1970
    until bigint not null,
    primary key (area, case_id)
);
create index review_holds_by_time on review_holds (area, until);

-- A verdict that was given and is not yet carried out: one of an officer at a time.
create table review_verdicts (
    area text not null,
    agency text not null,
    officer uuid not null,
    -- this verdict and no later one
    id uuid not null,
    case_id uuid not null,
    -- the step at which the unit was looked at
    step text not null,
    action text not null,
    -- JSON: reason codes and boxes, nothing of a person
    marks text not null,
    -- when it is carried out, unless it is taken back before
    due_at bigint not null,
    -- the rule that stood against it
    refused text,
    primary key (area, agency, officer)
);

-- What somebody saw on a unit. Written in one commit with the event that says so; who it was, the event says too.
create table review_looks (
    area text not null,
    case_id uuid not null,
    -- of the event
    seq bigint not null,
    agency text not null,
    officer uuid not null,
    step text not null,
    action text not null,
    marks text not null,
    at bigint not null,
    primary key (area, case_id, seq)
);
create index review_looks_by_time on review_looks (area, agency, at);

-- A station's units that people decided, in the order in which they were settled: without gaps, so that whoever read up
-- to one of them misses none.
create table station_reviews (
    -- the station
    person uuid not null,
    n bigint not null,
    area text not null,
    case_id uuid not null,
    at bigint not null,
    primary key (person, n)
);
