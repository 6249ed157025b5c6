//! The file itself: the same bytes for the same input, a table that fits, and what PDF/A asks for that can be seen from here.

use documents::{Document, Seal, render, render_sealed};

use crate::reader;
use crate::sample::{Answers, agency, certificate, fonts, made};

/// `SEQUENCE { 1, 1 }`: it has a signature's form.
const ONES: [u8; 8] = [0x30, 6, 2, 1, 1, 2, 1, 1];

#[test]
fn the_same_document_gives_the_same_bytes() {
    let document = Document::Certificate(certificate());
    let first = render(&document, &fonts(), made()).unwrap();
    assert_eq!(first, render(&document, &fonts(), made()).unwrap());
    let later = "2026-11-23T08:30:01Z".parse().unwrap();
    assert_ne!(first.bytes, render(&document, &fonts(), later).unwrap().bytes);

    let (_, chain) = agency();
    let key = Answers(Ok(ONES.to_vec()));
    let seal = Seal { key: &key, chain: &chain };
    let sealed = render_sealed(&document, &fonts(), made(), &seal).unwrap();
    assert_eq!(sealed, render_sealed(&document, &fonts(), made(), &seal).unwrap());
}

#[test]
fn every_object_is_where_the_table_says_and_every_reference_leads_somewhere() {
    let (_, chain) = agency();
    let key = Answers(Ok(ONES.to_vec()));
    let seal = Seal { key: &key, chain: &chain };
    let sealed = render_sealed(&Document::Certificate(certificate()), &fonts(), made(), &seal).unwrap();
    // Reading asserts the places and the lengths.
    let objects = reader::objects(&sealed.bytes);
    assert!(objects.len() > 12, "{}", objects.len());
    for (number, (body, _)) in &objects {
        for (at, _) in body.match_indices(" 0 R") {
            let figures = body[..at].rsplit(|c: char| !c.is_ascii_digit()).next().unwrap();
            let to: usize = figures.parse().unwrap();
            assert!(objects.contains_key(&to), "object {number} speaks of {to}");
        }
    }
}

#[test]
fn it_says_that_it_is_pdf_a_and_holds_what_that_asks_for() {
    let file = render(&Document::Certificate(certificate()), &fonts(), made()).unwrap();
    let text = reader::latin(&file.bytes);
    for words in [
        "%PDF-1.7\n",
        "<pdfaid:part>2</pdfaid:part>",
        "<pdfaid:conformance>B</pdfaid:conformance>",
        "<xmp:CreateDate>2026-11-23T08:30:00Z</xmp:CreateDate>",
        "/CreationDate (D:20261123083000Z)",
        "/S /GTS_PDFA1",
        "/FontFile3",
        "/ToUnicode",
        "/Lang (zh-CN)",
    ] {
        assert!(text.contains(words), "{words} is missing");
    }
    for words in ["/Encrypt", "/JavaScript", "/URI", "/AcroForm", "/SMask", "/EmbeddedFile"] {
        assert!(!text.contains(words), "{words} has no place here");
    }
}

#[test]
fn only_the_glyphs_used_are_embedded() {
    let file = render(&Document::Certificate(certificate()), &fonts(), made()).unwrap();
    assert!(file.bytes.len() < 60_000, "{} bytes", file.bytes.len());
}
