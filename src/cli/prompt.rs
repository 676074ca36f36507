//! Asks questions on the terminal, one line each. Not for questions before a write to a BBS: those have their own rules.

use std::io::{self, BufRead, IsTerminal as _, Write};

use crate::present::sanitise;

/// Where questions are asked and answered.
pub(super) struct Prompt<R, W> {
    answers: R,
    questions: W,
}

impl Prompt<io::StdinLock<'static>, io::Stderr> {
    /// Returns the terminal, or `None` if nobody is there to answer.
    pub(super) fn terminal() -> Option<Self> {
        let is_there = io::stdin().is_terminal() && io::stderr().is_terminal();
        is_there.then(|| Self { answers: io::stdin().lock(), questions: io::stderr() })
    }
}

impl<R: BufRead, W: Write> Prompt<R, W> {
    #[cfg(test)]
    pub(super) fn new(answers: R, questions: W) -> Self {
        Self { answers, questions }
    }

    /// Asks a question until `accept` takes the answer, and returns what it makes of it. An empty answer stands for the default.
    /// `None` if the input ends.
    pub(super) fn ask<T>(
        &mut self,
        question: &str,
        default: &str,
        accept: impl Fn(&str) -> Result<T, String>,
    ) -> io::Result<Option<T>> {
        loop {
            let shown =
                if default.is_empty() { String::new() } else { format!(" [{}]", sanitise::clean(default)) };
            write!(self.questions, "{question}{shown}: ")?;
            self.questions.flush()?;
            let mut answer = String::new();
            if self.answers.read_line(&mut answer)? == 0 {
                writeln!(self.questions)?;
                return Ok(None);
            }
            let answer = match answer.trim() {
                "" => default,
                answer => answer,
            };
            match accept(answer) {
                Ok(accepted) => return Ok(Some(accepted)),
                Err(why) => writeln!(self.questions, "  {}", sanitise::clean(&why))?,
            }
        }
    }

    /// Prints a line.
    pub(super) fn say(&mut self, line: &str) -> io::Result<()> {
        writeln!(self.questions, "{}", sanitise::clean(line))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asks_until_an_answer_is_accepted() {
        let mut said = Vec::new();
        let mut prompt = Prompt::new("x\n\n7\n".as_bytes(), &mut said);
        let number = |text: &str| text.parse::<u32>().map_err(|_| "Type a number".to_owned());
        assert_eq!(prompt.ask("Number", "", number).unwrap(), Some(7));
        assert_eq!(prompt.ask("Number", "3", number).unwrap(), None, "the input has ended");
        let said = String::from_utf8(said).unwrap();
        assert_eq!(said, "Number:   Type a number\nNumber:   Type a number\nNumber: Number [3]: \n");
    }

    #[test]
    fn an_empty_answer_is_the_default() {
        let mut prompt = Prompt::new("\n".as_bytes(), Vec::new());
        assert_eq!(prompt.ask("Name", "a", |text| Ok(text.to_owned())).unwrap().as_deref(), Some("a"));
    }
}
