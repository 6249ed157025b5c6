//! Reads expressions: conditions, loops, logic, comparisons, arithmetic. What is smaller is in `primary.rs`.

use super::ast::{Arith, Compare, Expr, Source};
use super::names::{Names, is_part, is_start, normal};
use super::scan::{Bad, Scan};

/// Reads a whole text as one expression.
pub(crate) fn parse_expression(text: &str, names: &Names) -> Result<Expr, Bad> {
    let mut scan = Scan::new(text, names)?;
    if scan.done() {
        return scan.bad("the expression is empty; write a value");
    }
    let expression = scan.expression()?;
    scan.end()?;
    Ok(expression)
}

pub(crate) use super::tests_of::parse_tests;

/// Comparison signs, longer ones first.
const SIGNS: [(&str, Compare); 6] = [
    ("<=", Compare::AtMost),
    (">=", Compare::AtLeast),
    ("!=", Compare::Unequal),
    ("<", Compare::Less),
    (">", Compare::Greater),
    ("=", Compare::Equal),
];

impl Scan<'_> {
    pub(super) fn end(&mut self) -> Result<(), Bad> {
        if self.done() {
            return Ok(());
        }
        if self.at_word("instance") {
            return self.bad("“instance of” is not carried out here; give the input a type instead");
        }
        if self.rest().starts_with("..") {
            return self.bad("a range may stand only in a test, after “in”, or in “for … in”");
        }
        let found = self.shown();
        self.bad(format!("nothing more was expected here, but there is {found}"))
    }

    pub(super) fn expression(&mut self) -> Result<Expr, Bad> {
        let range_end = std::mem::take(&mut self.range_end);
        let read = self.deeper(|scan| {
            if scan.names_first() {
                return scan.disjunction();
            }
            if scan.word("if") {
                return scan.condition();
            }
            if scan.word("for") {
                return scan.for_loop();
            }
            if scan.word("some") {
                return scan.quantified(true);
            }
            if scan.word("every") {
                return scan.quantified(false);
            }
            scan.disjunction()
        });
        self.range_end = range_end;
        read
    }

    /// Whether a name in scope stands here, which goes before a word of the language.
    fn names_first(&mut self) -> bool {
        let rest = self.rest();
        self.names.value_at(rest).is_some()
    }

    fn condition(&mut self) -> Result<Expr, Bad> {
        let test = self.expression()?;
        self.expect_word("then")?;
        let yes = self.expression()?;
        self.expect_word("else")?;
        let no = self.expression()?;
        Ok(Expr::If(Box::new(test), Box::new(yes), Box::new(no)))
    }

    fn for_loop(&mut self) -> Result<Expr, Bad> {
        let before = self.names.many();
        let sources = self.sources("return")?;
        let body = self.expression();
        self.names.drop_to(before);
        Ok(Expr::For(sources, Box::new(body?)))
    }

    fn quantified(&mut self, some: bool) -> Result<Expr, Bad> {
        let before = self.names.many();
        let sources = self.sources("satisfies")?;
        let test = self.expression();
        self.names.drop_to(before);
        Ok(Expr::Quantified(some, sources, Box::new(test?)))
    }

    /// `x in list, y in 1..3`, up to the word that ends it. The names stay in scope.
    fn sources(&mut self, until: &str) -> Result<Vec<(String, Source)>, Bad> {
        let mut sources = Vec::new();
        loop {
            let name = self.new_name("in")?;
            self.expect_word("in")?;
            let first = self.expression()?;
            let source =
                if self.sign("..") { Source::Range(first, self.expression()?) } else { Source::List(first) };
            self.names.add(&name);
            sources.push((name, source));
            if !self.sign(",") {
                break;
            }
        }
        self.expect_word(until)?;
        Ok(sources)
    }

    /// A name that is given here: words up to the word `before`.
    fn new_name(&mut self, before: &str) -> Result<String, Bad> {
        let mut words: Vec<&str> = Vec::new();
        while words.is_empty() || !self.at_word(before) {
            let rest = self.rest();
            if !rest.starts_with(if words.is_empty() { is_start } else { is_part }) || rest.starts_with('?') {
                let found = self.shown();
                return self.bad(format!("a name is missing before {found}"));
            }
            let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
            words.push(&rest[..length]);
            self.at += length;
        }
        Ok(normal(&words.join(" ")))
    }

    pub(super) fn disjunction(&mut self) -> Result<Expr, Bad> {
        let mut all = vec![self.conjunction()?];
        while self.word("or") {
            all.push(self.conjunction()?);
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Expr::Or(all) })
    }

    fn conjunction(&mut self) -> Result<Expr, Bad> {
        let mut all = vec![self.comparison()?];
        while self.word("and") {
            all.push(self.comparison()?);
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Expr::And(all) })
    }

    /// A comparison sign, read.
    pub(super) fn comparison_sign(&mut self) -> Option<Compare> {
        let found = SIGNS.iter().find(|(sign, _)| self.sign(sign));
        found.map(|(_, compare)| *compare)
    }

    fn comparison(&mut self) -> Result<Expr, Bad> {
        let left = self.arithmetic()?;
        if let Some(compare) = self.comparison_sign() {
            let right = self.arithmetic()?;
            if self.comparison_sign().is_some() {
                return self.bad("two comparisons in a row; join them with “and”");
            }
            return Ok(Expr::Compare(compare, Box::new(left), Box::new(right)));
        }
        if self.word("between") {
            let low = self.arithmetic()?;
            self.expect_word("and")?;
            let high = self.arithmetic()?;
            return Ok(Expr::Between(Box::new(left), Box::new(low), Box::new(high)));
        }
        if self.word("in") {
            let tests = self.tests_after_in()?;
            return Ok(Expr::In(Box::new(left), tests));
        }
        Ok(left)
    }

    /// Sums and differences, and all that binds closer.
    pub(super) fn arithmetic(&mut self) -> Result<Expr, Bad> {
        self.chain(&[("+", Arith::Add), ("-", Arith::Subtract)], Self::product)
    }

    fn product(&mut self) -> Result<Expr, Bad> {
        self.chain(&[("*", Arith::Multiply), ("/", Arith::Divide)], Self::power)
    }

    fn power(&mut self) -> Result<Expr, Bad> {
        self.chain(&[("**", Arith::Power)], Self::negation)
    }

    fn chain(
        &mut self,
        signs: &[(&str, Arith)],
        part: fn(&mut Self) -> Result<Expr, Bad>,
    ) -> Result<Expr, Bad> {
        let first = part(self)?;
        let mut more = Vec::new();
        while let Some((_, arith)) = signs.iter().find(|(sign, _)| self.arithmetic_sign(sign)) {
            more.push((*arith, part(self)?));
        }
        Ok(if more.is_empty() { first } else { Expr::Chain(Box::new(first), more) })
    }

    /// Reads the sign, but not the first half of `**`.
    fn arithmetic_sign(&mut self, sign: &str) -> bool {
        let rest = self.rest();
        !(sign == "*" && rest.starts_with("**")) && self.sign(sign)
    }

    fn negation(&mut self) -> Result<Expr, Bad> {
        if self.sign("-") {
            let inner = self.deeper(Self::negation)?;
            return Ok(Expr::Negate(Box::new(inner)));
        }
        self.path()
    }
}
