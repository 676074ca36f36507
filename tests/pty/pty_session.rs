//! Runs a program in a pseudo terminal: sends keys, emulates its screen, and waits for conditions and for its exit.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use portable_pty::{
    ChildKiller, CommandBuilder, ExitStatus, MasterPty, PtySize, SlavePty, native_pty_system,
};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use vt100::{MouseProtocolMode, Parser, Screen};

/// How long a test waits for a condition before it fails; far longer than any takes.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(30);

/// The time between two tries of an input that the program may drop.
const RETRY_INTERVAL: Duration = Duration::from_millis(300);

/// The program under test.
pub(crate) const TASKDECK: &str = env!("CARGO_BIN_EXE_taskdeck");

/// Sequences that enable reports of the mouse; only `:mouse` makes the dashboard send them.
const MOUSE_MODES: [&str; 2] = ["\x1b[?1000h", "\x1b[?1006h"];
/// Sequences that enable reports of its motion, or in other forms. The dashboard must not send them.
const OTHER_MOUSE_MODES: [&str; 3] = ["\x1b[?1002h", "\x1b[?1003h", "\x1b[?1015h"];

/// What the program has written.
struct Output {
    parser: Parser,
    bytes: Vec<u8>,
    /// Whether the terminal is gone.
    hung_up: bool,
}

type SharedOutput = Arc<(Mutex<Output>, Condvar)>;

/// The user's side of the pseudo terminal.
struct Terminal {
    master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
}

/// A program in a pseudo terminal. Dropping it kills the program.
pub(crate) struct PtySession {
    terminal: Option<Terminal>,
    // Kept open so that the terminal's modes can be read after the program has exited.
    slave: Option<Box<dyn SlavePty + Send>>,
    kill_on_drop: KillOnDrop,
    pid: Pid,
    status: Receiver<ExitStatus>,
    reader: Option<JoinHandle<()>>,
    seen: SharedOutput,
    modes: String,
    _home: TempDir,
}

/// Kills the program at the end of a failed test. Empty once it has exited, since its pid may have been reused.
struct KillOnDrop(Option<Box<dyn ChildKiller + Send + Sync>>);

/// How a program exited, and its output.
pub(crate) struct Exit {
    pub(crate) status: ExitStatus,
    pub(crate) screen: Screen,
    pub(crate) bytes: Vec<u8>,
    cooked: bool,
}

/// Returns a command that inherits only `PATH` from this process's environment.
pub(crate) fn command(program: &str, arguments: &[&str]) -> CommandBuilder {
    let mut command = CommandBuilder::new(program);
    command.args(arguments);
    command.env_clear();
    command.env("PATH", std::env::var("PATH").unwrap_or_default());
    command.env("TERM", "xterm-256color");
    command.env("COLORTERM", "truecolor");
    command.env("LANG", "C.UTF-8");
    command
}

/// Returns the command for the dashboard with its own simulated BBS.
pub(crate) fn demo() -> CommandBuilder {
    command(TASKDECK, &["--demo"])
}

fn cells(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).unwrap()
}

fn size((cols, rows): (u16, u16)) -> PtySize {
    PtySize { rows, cols, ..PtySize::default() }
}

impl PtySession {
    /// Starts a command in a terminal of a size in columns and rows.
    pub(crate) fn start(command: CommandBuilder, seen: (u16, u16)) -> Self {
        Self::start_in(command, seen, seen)
    }

    /// Starts a command in a terminal that reports no size.
    pub(crate) fn start_without_size(command: CommandBuilder, seen: (u16, u16)) -> Self {
        Self::start_in(command, seen, (0, 0))
    }

