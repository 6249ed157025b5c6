//! Every change that is not a commit of a case, as data: so that it can wait in line, run in a group
//! and run again alone.

use std::vec::IntoIter;

use uuid::Uuid;

use crate::Error;
use crate::bindings::{self, Binding};
use crate::blobs::{self, BlobRow};
use crate::certificates::{self, CertificateUse, NewCertificate, Revocation};
use crate::chain::Head;
use crate::checkpoint::{self, Checkpoint};
use crate::dead::{self, Mend};
use crate::definitions::{self, Definition};
use crate::drafts::{self, Draft};
use crate::engine::Conn;
use crate::invites::{self, Enrolment, NewInvite};
use crate::issuer_keys;
use crate::messages::{self, Message};
use crate::once;
use crate::outbox::{self, Claim, OutboxRow};
use crate::partners;
use crate::passkeys::{self, Passkey};
use crate::people::{self, NewPerson, ProfileChange};
use crate::permissions::{self, Permission, PermissionAnswer};
use crate::privacy;
use crate::registrations::{self, Register};
use crate::reviews;
use crate::rewrite::{self, Rewrite};
use crate::sessions::{self, Session};
use crate::signer::Signer;
use crate::stations;
use crate::ties;
use crate::wallet_asks::{self, WalletAnswer, WalletAsk};
use crate::wallet_offers::{self, Taking, WalletOffer};

#[derive(Debug)]
pub(crate) enum Write {
    SaveDraft { draft: Draft, limit: i64 },
    DiscardDraft { person: Uuid, id: Uuid },
    AddMessage(Message),
    ReadMessages { person: Uuid, id: Option<Uuid>, at: i64 },
    Claim { area: String, receiver: Option<String>, now: i64, lease_until: i64, limit: i64 },
    OutboxDone { claim: Claim, message: Option<Message> },
    OutboxRetry { claim: Claim, next_at: i64, error: String },
    OutboxBury { claim: Claim, at: i64, error: String },
    Revive { area: String, id: Uuid, at: i64 },
    DropDead { area: String, id: Uuid },
    MendDead(Mend),
    ForgetOnce { area: String, before: i64, limit: i64 },
    Rewrite(Box<Rewrite>),
    Checkpoint { area: String, at: i64, limit: i64, signer: Signer },
    AddPerson(NewPerson),
    ChangePerson { person: Uuid, change: ProfileChange, at: i64 },
    ErasePerson { person: Uuid, at: i64 },
    AddSession(Session),
    TouchSession { person: Uuid, token_hash: Vec<u8>, seen_at: i64, expires_at: i64 },
    EndSession { person: Uuid, token_hash: Vec<u8> },
    EndOtherSessions { person: Uuid, token_hash: Vec<u8> },
    AddPasskey { passkey: Passkey, limit: i64 },
    UsePasskey { person: Uuid, id: Vec<u8>, counter: i64, at: i64 },
    DropPasskey { person: Uuid, id: Vec<u8>, keep: i64 },
    Invite(Box<NewInvite>),
    Enrol(Box<Enrolment>),
    AddChallenge { person: Uuid, hash: Vec<u8>, now: i64, expires_at: i64 },
    TakeChallenge { person: Uuid, hash: Vec<u8>, now: i64 },
    Register(Box<Register>),
    Bind(Binding),
    Unbind { person: Uuid, provider: String },
    AddBlob(BlobRow),
    KeepDefinition(Definition),
    Ties(Box<ties::Change>),
    Partners(Box<partners::Change>),
    Stations(Box<stations::Change>),
    Reviews(Box<reviews::Change>),
    Privacy(Box<privacy::Change>),
    PutCertificate(Box<NewCertificate>),
    RevokeCertificate(Box<Revocation>),
    UseCertificate(CertificateUse),
    AddPermission { new: Box<Permission>, message: Option<Message>, limit: i64 },
    AnswerPermission(PermissionAnswer),
    KeepIssuerKey { kid: String, sealed: Vec<u8>, at: i64 },
    RetireIssuerKey { kid: String, at: i64 },
    AddOffer { offer: WalletOffer, now: i64 },
    TakeOffer(Taking),
    EndOffer { id: Uuid, now: i64, entry: CertificateUse },
    SpendNonce { shelf: Uuid, hash: Vec<u8>, now: i64, expires_at: i64 },
    AddWalletAsk { ask: WalletAsk, now: i64 },
    AnswerWalletAsk(WalletAnswer),
    ForgetWalletAsks { person: Uuid, before: i64 },
}

/// What became of a write.
#[derive(Debug)]
pub(crate) enum Written {
    Done,
    /// Lawfully refused, and nothing changed: the rest of the batch stands.
    Refused(Error),
    Head(Head),
    Version(i64),
    Person(Uuid),
    Claimed(Vec<OutboxRow>),
    Count(u64),
    Checkpoint(Option<Box<Checkpoint>>),
}

