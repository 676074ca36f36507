//! The report of a copy: where it went, and the notice about it.

use crate::app::{App, Severity};
use crate::clock::Now;
use crate::present::format;

/// The answer to a copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyReport {
    /// What was to be copied.
    pub what: String,
    /// What the terminal got.
    pub terminal: TerminalCopy,
    /// What the desktop's clipboard got; none without a desktop.
    pub program: Option<ProgramCopy>,
}

/// What was sent to the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TerminalCopy {
    /// The text. A terminal does not answer, so nobody knows whether it took it.
    Sent,
    /// Nothing: terminals drop a sequence that is too long. Sizes in bytes.
    TooLarge {
        /// The size of the text.
        size: usize,
        /// The most that is sent.
        limit: usize,
    },
    /// Nothing: the terminal cannot be written to.
    Failed(String),
}

/// What was given to the desktop's clipboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgramCopy {
    /// The program that was run: `wl-copy`, `xclip`…
    pub name: &'static str,
    /// Whether it took the text, or why not.
    pub result: Result<(), String>,
}

impl App {
    /// Says what was copied, and which way.
    pub(in crate::app) fn copied(&mut self, report: &CopyReport, now: Now) {
        let (severity, text) = report.notice();
        self.notices.say(severity, text, now);
    }
}

impl CopyReport {
    fn notice(&self) -> (Severity, String) {
        let Self { what, terminal, program } = self;
        let taken = program.as_ref().filter(|program| program.result.is_ok()).map(|program| program.name);
        let (sent, trouble) = match terminal {
            TerminalCopy::Sent => (Some("OSC 52"), None),
            TerminalCopy::TooLarge { size, limit } => {
                (None, Some(format!("{} is more than the {} that OSC 52 takes", bytes(*size), bytes(*limit))))
            }
            TerminalCopy::Failed(error) => (None, Some(format!("the terminal failed: {error}"))),
        };
        let failed = program.as_ref().and_then(|program| {
            program.result.as_ref().err().map(|error| format!("{} failed: {error}", program.name))
        });
        let troubles: Vec<_> = trouble.into_iter().chain(failed).collect();
        match (sent.into_iter().chain(taken).collect::<Vec<_>>(), troubles.join("; ")) {
            (ways, troubles) if ways.is_empty() => {
                let text = format!("Could not copy {what}: {troubles}. Save it to a file with :save.");
                (Severity::Bad, text)
            }
            (ways, troubles) if troubles.is_empty() => {
                (Severity::Info, format!("Copied {what} ({}).", ways.join(" and ")))
            }
            (ways, troubles) => {
                (Severity::Warn, format!("Copied {what} ({}; {troubles}).", ways.join(" and ")))
            }
        }
    }
}

fn bytes(size: usize) -> String {
    format::bytes(u64::try_from(size).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_notice_names_every_way_and_every_trouble() {
        let program = |result: Result<(), &str>| {
            Some(ProgramCopy { name: "wl-copy", result: result.map_err(str::to_owned) })
        };
        let too_large = || TerminalCopy::TooLarge { size: 120_000, limit: 74_991 };
        let cases = [
            (TerminalCopy::Sent, None, Severity::Info, "Copied it (OSC 52)."),
            (TerminalCopy::Sent, program(Ok(())), Severity::Info, "Copied it (OSC 52 and wl-copy)."),
            (
                TerminalCopy::Sent,
                program(Err("no display")),
                Severity::Warn,
                "Copied it (OSC 52; wl-copy failed: no display).",
            ),
            (
                too_large(),
                program(Ok(())),
                Severity::Warn,
                "Copied it (wl-copy; 120 kB is more than the 75 kB that OSC 52 takes).",
            ),
            (
                too_large(),
                None,
                Severity::Bad,
                "Could not copy it: 120 kB is more than the 75 kB that OSC 52 takes. Save it to a file with :save.",
            ),
            (
                TerminalCopy::Failed("broken pipe".into()),
                program(Err("no display")),
                Severity::Bad,
                "Could not copy it: the terminal failed: broken pipe; wl-copy failed: no display. \
                 Save it to a file with :save.",
            ),
        ];
        for (terminal, program, severity, text) in cases {
            let report = CopyReport { what: "it".to_owned(), terminal, program };
            assert_eq!(report.notice(), (severity, text.to_owned()));
        }
    }
}
