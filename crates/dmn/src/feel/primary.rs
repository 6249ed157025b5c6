//! Reads the smallest parts: literals, names, calls, paths, lists, contexts.

use rust_decimal::Decimal;

use super::ast::{Expr, Step};
use super::builtins::{self, Function};
use super::names::{is_part, is_start, length_at, normal};
use super::scan::{Bad, Scan};
use super::temporal;
use crate::value::Value;

/// Words that are no names.
const WORDS: [&str; 14] = [
    "and",
    "or",
    "in",
    "between",
    "then",
    "else",
    "return",
    "satisfies",
    "if",
    "for",
    "some",
    "every",
    "instance",
    "function",
];

impl Scan<'_> {
    /// A primary with its entries and filters: `a.b[c]`.
    pub(super) fn path(&mut self) -> Result<Expr, Bad> {
        let first = self.primary()?;
        let mut steps = Vec::new();
        loop {
            let rest = self.rest();
            if rest.starts_with('.') && !rest.starts_with("..") {
                self.at += 1;
                steps.push(Step::Entry(self.entry_name()?));
            } else if rest.starts_with('[') && !self.range_end {
                self.at += 1;
                steps.push(Step::Filter(self.filter()?));
            } else {
                break;
            }
        }
        Ok(if steps.is_empty() { first } else { Expr::Path(Box::new(first), steps) })
    }

    fn filter(&mut self) -> Result<Expr, Bad> {
        self.filters += 1;
        let before = self.names.many();
        self.names.add("item");
        let inside = self.expression();
        self.names.drop_to(before);
        self.filters -= 1;
        let inside = inside?;
        self.expect("]")?;
        Ok(inside)
    }

    /// The name after a dot: a known one, which may have spaces, or one word.
    fn entry_name(&mut self) -> Result<String, Bad> {
        let rest = self.rest();
        if let Some((name, length)) = self.names.entry_at(rest) {
            let name = name.to_owned();
            self.at += length;
            return Ok(name);
        }
        match self.bare_word() {
            Some(word) => Ok(word),
            None => {
                let found = self.shown();
                self.bad(format!("a name is missing after the dot, before {found}"))
            }
        }
    }

    /// One word that could be a name, read.
    fn bare_word(&mut self) -> Option<String> {
        let rest = self.rest();
        if !rest.starts_with(is_start) {
            return None;
        }
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let length = rest[first..].find(|c| !is_part(c)).map_or(rest.len(), |more| first + more);
        self.at += length;
        Some(rest[..length].to_owned())
    }

    fn primary(&mut self) -> Result<Expr, Bad> {
        let rest = self.rest();
        if let Some(named) = self.named(rest)? {
            return Ok(named);
        }
        match rest.chars().next() {
            Some('0'..='9' | '.') => self.number().map(Expr::Literal),
            Some('"') => self.text().map(|text| Expr::Literal(Value::Text(text))),
            Some('@') => self.at_literal(),
            Some('(') => self.bracketed(),
            Some('[') => self.list(),
            Some('{') => self.context(),
            Some('?') if !self.input => {
                self.bad("“?” means the input and may stand only in an input cell of a table")
            }
            Some(c) if is_start(c) => self.word_or_call(),
            _ => {
                let found = self.shown();
                self.bad(format!("a value is missing before {found}"))
            }
        }
    }

    /// A name in scope, or a call of a business knowledge model.
    fn named(&mut self, rest: &str) -> Result<Option<Expr>, Bad> {
        if self.input && rest.starts_with('?') && !rest[1..].starts_with(is_part) {
            self.at += 1;
            self.input_used = true;
            return Ok(Some(Expr::Name("?".to_owned())));
        }
        let Some((name, length)) = self.names.value_at(rest) else { return Ok(None) };
        // A longer built-in name goes first: `date and time(` where `date` is an input.
        let built_in = builtins::at(rest).is_some_and(|(_, longer)| longer > length);
        if built_in {
            return Ok(None);
        }
        let name = name.to_owned();
        self.at += length;
        let Some(parameters) = self.names.model(&name).map(<[String]>::to_vec) else {
            return Ok(Some(Expr::Name(name)));
        };
        self.expect("(")?;
        let given = self.arguments(&parameters.iter().map(String::as_str).collect::<Vec<_>>())?;
        if given.len() != parameters.len() {
            return self.bad(format!(
                "“{name}” takes {} arguments ({}), not {}",
                parameters.len(),
                parameters.join(", "),
                given.len()
            ));
        }
        Ok(Some(Expr::Invoke(name, given)))
    }

    fn word_or_call(&mut self) -> Result<Expr, Bad> {
        for (word, value) in
            [("true", Value::Bool(true)), ("false", Value::Bool(false)), ("null", Value::Null)]
        {
            if self.word(word) {
                return Ok(Expr::Literal(value));
            }
        }
        let rest = self.rest();
        if let Some((function, length)) = builtins::at(rest) {
            self.at += length;
            return self.call(function);
        }
        let start = self.at;
        let word = self.bare_word().unwrap_or_default();
        if self.filters > 0 && !WORDS.contains(&word.as_str()) && !self.rest().starts_with('(') {
            // Within a filter it may be an entry of the item, with spaces if it is a known one.
            let name = self.names.entry_at(rest).map(|(name, length)| (name.to_owned(), length));
            let Some((name, length)) = name else { return Ok(Expr::Name(word)) };
            self.at = start + length;
            return Ok(Expr::Name(name));
        }
        let called = self.rest().starts_with('(') || builtins::is_left_out(rest);
        self.at = start;
        self.unknown(&word, rest, called)
    }

    fn unknown(&mut self, word: &str, rest: &str, called: bool) -> Result<Expr, Bad> {
        if word == "function" {
            return self.bad("functions cannot be defined here; use a business knowledge model");
        }
        if WORDS.contains(&word) {
            return self.bad(format!("a value is missing before “{word}”"));
        }
        if called {
            let name = rest.split('(').next().unwrap_or(word).trim();
            let name: String = name.chars().take(60).collect();
            return self
                .bad(format!("“{name}” is no function that is carried out here; docs/decisions/0009-dmn-own-small-feel.md lists those that are"));
        }
        let known = self.names.listed();
        self.bad(format!(
            "“{word}” is not a name known here (known: {known}); write texts in quotation marks, and draw an information requirement to each input or decision used"
        ))
    }

    fn call(&mut self, function: &'static Function) -> Result<Expr, Bad> {
        self.expect("(")?;
        let given = self.arguments(function.parameters)?;
        if given.len() < function.least || given.len() > function.most {
            return self.bad(format!(
                "“{}” takes {} here, not {} arguments",
                function.name,
                function.takes(),
                given.len()
            ));
        }
        builtins::folded(function, given).or_else(|what| self.bad(what))
    }

    /// Arguments up to the closing parenthesis, by place or by name.
    fn arguments(&mut self, parameters: &[&str]) -> Result<Vec<Expr>, Bad> {
        if self.sign(")") {
            return Ok(Vec::new());
        }
        let mut given: Vec<(Option<usize>, Expr)> = Vec::new();
        loop {
            let name = self.argument_name(parameters);
            given.push((name, self.expression()?));
            if !self.sign(",") {
                break;
            }
        }
        self.expect(")")?;
        if given.iter().all(|(name, _)| name.is_none()) {
            return Ok(given.into_iter().map(|(_, value)| value).collect());
        }
        given.sort_by_key(|(name, _)| *name);
        let in_order = given.iter().enumerate().all(|(at, (name, _))| *name == Some(at));
        if !in_order {
            return self.bad(format!("name each argument once, and all of them: {}", parameters.join(", ")));
        }
        Ok(given.into_iter().map(|(_, value)| value).collect())
    }

    /// `name:` before an argument, read.
    fn argument_name(&mut self, parameters: &[&str]) -> Option<usize> {
        let rest = self.rest();
        let named = parameters.iter().enumerate().find_map(|(at, name)| {
            let length = length_at(name, rest)?;
            rest[length..].trim_start().starts_with(':').then_some((at, length))
        });
        let (at, length) = named?;
        self.at += length;
        self.sign(":").then_some(at)
    }

    fn bracketed(&mut self) -> Result<Expr, Bad> {
        self.expect("(")?;
        let inside = self.expression()?;
        if self.rest().starts_with("..") {
            return self.bad("a range may stand only in a test, after “in”, or in “for … in”");
        }
        self.expect(")")?;
        Ok(inside)
    }

    fn list(&mut self) -> Result<Expr, Bad> {
        self.expect("[")?;
        let mut items = Vec::new();
        if self.sign("]") {
            return Ok(Expr::List(items));
        }
        loop {
            items.push(self.expression()?);
            if !self.sign(",") {
                break;
            }
        }
        if self.rest().starts_with("..") {
            return self.bad("a range may stand only in a test, after “in”, or in “for … in”");
        }
        self.expect("]")?;
        Ok(Expr::List(items))
    }

    fn context(&mut self) -> Result<Expr, Bad> {
        self.expect("{")?;
        let mut entries: Vec<(String, Expr)> = Vec::new();
        let before = self.names.many();
        if self.sign("}") {
            return Ok(Expr::Context(entries));
        }
        loop {
            let key = self.key()?;
            self.expect(":")?;
            let value = self.expression()?;
            if entries.iter().any(|(known, _)| *known == key) {
                return self.bad(format!("the entry “{key}” is written twice"));
            }
            self.names.add(&key);
            self.names.add_entry(&key);
            entries.push((key, value));
            if !self.sign(",") {
                break;
            }
        }
        self.names.drop_to(before);
        self.expect("}")?;
        Ok(Expr::Context(entries))
    }

    fn key(&mut self) -> Result<String, Bad> {
        if self.rest().starts_with('"') {
            return self.text();
        }
        let rest = self.rest();
        let length = rest.find([':', ',', '{', '}', '"']).unwrap_or(rest.len());
        let key = normal(&rest[..length]);
        if !key.starts_with(is_start) || key.starts_with('?') {
            return self.bad(format!("“{key}” cannot name an entry; begin with a letter"));
        }
        self.at += length;
        Ok(key)
    }

    fn number(&mut self) -> Result<Value, Bad> {
        let rest = self.rest();
        let whole = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let mut length = whole;
        if let Some(after) = rest[whole..].strip_prefix('.') {
            let fraction = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
            if fraction > 0 {
                length += 1 + fraction;
            }
        }
        let written = &rest[..length];
        let read = Decimal::from_str_exact(written);
        let goes_on = rest[length..].starts_with(is_part);
        let Ok(number) = read.or_else(|_| Decimal::from_str_exact(&format!("0{written}"))) else {
            return self.bad(format!("“{written}” is no number of 28 digits or less"));
        };
        self.at += length;
        if goes_on {
            return self
                .bad("a letter follows a number; write texts in quotation marks and numbers without units");
        }
        Ok(Value::Number(number))
    }

    fn text(&mut self) -> Result<String, Bad> {
        let rest = self.rest();
        let mut text = String::new();
        let mut chars = rest.char_indices().skip(1);
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => {
                    self.at += at + 1;
                    return Ok(text);
                }
                '\\' => {
                    match chars.next().map(|(_, escaped)| escaped) {
                        Some('n') => text.push('\n'),
                        Some('t') => text.push('\t'),
                        Some('r') => text.push('\r'),
                        Some(same @ ('"' | '\\' | '\'')) => text.push(same),
                        Some(unicode @ ('u' | 'U')) => {
                            let digits = if unicode == 'u' { 4 } else { 6 };
                            let Some(read) = escaped(&rest[at + 2..], digits) else {
                                return self.bad(format!(
                                    "“\\{unicode}” must be followed by the {digits} digits of a character"
                                ));
                            };
                            text.push(read);
                            let taken = if digits == 4 && read >= '\u{10000}' { 10 } else { digits };
                            let _ = chars.by_ref().nth(taken - 1);
                        }
                        _ => return self.bad(
                            "after a backslash only n, t, r, u, a quotation mark or a backslash may follow",
                        ),
                    }
                }
                other => text.push(other),
            }
        }
        self.bad("the text is not closed; a quotation mark is missing")
    }

    /// `@"2026-01-01"`, `@"P1Y"`.
    fn at_literal(&mut self) -> Result<Expr, Bad> {
        self.expect("@")?;
        if !self.rest().starts_with('"') {
            return self.bad("after @ a text in quotation marks must follow, such as @\"2026-01-01\"");
        }
        let text = self.text()?;
        match temporal::date(&text).map(Value::Date).or_else(|| temporal::duration(&text)) {
            Some(value) => Ok(Expr::Literal(value)),
            None => self.bad(format!(
                "“{text}” is no date (2026-01-01) and no duration (P1Y6M, P10DT2H); times of day are not carried out here"
            )),
        }
    }
}

/// The character of an escape; two halves written as `\ud83d\udc0e` are one.
fn escaped(text: &str, digits: usize) -> Option<char> {
    let code = u32::from_str_radix(text.get(..digits)?, 16).ok()?;
    if !(0xd800..0xdc00).contains(&code) {
        return char::from_u32(code);
    }
    let low = text.get(4..)?.strip_prefix("\\u").or_else(|| text.get(4..)?.strip_prefix("\\U"))?;
    let low = u32::from_str_radix(low.get(..4)?, 16).ok()?.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
    char::from_u32(0x10000 + ((code - 0xd800) << 10) + low)
}