impl Written {
    /// Done if a row was there to change.
    #[expect(clippy::unnecessary_wraps, reason = "it ends functions whose earlier statements can fail")]
    pub(crate) fn some(changed: u64) -> Result<Self, Error> {
        Ok(if changed == 0 { Self::Refused(Error::NotFound) } else { Self::Done })
    }
}

impl Write {
    /// What decides the lane: one person's writes, and one area's claims, stay in order.
    pub(crate) fn shard(&self) -> &[u8] {
        match self {
            Self::Claim { area, .. }
            | Self::Revive { area, .. }
            | Self::DropDead { area, .. }
            | Self::ForgetOnce { area, .. }
            | Self::Checkpoint { area, .. } => area.as_bytes(),
            Self::OutboxDone { claim, .. }
            | Self::OutboxRetry { claim, .. }
            | Self::OutboxBury { claim, .. } => claim.area.as_bytes(),
            Self::MendDead(mend) => mend.area.as_bytes(),
            Self::Rewrite(rewrite) => rewrite.person.as_bytes(),
            Self::SaveDraft { draft, .. } => draft.person.as_bytes(),
            Self::AddMessage(message) => message.person.as_bytes(),
            Self::AddSession(session) => session.person.as_bytes(),
            Self::Bind(binding) => binding.person.as_bytes(),
            Self::AddBlob(blob) => blob.person.as_bytes(),
            Self::KeepDefinition(definition) => definition.digest.as_bytes(),
            Self::PutCertificate(new) => new.status.area.as_bytes(),
            Self::RevokeCertificate(revocation) => revocation.area.as_bytes(),
            Self::UseCertificate(entry) => entry.person.as_bytes(),
            Self::AddPermission { new, .. } => new.person.as_bytes(),
            Self::AnswerPermission(answer) => answer.person.as_bytes(),
            Self::KeepIssuerKey { kid, .. } | Self::RetireIssuerKey { kid, .. } => kid.as_bytes(),
            Self::AddPerson(new) => new.person.as_bytes(),
            Self::AddPasskey { passkey, .. } => passkey.person.as_bytes(),
            Self::Register(new) => new.registration.person.as_bytes(),
            Self::Invite(new) => new.record.person.as_bytes(),
            Self::Enrol(new) => new.record.person.as_bytes(),
            Self::Ties(change) => change.shard(),
            Self::Partners(change) => change.shard(),
            Self::Stations(change) => change.shard(),
            Self::Reviews(change) => change.shard(),
            Self::AddOffer { offer, .. } => offer.person.as_bytes(),
            Self::TakeOffer(taking) => taking.person.as_bytes(),
            Self::EndOffer { entry, .. } => entry.person.as_bytes(),
            Self::SpendNonce { shelf, .. } => shelf.as_bytes(),
            Self::AddWalletAsk { ask, .. } => ask.person.as_bytes(),
            Self::AnswerWalletAsk(answer) => answer.person.as_bytes(),
            Self::Privacy(change) => change.shard(),
            Self::ForgetWalletAsks { person, .. } => person.as_bytes(),
            Self::DiscardDraft { person, .. }
            | Self::ReadMessages { person, .. }
            | Self::ChangePerson { person, .. }
            | Self::ErasePerson { person, .. }
            | Self::TouchSession { person, .. }
            | Self::Unbind { person, .. }
            | Self::EndSession { person, .. }
            | Self::EndOtherSessions { person, .. }
            | Self::UsePasskey { person, .. }
            | Self::DropPasskey { person, .. }
            | Self::AddChallenge { person, .. }
            | Self::TakeChallenge { person, .. } => person.as_bytes(),
        }
    }

