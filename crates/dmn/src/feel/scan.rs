//! A text and how far it has been read.

use super::names::{Names, is_part};
use crate::limits::{EXPRESSION_BYTES, EXPRESSION_DEPTH};

/// What is wrong with an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bad {
    /// The byte where it was noticed.
    pub(crate) at: usize,
    /// What is wrong and what to write instead.
    pub(crate) what: String,
}

/// A reader of one expression.
pub(crate) struct Scan<'t> {
    pub(super) text: &'t str,
    pub(super) at: usize,
    pub(super) names: Names,
    /// `?` may be used.
    pub(super) input: bool,
    /// `?` was used since this was last cleared.
    pub(super) input_used: bool,
    /// Filters around this place, in which entries of the item are names too.
    pub(super) filters: usize,
    /// A `[` here ends a range and begins no filter.
    pub(super) range_end: bool,
    depth: usize,
}

impl<'t> Scan<'t> {
    pub(crate) fn new(text: &'t str, names: &Names) -> Result<Self, Bad> {
        if text.len() > EXPRESSION_BYTES {
            let what =
                format!("this expression is longer than {EXPRESSION_BYTES} bytes; split it into decisions");
            return Err(Bad { at: 0, what });
        }
        Ok(Self {
            text,
            at: 0,
            names: names.clone(),
            input: false,
            input_used: false,
            filters: 0,
            range_end: false,
            depth: 0,
        })
    }

    pub(super) fn bad<T>(&self, what: impl Into<String>) -> Result<T, Bad> {
        Err(Bad { at: self.at.min(self.text.len()), what: what.into() })
    }

    /// The text from here, after white space and comments.
    pub(super) fn rest(&mut self) -> &'t str {
        loop {
            let rest = &self.text[self.at..];
            let trimmed = rest.trim_start();
            let comment = if let Some(line) = trimmed.strip_prefix("//") {
                2 + line.find('\n').unwrap_or(line.len())
            } else if let Some(block) = trimmed.strip_prefix("/*") {
                block.find("*/").map_or(trimmed.len(), |end| end + 4)
            } else {
                0
            };
            self.at += rest.len() - trimmed.len() + comment;
            if comment == 0 {
                return trimmed;
            }
        }
    }

    pub(super) fn done(&mut self) -> bool {
        self.rest().is_empty()
    }

    /// Reads this sign if it stands here.
    pub(super) fn sign(&mut self, sign: &str) -> bool {
        let here = self.rest().starts_with(sign);
        if here {
            self.at += sign.len();
        }
        here
    }

    pub(super) fn expect(&mut self, sign: &str) -> Result<(), Bad> {
        if self.sign(sign) {
            return Ok(());
        }
        let found = self.shown();
        self.bad(format!("“{sign}” is missing before {found}"))
    }

    /// Whether this word stands here.
    pub(super) fn at_word(&mut self, word: &str) -> bool {
        self.rest().strip_prefix(word).is_some_and(|after| !after.chars().next().is_some_and(is_part))
    }

    /// Reads this word if it stands here.
    pub(super) fn word(&mut self, word: &str) -> bool {
        let here = self.at_word(word);
        if here {
            self.at += word.len();
        }
        here
    }

    pub(super) fn expect_word(&mut self, word: &str) -> Result<(), Bad> {
        if self.word(word) {
            return Ok(());
        }
        let found = self.shown();
        self.bad(format!("the word “{word}” is missing before {found}"))
    }

    /// What stands here, for messages.
    pub(super) fn shown(&mut self) -> String {
        let rest = self.rest();
        if rest.is_empty() {
            return "the end".to_owned();
        }
        let word: String = rest.chars().take(20).collect();
        format!("“{word}”")
    }

    /// Goes one bracket deeper for as long as `inside` reads.
    pub(super) fn deeper<T>(&mut self, inside: impl FnOnce(&mut Self) -> Result<T, Bad>) -> Result<T, Bad> {
        if self.depth >= EXPRESSION_DEPTH {
            return self.bad(format!(
                "more than {EXPRESSION_DEPTH} brackets or conditions stand inside one another; split the expression"
            ));
        }
        self.depth += 1;
        let read = inside(self);
        self.depth -= 1;
        read
    }
}