    fn start_in(mut command: CommandBuilder, (cols, rows): (u16, u16), told: (u16, u16)) -> Self {
        let home = tempfile::tempdir().unwrap();
        command.env("HOME", home.path());
        command.cwd(home.path());
        let pair = native_pty_system().openpty(size(told)).unwrap();
        let modes = modes(&*pair.master);
        let mut child = pair.slave.spawn_command(command).unwrap();
        let pid = Pid::from_raw(i32::try_from(child.process_id().unwrap()).unwrap()).unwrap();
        let (killer, (sender, status)) = (child.clone_killer(), channel());
        thread::spawn(move || child.wait().map(|status| sender.send(status)));
        let parser = Parser::new(cells(rows), cells(cols), 0);
        let seen: SharedOutput =
            Arc::new((Mutex::new(Output { parser, bytes: Vec::new(), hung_up: false }), Condvar::new()));
        let reader = read(pair.master.try_clone_reader().unwrap(), Arc::clone(&seen));
        Self {
            terminal: Some(Terminal { writer: pair.master.take_writer().unwrap(), master: pair.master }),
            slave: Some(pair.slave),
            kill_on_drop: KillOnDrop(Some(killer)),
            pid,
            status,
            reader: Some(reader),
            seen,
            modes,
            _home: home,
        }
    }

    pub(crate) fn send_keys(&mut self, text: &str) {
        let writer = &mut self.terminal.as_mut().unwrap().writer;
        writer.write_all(text.as_bytes()).unwrap();
        writer.flush().unwrap();
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(self.pid, signal).unwrap();
    }

    /// Clears and resizes the terminal, so that what it shows afterwards was drawn afterwards.
    pub(crate) fn resize(&self, (cols, rows): (u16, u16)) {
        self.clear_screen((cols, rows));
        self.terminal().master.resize(size((cols, rows))).unwrap();
    }

    /// Clears the emulated screen.
    pub(crate) fn clear_screen(&self, (cols, rows): (u16, u16)) {
        let mut seen = self.lock();
        let shown = seen.parser.screen().alternate_screen();
        seen.parser = Parser::new(cells(rows), cells(cols), 0);
        if shown {
            seen.parser.process(b"\x1b[?1049h");
        }
    }

    /// Waits until `holds` is true for the screen.
    pub(crate) fn wait_until(&self, what: &str, holds: impl Fn(&Screen) -> bool) {
        let (seen, changed) = &*self.seen;
        let (seen, waited) = changed
            .wait_timeout_while(lock(seen), TIMEOUT, |seen| !holds(seen.parser.screen()))
            .unwrap_or_else(PoisonError::into_inner);
        assert!(!waited.timed_out(), "never seen: {what}\n{}", seen.parser.screen().contents());
    }

    /// Returns whether the screen shows `text` now.
    pub(crate) fn shows(&self, text: &str) -> bool {
        self.lock().parser.screen().contents().contains(text)
    }

    /// Waits briefly until `holds` is true for the screen. If it is not, the program may have dropped a key.
    pub(crate) fn wait_briefly_until(&self, holds: impl Fn(&Screen) -> bool) {
        let (seen, changed) = &*self.seen;
        drop(changed.wait_timeout_while(lock(seen), RETRY_INTERVAL, |seen| !holds(seen.parser.screen())));
    }

    /// Waits until the screen shows `text`.
    pub(crate) fn wait_for_text(&self, text: &str) {
        self.wait_until(text, |screen| screen.contents().contains(text));
    }

    /// Waits until the dashboard has drawn the whole screen.
    pub(crate) fn wait_for_dashboard(&self) {
        self.wait_until("the whole dashboard", is_whole);
    }

    /// Returns whether the terminal's modes are those from before the program (echo, line input).
    pub(crate) fn is_cooked(&self) -> bool {
        modes(&*self.terminal().master) == self.modes
    }

    /// Returns all output, with escape sequences.
    pub(crate) fn output(&self) -> String {
        String::from_utf8_lossy(&self.lock().bytes).into_owned()
    }

    /// Waits for the program to exit, and reads the rest of its output.
    pub(crate) fn wait_for_exit(mut self) -> Exit {
        let status = self.status();
        let cooked = self.is_cooked();
        self.slave = None;
        self.reader.take().unwrap().join().unwrap();
        let seen = self.lock();
        let (screen, bytes) = (seen.parser.screen().clone(), seen.bytes.clone());
        drop(seen);
        Exit { status, screen, bytes, cooked }
    }

