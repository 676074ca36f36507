//! A program in a pseudo terminal: its screen is seen through an emulator, its keys are typed, its end is awaited.

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
use vt100::{Parser, Screen};

/// Far more than any condition takes; a test that waits as long has failed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Between two tries of what may have to be tried more than once.
const MOMENT: Duration = Duration::from_millis(300);

/// The program under test.
pub(crate) const TASKDECK: &str = env!("CARGO_BIN_EXE_taskdeck");

/// What a program asks of the terminal to be told of the mouse, and has no business asking.
const MOUSE_MODES: [&str; 5] = ["\x1b[?1000h", "\x1b[?1002h", "\x1b[?1003h", "\x1b[?1006h", "\x1b[?1015h"];

/// What has come out of the program.
struct Seen {
    parser: Parser,
    bytes: Vec<u8>,
    /// Nobody looks any more.
    gone: bool,
}

type Watched = Arc<(Mutex<Seen>, Condvar)>;

/// The user's end of a terminal.
struct Terminal {
    master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
}

/// A program in a pseudo terminal. Dropping it kills the program.
pub(crate) struct Session {
    terminal: Option<Terminal>,
    // Held, so that the terminal can be asked for its modes after the program's end.
    slave: Option<Box<dyn SlavePty + Send>>,
    killed: Killed,
    pid: Pid,
    status: Receiver<ExitStatus>,
    reader: Option<JoinHandle<()>>,
    seen: Watched,
    modes: String,
    _home: TempDir,
}

/// Kills the program when the test is over, unless it has ended: its number may be another's by then.
struct Killed(Option<Box<dyn ChildKiller + Send + Sync>>);

/// How a program ended, and what it left behind.
pub(crate) struct Ended {
    pub(crate) status: ExitStatus,
    pub(crate) screen: Screen,
    pub(crate) bytes: Vec<u8>,
    cooked: bool,
}

/// The command, at home in a place of its own, with nothing of this process's environment but the path.
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

/// The dashboard on its own simulated BBS.
pub(crate) fn demo() -> CommandBuilder {
    command(TASKDECK, &["--demo"])
}

fn cells(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).unwrap()
}

fn size((cols, rows): (u16, u16)) -> PtySize {
    PtySize { rows, cols, ..PtySize::default() }
}

impl Session {
    /// Starts the command in a terminal of so many columns and rows.
    pub(crate) fn start(command: CommandBuilder, seen: (u16, u16)) -> Self {
        Self::start_in(command, seen, seen)
    }

