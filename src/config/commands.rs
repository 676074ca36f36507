//! Parses the operator's own commands.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use crate::app::key::Key;
use crate::app::keymap::Keymap;
use crate::app::own_commands::{BadOwnCommand, OutputTo, OwnCommand, OwnCommands, Template};
use crate::app::{Pause, parse_key};

/// The commands, by name.
pub(super) type Commands = BTreeMap<CommandName, Spanned<CommandTable>>;

/// The name of a command, which is typed as one word.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct CommandName(String);

/// One command.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CommandTable {
    run: Run,
    help: Option<String>,
    key: Option<Spanned<KeyName>>,
    output: Option<Destination>,
    pause: Option<Spanned<PauseWhen>>,
    confirm: Option<Spanned<bool>>,
    acts: Option<bool>,
}

/// A program and its arguments, as written and parsed.
#[derive(Debug, Clone)]
struct Run {
    words: Vec<String>,
    template: Template,
}

#[derive(Debug, Clone, Copy)]
struct KeyName(Key);

/// Where the output goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Destination {
    #[default]
    Terminal,
    Pane,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum PauseWhen {
    OnFailure,
    Always,
    Never,
}

/// What is wrong, and the bytes of the file that it is about.
pub(super) type Problem = (Range<usize>, String);

/// Returns the commands whose names and keys do not clash.
pub(super) fn own_commands(tables: &Commands, keymap: &Keymap) -> Result<OwnCommands, Problem> {
    let mut own = OwnCommands::default();
    for (name, table) in tables {
        let (span, table) = (table.span(), table.as_ref());
        let command = command(name, table)?;
        own.add(command, keymap).map_err(|bad| {
            let key = table.key.as_ref().map(Spanned::span);
            let at = if matches!(bad, BadOwnCommand::NameTaken(_)) { span } else { key.unwrap_or(span) };
            (at, bad.to_string())
        })?;
    }
    Ok(own)
}

fn command(name: &CommandName, table: &CommandTable) -> Result<OwnCommand, Problem> {
    let acts = table.acts.unwrap_or(false);
    let confirms = table.confirm.as_ref().is_none_or(|confirm| *confirm.as_ref());
    if let (true, Some(confirm)) = (acts && !confirms, &table.confirm) {
        return Err((confirm.span(), "a command with `acts` always asks first; remove `confirm`".to_owned()));
    }
    let pause = table.pause.as_ref().map(|pause| pause.as_ref().value());
    let output = match (table.output.unwrap_or_default(), &table.pause) {
        (Destination::Terminal, _) => OutputTo::Terminal(pause.unwrap_or_default()),
        (Destination::Pane, None) => OutputTo::Pane,
        (Destination::Pane, Some(pause)) => {
            return Err((
                pause.span(),
                "`pause` is for output to the terminal; remove it, or set `output` to \"terminal\""
                    .to_owned(),
            ));
        }
    };
    Ok(OwnCommand {
        name: name.0.clone(),
        key: table.key.as_ref().map(|key| key.as_ref().0),
        help: table.help.clone().unwrap_or_else(|| table.run.words.join(" ")),
        template: table.run.template.clone(),
        output,
        confirms,
        acts,
    })
}

impl PauseWhen {
    const fn value(self) -> Pause {
        match self {
            Self::OnFailure => Pause::OnFailure,
            Self::Always => Pause::Always,
            Self::Never => Pause::Never,
        }
    }
}

impl<'de> Deserialize<'de> for CommandName {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let name = String::deserialize(from)?;
        if name.is_empty() || name.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Err(D::Error::custom("the name of a command must be a word without blanks"));
        }
        Ok(Self(name))
    }
}

impl<'de> Deserialize<'de> for Run {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let words = from.deserialize_seq(WordsVisitor)?;
        let template = Template::parse(&words).map_err(D::Error::custom)?;
        Ok(Self { words, template })
    }
}

/// Reads a list of words, and says what it expects in the words of the configuration.
struct WordsVisitor;

impl<'de> Visitor<'de> for WordsVisitor {
    type Value = Vec<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of the program and its arguments, such as [\"cf\", \"apps\"]")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut words = Vec::new();
        while let Some(word) = seq.next_element()? {
            words.push(word);
        }
        Ok(words)
    }
}