    /// Closes the terminal, as when a connection breaks, and waits for the program to exit.
    pub(crate) fn hang_up(mut self) -> ExitStatus {
        self.lock().hung_up = true;
        // The reader stops at the next frame and closes its side of the terminal.
        self.reader.take().unwrap().join().unwrap();
        (self.slave, self.terminal) = (None, None);
        self.status()
    }

    fn status(&mut self) -> ExitStatus {
        let status = self.status.recv_timeout(TIMEOUT);
        let status =
            status.unwrap_or_else(|_| panic!("it did not exit\n{}", self.lock().parser.screen().contents()));
        self.kill_on_drop.0 = None;
        status
    }

    fn terminal(&self) -> &Terminal {
        self.terminal.as_ref().unwrap()
    }

    fn lock(&self) -> MutexGuard<'_, Output> {
        lock(&self.seen.0)
    }
}

impl Drop for KillOnDrop {
    fn drop(&mut self) {
        if let Some(mut killer) = self.0.take() {
            let _ = killer.kill();
        }
    }
}

impl Exit {
    /// Asserts the exit status.
    pub(crate) fn assert_status(&self, status: u32) {
        let ended = (self.status.exit_code(), self.status.signal());
        assert_eq!(ended, (status, None), "{}", self.screen.contents());
    }

    /// Returns whether the terminal's modes are those from before the program.
    pub(crate) const fn is_cooked(&self) -> bool {
        self.cooked
    }

    /// Asserts that the terminal is as before, and that the mouse was left to it.
    pub(crate) fn assert_terminal_restored(&self) {
        assert!(!self.screen.alternate_screen(), "the alternate screen is left");
        assert!(!self.screen.hide_cursor(), "the cursor is seen");
        assert!(!self.screen.bracketed_paste(), "a paste is plain again");
        assert!(self.cooked, "the terminal reads lines again");
        let said = String::from_utf8_lossy(&self.bytes);
        assert!(said.contains("\x1b[?1049h"), "it was taken over at all");
        assert_eq!(self.screen.mouse_protocol_mode(), MouseProtocolMode::None, "the mouse is the terminal's");
        for mode in OTHER_MOUSE_MODES {
            assert!(!said.contains(mode), "too much is reported");
        }
    }

    /// Asserts that the mouse was left to the terminal all the time.
    pub(crate) fn assert_mouse_untouched(&self) {
        let said = String::from_utf8_lossy(&self.bytes);
        for mode in MOUSE_MODES {
            assert!(!said.contains(mode), "the mouse is left to the terminal");
        }
    }
}

fn is_whole(screen: &Screen) -> bool {
    let (_, cols) = screen.size();
    let lines: Vec<_> = screen.rows(0, cols.get()).collect();
    let first = lines.first().is_some_and(|line| line.contains("127.0.0.1") || line.contains("live"));
    let table = lines.iter().any(|line| line.contains("GUID") && line.contains("STATE"));
    let last = lines.last().is_some_and(|line| line.contains("? help"));
    screen.alternate_screen() && first && table && last
}

fn lock(seen: &Mutex<Output>) -> MutexGuard<'_, Output> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}

fn modes(master: &dyn MasterPty) -> String {
    format!("{:?}", master.get_termios().unwrap())
}

fn read(mut from: Box<dyn Read + Send>, seen: SharedOutput) -> JoinHandle<()> {
    thread::spawn(move || {
        let mut buffer = [0; 4096];
        // Some systems report the end as an error.
        while let Ok(length @ 1..) = from.read(&mut buffer) {
            let read = buffer.get(..length).unwrap_or_default();
            let mut now = lock(&seen.0);
            now.parser.process(read);
            now.bytes.extend_from_slice(read);
            let hung_up = now.hung_up;
            drop(now);
            seen.1.notify_all();
            if hung_up {
                break;
            }
        }
    })
}
