//! The output of a program in the pane: the last lines of it, how far it is scrolled, and how the program ended. Pure.
//!
//! Control sequences are removed. The rest is still untrusted text, which `ui` sanitises.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::time::Duration;

use anstream::adapter::StripBytes;

use super::OwnRun;
use crate::app::program::ProgramEnd;
use crate::clock::Now;

/// The most lines that are kept, and the most bytes in them.
const MAX_LINES: usize = 10_000;
const MAX_BYTES: usize = 1024 * 1024;
/// The longest line, in bytes. The rest of a longer one is dropped.
const MAX_LINE_LENGTH: usize = 8 * 1024;
/// The distance between tab stops, in characters.
const TAB_WIDTH: usize = 8;

/// Identifies a run of a program. No two have the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct RunId(u64);

impl RunId {
    pub(super) const fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// The output of a program.
#[derive(Debug)]
pub struct Output {
    /// What is run.
    pub run: OwnRun,
    id: RunId,
    started_at: Duration,
    ended: Option<(ProgramEnd, Duration)>,
    /// The lines that are kept.
    lines: VecDeque<String>,
    /// The bytes in them.
    bytes: usize,
    /// How many lines were dropped.
    dropped: usize,
    line: UnfinishedLine,
    strip: StripBytes,
    /// How many lines there were when the operator scrolled back: the last one in view. `None` follows the end.
    scrolled_to: Option<usize>,
}

/// The line that is being written.
#[derive(Debug, Default)]
struct UnfinishedLine {
    bytes: Vec<u8>,
    /// Whether a carriage return was the last byte: what follows it overwrites the line, unless it ends the line.
    returned: bool,
    is_cut: bool,
}

impl Output {
    pub(super) fn new(id: RunId, run: OwnRun, now: Now) -> Self {
        Self {
            run,
            id,
            started_at: now.mono,
            ended: None,
            lines: VecDeque::new(),
            bytes: 0,
            dropped: 0,
            line: UnfinishedLine::default(),
            strip: StripBytes::new(),
            scrolled_to: None,
        }
    }

    pub(super) const fn id(&self) -> RunId {
        self.id
    }

    /// Returns whether the program runs.
    pub const fn is_running(&self) -> bool {
        self.ended.is_none()
    }

    /// Returns how the program ended.
    pub fn end(&self) -> Option<&ProgramEnd> {
        self.ended.as_ref().map(|(end, _)| end)
    }

    /// Returns how long the program has run, or ran.
    pub fn duration(&self, now: Now) -> Duration {
        self.ended.as_ref().map_or(now.mono, |(_, at)| *at).saturating_sub(self.started_at)
    }

    /// Returns how many lines were dropped because there were too many.
    pub const fn dropped(&self) -> usize {
        self.dropped
    }

    /// Takes bytes that the program wrote.
    pub(super) fn feed(&mut self, bytes: &[u8]) {
        let (line, strip) = (&mut self.line, &mut self.strip);
        let mut finished = Vec::new();
        for piece in strip.strip_next(bytes) {
            for byte in piece {
                finished.extend(line.push(*byte));
            }
        }
        for line in finished {
            self.push(line);
        }
    }

    /// Records that the program has ended, and its output with it.
    pub(in crate::app) fn ended(&mut self, end: ProgramEnd, now: Now) {
        if let Some(line) = self.line.finish() {
            self.push(line);
        }
        self.ended = Some((end, now.mono));
    }

    fn push(&mut self, line: String) {
        self.bytes += line.len();
        self.lines.push_back(line);
        while self.lines.len() > MAX_LINES || self.bytes > MAX_BYTES {
            let Some(oldest) = self.lines.pop_front() else { break };
            self.bytes -= oldest.len();
            self.dropped += 1;
        }
    }

    /// Returns the lines, oldest first: those that are kept, and the one that is being written.
    pub fn lines(&self) -> impl DoubleEndedIterator<Item = Cow<'_, str>> {
        self.lines.iter().map(|line| Cow::Borrowed(line.as_str())).chain(self.line.text())
    }

    /// Returns how many lines there were, dropped or not.
    fn total(&self) -> usize {
        self.dropped + self.lines.len() + usize::from(self.line.is_begun())
    }

    /// Returns how many lines are below the last one in view.
    pub fn below(&self) -> usize {
        self.scrolled_to.map_or(0, |line| self.total().saturating_sub(line))
    }

    /// Moves the view. At the end it follows again.
    pub(in crate::app) fn scroll(&mut self, by: isize) {
        let last = self.scrolled_to.unwrap_or(self.total()).saturating_add_signed(by);
        let last = last.max(self.dropped + 1);
        self.scrolled_to = (last < self.total()).then_some(last);
    }

    /// Limits how far the view is scrolled back, to `most` lines.
    pub(in crate::app) fn limit_scroll(&mut self, most: usize) {
        if self.below() > most {
            self.scrolled_to = (most > 0).then(|| self.total() - most);
        }
    }
}

impl UnfinishedLine {
    /// Adds a byte. Returns the line if the byte ends it.
    fn push(&mut self, byte: u8) -> Option<String> {
        if byte == b'\n' {
            return Some(self.take());
        }
        if std::mem::replace(&mut self.returned, byte == b'\r') && byte != b'\r' {
            self.bytes.clear();
            self.is_cut = false;
        }
        match byte {
            b'\r' => {}
            _ if self.bytes.len() >= MAX_LINE_LENGTH => self.is_cut = true,
            b'\t' => self.bytes.extend(std::iter::repeat_n(b' ', TAB_WIDTH - self.bytes.len() % TAB_WIDTH)),
            _ => self.bytes.push(byte),
        }
        None
    }

    fn is_begun(&self) -> bool {
        !self.bytes.is_empty()
    }

    /// Returns the text so far, if there is any.
    fn text(&self) -> Option<Cow<'_, str>> {
        self.is_begun().then(|| String::from_utf8_lossy(&self.bytes))
    }

    /// Returns the line at the end of the output, if it has been begun.
    fn finish(&mut self) -> Option<String> {
        self.is_begun().then(|| self.take())
    }

    fn take(&mut self) -> String {
        let Self { bytes, is_cut, .. } = std::mem::take(self);
        let mut text = String::from_utf8_lossy(&bytes).into_owned();
        if is_cut {
            text.push('…');
        }
        text
    }
}
