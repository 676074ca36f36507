//! The help of the program, with the verbs in groups, and the examples of each verb.
//!
//! clap lists verbs without groups, so their lists are written here, from the table of verbs. clap writes all else. Defines
//! no verb.

mod verbs;

use clap::builder::{StyledStr, Styles};
use clap::{Arg, ArgAction, Command};

use verbs::{Example, Group, OF_PROGRAM, VERBS};

/// Width of a standard terminal, which the lists fit.
const WIDTH: usize = 80;
/// Width of the names of groups and headings in the short help.
const GROUP_WIDTH: usize = 18;
/// Width of the names of verbs in the long help.
const VERB_WIDTH: usize = 12;

/// What clap would write, if it listed the verbs.
const USAGE: &str = "taskdeck [OPTIONS]\n       taskdeck <COMMAND>";
const TEMPLATE: &str = "{about-with-newline}\n{usage-heading} {usage}\n\n{before-help}{all-args}{after-help}";
/// The last lines of the short help.
const MORE: &str = "\
Without a BBS, `taskdeck --demo` watches a simulated one.
`taskdeck --help` explains all of these, `taskdeck COMMAND --help` a command.";

/// Adds its examples to the help of a verb.
pub(super) fn with_examples(verb: Command) -> Command {
    let Some(row) = verbs::named(verb.get_name()) else { return verb };
    let above = verb.get_after_help().map(|help| format!("{help}\n\n")).unwrap_or_default();
    verb.after_help(above + &examples(&row.examples))
}

/// Styles the headings in the help of a verb, for a terminal.
pub(super) fn with_headings(verb: Command) -> Command {
    match verb.get_after_help().map(|help| styled(&help.to_string())) {
        Some(help) => verb.after_help(help),
        None => verb,
    }
}

/// Groups the verbs in the help of the program. Completions and manual pages take the tree as it is.
pub(super) fn with_groups(root: Command) -> Command {
    let (short, long) = (short(&root), long(&root));
    root.help_template(TEMPLATE)
        .override_usage(USAGE)
        .before_help(styled(&short))
        .before_long_help(styled(&long))
        .after_long_help(styled(&examples(&OF_PROGRAM)))
        .disable_help_flag(true)
        .disable_version_flag(true)
        .arg(own_flag("help", 'h', "Print this help; -h prints a summary").action(ArgAction::Help))
        .arg(own_flag("version", 'V', "Print version").action(ArgAction::Version))
        .mut_args(|arg| arg.hide_short_help(true))
        .mut_subcommands(|verb| {
            // The lists of groups have it.
            with_own_help(verb).hide(true)
        })
}

/// Adds the help flag to a verb and to the verbs below it, and styles their headings.
fn with_own_help(verb: Command) -> Command {
    let verb = with_headings(verb).mut_subcommands(with_own_help);
    verb.arg(own_flag("help", 'h', "Print help").action(ArgAction::Help))
}

/// Returns a flag in place of the one that clap adds, which the short help could not leave out.
fn own_flag(name: &'static str, short: char, help: &'static str) -> Arg {
    Arg::new(name).short(short).long(name).help(help).help_heading(None)
}

/// Returns the verbs by group, and the flags by heading, on a few lines.
fn short(root: &Command) -> String {
    let verbs = Group::ALL.map(|group| listed(&group.to_string(), verbs_of(group)));
    let mut headings: Vec<_> = root.get_arguments().map(Arg::get_help_heading).collect();
    headings.dedup();
    let flags = headings.into_iter().map(|heading| {
        let flags = root.get_arguments().filter(|arg| arg.get_help_heading() == heading);
        listed(heading.unwrap_or("Other"), flags.filter_map(flag))
    });
    format!("Commands:\n{}\nOptions:\n{}\n{MORE}", verbs.concat(), flags.collect::<String>())
}

/// Returns a flag with the name of its value.
fn flag(arg: &Arg) -> Option<String> {
    let long = arg.get_long()?;
    let value = arg.get_value_names().filter(|_| arg.get_action().takes_values());
    let value = value.and_then(<[_]>::first).map(|name| format!(" <{name}>")).unwrap_or_default();
    Some(format!("--{long}{value}"))
}

/// Returns a name and what belongs to it, in as many lines as needed.
fn listed(name: &str, items: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let indent = 2 + GROUP_WIDTH + 1;
    let mut lines = vec![format!("  {name:GROUP_WIDTH$}")];
    let mut items = items.into_iter().peekable();
    while let Some(item) = items.next() {
        let comma = if items.peek().is_some() { "," } else { "" };
        let width = lines.last().map_or(0, String::len) + 1 + item.as_ref().len() + comma.len();
        if width > WIDTH {
            lines.push(" ".repeat(indent - 1));
        }
        if let Some(line) = lines.last_mut() {
            line.extend([" ", item.as_ref(), comma]);
        }
    }
    lines.join("\n") + "\n"
}

fn verbs_of(group: Group) -> impl Iterator<Item = &'static str> {
    VERBS.iter().filter(move |row| row.group == group).map(|row| row.name)
}

/// Returns each verb by group, with what it does.
fn long(root: &Command) -> String {
    let groups = Group::ALL.map(|group| {
        let verbs = verbs_of(group).map(|name| {
            let about = root.find_subcommand(name).and_then(Command::get_about);
            let about = about.map(StyledStr::to_string).unwrap_or_default();
            format!("  {name:VERB_WIDTH$}  {about}\n")
        });
        format!("{group}:\n{}", verbs.collect::<String>())
    });
    groups.join("\n").trim_end().to_owned()
}

fn examples(examples: &[Example]) -> String {
    let each = examples.iter().map(|Example { does, line }| format!("\n  # {does}\n  {line}"));
    ["Examples:".to_owned()].into_iter().chain(each).collect()
}

/// Styles the lines that are headings as clap styles its own.
fn styled(text: &str) -> StyledStr {
    let styles = Styles::default();
    let style = styles.get_header();
    // Sentences end with a colon, too.
    let is_heading = |line: &str| {
        line.ends_with(':') && line.len() <= GROUP_WIDTH + 1 && line.starts_with(char::is_uppercase)
    };
    let lines = text
        .lines()
        .map(|line| if is_heading(line) { format!("{style}{line}{style:#}") } else { line.to_owned() });
    lines.collect::<Vec<_>>().join("\n").into()
}

#[cfg(test)]
mod tests;
