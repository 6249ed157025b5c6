//! What somebody agreed to, to look at and to take back (个人信息保护法 art. 15: as easily as it was given).

use std::collections::BTreeSet;

use domain::{PersonId, Text, Timestamp, from_micros, micros};

use super::agree::Agreed;
use super::scope::Scope;
use crate::{App, Error};

/// What somebody agreed to at one application.
#[derive(Debug, Clone)]
pub struct Authorisation {
    /// The application's id.
    pub partner: String,
    /// Its name; the id where it is not known any more.
    pub name: Text,
    /// Who runs it.
    pub run_by: Text,
    /// What it may see, and for what.
    pub scopes: Vec<AuthorisedScope>,
    /// When it was agreed to.
    pub given: Timestamp,
    /// Until when.
    pub expires: Timestamp,
    /// When it last served.
    pub used: Timestamp,
    /// When it was withdrawn or replaced.
    pub ended: Option<Timestamp>,
    /// It holds now.
    pub holds: bool,
}

/// One thing that was agreed to.
#[derive(Debug, Clone)]
pub struct AuthorisedScope {
    /// What.
    pub scope: Scope,
    /// The purpose as it was shown.
    pub purpose: Option<Text>,
}

impl App {
    /// What a person agreed to: what holds first, then the latest.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn authorisations(&self, person: PersonId) -> Result<Vec<Authorisation>, Error> {
        let now = micros(self.now());
        let partners = self.partners().await?;
        let profile = self.profile(person).await?;
        let mut all = Vec::new();
        for row in self.store.partner_consents(person.0).await? {
            let agreed: Agreed = serde_json::from_str(&row.data)?;
            let partner = partners.iter().find(|partner| partner.about.id == row.partner);
            let binds = agreed.binds(&profile);
            let stands = partner.is_some_and(|partner| !partner.removed && row.given_at >= partner.since);
            let about = partner.map(|partner| &partner.about);
            all.push(Authorisation {
                name: about.map_or_else(|| Text::zh(&row.partner), |about| about.name.clone()),
                run_by: about.map(|about| about.run_by.clone()).unwrap_or_default(),
                partner: row.partner,
                scopes: agreed
                    .scopes
                    .into_iter()
                    .map(|agreed| AuthorisedScope { scope: agreed.scope, purpose: agreed.purpose })
                    .collect(),
                given: from_micros(row.given_at),
                expires: from_micros(row.expires_at),
                used: from_micros(row.used_at),
                ended: row.ended_at.map(from_micros),
                holds: stands && binds && row.ended_at.is_none() && row.expires_at > now,
            });
        }
        all.sort_by_key(|authorisation| !authorisation.holds);
        Ok(all)
    }

    /// Takes back what a person agreed to at an application: its tokens open nothing any more, and it is told. Where
    /// nothing was agreed to, nothing happens.
    ///
    /// # Errors
    /// When the store cannot take it.
    pub async fn withdraw(&self, person: PersonId, partner: &str) -> Result<(), Error> {
        let grants = self.store.partner_grants(person.0, micros(self.now())).await?;
        let grants: Vec<_> = grants.into_iter().filter(|grant| grant.partner == partner).collect();
        let logouts = self.to_tell(&grants).await?;
        self.store.withdraw_partner(person.0, partner, micros(self.now()), logouts).await?;
        self.tell.notify_one();
        Ok(())
    }

    /// Takes back everything that a person agreed to, at all applications.
    pub(crate) async fn withdraw_all(&self, person: PersonId) -> Result<(), Error> {
        let consents = self.store.partner_consents(person.0).await?;
        let partners: BTreeSet<_> =
            consents.into_iter().filter(|row| row.ended_at.is_none()).map(|row| row.partner).collect();
        for partner in partners {
            self.withdraw(person, &partner).await?;
        }
        Ok(())
    }
}
