//! Copies what the operator chose: makes its text, sends it to the terminal, and hands it to the desktop's clipboard where
//! there is one.

use tokio::sync::mpsc::Sender;
use tokio::task::JoinSet;

use super::clipboard::{self, ClipboardProgram, MAX_TERMINAL_TEXT};
use super::view_file::row_text;
use super::{Console, Dashboard};
use crate::app::{CopyContent, CopyReport, Msg, TerminalCopy, ToCopy};
use crate::bbs::json::{Secrets, task_line};
use crate::present::json::escape_for_terminal;

/// The copies that a program has not taken yet.
pub(super) struct Copies {
    in_flight: JoinSet<()>,
    sender: Sender<Msg>,
}

impl Copies {
    /// Returns an empty set whose answers go to `sender`.
    pub(super) fn new(sender: Sender<Msg>) -> Self {
        Self { in_flight: JoinSet::new(), sender }
    }

    /// Hands the text to the first of the programs that is installed, and reports then.
    fn start(&mut self, programs: Vec<ClipboardProgram>, text: String, mut report: CopyReport) {
        while self.in_flight.try_join_next().is_some() {}
        // The later of two copies must stay on the clipboard.
        self.in_flight.abort_all();
        let sender = self.sender.clone();
        self.in_flight.spawn(async move {
            report.program = clipboard::hand_over(&programs, &text).await;
            // The event loop may have ended.
            let _ = sender.send(Msg::Copied(report)).await;
        });
    }
}

impl<C: Console> Dashboard<'_, C> {
    /// Copies to the terminal, and starts the copy to the desktop's clipboard. Returns the report if it is complete.
    pub(super) fn copy(&mut self, copy: ToCopy) -> Option<Msg> {
        let ToCopy { what, content } = copy;
        let text = self.text_of(content);
        let report = CopyReport { what, terminal: self.copy_to_terminal(&text), program: None };
        let programs = self.console.clipboard_programs();
        if programs.is_empty() {
            return Some(Msg::Copied(report));
        }
        self.copies.start(programs, text, report);
        None
    }

    fn text_of(&self, content: CopyContent) -> String {
        match content {
            CopyContent::Text(text) => text,
            CopyContent::Json(task) => {
                // It is pasted into terminals.
                let line = task_line(&task, Secrets::Masked);
                String::from_utf8_lossy(&escape_for_terminal(&line)).trim_end().to_owned()
            }
            CopyContent::Row(entry) => {
                let now = self.app.server_now(self.clock.now());
                row_text(&self.app, &entry, now)
            }
        }
    }

    fn copy_to_terminal(&mut self, text: &str) -> TerminalCopy {
        if text.len() > MAX_TERMINAL_TEXT {
            return TerminalCopy::TooLarge { size: text.len(), limit: MAX_TERMINAL_TEXT };
        }
        match self.console.copy(text) {
            Ok(()) => TerminalCopy::Sent,
            Err(error) => TerminalCopy::Failed(error.to_string()),
        }
    }
}
