//! A console without a terminal that changes its size, checks each frame, and tells which inputs a frame has taken in.

use std::fs;
use std::io;
use std::path::Path;

use ratatui::backend::TestBackend;
use ratatui::{Frame, Terminal};
use taskdeck::app::{ForegroundRun, ProgramEnd, Purpose};
use taskdeck::runtime::{Console, Input};
use taskdeck::ui::ScrollHint;
use tokio::sync::{mpsc, watch};

use crate::screen;

/// What comes from the monkey.
pub(crate) enum Sent {
    Input(Input),
    Size(u16, u16),
}

/// A frame.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seen {
    pub(crate) text: String,
    /// How many inputs it has taken in.
    pub(crate) inputs: u64,
    /// How many frames there were before.
    pub(crate) frames: u64,
}

pub(crate) struct MonkeyConsole {
    terminal: Terminal<TestBackend>,
    inputs: mpsc::UnboundedReceiver<Sent>,
    seen: watch::Sender<Seen>,
    taken: u64,
    /// How many programs were run.
    runs: u64,
    /// How the program in the foreground ended.
    ended: Option<ProgramEnd>,
}

impl MonkeyConsole {
    pub(crate) fn new(
        inputs: mpsc::UnboundedReceiver<Sent>,
        seen: watch::Sender<Seen>,
        size: (u16, u16),
    ) -> Self {
        let terminal = Terminal::new(TestBackend::new(size.0, size.1)).unwrap();
        Self { terminal, inputs, seen, taken: 0, runs: 0, ended: None }
    }
}

impl Console for MonkeyConsole {
    fn draw(&mut self, paint: impl FnOnce(&mut Frame<'_>) -> Vec<ScrollHint>) -> io::Result<()> {
        let frame = self.terminal.draw(|frame| drop(paint(frame))).map_err(io::Error::other)?;
        screen::check(frame.buffer);
        let text = screen::text(frame.buffer);
        self.seen.send_modify(|seen| *seen = Seen { text, inputs: self.taken, frames: seen.frames + 1 });
        Ok(())
    }

    async fn next(&mut self) -> Input {
        if let Some(end) = self.ended.take() {
            return Input::ProgramEnded(end);
        }
        match self.inputs.recv().await {
            Some(Sent::Input(input)) => {
                self.taken += 1;
                input
            }
            Some(Sent::Size(width, height)) => {
                self.taken += 1;
                self.terminal.backend_mut().resize(width, height);
                Input::Resized
            }
            None => Input::Ended,
        }
    }

    fn suspend(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// Edits every second text, so that one with faults is given up in the end. Runs nothing else.
    fn run_in_foreground(&mut self, run: &ForegroundRun) -> io::Result<()> {
        self.runs += 1;
        if run.purpose == Purpose::EditTask && self.runs.is_multiple_of(2) {
            let file = Path::new(run.program.arguments.last().unwrap());
            let text = fs::read_to_string(file)?;
            fs::write(file, text.replacen("hello", "hallo", 1) + "\n")?;
        }
        self.ended = Some(ProgramEnd::Exited(i32::from(self.runs.is_multiple_of(5))));
        Ok(())
    }

    fn use_mouse(&mut self, _used: bool) -> io::Result<()> {
        Ok(())
    }

    fn repaint(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn copy(&mut self, _text: &str) -> io::Result<()> {
        Ok(())
    }
}
