//! Own commands that get the terminal: they read what is typed, and the dashboard comes back as it was.

use std::ffi::OsStr;
use std::fs;
use std::path::PathBuf;

use portable_pty::CommandBuilder;
use rustix::process::{Pid, Signal, test_kill_process};
use taskdeck::sim::Sim;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use vt100::Screen;

use crate::confirm::three_tasks;
use crate::job_control::{ends_well, shell};
use crate::pty_session::{PtySession, TASKDECK, command, until};

const SIZE: (u16, u16) = (100, 30);

/// A simulated BBS, and a configuration whose command on Alt-x runs a script.
struct Configured {
    dir: TempDir,
    _sim: (Runtime, Sim),
}

impl Configured {
    fn new(script: &str, pause: &str) -> Self {
        let (dir, sim) = (tempfile::tempdir().unwrap(), three_tasks());
        let url = sim.1.url();
        let toml = format!(
            "[targets.sim]\nurl = \"{url}\"\n\n[commands.x]\nrun = [\"sh\", \"-c\", '''{script}''', \"{}\"]\n\
             key = \"Alt-x\"\nconfirm = false\npause = \"{pause}\"\n",
            dir.path().join("told").display(),
        );
        fs::write(dir.path().join("config.toml"), toml).unwrap();
        Self { dir, _sim: sim }
    }

    fn start(&self) -> PtySession {
        self.start_with(&["--allow-commands"])
    }

    fn start_with(&self, flags: &[&str]) -> PtySession {
        let mut taskdeck: CommandBuilder = command(TASKDECK, &["--target", "sim"]);
        taskdeck.args(flags);
        taskdeck.args([OsStr::new("--config"), self.config().as_os_str()]);
        let session = PtySession::start(taskdeck, SIZE);
        wait_for_dashboard(&session);
        session
    }

    fn config(&self) -> PathBuf {
        self.dir.path().join("config.toml")
    }

    /// Returns what the script wrote into the file that is its `$0`.
    fn told(&self) -> String {
        fs::read_to_string(self.dir.path().join("told")).unwrap_or_default()
    }
}

fn wait_for_dashboard(session: &PtySession) {
    session.wait_until("the dashboard", |screen| {
        let said = screen.contents();
        screen.alternate_screen() && said.contains("GUID") && said.contains("3/3 held")
    });
}

/// Waits for a line on the terminal's usual screen.
fn wait_outside(session: &PtySession, line: &str) {
    session.wait_until(line, |screen| {
        !screen.alternate_screen() && screen.contents().lines().any(|shown| shown == line)
    });
}

fn quits_well(mut session: PtySession) {
    session.send_keys("q");
    let ended = session.wait_for_exit();
    ended.assert_status(0);
    ended.assert_terminal_restored();
}

const ALT_X: &str = "\x1bx";

#[test]
fn the_program_reads_every_byte_and_the_dashboard_comes_back_whole() {
    let configured = Configured::new("echo go; read one; read two; echo \"$one-$two\" > \"$0\"", "never");
    let mut session = configured.start();
    session.send_keys(ALT_X);
    wait_outside(&session, "go");
    assert!(session.is_cooked(), "the program gets the terminal as it was");
    session.wait_until("a visible cursor", |screen| !screen.hide_cursor() && !screen.bracketed_paste());
    session.send_keys("q first?\r");
    session.send_keys("second:\r");
    wait_for_dashboard(&session);
    assert_eq!(configured.told(), "q first?-second:\n");
    session.wait_until("the terminal is raw", |_| !session.is_cooked());
    session.wait_until("pastes in brackets", Screen::bracketed_paste);
    quits_well(session);
}

#[test]
fn ctrl_c_and_ctrl_backslash_are_for_the_program() {
    let script = "trap 'echo INT >> \"$0\"' INT; trap 'echo QUIT >> \"$0\"' QUIT; echo go; read a; read a; read a; \
                  echo BYE >> \"$0\"; exit 5";
    let configured = Configured::new(script, "on-failure");
    let mut session = configured.start();
    session.send_keys(ALT_X);
    wait_outside(&session, "go");
    session.send_keys("\x03");
    until("the first signal", || configured.told() == "INT\n");
    session.send_keys("\x1c");
    until("both signals", || configured.told() == "INT\nQUIT\n");
    // Shells differ in whether a trap ends `read`, so there are more lines than are needed.
    while !configured.told().ends_with("BYE\n") {
        session.send_keys("\r");
        session.wait_briefly_until(|screen| screen.contents().contains("exited with status 5"));
    }
    wait_outside(&session, "The program exited with status 5.");
    session.send_keys("\r");
    session.wait_for_text("`x` exited with status 5.");
    wait_for_dashboard(&session);
    quits_well(session);
}

