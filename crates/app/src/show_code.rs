//! Showing a certificate 亮证: a code that says what may be seen, good for a minute.

use certificates::{CannotShow, SHOW_SECONDS, Shown, ShownCertificate};
use domain::Timestamp;
use uuid::Uuid;

use crate::certificates_held::{Held, Line, Standing};
use crate::{App, Error, Party};

/// What every certificate can show beside its own fields: holder's name and number, day of issue, last day.
pub const NAMES: [&str; 4] = ["name", "number", "issued", "until"];
/// After so many seconds a page that shows a code should ask for the next one.
pub const RENEW_SECONDS: u8 = 40;

/// A code to show.
#[derive(Clone)]
pub struct Code {
    /// Capital letters and digits; may stand in an address.
    pub text: String,
    /// From then on it is refused.
    pub expires: Timestamp,
}

impl App {
    /// A new code for a certificate of a wallet. `fields`: names of its fields or of [`NAMES`]; others are passed over,
    /// so that none of them says only that it holds.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not theirs or does not hold; [`Error::Certificate`] when it is too much for a code.
    pub async fn show_code(
        &self,
        holder: impl Into<Party>,
        id: Uuid,
        fields: &[String],
    ) -> Result<(Held, Code), Error> {
        let holder = holder.into();
        let held = self.my_certificate(holder, id).await?;
        if held.standing != Standing::Valid {
            return Err(Error::NotFound);
        }
        let mut random = [0; 16];
        self.random.fill(&mut random);
        let chosen = held.names().filter(|name| fields.iter().any(|wanted| wanted == name));
        let shown = Shown {
            id: random,
            made: self.now(),
            seconds: SHOW_SECONDS,
            certificates: vec![ShownCertificate {
                id: held.certificate.id.clone(),
                fields: chosen.map(|name| (name.to_owned(), None)).collect(),
            }],
        };
        let keys = self.key_set().await?;
        let signer = keys.signer().ok_or_else(|| cannot(CannotShow::Key))?;
        let text = shown.sign(signer).map_err(cannot)?;
        self.note_shown(holder, &held).await?;
        Ok((held, Code { text, expires: shown.expires() }))
    }
}

impl App {
    /// An agent shows what is their principal's: the ledger says who, once a day for a certificate.
    async fn note_shown(&self, holder: Party, held: &Held) -> Result<(), Error> {
        let Some(agent) = holder.agent else { return Ok(()) };
        let today = self.catalogue.calendar.date_of(self.now());
        let mut id = [0; 16];
        let purpose = format!("shown/{}/{}/{today}", held.id, agent.agent.0);
        id.copy_from_slice(&self.store.secret(&purpose)[..16]);
        let line = Line {
            who: self.name_of(agent.agent).await?,
            known: true,
            purpose: String::new(),
            fields: Vec::new(),
            outcome: held.standing.id().to_owned(),
        };
        let entry = self.line(holder.person.0, held.id, Uuid::from_bytes(id), "shown", &line).await?;
        match self.store.use_certificate(entry).await {
            Ok(()) | Err(store::Error::Conflict) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

fn cannot(error: CannotShow) -> Error {
    Error::Certificate(error.to_string())
}

/// A text as a QR (SVG), black on white; none when it is too long for a phone to read.
#[must_use]
pub fn qr(text: &str, label: &str) -> Option<String> {
    certificates::qr_svg(text, label).ok()
}

impl Code {
    /// An address with the code in it as a QR (SVG), black on white; none when it is too long for a phone to read.
    #[must_use]
    pub fn qr(&self, address: &str, label: &str) -> Option<String> {
        qr(address, label)
    }
}

impl Held {
    /// Names of all that it can show, in the order of reading.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let own = self.kind.fields.iter().map(|field| field.id.as_str());
        NAMES[..2]
            .iter()
            .copied()
            .chain(own)
            .chain(NAMES[2..].iter().copied())
            .filter(|name| self.value(name).is_some())
    }

    /// What it says under a name.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<String> {
        match name {
            "name" => Some(self.certificate.holder.name.clone()),
            "number" => Some(self.certificate.holder.number.clone()),
            "issued" => Some(self.certificate.issued_on.to_string()),
            "until" => self.certificate.valid_until.map(|day| day.to_string()),
            name => self.certificate.fields.get(name).cloned(),
        }
    }

    /// The label of one of its own fields; none for [`NAMES`], whose labels are the reader's language's.
    #[must_use]
    pub fn label(&self, name: &str) -> Option<&domain::Text> {
        self.kind.fields.iter().find(|field| field.id == name).map(|field| &field.label)
    }

    /// Whether its holder is an organisation.
    #[must_use]
    pub fn of_organisation(&self) -> bool {
        self.certificate.holder.kind == certificates::HolderKind::CreditCode
    }

    /// Id of its trust grade.
    #[must_use]
    pub fn grade(&self) -> &'static str {
        match self.certificate.grade {
            certificates::Grade::A => "a",
            certificates::Grade::B => "b",
            certificates::Grade::C => "c",
            certificates::Grade::D => "d",
        }
    }

    /// Whether a name is shown only by the holder's own choice.
    #[must_use]
    pub fn sensitive(&self, name: &str) -> bool {
        name == "number" || self.kind.fields.iter().any(|field| field.id == name && field.sensitive)
    }
}
