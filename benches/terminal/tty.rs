//! Runs a program in a pseudoterminal of 160×48 and records what it writes, and when.
//!
//! Parses the output only after a measurement, so that parsing does not delay it.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use tempfile::TempDir;
use vt100::{Parser, Screen};

use crate::process::Process;
use crate::server::{Server, TASKDECK};

const COLS: u16 = 160;
const ROWS: u16 = 48;
/// Timeout of every wait; far longer than anything takes.
const PATIENCE: Duration = Duration::from_secs(120);
/// Silence that ends the answer to a key.
pub(crate) const SILENCE: Duration = Duration::from_millis(8);
/// Timeout for the first byte of an answer.
const FIRST_BYTE: Duration = Duration::from_secs(10);

/// Output of the program, and when it arrived.
type Chunk = (Instant, Vec<u8>);

/// The effect of a key or other input.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    /// From the input to the last byte that changed the screen.
    pub(crate) done: Duration,
    /// From the input to the first byte that changed the screen.
    pub(crate) first: Duration,
    /// Total bytes written.
    pub(crate) bytes: usize,
    /// Synchronized updates; the number of frames, if the program uses them.
    pub(crate) frames: u64,
}

/// A program in a pseudoterminal. Dropping it kills the program.
pub(crate) struct Tty {
    _home: TempDir,
    _master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    chunks: Receiver<Chunk>,
    parser: Parser,
    frames: u64,
    /// When the program was started.
    begun: Instant,
}

impl Tty {
    /// Starts the dashboard against this server, with this configuration.
    pub(crate) fn dashboard(server: &Server, configuration: &str) -> Self {
        let mut command = CommandBuilder::new(TASKDECK);
        command.env_clear();
        server.environment.iter().for_each(|(name, value)| command.env(name, value));
        Self::start(command, configuration)
    }

    /// Starts the floor, a minimal program, with this number of rows.
    pub(crate) fn floor(rows: usize) -> Self {
        let mut command = CommandBuilder::new(std::env::current_exe().unwrap());
        command.env_clear();
        command.args([crate::floor::WORD, &rows.to_string()]);
        Self::start(command, "")
    }

    fn start(mut command: CommandBuilder, configuration: &str) -> Self {
        let home = tempfile::tempdir().unwrap();
        let place = home.path().join(".config/taskdeck");
        std::fs::create_dir_all(&place).unwrap();
        std::fs::write(place.join("config.toml"), configuration).unwrap();
        command.env("HOME", home.path());
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        command.cwd(home.path());
        let size = PtySize { rows: ROWS, cols: COLS, ..PtySize::default() };
        let pair = native_pty_system().openpty(size).unwrap();
        let chunks = read(pair.master.try_clone_reader().unwrap());
        let writer = pair.master.take_writer().unwrap();
        let begun = Instant::now();
        let child = pair.slave.spawn_command(command).unwrap();
        let cells = |count| NonZeroU16::new(count).unwrap();
        let parser = Parser::new(cells(ROWS), cells(COLS), 0);
        Self { _home: home, _master: pair.master, writer, child, chunks, parser, frames: 0, begun }
    }

    pub(crate) fn process(&self) -> Process {
        Process(self.child.process_id().unwrap())
    }

    pub(crate) fn screen(&self) -> &Screen {
        self.parser.screen()
    }

    /// Waits until `holds` is true of the screen. Returns the time since the start.
    pub(crate) fn until(&mut self, what: &str, mut holds: impl FnMut(&Screen) -> bool) -> Duration {
        self.seen(what, &mut holds) - self.begun
    }

    /// Like [`Self::until`], but returns the instant.
    pub(crate) fn seen(&mut self, what: &str, mut holds: impl FnMut(&Screen) -> bool) -> Instant {
        let given_up = Instant::now() + PATIENCE;
        while let Ok((at, bytes)) = self.chunks.recv_timeout(given_up - Instant::now()) {
            self.show(&bytes);
            if holds(self.parser.screen()) {
                return at;
            }
        }
        panic!("timed out waiting for {what}\n{}", self.screen().contents());
    }

