//! Whatever is written comes out again, or is told.

use std::collections::BTreeSet;

use documents::{Document, Letter, Part, Rendition, Row, Watermark, render};
use domain::Lang;
use proptest::prelude::*;

use crate::reader;
use crate::sample::{certificate, day, fonts, letter, made};

fn rendered(document: &Document) -> (Rendition, String) {
    let rendition = render(document, &fonts(), made()).unwrap();
    let text = reader::text(&rendition.bytes).concat();
    (rendition, text)
}

/// Without line ends and spaces, which lines may lose where they break.
fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn undrawn(rendition: &Rendition) -> Vec<(char, usize)> {
    rendition.undrawn.iter().map(|it| (it.character, it.times)).collect()
}

#[test]
fn a_certificate_says_everything_that_it_was_given() {
    let mut it = certificate();
    it.watermark = Some(Watermark {
        issuer: "示例市公安局".to_owned(),
        purpose: "办理入学".to_owned(),
        until: Some(day()),
    });
    let (rendition, text) = rendered(&Document::Certificate(it));
    assert_eq!(rendition.pages, 1);
    assert_eq!(rendition.undrawn, []);
    for words in [
        "居住证",
        "示例·陈晓明",
        "证照标识：1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002.0",
        "示例市示例区人民路88号",
        "2026年11月23日起长期有效",
        "仅限用于办理入学·有效期至2026年11月23日",
        "示例，不具有法律效力",
        "https://example.invalid/v/1",
        "第1页，共1页",
    ] {
        assert!(squeezed(&text).contains(words), "{words} is missing in {text}");
    }
}

#[test]
fn what_is_no_demonstration_does_not_say_that_it_is_one() {
    let mut it = certificate();
    it.demo = false;
    let (_, text) = rendered(&Document::Certificate(it));
    assert!(!text.contains("法律效力"), "{text}");
}

#[test]
fn the_labels_and_dates_of_an_english_document_are_english() {
    let mut it = certificate();
    it.lang = Lang::En;
    let (_, text) = rendered(&Document::Certificate(it));
    for words in ["Holder", "from 23 November 2026, without end", "Scan to check", "Page 1 of 1"] {
        assert!(text.contains(words), "{words} is missing in {text}");
    }
    assert!(!text.contains("有效期"), "{text}");
}

#[test]
fn a_thousand_rows_go_on_over_pages_and_none_is_lost() {
    let mut it = certificate();
    it.rows = (0..1_000).map(|at| Row::new(format!("项{at}。"), format!("值{at}。"))).collect();
    let (rendition, text) = rendered(&Document::Certificate(it));
    for at in 0..1_000 {
        assert!(text.contains(&format!("项{at}。\n")) && text.contains(&format!("值{at}。\n")), "row {at}");
    }
    assert!((40..60).contains(&rendition.pages), "{} pages", rendition.pages);
    assert_eq!(reader::text(&rendition.bytes).len(), rendition.pages);
    assert!(text.contains(&format!("第 {0} 页，共 {0} 页", rendition.pages)));
}

#[test]
fn a_value_longer_than_a_page_goes_on_over_pages() {
    let mut it = certificate();
    let value: String = (0..3_000).map(|at| format!("{at}，")).collect();
    it.rows = vec![Row::new("说明", &value)];
    let (rendition, text) = rendered(&Document::Certificate(it));
    assert!(rendition.pages > 5, "{}", rendition.pages);
    // The heads and feet of pages stand between the parts: each figure is found by itself.
    for at in [0, 999, 1_500, 2_999] {
        assert!(squeezed(&text).contains(&format!("{at}，")), "{at}");
    }
}

#[test]
fn a_very_long_name_is_whole() {
    let mut it = certificate();
    it.holder = "示例·阿卜杜勒克里木".repeat(40);
    it.issuer = "很长的机构名称".repeat(28);
    it.title = "长长的证照名称".repeat(28);
    let (issuer, title, holder) = (it.issuer.clone(), it.title.clone(), it.holder.clone());
    let (_, text) = rendered(&Document::Certificate(it));
    for words in [issuer, title, holder] {
        assert!(squeezed(&text).contains(&words), "{words} is missing in {text}");
    }
}

#[test]
fn a_character_that_no_font_has_is_a_box_and_is_told() {
    let mut it = certificate();
    it.holder = "示例·\u{2A6A5}\u{31350}\u{2A6A5}".to_owned();
    let (rendition, text) = rendered(&Document::Certificate(it));
    assert_eq!(undrawn(&rendition), [('\u{2A6A5}', 2), ('\u{31350}', 1)]);
    assert!(text.contains("示例·\u{2A6A5}\u{31350}\u{2A6A5}"), "it cannot be copied: {text}");
}

#[test]
fn characters_that_turn_or_hide_text_are_shown_and_told() {
    let mut it = certificate();
    it.holder = "A\u{202E}B\u{200B}C\u{7}D\u{FE0F}E\u{5D0}".to_owned();
    let (rendition, text) = rendered(&Document::Certificate(it));
    assert_eq!(
        undrawn(&rendition),
        [('\u{7}', 1), ('\u{5D0}', 1), ('\u{200B}', 1), ('\u{202E}', 1), ('\u{FE0F}', 1)]
    );
    assert!(text.contains("A[U+202E]B[U+200B]C[U+0007]D[U+FE0F]E\u{5D0}"), "{text}");
}