#[test]
fn a_program_that_ctrl_c_kills_does_not_take_the_dashboard_with_it() {
    let configured = Configured::new("echo go; exec sleep 1000", "never");
    let mut session = configured.start();
    for _ in 0..3 {
        session.send_keys(ALT_X);
        wait_outside(&session, "go");
        session.clear_screen(SIZE);
        session.send_keys("\x03");
        session.wait_for_text("`x` was ended by signal 2.");
        wait_for_dashboard(&session);
    }
    quits_well(session);
}

#[test]
fn a_program_that_leaves_the_terminal_in_a_mess_does_no_harm() {
    // Raw, without echo, in the alternate screen, with reports of the mouse and line drawing on.
    let script = "stty raw -echo; printf '\\033[?1049h\\033[?1003h\\033(0\\033[3;5r\\033[?7l'; kill -9 $$";
    let configured = Configured::new(script, "never");
    let mut session = configured.start();
    session.send_keys(ALT_X);
    session.wait_for_text("`x` was ended by signal 9.");
    wait_for_dashboard(&session);
    let said = session.output();
    let after = said.rsplit("\x1b(0").next().unwrap_or_default();
    for undone in ["\x1b(B", "\x1b[r", "\x1b[?7h", "\x1b[?1003l"] {
        assert!(after.contains(undone), "{undone:?}");
    }
    session.send_keys("q");
    let ended = session.wait_for_exit();
    ended.assert_status(0);
    assert!(ended.is_cooked(), "the modes are those from before");
}

#[test]
fn ctrl_z_stops_both_and_fg_continues_both() {
    let Some(mut shell) = shell() else { return };
    let configured = Configured::new("echo go; read a; echo \"$a\" > \"$0\"", "never");
    let config = configured.config();
    shell.send_keys(&format!(
        "{TASKDECK} --target sim --allow-commands --config {}\r",
        config.to_str().unwrap()
    ));
    wait_for_dashboard(&shell);
    shell.send_keys(ALT_X);
    wait_outside(&shell, "go");
    shell.send_keys("\x1a");
    shell.wait_for_text("Stopped");
    shell.wait_until("the shell's prompt", |screen| screen.contents().trim_end().ends_with("ready>"));
    shell.send_keys("fg\r");
    until("fg", || shell.output().matches("--allow-commands").count() > 1);
    shell.send_keys("typed after fg\r");
    wait_for_dashboard(&shell);
    assert_eq!(configured.told(), "typed after fg\n");
    ends_well(shell);
}

#[test]
fn a_signal_ends_the_program_and_the_dashboard() {
    let configured = Configured::new("echo $$ > \"$0\"; echo go; exec sleep 1000", "always");
    let mut session = configured.start();
    session.send_keys(ALT_X);
    wait_outside(&session, "go");
    session.signal(Signal::TERM);
    let ended = session.wait_for_exit();
    ended.assert_status(0);
    ended.assert_terminal_restored();
    let pid = Pid::from_raw(configured.told().trim().parse().unwrap()).unwrap();
    assert!(test_kill_process(pid).is_err(), "the program has ended too");
}

#[test]
fn the_screen_is_drawn_in_a_size_that_changed_meanwhile() {
    let configured = Configured::new("echo go; read a", "never");
    let mut session = configured.start();
    session.send_keys(ALT_X);
    wait_outside(&session, "go");
    session.resize((70, 20));
    session.send_keys("\r");
    wait_for_dashboard(&session);
    session.wait_until("the line before the last", |screen| {
        screen.rows(0, 70).nth(18).is_some_and(|line| line.contains("3/3 held"))
    });
    quits_well(session);
}

#[test]
fn without_the_flag_a_file_that_others_can_write_locks_the_commands() {
    use std::os::unix::fs::PermissionsExt as _;

    let configured = Configured::new("echo ran > \"$0\"", "never");
    fs::set_permissions(configured.config(), fs::Permissions::from_mode(0o666)).unwrap();
    let mut session = configured.start_with(&[]);
    session.send_keys(ALT_X);
    session.wait_for_text("Cannot run x: own commands are off, because others can change");
    assert_eq!(configured.told(), "");
    quits_well(session);
}
