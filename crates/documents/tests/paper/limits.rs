//! What is too much is refused by name, before it costs anything.

use documents::{
    Document, Error, Fonts, MAX_ADDRESS, MAX_BYTES, MAX_NAME, MAX_PAGES, MAX_PARTS, MAX_ROWS, Part, Row,
    render,
};

use crate::sample::{certificate, fonts, letter, made};

fn refused(document: &Document, what: &str, most: usize) {
    match render(document, &fonts(), made()) {
        Err(Error::TooMuch { what: told, most: bound }) => assert_eq!((told, bound), (what, most)),
        other => panic!("{what}: {:?}", other.map(|it| it.pages)),
    }
}

#[test]
fn one_row_too_many() {
    let mut it = certificate();
    it.rows = vec![Row::new("甲", "乙"); MAX_ROWS + 1];
    refused(&Document::Certificate(it), "rows", MAX_ROWS);
    let rows = Part::Rows(vec![Row::new("甲", "乙"); MAX_ROWS / 2 + 1]);
    refused(&Document::Letter(letter(vec![rows.clone(), rows])), "rows", MAX_ROWS);
}

#[test]
fn one_byte_too_many() {
    let paragraph = Part::Paragraph("a".repeat(MAX_BYTES));
    refused(&Document::Letter(letter(vec![paragraph])), "bytes of text", MAX_BYTES);
    let parts = vec![Part::Heading(String::new()); MAX_PARTS + 1];
    refused(&Document::Letter(letter(parts)), "parts", MAX_PARTS);
}

#[test]
fn a_name_too_long_for_its_place() {
    let mut it = certificate();
    it.issuer = "a".repeat(MAX_NAME + 1);
    refused(&Document::Certificate(it.clone()), "bytes in a title or name", MAX_NAME);
    it.issuer = "a".repeat(MAX_NAME);
    assert!(render(&Document::Certificate(it), &fonts(), made()).is_ok());
}

#[test]
fn line_feeds_without_end() {
    let paragraph = Part::Paragraph("\n".repeat(MAX_BYTES - 1_000));
    refused(&Document::Letter(letter(vec![paragraph])), "pages", MAX_PAGES);
}

#[test]
fn an_address_too_long_for_a_code() {
    let mut it = certificate();
    it.verify = Some("x".repeat(MAX_ADDRESS + 1));
    refused(&Document::Certificate(it.clone()), "bytes of the address to check at", MAX_ADDRESS);
    it.verify = Some("号".repeat(MAX_ADDRESS / 3));
    assert!(render(&Document::Certificate(it), &fonts(), made()).is_ok());
}

#[test]
fn the_largest_document_is_made() {
    // 360,000 characters without a place to break: the most that fits into the pages there may be.
    let paragraph = Part::Paragraph("a".repeat(360_000));
    let rendition = render(&Document::Letter(letter(vec![paragraph])), &fonts(), made()).unwrap();
    assert!(rendition.pages > 100 && rendition.pages <= MAX_PAGES, "{} pages", rendition.pages);
}

#[test]
fn a_file_that_is_no_font() {
    let cut: Vec<u8> =
        std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/fonts/NotoSansSC-subset.otf"))
            .unwrap();
    for (file, index) in [(Vec::new(), 0), (b"no font".to_vec(), 0), (cut[..200].to_vec(), 0), (cut, 3)] {
        let length = file.len();
        let added = fonts().and(file, index).map(drop);
        // One file that is no collection has but one face, and its number does not matter.
        assert!(matches!(added, Err(Error::Font(_))) || length > 1_000, "{length} bytes: {added:?}");
    }
    assert!(Fonts::built_in().is_ok());
}
