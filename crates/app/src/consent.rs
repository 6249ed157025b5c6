//! 单独同意: separate consent to the use of sensitive answers (个人信息保护法 arts 14, 15, 29, 30).
//!
//! Asked only where the pack says that the use rests on consent, and only for answers that were given: whoever leaves
//! them empty is asked nothing. It is kept before the case is stored, so that no case exists without it.

use casework::{Actor, Command, Definition, Rule};
use domain::{CaseId, Date, PersonId, Text, Timestamp, from_micros, micros};
use packs::{Answers, form};
use serde::{Deserialize, Serialize};
use store::Consent;

use crate::case_file::CaseFile;
use crate::{App, Draft, Error, Party};

/// Most consents that are listed.
const LISTED: i64 = 200;
const DAY: i64 = 86_400_000_000;

/// What a person is asked to consent to; sealed when it was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentAsked {
    /// Code of the item.
    pub item: String,
    /// Which answers, by name and question.
    pub fields: Vec<(String, Text)>,
    /// What for.
    pub purpose: Text,
    /// Why that cannot be done without, and what it means for the person.
    pub necessity: Text,
    /// For how many days.
    pub days: u16,
    /// Who ticked the box for the person, by name; empty for the person.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub by: String,
}

/// How a consent stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConsentState {
    /// It covers what it names.
    Stands,
    /// Its days are over.
    Over,
    /// It was withdrawn.
    Withdrawn,
}

impl ConsentState {
    /// Id of its text (`consent-<id>`).
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Stands => "stands",
            Self::Over => "over",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// A consent that was given.
#[derive(Debug, Clone)]
pub struct Consented {
    /// The application, and the case it became.
    pub id: CaseId,
    /// To what.
    pub asked: ConsentAsked,
    /// When.
    pub given: Timestamp,
    /// The last day.
    pub until: Date,
    /// When it was withdrawn.
    pub withdrawn: Option<Timestamp>,
    /// How it stands.
    pub state: ConsentState,
}

fn purpose(id: CaseId) -> String {
    format!("consent/{id}")
}

/// Consent that these answers take; none where the item rests on none, or nothing sensitive was answered.
#[must_use]
pub fn consent_asked(definition: &Definition, answers: &Answers) -> Option<ConsentAsked> {
    let item = &definition.item;
    let needed = item.consent.as_ref()?;
    let given = |field: &&packs::Field| {
        field.sensitive && answers.get(&field.name).is_some_and(|answer| !answer.is_empty())
    };
    let asked = item.form.pages.iter().flat_map(|page| &page.fields).filter(given);
    let fields: Vec<_> = asked.map(|field| (field.name.clone(), field.title.clone())).collect();
    (!fields.is_empty()).then(|| ConsentAsked {
        item: item.code.clone(),
        fields,
        purpose: needed.purpose.clone(),
        necessity: needed.necessity.clone(),
        days: needed.days,
        by: String::new(),
    })
}

impl App {
    /// What a draft's applicant must consent to before it is handed in.
    #[must_use]
    pub fn consent_of(&self, draft: &Draft) -> Option<ConsentAsked> {
        let today = self.catalogue.calendar.date_of(self.now());
        // Answers to questions that are not asked are not kept and take no consent.
        let answers = form::validate(&draft.definition.item.form, &draft.body.answers, today)
            .unwrap_or_else(|_| draft.body.answers.clone());
        consent_asked(&draft.definition, &answers)
    }

    /// Keeps the consent that a draft takes; nothing where it takes none.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a draft that is not theirs.
    pub async fn give_consent(&self, party: impl Into<Party>, id: CaseId) -> Result<(), Error> {
        let party = party.into();
        let draft = self.draft(party, id).await?;
        let Some(mut asked) = self.consent_of(&draft).filter(|_| !draft.submitted) else { return Ok(()) };
        if let Some(agent) = party.agent {
            asked.by = self.name_of(agent.agent).await?;
        }
        let key = self.store.person_key(draft.person.0).await?;
        let given_at = micros(self.now());
        let consent = Consent {
            person: draft.person.0,
            id: id.0,
            given_at,
            until_at: given_at + i64::from(asked.days) * DAY,
            withdrawn_at: None,
            sealed: key.seal(&purpose(id), &serde_json::to_vec(&asked)?)?,
        };
        Ok(self.store.keep_consent(consent).await?)
    }

    /// Whether a draft may be handed in: it takes no consent, or all that it takes was consented to.
    pub(crate) async fn consented(&self, draft: &Draft) -> Result<(), Error> {
        let Some(asked) = self.consent_of(draft) else { return Ok(()) };
        let consents = |given: &Consented| {
            given.state == ConsentState::Stands
                && asked.fields.iter().all(|field| given.asked.fields.contains(field))
        };
        match self.consent(draft.person, draft.id).await? {
            Some(given) if consents(&given) => Ok(()),
            _ => Err(Error::Consent),
        }
    }

    async fn consent(&self, person: PersonId, id: CaseId) -> Result<Option<Consented>, Error> {
        let Some(row) = self.store.consent(person.0, id.0).await? else { return Ok(None) };
        self.opened_consent(row).await.map(Some)
    }

    /// Whether an officer may still use the sensitive answers of a case: its item asks for no consent, or the consent
    /// stands.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn consent_stands(&self, file: &CaseFile) -> Result<bool, Error> {
        if file.definition.item.consent.is_none() {
            return Ok(true);
        }
        match self.consent(file.case.applicant, file.case.id).await {
            Ok(given) => Ok(given.is_none_or(|given| given.state == ConsentState::Stands)),
            Err(Error::Store(store::Error::Erased)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn opened_consent(&self, row: Consent) -> Result<Consented, Error> {
        let id = CaseId(row.id);
        let key = self.store.person_key(row.person).await?;
        let asked = serde_json::from_slice(&key.open(&purpose(id), &row.sealed)?)?;
        let state = match row.withdrawn_at {
            Some(_) => ConsentState::Withdrawn,
            None if row.until_at <= micros(self.now()) => ConsentState::Over,
            None => ConsentState::Stands,
        };
        Ok(Consented {
            id,
            asked,
            given: from_micros(row.given_at),
            until: self.catalogue.calendar.date_of(from_micros(row.until_at)),
            withdrawn: row.withdrawn_at.map(from_micros),
            state,
        })
    }

    /// A person's consents, the latest first.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn consents(&self, person: PersonId) -> Result<Vec<Consented>, Error> {
        let mut list = Vec::new();
        for row in self.store.consents(person.0, LISTED).await? {
            list.push(self.opened_consent(row).await?);
        }
        Ok(list)
    }

    /// Withdraws a consent (art. 15): from now on the answers stay masked. What was done before stays lawful. An
    /// application that is still open is withdrawn with it, since it cannot be decided without them.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not theirs or stands no more.
    pub async fn withdraw_consent(&self, person: PersonId, id: CaseId) -> Result<(), Error> {
        self.store.withdraw_consent(person.0, id.0, micros(self.now())).await.map_err(
            |error| match error {
                store::Error::NotFound => Error::NotFound,
                error => error.into(),
            },
        )?;
        let Some(mine) = self.store.my_case(person.0, id.0).await? else { return Ok(()) };
        let withdraw = Command::Withdraw { words: String::new() };
        match self.act(&mine.area, id, &Actor::Applicant(person), withdraw).await {
            Ok(_) => Ok(()),
            // Decided or closed already: the decision stands on what was lawful then.
            Err(Error::Refused(refusal)) if refusal.rule != Rule::ReasonsRequired => Ok(()),
            Err(error) => Err(error),
        }
    }
}
