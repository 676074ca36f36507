//! The help of every command as Markdown.

use crate::cli::arguments::Arguments;

/// Columns of the help, whatever the terminal's width.
const WIDTH: usize = 100;

/// Returns a section for the program and one for each command, with its help as a code block.
pub(super) fn markdown() -> String {
    let mut root = Arguments::clap_command().term_width(WIDTH);
    root.build();
    let program = section("taskdeck", &mut root.clone());
    let commands = root.get_subcommands_mut().filter(|command| command.get_name() != "help");
    let sections = commands.map(|command| section(&format!("taskdeck {}", command.get_name()), command));
    std::iter::once(program).chain(sections).collect::<Vec<_>>().join("\n")
}

fn section(title: &str, command: &mut clap::Command) -> String {
    let help = command.render_long_help().to_string();
    let lines: Vec<_> = help.trim_end().lines().map(str::trim_end).collect();
    format!("## `{title}`\n\n```text\n{}\n```\n", lines.join("\n"))
}