impl<'de> Deserialize<'de> for KeyName {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        parse_key(&String::deserialize(from)?).map(Self).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::super::file;
    use super::*;
    use crate::app::Settings;

    fn settings(commands: &str) -> Result<Settings, String> {
        file::parse(commands).map(|file| file.settings())
    }

    fn problem(commands: &str) -> String {
        settings(commands).unwrap_err()
    }

    #[test]
    fn a_command_has_defaults() {
        let own = settings("[commands.vms]\nrun = [\"bosh\", \"vms\"]\n").unwrap().own_commands;
        let [vms] = &own.iter().collect::<Vec<_>>()[..] else { panic!("{own:?}") };
        assert_eq!((vms.name.as_str(), vms.help.as_str(), vms.key), ("vms", "bosh vms", None));
        assert_eq!((vms.output, vms.confirms, vms.acts), (OutputTo::Terminal(Pause::OnFailure), true, false));
    }

    #[test]
    fn every_key_is_read() {
        let text = "[commands.x]\nrun = [\"x\", \"{guid}\"]\nhelp = \"Do x\"\nkey = \"Alt-x\"\noutput = \"pane\"\n\
                    confirm = false\nacts = false\n[commands.y]\nrun = [\"y\"]\npause = \"always\"\nacts = true\n";
        let own = settings(text).unwrap().own_commands;
        let [x, y] = &own.iter().collect::<Vec<_>>()[..] else { panic!("{own:?}") };
        assert_eq!((x.help.as_str(), x.output, x.confirms), ("Do x", OutputTo::Pane, false));
        assert_eq!(x.key, Some(Key { alt: true, ..Key::char('x') }));
        assert_eq!((y.output, y.confirms, y.acts), (OutputTo::Terminal(Pause::Always), true, true));
    }

    #[test]
    fn mistakes_name_the_line_the_key_and_what_is_meant() {
        for (text, expected) in [
            ("[commands.x]\nhelp = \"x\"", "line 1, key `commands.x`: missing field `run`"),
            ("[commands.x]\nrun = []", "line 2, key `commands.x.run`: the list must begin with a program"),
            (
                "[commands.x]\nrun = \"sh\"",
                "line 2, key `commands.x.run`: invalid type: string \"sh\", expected a list of the program",
            ),
            (
                "[commands.x]\nrun = [\"x\"]\nkey = \"Entr\"",
                "line 3, key `commands.x.key`: unknown key `Entr`",
            ),
            ("[commands.x]\nrun = [\"x\"]\nkye = \"a\"", "line 3, key `commands.x.kye`: unknown field `kye`"),
            (
                "[commands.x]\nrun = [\"x\"]\nkey = \"q\"",
                "line 3, key `commands.x.key`: key q is bound to both quit and x",
            ),
            (
                "[commands.a]\nrun = [\"x\"]\nkey = \"Alt-x\"\n[commands.b]\nrun = [\"x\"]\nkey = \"Alt-x\"",
                "line 6, key `commands.b.key`: key Alt-x is bound to both a and b",
            ),
            (
                "[commands.x]\nrun = [\"x\"]\nacts = true\nconfirm = false",
                "line 4, key `commands.x.confirm`: a command with `acts` always asks first",
            ),
            (
                "[commands.x]\nrun = [\"x\"]\noutput = \"pane\"\npause = \"never\"",
                "line 4, key `commands.x.pause`: `pause` is for output to the terminal",
            ),
            (
                "[commands.\"a b\"]\nrun = [\"x\"]",
                "line 1, key `commands.\"a b\"`: the name of a command must be a word without blanks",
            ),
            (
                "[commands.quit]\nrun = [\"x\"]",
                "line 1, key `commands.quit`: taskdeck has a command `quit` already",
            ),
        ] {
            let problem = problem(text);
            assert!(problem.starts_with(expected), "{problem}");
        }
        let unknown = problem("[commands.x]\nrun = [\"x\", \"{gid}\"]");
        assert!(unknown.starts_with("line 2, key `commands.x.run`: unknown placeholder `gid`"), "{unknown}");
        assert!(unknown.ends_with("; did you mean `guid`?"), "{unknown}");
    }
}
