//! Reads the text out of our files again, as somebody would who copies it: by the fonts' own tables of what each glyph stands for.

use std::collections::HashMap;

/// A character for a byte, so that places in it are places in the file; bytes beyond ASCII are question marks.
pub(crate) fn latin(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| if byte.is_ascii() { char::from(*byte) } else { '?' }).collect()
}

/// The bodies of all objects by their numbers, streams unpacked.
pub(crate) fn objects(pdf: &[u8]) -> HashMap<usize, (String, Vec<u8>)> {
    let text = latin(pdf);
    let table = text.rfind("\nxref\n").unwrap() + 1;
    let mut all = HashMap::new();
    let lines = text[table..]
        .lines()
        .skip(2)
        .take_while(|line| line.len() == 19 || line.ends_with(" n ") || line.ends_with(" f "));
    for (number, line) in lines.enumerate().skip(1) {
        let at: usize = line[..10].parse().unwrap();
        let begin = format!("{number} 0 obj\n");
        assert!(text[at..].starts_with(&begin), "object {number} is not where the table says");
        let body = at + begin.len();
        let end = body + text[body..].find("\nendobj").unwrap();
        let body_text = &text[body..end];
        let Some(stream) = body_text.find("stream\n") else {
            all.insert(number, (body_text.to_owned(), Vec::new()));
            continue;
        };
        let dictionary = &body_text[..stream];
        let length: usize =
            dictionary.rsplit_once("/Length ").unwrap().1.split(' ').next().unwrap().parse().unwrap();
        let from = body + stream + "stream\n".len();
        let raw = &pdf[from..from + length];
        assert!(
            text[from + length..].starts_with("\nendstream"),
            "object {number} is not as long as it says"
        );
        let data = if dictionary.contains("/FlateDecode") {
            miniz_oxide::inflate::decompress_to_vec_zlib(raw).unwrap()
        } else {
            raw.to_vec()
        };
        all.insert(number, (dictionary.to_owned(), data));
    }
    all
}

/// The number in "KEY 7 0 R".
fn reference(body: &str, key: &str) -> usize {
    body.split_once(key).unwrap().1.trim_start().split(' ').next().unwrap().parse().unwrap()
}

fn utf16(figures: &str) -> String {
    let units: Vec<u16> = figures
        .as_bytes()
        .chunks(4)
        .map(|four| u16::from_str_radix(std::str::from_utf8(four).unwrap(), 16).unwrap())
        .collect();
    String::from_utf16(&units).unwrap()
}

/// What each glyph of a font stands for.
fn unicode(map: &[u8]) -> HashMap<String, String> {
    latin(map)
        .lines()
        .filter_map(|line| {
            line.strip_prefix('<')?
                .strip_suffix('>')?
                .split_once("> <")
                .map(|(a, b)| (a.to_owned(), b.to_owned()))
        })
        .filter(|(glyph, _)| glyph != "0000")
        .map(|(glyph, figures)| (glyph, utf16(&figures)))
        .collect()
}

/// The text of each page, every line of text followed by a line feed, and characters in boxes as they are copied.
pub(crate) fn text(pdf: &[u8]) -> Vec<String> {
    let objects = objects(pdf);
    let resources = objects.values().find(|(body, _)| body.starts_with("<< /Font <<")).unwrap();
    let mut fonts = HashMap::new();
    for name in resources
        .0
        .split('/')
        .filter(|word| word.starts_with('F') && word[1..2].chars().all(|c| c.is_ascii_digit()))
    {
        let (name, rest) = name.split_once(' ').unwrap();
        let font: usize = rest.split(' ').next().unwrap().parse().unwrap();
        fonts.insert(name.to_owned(), unicode(&objects[&reference(&objects[&font].0, "/ToUnicode")].1));
    }
    let mut pages: Vec<(usize, String)> = Vec::new();
    let tree = objects.values().find(|(body, _)| body.contains("/Type /Pages ")).unwrap();
    let kids = tree.0.split_once("/Kids [").unwrap().1.split_once(']').unwrap().0.to_owned();
    let order: Vec<usize> = kids.split(" 0 R").filter_map(|kid| kid.trim().parse().ok()).collect();
    for (at, id) in order.iter().enumerate() {
        let contents = &objects[&reference(&objects[id].0, "/Contents")].1;
        pages.push((at, drawn(&latin(contents), &fonts)));
    }
    pages.into_iter().map(|(_, text)| text).collect()
}

fn drawn(operators: &str, fonts: &HashMap<String, HashMap<String, String>>) -> String {
    let mut text = String::new();
    let mut spoken = false;
    for line in operators.lines() {
        if let Some((_, actual)) = line.split_once("/ActualText <FEFF") {
            text += &utf16(actual.split_once('>').unwrap().0);
            spoken = true;
        } else if line == "EMC" {
            spoken = false;
        } else if line == "Q" {
            text.push('\n');
        } else if let Some(run) = line.strip_prefix("BT /").filter(|_| !spoken) {
            let font = &fonts[run.split(' ').next().unwrap()];
            let glyphs = run.split_once('<').unwrap().1.split_once('>').unwrap().0;
            for glyph in glyphs.as_bytes().chunks(4) {
                text += &font[std::str::from_utf8(glyph).unwrap()];
            }
        }
    }
    text
}
