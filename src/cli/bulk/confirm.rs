//! Asks for confirmation on the terminal before acting on more than one task.

use std::io::{self, IsTerminal as _, Write as _};
use std::time::Duration;

use crate::cli::failure::Failure;
use crate::model::plan::ActionSet;
use crate::platform::terminal::drop_input;
use crate::present::{format, sanitise};

/// Number of tasks to list; more would push the question off the screen.
const MAX_LISTED: usize = 10;
/// Maximum display width of a guid, which may have thousands of characters.
const MAX_GUID_WIDTH: usize = 120;
/// Input typed before the question has been visible this long does not count as an answer, as in the dashboard.
const ANSWER_AFTER: Duration = Duration::from_millis(250);

/// Asks for confirmation.
///
/// # Errors
/// Anything but yes is an error, and so is having no terminal. Nothing has been sent then.
pub(super) async fn ask(set: &ActionSet, target: &str) -> Result<(), Failure> {
    let (word, count) = (set.action().verb(), format::len(set.tasks().len()));
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Err(Failure::usage(format!(
            "cannot ask whether to {word} {count} tasks without a terminal; pass --yes to confirm or --dry-run to preview. Nothing was sent"
        )));
    }
    question(word, &count, target, set)?;
    tokio::time::sleep(ANSWER_AFTER).await;
    match answer()?.trim() {
        "y" | "yes" => Ok(()),
        _ => Err(Failure::usage("not confirmed: nothing was sent")),
    }
}

fn question(word: &str, count: &str, target: &str, set: &ActionSet) -> io::Result<()> {
    let mut err = io::stderr().lock();
    for one in set.tasks().iter().take(MAX_LISTED) {
        let state = one.frozen.map(|frozen| format!("  {}", frozen.state)).unwrap_or_default();
        writeln!(err, "  {}{state}", sanitise::cut(one.guid.as_str(), MAX_GUID_WIDTH))?;
    }
    if let Some(more @ 1..) = set.tasks().len().checked_sub(MAX_LISTED) {
        writeln!(err, "  and {} more", format::len(more))?;
    }
    write!(err, "{word} these {count} tasks on {}? ", sanitise::clean(target))?;
    err.flush()
}

/// Drops earlier input, prints the prompt, and reads the answer.
fn answer() -> io::Result<String> {
    let was_typed = drop_input()?;
    let mut err = io::stderr().lock();
    if was_typed {
        write!(err, "(input typed too soon was ignored) ")?;
    }
    write!(err, "[y/N] ")?;
    err.flush()?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    Ok(answer)
}
