//! Job control: suspending by key or by signal, and resuming with `fg`.

use std::io::{self, Write};
use std::path::Path;

use portable_pty::CommandBuilder;
use rustix::process::{Pid, Signal, kill_process};
use vt100::{MouseProtocolMode, Screen};

use crate::pty_session::{PtySession, TASKDECK, command};

const SIZE: (u16, u16) = (100, 30);

/// Starts bash with job control. Returns `None`, with a warning, if bash is missing.
pub(crate) fn shell() -> Option<PtySession> {
    let bash = ["/bin/bash", "/usr/bin/bash", "/usr/local/bin/bash"]
        .into_iter()
        .find(|bash| Path::new(bash).exists());
    let Some(bash) = bash else {
        // Not `eprintln!`: the test harness hides its output if the test passes.
        io::stderr()
            .write_all(b"NOT TESTED: there is no bash here, so nothing is known of ^z and fg\n")
            .unwrap();
        return None;
    };
    let mut shell: CommandBuilder = command(bash, &["--norc", "--noprofile", "--noediting", "-i"]);
    shell.env("PS1", "ready> ");
    let session = PtySession::start(shell, SIZE);
    session.wait_for_text("ready> ");
    Some(session)
}

pub(crate) fn ends_well(mut shell: PtySession) {
    shell.send_keys("q");
    shell.wait_until("the shell's screen", |screen| !screen.alternate_screen());
    shell.send_keys("echo it ended with $?.\r");
    shell.wait_for_text("it ended with 0.");
    shell.send_keys("exit 0\r");
    let ended = shell.wait_for_exit();
    ended.assert_status(0);
    ended.assert_terminal_restored();
}

#[test]
fn ctrl_z_suspends_and_fg_resumes() {
    let Some(mut shell) = shell() else { return };
    shell.send_keys(&format!("{TASKDECK} --demo\r"));
    shell.wait_for_dashboard();
    // Twice: the second suspend starts from a terminal that was set up again.
    for _ in 0..2 {
        shell.send_keys("\x1a");
        shell.wait_until("the shell's screen, and its prompt", |screen| {
            let said = screen.contents();
            !screen.alternate_screen() && !screen.hide_cursor() && said.trim_end().ends_with("ready>")
        });
        assert!(shell.is_cooked(), "the shell reads lines");
        shell.wait_for_text("Stopped");
        shell.clear_screen(SIZE);
        shell.send_keys("fg\r");
        shell.wait_for_dashboard();
        shell.wait_until("the terminal is raw", |_| !shell.is_cooked());
    }
    ends_well(shell);
}

#[test]
fn the_shell_gets_the_mouse_and_fg_takes_it_back() {
    let Some(mut shell) = shell() else { return };
    shell.send_keys(&format!("{TASKDECK} --demo\r"));
    shell.wait_for_dashboard();
    shell.send_keys(":mouse\r");
    let is_used = |screen: &Screen| screen.mouse_protocol_mode() == MouseProtocolMode::PressRelease;
    shell.wait_until("the mouse is used", is_used);
    shell.send_keys("\x1a");
    shell.wait_until("the shell has the mouse", |screen| {
        !screen.alternate_screen() && screen.mouse_protocol_mode() == MouseProtocolMode::None
    });
    shell.wait_for_text("Stopped");
    shell.clear_screen(SIZE);
    shell.send_keys("fg\r");
    shell.wait_for_dashboard();
    shell.wait_until("the mouse is used again", is_used);
    ends_well(shell);
}

#[test]
fn in_the_background_it_stops_until_fg() {
    let Some(mut shell) = shell() else { return };
    shell.send_keys(&format!("{TASKDECK} --demo\r"));
    shell.wait_for_dashboard();
    shell.send_keys("\x1a");
    shell.wait_for_text("Stopped");
    shell.send_keys("bg; until jobs | grep -q Stopped; do :; done; echo it 'waits.'\r");
    shell.wait_for_text("it waits.");
    assert!(shell.is_cooked(), "the terminal is the shell's");
    shell.clear_screen(SIZE);
    shell.send_keys("fg\r");
    shell.wait_for_dashboard();
    ends_well(shell);
}

#[test]
fn it_resumes_after_sigstop() {
    let Some(mut shell) = shell() else { return };
    shell.send_keys(&format!("sh -c 'echo pid=$$; exec {TASKDECK} --demo'\r"));
    shell.wait_for_dashboard();
    let said = shell.output();
    let pid = said.lines().find_map(|line| line.trim().strip_prefix("pid=")?.parse().ok()).unwrap();
    kill_process(Pid::from_raw(pid).unwrap(), Signal::STOP).unwrap();
    shell.wait_for_text("Stopped");
    shell.wait_until("the shell's prompt", |screen| screen.contents().trim_end().ends_with("ready>"));
    // The shell has changed the terminal's modes, and other programs may have as well.
    shell.clear_screen(SIZE);
    shell.send_keys("printf '\\033[?1049l'; fg\r");
    shell.wait_for_dashboard();
    shell.wait_until("the terminal is raw", |_| !shell.is_cooked());
    ends_well(shell);
}
