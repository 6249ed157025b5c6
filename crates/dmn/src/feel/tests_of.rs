//! Reads unary tests: the content of an input cell, and what stands after `in`.

use super::ast::{Expr, Test, Tests};
use super::names::Names;
use super::scan::{Bad, Scan};

/// Reads a whole cell. Nothing, or `-`, fits everything.
pub(crate) fn parse_tests(text: &str, names: &Names) -> Result<Tests, Bad> {
    let mut scan = Scan::new(text, names)?;
    scan.input = true;
    if scan.done() || scan.rest().trim_end() == "-" {
        return Ok(Tests::default());
    }
    let before = scan.at;
    if scan.word("not") && scan.sign("(") {
        let any = scan.deeper(Scan::test_list)?;
        scan.expect(")")?;
        if scan.done() {
            return Ok(Tests { negated: true, any });
        }
        // `not(a) and b`: a condition that merely begins with not.
        scan.at = before;
    }
    scan.at = before;
    let any = scan.test_list()?;
    scan.end()?;
    Ok(Tests { negated: false, any })
}

impl Scan<'_> {
    fn test_list(&mut self) -> Result<Vec<Test>, Bad> {
        let mut any = vec![self.test()?];
        while self.sign(",") {
            any.push(self.test()?);
        }
        Ok(any)
    }

    /// One test of a cell.
    fn test(&mut self) -> Result<Test, Bad> {
        let outer = std::mem::take(&mut self.input_used);
        let test = self.bare_test(Self::expression);
        self.input_used |= outer;
        test
    }

    /// What may follow `in`: a test, or several in parentheses.
    pub(super) fn tests_after_in(&mut self) -> Result<Tests, Bad> {
        if !range_ahead(self.rest()) && self.sign("(") {
            let any = self.deeper(Self::value_test_list)?;
            self.expect(")")?;
            return Ok(Tests { negated: false, any });
        }
        let one = self.bare_test(Self::arithmetic)?;
        let one = if let Test::Condition(value) = one { Test::Value(value) } else { one };
        Ok(Tests { negated: false, any: vec![one] })
    }

    /// Tests after `in (`, each of which compares the value before `in`.
    fn value_test_list(&mut self) -> Result<Vec<Test>, Bad> {
        let mut any = Vec::new();
        loop {
            let one = self.bare_test(Self::expression)?;
            any.push(if let Test::Condition(value) = one { Test::Value(value) } else { one });
            if !self.sign(",") {
                return Ok(any);
            }
        }
    }

    fn bare_test(&mut self, value: fn(&mut Self) -> Result<Expr, Bad>) -> Result<Test, Bad> {
        if let Some(compare) = self.comparison_sign() {
            return Ok(Test::Compare(compare, self.arithmetic()?));
        }
        let opens = ["[", "(", "]"].into_iter().find(|sign| self.rest().starts_with(sign));
        if let Some(sign) = opens
            && let Some(range) = self.range(sign)?
        {
            return Ok(range);
        }
        let read = value(self)?;
        Ok(if self.input_used { Test::Condition(read) } else { Test::Value(read) })
    }

    /// A range, if what begins here is one; nothing is read otherwise. Looking ahead reads one bound, whose own
    /// brackets never open a range, so it cannot grow with the depth.
    fn range(&mut self, sign: &str) -> Result<Option<Test>, Bad> {
        let start = self.at;
        if !range_ahead(self.rest()) {
            if sign == "]" {
                return self.bad("a range that begins with “]” is written ]a..b], with two dots");
            }
            return Ok(None);
        }
        self.expect(sign)?;
        let low = self.deeper(Self::arithmetic)?;
        if !self.sign("..") {
            self.at = start;
            return self.bad("this bracket holds “..” but is no range; write [low..high]");
        }
        self.range_end = true;
        let high = self.deeper(Self::arithmetic);
        self.range_end = false;
        let high = high?;
        let high_included = if self.sign("]") {
            true
        } else if self.sign(")") || self.sign("[") {
            false
        } else {
            let found = self.shown();
            return self.bad(format!("the range is not closed before {found}; write ], ) or ["));
        };
        Ok(Some(Test::Range { low, low_included: sign == "[", high, high_included }))
    }
}

/// Whether `..` stands in the bracket that opens here, before a comma and outside of inner brackets and texts.
fn range_ahead(text: &str) -> bool {
    let mut depth = 0_usize;
    let mut quoted = false;
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        let escaped = before == '\\';
        before = if escaped { ' ' } else { c };
        if quoted {
            quoted = c != '"' || escaped;
            continue;
        }
        match c {
            '"' => quoted = true,
            '(' | '[' | '{' => depth += 1,
            ']' if at == 0 => depth += 1,
            ')' | ']' | '}' if depth <= 1 => return false,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 1 => return false,
            '.' if depth == 1 && text[at..].starts_with("..") => return true,
            _ => {}
        }
    }
    false
}
