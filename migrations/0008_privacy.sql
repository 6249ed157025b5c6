-- What people are owed about their own data (个人信息保护法): who looked at it, what was uncovered and why, what they
-- consented to, and when it goes.

-- The ledger of reads. Who looked, at what and why is sealed with the person's key.
create table record_reads (
    person uuid not null,
    -- made of who, what and the ten minutes in which it was, so that one look is one row
    id uuid not null,
    at bigint not null,
    -- case, file, profile, certificate, unmasked, export
    kind text not null,
    sealed bytea not null,
    primary key (person, id)
);

-- What officers uncovered, for their supervisors. Their words may name the person and are sealed with that person's key.
create table unmaskings (
    area text not null,
    id uuid not null,
    at bigint not null,
    agency text not null,
    case_id uuid not null,
    person uuid not null,
    officer uuid not null,
    officer_name text not null,
    -- from the short list
    reason text not null,
    sealed bytea not null,
    primary key (area, id)
);

create index unmaskings_of_agency on unmaskings (area, agency, id);

create index unmaskings_of_case on unmaskings (area, case_id, id);

-- Separate consent to the use of sensitive data (art. 29), one an application. What for and which answers is sealed.
create table consents (
    person uuid not null,
    -- the application, and the case it becomes
    id uuid not null,
    given_at bigint not null,
    until_at bigint not null,
    withdrawn_at bigint,
    sealed bytea not null,
    primary key (person, id)
);

-- Whose data are to go as soon as nothing must be kept any more (art. 47).
create table erasures (
    person uuid not null,
    asked_at bigint not null,
    -- when it is looked at again
    due_at bigint not null,
    -- null while something must be kept
    done_at bigint,
    -- self, or the reference of a request on paper
    asked_by text not null,
    primary key (person)
);

create index erasures_due on erasures (done_at, due_at);
