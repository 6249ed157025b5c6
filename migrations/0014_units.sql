-- What the pages of a line read: a row for each unit that a station has reported, derived from its case, so that a lot is
-- counted without opening cases. Nothing in it is about a person; whose agency it is reads it, and nobody else.

create table inspected_units (
    area text not null,
    case_id uuid not null,
    -- the organisation's code
    agency text not null,
    item text not null,
    lot text not null,
    -- its serial number
    unit text not null,
    recipe text not null,
    -- the station, as a party
    station uuid not null,
    -- when it was reported
    at bigint not null,
    judged text not null,
    -- in ten thousandths
    score bigint not null,
    model text not null,
    -- why it could not be judged
    obstacle text,
    -- how many findings there are, which may be more than are listed
    found bigint not null,
    -- a list of lists: class, score, x, y, width, height
    findings text not null,
    -- SHA-256 of the template, hexadecimal
    template text not null,
    -- where it went: rule, sample, person
    sent text not null,
    -- open, ok, ng, ended
    outcome text not null,
    by_person boolean not null,
    closed_at bigint,
    primary key (area, case_id)
);

create index inspected_units_by_lot on inspected_units (area, agency, item, lot, at, case_id);

create index inspected_units_by_time on inspected_units (area, agency, item, at);

create index inspected_units_by_model on inspected_units (area, agency, item, model, at);

create index inspected_units_open on inspected_units (area, agency, item) where outcome = 'open';

-- The lots that there are. A row is added with the first unit and stays as it is, so that lanes never wait for one another.
create table inspected_lots (
    area text not null,
    agency text not null,
    item text not null,
    lot text not null,
    -- when the first of its units was reported
    first_at bigint not null,
    primary key (area, agency, item, lot)
);

create index inspected_lots_by_time on inspected_lots (area, agency, first_at);
