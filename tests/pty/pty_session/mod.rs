//! Runs a program in a pseudo terminal: sends keys, emulates its screen, and waits for conditions and for its exit.

mod exit;
mod output;
mod wait;

use std::io::Write;
use std::os::fd::OwnedFd;
use std::sync::MutexGuard;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{
    ChildKiller, CommandBuilder, ExitStatus, MasterPty, PtySize, SlavePty, native_pty_system,
};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags, open};
use rustix::process::{Pid, Signal, kill_process};
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};
use tempfile::TempDir;
use vt100::Screen;

pub(crate) use exit::{Exit, replay, without_alternate_screen};
use output::{Output, Reader, parser};
pub(crate) use wait::until;

/// How long a test waits for a condition before it fails; far longer than any takes.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(30);

/// The time between two tries of an input that the program may drop.
const RETRY_INTERVAL: Duration = Duration::from_millis(300);

/// The time between two keys that are each to be drawn.
const FRAME_TIME: Duration = Duration::from_millis(5);

/// The program under test.
pub(crate) const TASKDECK: &str = env!("CARGO_BIN_EXE_taskdeck");

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
    reader: Reader,
    modes: String,
    _home: TempDir,
}

/// Kills the program at the end of a failed test. Empty once it has exited, since its pid may have been reused.
struct KillOnDrop(Option<Box<dyn ChildKiller + Send + Sync>>);

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

    fn start_in(mut command: CommandBuilder, seen: (u16, u16), told: (u16, u16)) -> Self {
        let home = tempfile::tempdir().unwrap();
        command.env("HOME", home.path());
        command.cwd(home.path());
        let pair = native_pty_system().openpty(size(told)).unwrap();
        let modes = modes(&*pair.master);
        let mut child = pair.slave.spawn_command(command).unwrap();
        let pid = Pid::from_raw(i32::try_from(child.process_id().unwrap()).unwrap()).unwrap();
        let (killer, (sender, status)) = (child.clone_killer(), channel());
        thread::spawn(move || child.wait().map(|status| sender.send(status)));
        let reader = Reader::start(pair.master.try_clone_reader().unwrap(), seen);
        Self {
            terminal: Some(Terminal { writer: pair.master.take_writer().unwrap(), master: pair.master }),
            slave: Some(pair.slave),
            kill_on_drop: KillOnDrop(Some(killer)),
            pid,
            status,
            reader,
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
    pub(crate) fn resize(&self, to: (u16, u16)) {
        self.clear_screen(to);
        self.tell_size(to);
    }

    /// Continues with a new terminal of another size, of which nothing is set.
    pub(crate) fn use_new_terminal(&self, new: (u16, u16)) {
        self.lock().parser = parser(new);
        self.tell_size(new);
    }

    /// Tells the program a size, whatever the emulated screen has.
    pub(crate) fn tell_size(&self, told: (u16, u16)) {
        self.terminal().master.resize(size(told)).unwrap();
    }

    /// Clears the emulated screen.
    pub(crate) fn clear_screen(&self, size: (u16, u16)) {
        let mut seen = self.lock();
        let shown = seen.parser.screen().alternate_screen();
        seen.parser = parser(size);
        if shown {
            seen.parser.process(b"\x1b[?1049h");
        }
    }

    /// Waits until `holds` is true for the screen.
    pub(crate) fn wait_until(&self, what: &str, holds: impl Fn(&Screen) -> bool) {
        let held = self.reader.wait_until(TIMEOUT, holds);
        assert!(held, "never seen: {what}\n{}", self.lock().parser.screen().contents());
    }

    /// Returns the screen as it is now.
    pub(crate) fn screen(&self) -> Screen {
        self.lock().parser.screen().clone()
    }

    /// Returns what the screen shows now.
    pub(crate) fn contents(&self) -> String {
        self.screen().contents()
    }

    /// Returns whether the screen shows `text` now.
    pub(crate) fn shows(&self, text: &str) -> bool {
        self.contents().contains(text)
    }

    /// Waits briefly until `holds` is true for the screen. If it is not, the program may have dropped a key.
    pub(crate) fn wait_briefly_until(&self, holds: impl Fn(&Screen) -> bool) {
        self.reader.wait_until(RETRY_INTERVAL, holds);
    }

    /// Waits until the screen shows `text`.
    pub(crate) fn wait_for_text(&self, text: &str) {
        self.wait_until(text, |screen| screen.contents().contains(text));
    }

    /// Waits until the dashboard has drawn the whole screen.
    pub(crate) fn wait_for_dashboard(&self) {
        self.wait_until("the whole dashboard", is_whole);
    }

    /// Waits until the frame that is being drawn is whole.
    pub(crate) fn wait_for_end_of_frame(&self) {
        until("the end of a frame", || self.lock().bytes.ends_with(b"\x1b[?2026l"));
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
        self.reader.hold(false);
        self.reader.finish();
        let mut seen = self.lock();
        let parser = std::mem::replace(&mut seen.parser, parser((1, 1)));
        let (screen, bytes) = (parser.screen().clone(), seen.bytes.clone());
        drop(seen);
        Exit { status, screen, bytes, cooked, parser }
    }

    /// Takes nothing any more, like a terminal that is frozen. Nothing that the program writes from now on fits in the kernel's
    /// buffer.
    pub(crate) fn freeze(&self) {
        self.reader.hold(true);
        // A terminal ignores these.
        let filler = [0; 256];
        let slave = self.open_slave(OFlags::NONBLOCK);
        let mut full_in_a_row = 0;
        until("the terminal's buffer is full", || {
            let mut had_room = false;
            while rustix::io::write(&slave, &filler).is_ok() {
                had_room = true;
            }
            // The kernel moves bytes from one buffer to the next a little later, and then there is room again.
            full_in_a_row = if had_room || !self.lock().is_parked { 0 } else { full_in_a_row + 1 };
            full_in_a_row == 4
        });
    }

    /// Takes nothing any more, in the middle of a frame.
    pub(crate) fn freeze_within_a_frame(&mut self) {
        self.reader.hold(true);
        let slave = self.open_slave(OFlags::empty());
        let has_room = || {
            let mut fds = [PollFd::new(&slave, PollFlags::OUT)];
            poll(&mut fds, Some(&Timespec::default())).unwrap() > 0
        };
        let begun = Instant::now();
        while !self.lock().is_parked || has_room() {
            assert!(begun.elapsed() < TIMEOUT, "the terminal takes everything");
            self.send_keys("\x0c");
            // Each key is to have a frame of its own.
            self.reader.wait_until(FRAME_TIME, |_| false);
        }
        self.freeze();
    }

    /// Takes output again.
    pub(crate) fn thaw(&self) {
        self.reader.hold(false);
    }

    /// Returns the terminal's modes.
    pub(crate) fn termios(&self) -> Termios {
        tcgetattr(self.open_slave(OFlags::empty())).unwrap()
    }

    /// Changes the terminal's modes, as another program would.
    pub(crate) fn set_termios(&self, modes: &Termios) {
        tcsetattr(self.open_slave(OFlags::empty()), OptionalActions::Now, modes).unwrap();
    }

    fn open_slave(&self, flags: OFlags) -> OwnedFd {
        let name = self.terminal().master.tty_name().unwrap();
        open(name, flags | OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).unwrap()
    }

    /// Closes the terminal, as when a connection breaks, and waits for the program to exit.
    pub(crate) fn hang_up(mut self) -> ExitStatus {
        // Its side of the terminal is closed at the next frame.
        self.reader.hang_up();
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
        self.reader.lock()
    }
}

impl Drop for KillOnDrop {
    fn drop(&mut self) {
        if let Some(mut killer) = self.0.take() {
            let _ = killer.kill();
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

fn modes(master: &dyn MasterPty) -> String {
    format!("{:?}", master.get_termios().unwrap())
}
