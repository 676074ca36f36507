//! Under a shell with job control: stopped and brought back, by the key or by a signal.

use std::io::{self, Write};
use std::path::Path;

use portable_pty::CommandBuilder;
use rustix::process::{Pid, Signal, kill_process};

use crate::session::{Session, TASKDECK, command};

const SIZE: (u16, u16) = (100, 30);

/// A shell with job control that waits for a command; none, said loudly, where there is no such shell.
fn shell() -> Option<Session> {
    let bash = ["/bin/bash", "/usr/bin/bash", "/usr/local/bin/bash"]
        .into_iter()
        .find(|bash| Path::new(bash).exists());
    let Some(bash) = bash else {
        // Not by a macro, whose output the test harness keeps to itself when a test passes.
        io::stderr()
            .write_all(b"NOT TESTED: there is no bash here, so nothing is known of ^z and fg\n")
            .unwrap();
        return None;
    };
    let mut shell: CommandBuilder = command(bash, &["--norc", "--noprofile", "--noediting", "-i"]);
    shell.env("PS1", "ready> ");
    let session = Session::start(shell, SIZE);
    session.sees("ready> ");
    Some(session)
}

fn ends_well(mut shell: Session) {
    shell.types("q");
    shell.until("the shell's screen", |screen| !screen.alternate_screen());
    shell.types("echo it ended with $?.\r");
    shell.sees("it ended with 0.");
    shell.types("exit 0\r");
    let ended = shell.ends();
    ended.with_status(0);
    ended.gave_the_terminal_back();
}

#[test]
fn it_stops_by_its_key_and_comes_back() {
    let Some(mut shell) = shell() else { return };
    shell.types(&format!("{TASKDECK} --demo\r"));
    shell.sees_dashboard();
    // Twice: what was taken over anew must be as good as what was taken over first.
    for _ in 0..2 {
        shell.types("\x1a");
        shell.until("the shell's screen, and its prompt", |screen| {
            let said = screen.contents();
            !screen.alternate_screen() && !screen.hide_cursor() && said.trim_end().ends_with("ready>")
        });
        assert!(shell.is_cooked(), "the shell reads lines");
        shell.sees("Stopped");
        shell.blank(SIZE);
        shell.types("fg\r");
        shell.sees_dashboard();
        assert!(!shell.is_cooked());
    }
    ends_well(shell);
}

#[test]
fn in_the_background_it_waits_for_the_terminal() {
    let Some(mut shell) = shell() else { return };
    shell.types(&format!("{TASKDECK} --demo\r"));
    shell.sees_dashboard();
    shell.types("\x1a");
    shell.sees("Stopped");
    shell.types("bg; until jobs | grep -q Stopped; do :; done; echo it 'waits.'\r");
    shell.sees("it waits.");
    assert!(shell.is_cooked(), "the terminal is the shell's");
    shell.blank(SIZE);
    shell.types("fg\r");
    shell.sees_dashboard();
    ends_well(shell);
}

#[test]
fn it_comes_back_whole_when_it_was_stopped_without_being_asked() {
    let Some(mut shell) = shell() else { return };
    shell.types(&format!("sh -c 'echo pid=$$; exec {TASKDECK} --demo'\r"));
    shell.sees_dashboard();
    let said = shell.said();
    let pid = said.lines().find_map(|line| line.trim().strip_prefix("pid=")?.parse().ok()).unwrap();
    kill_process(Pid::from_raw(pid).unwrap(), Signal::STOP).unwrap();
    shell.sees("Stopped");
    shell.until("the shell's prompt", |screen| screen.contents().trim_end().ends_with("ready>"));
    // The shell has set the terminal as it likes it, and so has whatever ran since.
    shell.blank(SIZE);
    shell.types("printf '\\033[?1049l'; fg\r");
    shell.sees_dashboard();
    assert!(!shell.is_cooked());
    ends_well(shell);
}