    async fn apply(&self, conn: &mut Conn, together: &mut Together) -> Result<Written, Error> {
        match self {
            Self::SaveDraft { draft, .. } if draft.version == 0 => {
                together.new_drafts.next().ok_or(Error::Stopped)
            }
            Self::SaveDraft { .. } => together.drafts.next().ok_or(Error::Stopped),
            Self::OutboxDone { .. } => together.effects.next().ok_or(Error::Stopped),
            Self::DiscardDraft { person, id } => drafts::discard(conn, *person, *id).await,
            Self::AddMessage(message) => messages::add(conn, message).await,
            Self::ReadMessages { person, id, at } => messages::read(conn, *person, *id, *at).await,
            Self::Claim { area, receiver, now, lease_until, limit } => {
                outbox::claim(conn, area, receiver.as_deref(), (*now, *lease_until), *limit).await
            }
            Self::OutboxRetry { claim, next_at, error } => outbox::retry(conn, claim, *next_at, error).await,
            Self::OutboxBury { claim, at, error } => dead::bury(conn, claim, *at, error).await,
            Self::Revive { area, id, at } => dead::revive(conn, area, *id, *at).await,
            Self::DropDead { area, id } => dead::drop_dead(conn, area, *id).await,
            Self::MendDead(mend) => dead::mend(conn, mend).await,
            Self::ForgetOnce { area, before, limit } => once::forget(conn, area, *before, *limit).await,
            Self::Rewrite(rewrite) => rewrite::rewrite(conn, rewrite).await,
            Self::Checkpoint { area, at, limit, signer } => {
                checkpoint::write(conn, area, *at, *limit, signer).await
            }
            Self::AddPerson(new) => people::add(conn, new).await,
            Self::ChangePerson { person, change, at } => people::change(conn, *person, change, *at).await,
            Self::ErasePerson { person, at } => people::erase(conn, *person, *at).await,
            Self::AddSession(session) => sessions::add(conn, session).await,
            Self::TouchSession { person, token_hash, seen_at, expires_at } => {
                sessions::touch(conn, *person, token_hash, *seen_at, *expires_at).await
            }
            Self::EndSession { person, token_hash } => sessions::end(conn, *person, token_hash).await,
            Self::EndOtherSessions { person, token_hash } => {
                sessions::end_others(conn, *person, token_hash).await
            }
            Self::AddPasskey { passkey, limit } => passkeys::add(conn, passkey, *limit).await,
            Self::UsePasskey { person, id, counter, at } => {
                passkeys::note_use(conn, *person, id, *counter, *at).await
            }
            Self::DropPasskey { person, id, keep } => passkeys::drop_one(conn, *person, id, *keep).await,
            Self::AddChallenge { person, hash, now, expires_at } => {
                passkeys::challenge(conn, *person, hash, *now, *expires_at).await
            }
            Self::TakeChallenge { person, hash, now } => passkeys::take(conn, *person, hash, *now).await,
            Self::Register(new) => registrations::register(conn, new).await,
            Self::Invite(new) => invites::invite(conn, new).await,
            Self::Enrol(new) => invites::enrol(conn, new).await,
            Self::Bind(binding) => bindings::bind(conn, binding).await,
            Self::Unbind { person, provider } => bindings::unbind(conn, *person, provider).await,
            Self::AddBlob(blob) => blobs::add(conn, blob).await,
            Self::KeepDefinition(definition) => definitions::keep(conn, definition).await,
            Self::Ties(change) => change.apply(conn).await,
            Self::Partners(change) => change.apply(conn).await,
            Self::Stations(change) => change.apply(conn).await,
            Self::Reviews(change) => change.apply(conn).await,
            Self::Privacy(change) => change.apply(conn).await,
            Self::PutCertificate(new) => certificates::put(conn, new).await,
            Self::RevokeCertificate(revocation) => certificates::revoke(conn, revocation).await,
            Self::UseCertificate(entry) => certificates::used(conn, entry).await,
            Self::AddPermission { new, message, limit } => {
                permissions::add(conn, new, message.as_ref(), *limit).await
            }
            Self::AnswerPermission(answer) => permissions::answer(conn, answer).await,
            Self::KeepIssuerKey { kid, sealed, at } => issuer_keys::add(conn, kid, sealed, *at).await,
            Self::RetireIssuerKey { kid, at } => issuer_keys::retire(conn, kid, *at).await,
            Self::AddOffer { offer, now } => wallet_offers::add(conn, offer, *now).await,
            Self::TakeOffer(taking) => wallet_offers::take(conn, taking).await,
            Self::EndOffer { id, now, entry } => wallet_offers::end(conn, *id, *now, entry).await,
            Self::SpendNonce { shelf, hash, now, expires_at } => {
                wallet_offers::spend(conn, *shelf, hash, *now, *expires_at).await
            }
            Self::AddWalletAsk { ask, now } => wallet_asks::add(conn, ask, *now).await,
            Self::AnswerWalletAsk(answer) => wallet_asks::answer(conn, answer).await,
            Self::ForgetWalletAsks { person, before } => wallet_asks::forget(conn, *person, *before).await,
        }
    }
}

/// What became of the writes of which a batch has many, in their order.
struct Together {
    new_drafts: IntoIter<Written>,
    drafts: IntoIter<Written>,
    effects: IntoIter<Written>,
}

/// Runs writes inside a transaction: those of which there are many together, then the others one by one. An error
/// ends the transaction; [`Written::Refused`] does not.
pub(crate) async fn apply_all(conn: &mut Conn, writes: &[&Write]) -> Result<Vec<Written>, Error> {
    let (mut new_drafts, mut drafts, mut effects) = (Vec::new(), Vec::new(), Vec::new());
    for write in writes {
        match write {
            Write::SaveDraft { draft, limit } if draft.version == 0 => new_drafts.push((draft, *limit)),
            Write::SaveDraft { draft, .. } => drafts.push(draft),
            Write::OutboxDone { claim, message } => effects.push((claim, message.as_ref())),
            _ => {}
        }
    }
    let mut together = Together {
        new_drafts: drafts::add(conn, &new_drafts).await?.into_iter(),
        drafts: drafts::change(conn, &drafts).await?.into_iter(),
        effects: outbox::done(conn, &effects).await?.into_iter(),
    };
    let mut written = Vec::with_capacity(writes.len());
    for write in writes {
        written.push(write.apply(conn, &mut together).await?);
    }
    Ok(written)
}
