//! A certificate as a sealed file: for its holder, and for the desk of a case that used it.

use std::sync::OnceLock;

use documents::{Certificate as Sheet, Document, Fonts, Row, Seal, Validity, Watermark, render_sealed};
use domain::Lang;

use crate::{App, Error, Held, UsedProof};

/// A certificate on paper.
#[derive(Debug, Clone)]
pub struct Paper {
    /// The PDF/A-2b file with its PAdES signature.
    pub bytes: Vec<u8>,
    /// Characters that no font could draw: boxes with their numbers stand there.
    pub undrawn: Vec<char>,
}

/// The built-in font, read once.
fn fonts() -> Result<&'static Fonts, Error> {
    static FONTS: OnceLock<Fonts> = OnceLock::new();
    if let Some(fonts) = FONTS.get() {
        return Ok(fonts);
    }
    let fonts = Fonts::built_in().map_err(|error| Error::Certificate(error.to_string()))?;
    Ok(FONTS.get_or_init(|| fonts))
}

impl App {
    /// A citizen's own certificate as a sealed file. `rows`: its labels and values as read, beside holder and days.
    ///
    /// # Errors
    /// [`Error::Certificate`] when it cannot be drawn or sealed.
    pub async fn certificate_pdf(
        &self,
        held: &Held,
        lang: Lang,
        rows: Vec<(String, String)>,
    ) -> Result<Paper, Error> {
        let certificate = &held.certificate;
        let sheet = Sheet {
            lang,
            title: held.kind.name.get(lang).to_owned(),
            issuer: certificate.issuer.name.get(lang).to_owned(),
            identifier: certificate.id.as_str().to_owned(),
            holder: certificate.holder.name.clone(),
            rows: rows.into_iter().map(|(label, value)| Row::new(label, value)).collect(),
            issued: certificate.issued_on,
            validity: Validity { from: certificate.valid_from, until: certificate.valid_until },
            verify: None,
            watermark: None,
            demo: self.says_demo(&certificate.issuer.code),
        };
        self.sealed(sheet, &certificate.issuer.code).await
    }

    /// What a case was given of a certificate, as a sealed file that says for what it may be used.
    ///
    /// # Errors
    /// As [`App::certificate_pdf`].
    pub async fn proof_pdf(
        &self,
        used: &UsedProof,
        purpose: &str,
        lang: Lang,
        rows: Vec<(String, String)>,
    ) -> Result<Paper, Error> {
        let proof = &used.proof;
        let issuer = proof.issuer.get(lang).to_owned();
        let sheet = Sheet {
            lang,
            title: proof.name.get(lang).to_owned(),
            identifier: proof.identifier.clone(),
            holder: proof.holder.clone(),
            rows: rows.into_iter().map(|(label, value)| Row::new(label, value)).collect(),
            issued: proof.issued,
            validity: Validity { from: proof.from, until: proof.until },
            verify: None,
            watermark: Some(Watermark { issuer: issuer.clone(), purpose: purpose.to_owned(), until: None }),
            demo: self.says_demo(&proof.agency),
            issuer,
        };
        self.sealed(sheet, &proof.agency).await
    }

    /// A file of a demonstration, or under a seal that nobody vouches for, says so.
    fn says_demo(&self, agency: &str) -> bool {
        self.demo() || !self.has_seal(agency)
    }

    /// Drawing and signing take milliseconds of a core: not on the threads that answer pages.
    async fn sealed(&self, sheet: Sheet, agency: &str) -> Result<Paper, Error> {
        let seal = self.seal_of(agency, &sheet.issuer)?;
        let made = self.now();
        let draw = move || {
            let document = Document::Certificate(sheet);
            let seal = Seal { key: seal.key.as_ref(), chain: &seal.chain };
            let drawn = render_sealed(&document, fonts()?, made, &seal);
            drawn.map_err(|error| Error::Certificate(error.to_string()))
        };
        let drawn = tokio::task::spawn_blocking(draw).await;
        let drawn = drawn.map_err(|error| Error::Certificate(error.to_string()))??;
        let undrawn = drawn.undrawn.iter().map(|undrawn| undrawn.character).collect();
        Ok(Paper { bytes: drawn.bytes, undrawn })
    }
}