    /// Waits until the first list is complete and on the screen. Returns the time since the start.
    pub(crate) fn until_listed(&mut self) -> Duration {
        self.until("the first list", |screen| {
            screen.rows(0, COLS).take(2).any(|line| line.contains("last list:"))
        })
    }

    /// Reads output for this time. Returns the number of bytes.
    pub(crate) fn rest(&mut self, time: Duration) -> usize {
        self.watch(time, |_| {})
    }

    /// Like [`Self::rest`], but calls `look` after each chunk.
    pub(crate) fn watch(&mut self, time: Duration, mut look: impl FnMut(&Screen)) -> usize {
        let (end, mut bytes) = (Instant::now() + time, 0);
        while let Some(left) = end.checked_duration_since(Instant::now()) {
            let Ok((_, chunk)) = self.chunks.recv_timeout(left) else { break };
            self.show(&chunk);
            bytes += chunk.len();
            look(self.parser.screen());
        }
        bytes
    }

    /// Types, waits until nothing is written for `silence`, and only then parses the output.
    pub(crate) fn answer(&mut self, input: &str, silence: Duration) -> Answer {
        self.rest(Duration::ZERO);
        let begun = self.types(input);
        let (mut chunks, mut wait) = (Vec::new(), FIRST_BYTE);
        loop {
            match self.chunks.recv_timeout(wait) {
                Ok(chunk) => chunks.push(chunk),
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => {
                    panic!("the program exited\n{}", self.screen().contents())
                }
            }
            wait = silence;
        }
        self.look_at(&chunks, begun)
    }

    /// Types, and returns the instant before.
    pub(crate) fn types(&mut self, input: &str) -> Instant {
        let begun = Instant::now();
        self.writer.write_all(input.as_bytes()).unwrap();
        self.writer.flush().unwrap();
        begun
    }

    /// Parses output. Returns the number of frames that begin in it.
    fn show(&mut self, bytes: &[u8]) -> u64 {
        self.parser.process(bytes);
        let begin = b"\x1b[?2026h";
        let frames = bytes.windows(begin.len()).map(|window| u64::from(window == begin)).sum();
        self.frames += frames;
        frames
    }

    /// Returns the number of frames so far.
    pub(crate) fn frames(&self) -> u64 {
        self.frames
    }

    fn look_at(&mut self, chunks: &[Chunk], begun: Instant) -> Answer {
        let (mut answer, mut before) = (Answer::default(), picture(self.screen()));
        for (at, bytes) in chunks {
            answer.frames += self.show(bytes);
            answer.bytes += bytes.len();
            let after = picture(self.screen());
            if after != before {
                answer.done = *at - begun;
                if answer.first.is_zero() {
                    answer.first = answer.done;
                }
            }
            before = after;
        }
        answer
    }
}

impl Drop for Tty {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Returns everything visible: the cells with their colours, and the cursor.
fn picture(screen: &Screen) -> (String, (u16, u16)) {
    (screen.contents_formatted(), screen.cursor_position())
}

/// Returns the text of the selected row, if there is one.
pub(crate) fn selected(screen: &Screen) -> Option<String> {
    // The middle of the screen belongs to the table, however wide the side panes are.
    let is_selected = |line: &u16| screen.cell(*line, COLS / 2).is_some_and(vt100::Cell::inverse);
    // From the bottom: the heading of a focused table is inverse too.
    let line = (0..ROWS).rfind(is_selected)?;
    screen.rows(COLS / 3, 40).nth(line.into())
}

fn read(mut from: Box<dyn Read + Send>) -> Receiver<Chunk> {
    let (sender, chunks) = channel();
    thread::spawn(move || {
        let mut buffer = vec![0; 65_536];
        while let Ok(length @ 1..) = from.read(&mut buffer) {
            let chunk = (Instant::now(), buffer.get(..length).unwrap_or_default().to_vec());
            if sender.send(chunk).is_err() {
                break;
            }
        }
    });
    chunks
}