#[test]
fn a_space_that_the_font_lacks_is_a_space() {
    let mut it = certificate();
    it.holder = "甲\u{2007}乙\u{3000}丙\u{A0}丁\t戊".to_owned();
    let (rendition, text) = rendered(&Document::Certificate(it));
    assert_eq!(rendition.undrawn, []);
    assert!(squeezed(&text).contains("甲乙丙丁戊"), "{text}");
}

#[test]
fn rare_and_traditional_characters_of_names_are_there() {
    let mut it = certificate();
    // The first and last of each level of 通用规范汉字表, some beyond the basic plane, and traditional ones out of GBK.
    it.holder = "一矗乂齉亍蠼\u{20164}\u{20676}\u{20CD0}\u{2CE7C}\u{2CE88}\u{2CE93}陳曉國鄧蕭〇".to_owned();
    let holder = it.holder.clone();
    let (rendition, text) = rendered(&Document::Certificate(it));
    assert_eq!(rendition.undrawn, []);
    assert!(text.contains(&holder), "{text}");
}

#[test]
fn a_letter_keeps_its_paragraphs_and_line_feeds() {
    let parts = vec![
        Part::Heading("依据".to_owned()),
        Part::Paragraph("第一行\r\n第二行".to_owned()),
        Part::Rows(vec![Row::new("事项", "食品经营许可")]),
    ];
    let (_, text) = rendered(&Document::Letter(letter(parts)));
    for words in ["编号：990000-1\n", "示例·陈晓明：\n", "依据\n", "第一行\n", "第二行\n", "食品经营许可\n"]
    {
        assert!(text.contains(words), "{words:?} is missing in {text}");
    }
}

#[test]
fn no_closing_mark_begins_a_line_and_no_word_is_cut() {
    let words =
        "行政机关应当说明理由（包括法律依据）。The applicant may ask for a review，并告知权利；".repeat(30);
    let (_, text) = rendered(&Document::Letter(letter(vec![Part::Paragraph(words)])));
    let lines: Vec<&str> =
        text.lines().filter(|line| line.contains("行政") || line.contains("may")).collect();
    assert!(lines.len() > 20, "{text}");
    for line in text.lines() {
        assert!(!line.starts_with(['。', '，', '；', '）']), "{line}");
        assert!(!line.ends_with('（'), "{line}");
    }
    for word in ["The ", "applicant", "review"] {
        let whole = text.matches(word.trim()).count();
        assert_eq!(whole, 30, "{word} was cut in {text}");
    }
}

/// Texts as hostile as they come: any characters, and many that matter to PDF, XML or the setting of lines.
fn any_text() -> impl Strategy<Value = String> {
    let special = prop::sample::select(vec![
        '(',
        ')',
        '\\',
        '<',
        '>',
        '&',
        '\n',
        '\r',
        '\t',
        '\0',
        ' ',
        '　',
        '，',
        '（',
        '》',
        '\u{202E}',
        '\u{200D}',
        '\u{FEFF}',
        '\u{FFFE}',
        '\u{10FFFF}',
        '\u{2A6A5}',
        'é',
        '\u{301}',
        'א',
        'ا',
        'ོ',
        '龘',
        '%',
        '/',
    ]);
    let character =
        prop_oneof![any::<char>(), special, prop::char::range('一', '龥'), prop::char::range(' ', '~')];
    prop::collection::vec(character, 0..60).prop_map(|characters| characters.into_iter().collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(80))]

    #[test]
    fn any_text_is_drawn_or_told(
        (title, holder, label, value) in (any_text(), any_text(), any_text(), any_text()),
        english in any::<bool>(),
    ) {
        let mut it = certificate();
        it.lang = if english { Lang::En } else { Lang::Zh };
        (it.title, it.holder, it.rows) = (title.clone(), holder.clone(), vec![Row::new(&label, &value)]);
        let rendition = render(&Document::Certificate(it), &fonts(), made()).unwrap();
        let copied: BTreeSet<char> = reader::text(&rendition.bytes).concat().chars().collect();
        let told: BTreeSet<char> = rendition.undrawn.iter().map(|it| it.character).collect();
        for c in [title, holder, label, value].concat().chars() {
            prop_assert!(
                copied.contains(&c) || told.contains(&c) || c.is_whitespace(),
                "{c:?} is neither on the page nor told"
            );
        }
        let packet = reader::latin(&rendition.bytes);
        prop_assert_eq!(packet.matches("<rdf:li").count(), 3, "a title broke out of the metadata");
    }

    #[test]
    fn any_letter_is_set(words in prop::collection::vec(any_text(), 0..8), issuer in any_text(), reference in any_text()) {
        let body = words.iter().cloned().map(Part::Paragraph).collect();
        let it = Letter { issuer, reference: Some(reference), ..letter(body) };
        let rendition = render(&Document::Letter(it), &fonts(), made()).unwrap();
        prop_assert!(reader::text(&rendition.bytes).len() == rendition.pages);
    }
}
