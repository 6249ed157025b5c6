//! Texts in two languages, as files write them.

use domain::{Lang, Text};

fn read(json: &str) -> Result<Text, String> {
    serde_json::from_str(json).map_err(|error| error.to_string())
}

#[test]
fn a_text_is_chinese_or_both() {
    assert_eq!(read(r#""身份证""#).unwrap(), Text::zh("身份证"));
    let both = read(r#"{"en": "Identity card", "zh": "身份证"}"#).unwrap();
    assert_eq!(both, Text::both("身份证", "Identity card"));
    for text in [Text::zh("一"), both] {
        assert_eq!(read(&serde_json::to_string(&text).unwrap()).unwrap(), text);
    }
}

#[test]
fn a_mistyped_language_is_named() {
    assert!(read(r#"{"zh": "一", "eng": "one"}"#).unwrap_err().contains("unknown field `eng`"));
    assert!(read(r#"{"en": "one"}"#).unwrap_err().contains("missing field `zh`"));
    assert!(read(r#"{"zh": "一", "zh": "二"}"#).unwrap_err().contains("twice"));
    assert!(read("7").is_err());
}

#[test]
fn english_readers_get_chinese_marked_as_chinese_where_there_is_no_english() {
    let zh = Text::zh("身份证");
    assert_eq!((zh.get(Lang::En), zh.lang(Lang::En)), ("身份证", Lang::Zh));
    let both = Text::both("身份证", "Identity card");
    assert_eq!((both.get(Lang::En), both.lang(Lang::En)), ("Identity card", Lang::En));
    assert_eq!(both.get(Lang::Zh), "身份证");
}
