//! A console for tests of the event loop: in-memory screen, injected input.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};

use ratatui::backend::TestBackend;
use ratatui::{Frame, Terminal};
use tokio::sync::watch;
use tokio::time::Instant;

use super::{Console, Input};
use crate::app::ForegroundRun;
use crate::ui::ScrollHint;

/// Input that wakes only the first poll since the last input, like the keyboard of a terminal.
#[derive(Clone, Default)]
pub(super) struct TestInput(Arc<Mutex<(VecDeque<Input>, Option<Waker>)>>);

impl TestInput {
    /// Sends an input to the console.
    pub(super) fn send(&self, input: Input) {
        let mut state = self.0.lock().unwrap();
        state.0.push_back(input);
        if let Some(waker) = state.1.take() {
            waker.wake();
        }
    }

    async fn next(&self) -> Input {
        poll_fn(|cx| {
            let mut state = self.0.lock().unwrap();
            if let Some(input) = state.0.pop_front() {
                return Poll::Ready(input);
            }
            state.1.get_or_insert_with(|| cx.waker().clone());
            Poll::Pending
        })
        .await
    }
}

/// A console with 80 columns and 24 lines.
pub(super) struct TestConsole {
    pub(super) input: TestInput,
    /// Whether the terminal takes no output.
    pub(super) has_backlog: Arc<AtomicBool>,
    /// What was copied to the terminal.
    pub(super) copied: Vec<String>,
    /// When frames were drawn.
    pub(super) frames: Vec<Instant>,
    /// The text on the screen.
    screen: watch::Sender<String>,
    terminal: Terminal<TestBackend>,
}

impl TestConsole {
    pub(super) fn new() -> Self {
        Self {
            input: TestInput::default(),
            has_backlog: Arc::default(),
            copied: Vec::new(),
            frames: Vec::new(),
            screen: watch::Sender::default(),
            terminal: Terminal::new(TestBackend::new(80, 24)).unwrap(),
        }
    }

    pub(super) fn screen(&self) -> watch::Receiver<String> {
        self.screen.subscribe()
    }
}

impl Console for TestConsole {
    fn draw(&mut self, paint: impl FnOnce(&mut Frame<'_>) -> Vec<ScrollHint>) -> io::Result<()> {
        self.frames.push(Instant::now());
        self.terminal.draw(|frame| drop(paint(frame))).map_err(io::Error::other)?;
        self.screen.send_replace(self.terminal.backend().to_string());
        Ok(())
    }

    fn has_backlog(&self) -> bool {
        self.has_backlog.load(Ordering::SeqCst)
    }

    async fn next(&mut self) -> Input {
        self.input.next().await
    }

    fn suspend(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn run_in_foreground(&mut self, _run: &ForegroundRun) -> io::Result<()> {
        Ok(())
    }

    fn use_mouse(&mut self, _used: bool) -> io::Result<()> {
        Ok(())
    }

    fn repaint(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn copy(&mut self, text: &str) -> io::Result<()> {
        self.copied.push(text.to_owned());
        Ok(())
    }
}
