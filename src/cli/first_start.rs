//! The first start: on a terminal, offers what can be done while no BBS is configured. Scripts get the sentence alone.

use std::path::Path;

use super::advice;
use super::failure::{Failure, Status};
use super::prompt::Prompt;
use super::{config, dashboard, output};
use crate::config::{Flags, Paths};

/// What the operator chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Choice {
    Demo,
    Init,
    Quit,
}

/// Offers what can be done, and does it. Without a terminal the missing target is an error.
pub(super) async fn offer(
    flags: &Flags,
    config_file: Option<&Path>,
    environment: &dyn Fn(&str) -> Option<String>,
    paths: &Paths,
) -> Result<Status, Failure> {
    let no_target = || Failure::NoTarget { config_file: config_file.map(Path::to_path_buf) };
    let Some(mut prompt) = Prompt::terminal() else { return Err(no_target()) };
    output::print_message("no BBS is configured");
    output::print_indented(&["\n", &advice::page(config_file), "\n\n"].concat());
    // A file that is there is not written over.
    let may_write = config_file.is_some_and(|file| !file.exists());
    let choice = choose(&mut prompt, may_write)?;
    drop(prompt);
    match choice {
        Choice::Demo => Box::pin(dashboard::demo(flags, environment, paths)).await.map(|()| Status::Done),
        Choice::Init => Box::pin(config::init(flags, environment, paths)).await,
        Choice::Quit => Ok(Status::Usage),
    }
}

fn choose<R: std::io::BufRead, W: std::io::Write>(
    prompt: &mut Prompt<R, W>,
    may_write: bool,
) -> std::io::Result<Choice> {
    let keys =
        if may_write { "d (demo), i (write a configuration) or q (quit)" } else { "d (demo) or q (quit)" };
    let choice = prompt.ask(&format!("Type {keys}"), "q", |answer| match answer {
        "d" | "demo" => Ok(Choice::Demo),
        "i" | "init" if may_write => Ok(Choice::Init),
        "q" | "quit" => Ok(Choice::Quit),
        _ => Err("There is no such choice".to_owned()),
    })?;
    Ok(choice.unwrap_or(Choice::Quit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_or_a_word_chooses_and_no_answer_quits() {
        let choice = |answers: &str, may_write| {
            choose(&mut Prompt::new(answers.as_bytes(), Vec::new()), may_write).unwrap()
        };
        for (answers, may_write, expected) in [
            ("d\n", true, Choice::Demo),
            ("init\n", true, Choice::Init),
            ("i\nq\n", false, Choice::Quit),
            ("x\nd\n", true, Choice::Demo),
            ("\n", true, Choice::Quit),
            ("", true, Choice::Quit),
        ] {
            assert_eq!(choice(answers, may_write), expected, "{answers:?}");
        }
    }
}
