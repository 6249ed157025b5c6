-- Credentials for wallets elsewhere, and what such wallets are asked. The codes and addresses that are handed out are
-- sealed under the master key and kept nowhere: whoever reads these tables cannot make one.

-- A certificate offered to a wallet elsewhere: offered, then taken (an access token is out), then issued.
create table wallet_offers (
    person uuid not null,
    id uuid not null,
    certificate uuid not null,
    -- SHA-256 of the code that the holder is told beside it, with the id
    secret bytea not null,
    -- how often that code was sent
    tries bigint not null,
    state text not null,
    expires_at bigint not null,
    primary key (person, id)
);

-- Nonces that a wallet's proof used, until they would have expired. One of 256 shelves stands for the person: nobody is
-- known yet when a nonce is asked for.
create table spent_nonces (
    person uuid not null,
    hash bytea not null,
    expires_at bigint not null,
    primary key (person, hash)
);

-- What a wallet elsewhere is asked to show: asked, then answered, or refused and open still. The person is whoever asks,
-- or one of 256 shelves for those who are not signed in.
create table wallet_asks (
    person uuid not null,
    id uuid not null,
    -- what is asked and by whom, sealed for the site
    sealed bytea not null,
    state text not null,
    -- what was shown, sealed for the site
    answer bytea,
    expires_at bigint not null,
    primary key (person, id)
);
