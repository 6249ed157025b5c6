//! Flags of a chore. A word that nobody asked for is an error, never ignored.

/// The words after the chore's name, taken one by one.
pub(crate) struct Args {
    rest: Vec<String>,
}

impl Args {
    pub(crate) fn new(words: &[String]) -> Self {
        Self { rest: words.to_vec() }
    }

    /// Whether `--name` is there.
    pub(crate) fn flag(&mut self, name: &str) -> bool {
        let before = self.rest.len();
        self.rest.retain(|word| word != name);
        self.rest.len() < before
    }

    /// The word after `--name`, if that is there.
    pub(crate) fn value(&mut self, name: &str) -> Result<Option<String>, String> {
        let Some(at) = self.rest.iter().position(|word| word == name) else { return Ok(None) };
        if at + 1 == self.rest.len() {
            return Err(format!("{name} needs a value"));
        }
        let value = self.rest.remove(at + 1);
        self.rest.remove(at);
        Ok(Some(value))
    }

    /// Says which words are left over, if any.
    pub(crate) fn finish(self) -> Result<(), String> {
        if self.rest.is_empty() { Ok(()) } else { Err(format!("not understood: {}", self.rest.join(" "))) }
    }
}

#[cfg(test)]
mod tests {
    use super::Args;

    fn args(line: &str) -> Args {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        Args::new(&words)
    }

    #[test]
    fn a_flag_is_taken_once_and_nothing_is_left() {
        let mut args = args("--quick");
        assert!(args.flag("--quick"));
        assert!(!args.flag("--quick"));
        assert_eq!(args.finish(), Ok(()));
    }

    #[test]
    fn a_value_is_the_word_after_its_name() {
        let mut args = args("--cycles 3 --quick");
        assert_eq!(args.value("--cycles"), Ok(Some("3".to_owned())));
        assert_eq!(args.value("--seed"), Ok(None));
        assert!(args.value("--quick").is_err());
    }

    #[test]
    fn an_unknown_word_is_refused_by_name() {
        let mut args = args("--quick --quik");
        assert!(args.flag("--quick"));
        assert_eq!(args.finish(), Err("not understood: --quik".to_owned()));
    }
}
