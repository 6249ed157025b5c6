-- Effects that leave the house: what an organisation's own system is told. Whoever carries out what the platform does itself
-- passes them by, so that a receiver that is slow or away holds up no case.

-- the agency that is told; null for what the platform does itself
alter table outbox add column receiver text;

create index outbox_own on outbox (area, id) where receiver is null;

create index outbox_receivers on outbox (area, receiver, id) where receiver is not null;
