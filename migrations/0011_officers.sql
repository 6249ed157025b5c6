-- Officers of a real site. Who they are stands in a file of the operator's; what they did to prove it stands here.

-- The one open invitation of an officer to make a first passkey; gone with the passkey, or with a newer one.
-- In registrations such officers are the person, and kind is also: invited, enrolled.
create table officer_invites (
    -- the officer's own id
    person uuid not null,
    -- keyed hash of the one-time code
    hash bytea not null,
    expires_at bigint not null,
    primary key (person)
);
