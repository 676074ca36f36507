//! The question before more than one task is acted on: on the terminal, or not at all.

use std::io::{self, IsTerminal as _, Write as _};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::termios::{QueueSelector, tcflush};

use super::act::SelectedTask;
use crate::cli::failure::Failure;
use crate::model::TaskAction;
use crate::present::{format, sanitise};

/// So many are named; more would push the question off the screen.
const NAMED: usize = 10;
/// The most cells that a name takes: a guid may have thousands.
const NAME: usize = 120;
/// What is typed before the question has been on the screen this long is no answer to it, as in the dashboard.
const ANSWER_AFTER: Duration = Duration::from_millis(250);

/// Asks; anything but yes ends the command, with nothing sent.
pub(super) async fn ask(action: TaskAction, target: &str, selected: &[SelectedTask]) -> Result<(), Failure> {
    let (word, count) = (action.verb(), format::len(selected.len()));
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Err(Failure::usage(format!(
            "{word} {count} tasks? there is no terminal to ask on: say --yes, or look with --dry-run; nothing was sent"
        )));
    }
    question(word, &count, target, selected)?;
    // The time to see it.
    tokio::time::sleep(ANSWER_AFTER).await;
    match answer()?.trim() {
        "y" | "yes" => Ok(()),
        _ => Err(Failure::usage("not confirmed: nothing was sent")),
    }
}

fn question(word: &str, count: &str, target: &str, selected: &[SelectedTask]) -> io::Result<()> {
    let mut err = io::stderr().lock();
    for one in selected.iter().take(NAMED) {
        let state = one.listed.map(|listed| format!("  {}", listed.state)).unwrap_or_default();
        writeln!(err, "  {}{state}", sanitise::cut(one.guid.as_str(), NAME))?;
    }
    if let Some(more @ 1..) = selected.len().checked_sub(NAMED) {
        writeln!(err, "  and {} more", format::len(more))?;
    }
    write!(err, "{word} these {count} tasks on {}? ", sanitise::clean(target))?;
    err.flush()
}

/// Reads the answer. Says from when on it is read; what was typed before is dropped.
fn answer() -> io::Result<String> {
    let stdin = io::stdin();
    let was_typed = {
        let mut typed = [PollFd::new(&stdin, PollFlags::IN)];
        poll(&mut typed, Some(&Timespec { tv_sec: 0, tv_nsec: 0 }))? > 0
    };
    tcflush(&stdin, QueueSelector::IFlush)?;
    let mut err = io::stderr().lock();
    if was_typed {
        write!(err, "(input typed too soon was ignored) ")?;
    }
    write!(err, "[y/N] ")?;
    err.flush()?;
    let mut answer = String::new();
    stdin.read_line(&mut answer)?;
    Ok(answer)
}
