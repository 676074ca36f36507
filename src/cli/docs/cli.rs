//! The help of every command as Markdown.

use clap::Command;

use crate::cli::arguments::Arguments;
use crate::cli::help;

/// Columns of the help, whatever the terminal's width.
const WIDTH: usize = 80;

/// Returns a section for the program and one for each command, with its help as a code block.
pub(super) fn markdown() -> String {
    let mut root = help::with_groups(Arguments::clap_command().term_width(WIDTH));
    root.build();
    let mut sections = Vec::new();
    write_sections(&mut root, "taskdeck", &mut sections);
    sections.join("\n")
}

/// Adds a section for a command, and those of its own commands behind it.
fn write_sections(command: &mut Command, title: &str, sections: &mut Vec<String>) {
    let help = command.render_long_help().to_string();
    let lines: Vec<_> = help.trim_end().lines().map(str::trim_end).collect();
    sections.push(format!("## `{title}`\n\n```text\n{}\n```\n", lines.join("\n")));
    for inner in command.get_subcommands_mut().filter(|inner| inner.get_name() != "help") {
        let title = format!("{title} {}", inner.get_name());
        write_sections(inner, &title, sections);
    }
}