    /// Starts the command in a terminal that does not tell its size.
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
        let seen: Watched =
            Arc::new((Mutex::new(Seen { parser, bytes: Vec::new(), gone: false }), Condvar::new()));
        let reader = read(pair.master.try_clone_reader().unwrap(), Arc::clone(&seen));
        Self {
            terminal: Some(Terminal { writer: pair.master.take_writer().unwrap(), master: pair.master }),
            slave: Some(pair.slave),
            killed: Killed(Some(killer)),
            pid,
            status,
            reader: Some(reader),
            seen,
            modes,
            _home: home,
        }
    }

    pub(crate) fn types(&mut self, text: &str) {
        let writer = &mut self.terminal.as_mut().unwrap().writer;
        writer.write_all(text.as_bytes()).unwrap();
        writer.flush().unwrap();
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(self.pid, signal).unwrap();
    }

    /// The terminal is now of this size, and as blank as its user might have left it: what is seen afterwards was
    /// drawn afterwards.
    pub(crate) fn resize(&self, (cols, rows): (u16, u16)) {
        self.blank((cols, rows));
        self.terminal().master.resize(size((cols, rows))).unwrap();
    }

    /// Forgets what is on the screen.
    pub(crate) fn blank(&self, (cols, rows): (u16, u16)) {
        let mut seen = self.lock();
        let shown = seen.parser.screen().alternate_screen();
        seen.parser = Parser::new(cells(rows), cells(cols), 0);
        if shown {
            seen.parser.process(b"\x1b[?1049h");
        }
    }

    /// Waits until the screen is as `holds` says.
    pub(crate) fn until(&self, what: &str, holds: impl Fn(&Screen) -> bool) {
        let (seen, changed) = &*self.seen;
        let (seen, waited) = changed
            .wait_timeout_while(lock(seen), PATIENCE, |seen| !holds(seen.parser.screen()))
            .unwrap_or_else(PoisonError::into_inner);
        assert!(!waited.timed_out(), "never seen: {what}\n{}", seen.parser.screen().contents());
    }

    /// Whether the screen shows `text` now.
    pub(crate) fn shows(&self, text: &str) -> bool {
        self.lock().parser.screen().contents().contains(text)
    }

    /// Waits a moment for the screen to be as `holds` says: where it is not, the program may have dropped a key.
    pub(crate) fn settles(&self, holds: impl Fn(&Screen) -> bool) {
        let (seen, changed) = &*self.seen;
        drop(changed.wait_timeout_while(lock(seen), MOMENT, |seen| !holds(seen.parser.screen())));
    }

    /// Waits until the screen shows `text`.
    pub(crate) fn sees(&self, text: &str) {
        self.until(text, |screen| screen.contents().contains(text));
    }

    /// Waits until the dashboard has drawn all of a screen, from its first line to its last column and line.
    pub(crate) fn sees_dashboard(&self) {
        self.until("the whole dashboard", is_whole);
    }

    /// Whether the terminal is as it was before the program: it echoes, and reads lines.
    pub(crate) fn is_cooked(&self) -> bool {
        modes(&*self.terminal().master) == self.modes
    }

    /// Everything that was ever said, escape sequences and all.
    pub(crate) fn said(&self) -> String {
        String::from_utf8_lossy(&self.lock().bytes).into_owned()
    }

    /// Waits for the program's end, and for all that it said.
    pub(crate) fn ends(mut self) -> Ended {
        let status = self.status();
        let cooked = self.is_cooked();
        self.slave = None;
        self.reader.take().unwrap().join().unwrap();
        let seen = self.lock();
        let (screen, bytes) = (seen.parser.screen().clone(), seen.bytes.clone());
        drop(seen);
        Ended { status, screen, bytes, cooked }
    }

    /// The terminal goes away, as when a connection breaks; waits for the program's end.
    pub(crate) fn goes_away(mut self) -> ExitStatus {
        self.lock().gone = true;
        // It ends with the next frame, and its end of the terminal with it.
        self.reader.take().unwrap().join().unwrap();
        (self.slave, self.terminal) = (None, None);
        self.status()
    }

    fn status(&mut self) -> ExitStatus {
        let status = self.status.recv_timeout(PATIENCE);
        let status =
            status.unwrap_or_else(|_| panic!("it did not end\n{}", self.lock().parser.screen().contents()));
        self.killed.0 = None;
        status
    }

    fn terminal(&self) -> &Terminal {
        self.terminal.as_ref().unwrap()
    }

    fn lock(&self) -> MutexGuard<'_, Seen> {
        lock(&self.seen.0)
    }
}

impl Drop for Killed {
    fn drop(&mut self) {
        if let Some(mut killer) = self.0.take() {
            let _ = killer.kill();
        }
    }
}

impl Ended {
    /// The status, or else the signal that killed it.
    pub(crate) fn with_status(&self, status: u32) {
        let ended = (self.status.exit_code(), self.status.signal());
        assert_eq!(ended, (status, None), "{}", self.screen.contents());
    }

    /// The terminal is as it was, and was never asked for more than a dashboard may.
    pub(crate) fn gave_the_terminal_back(&self) {
        assert!(!self.screen.alternate_screen(), "the alternate screen is left");
        assert!(!self.screen.hide_cursor(), "the cursor is seen");
        assert!(!self.screen.bracketed_paste(), "a paste is plain again");
        assert!(self.cooked, "the terminal reads lines again");
        let said = String::from_utf8_lossy(&self.bytes);
        assert!(said.contains("\x1b[?1049h"), "it was taken over at all");
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
    let last = lines.last().is_some_and(|line| line.contains("Tab pane"));
    screen.alternate_screen() && first && table && last
}

fn lock(seen: &Mutex<Seen>) -> MutexGuard<'_, Seen> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}

fn modes(master: &dyn MasterPty) -> String {
    format!("{:?}", master.get_termios().unwrap())
}

fn read(mut from: Box<dyn Read + Send>, seen: Watched) -> JoinHandle<()> {
    thread::spawn(move || {
        let mut buffer = [0; 4096];
        // The end is an error where the last slave was closed.
        while let Ok(length @ 1..) = from.read(&mut buffer) {
            let read = buffer.get(..length).unwrap_or_default();
            let mut now = lock(&seen.0);
            now.parser.process(read);
            now.bytes.extend_from_slice(read);
            let gone = now.gone;
            drop(now);
            seen.1.notify_all();
            if gone {
                break;
            }
        }
    })
}
