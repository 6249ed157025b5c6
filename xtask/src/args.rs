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
    fn an_unknown_word_is_refused_by_name() {
        let mut args = args("--quick --quik");
        assert!(args.flag("--quick"));
        assert_eq!(args.finish(), Err("not understood: --quik".to_owned()));
    }
}
