//! Parses the operator's own commands.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::de::Error;
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
        return Err((confirm.span(), "a command with `acts` always asks first".to_owned()));
    }
    let pause = table.pause.as_ref().map(|pause| pause.as_ref().value());
    let output = match (table.output.unwrap_or_default(), &table.pause) {
        (Destination::Terminal, _) => OutputTo::Terminal(pause.unwrap_or_default()),
        (Destination::Pane, None) => OutputTo::Pane,
        (Destination::Pane, Some(pause)) => {
            return Err((pause.span(), "`pause` is for output to the terminal".to_owned()));
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
        let words = Vec::<String>::deserialize(from)?;
        let template = Template::parse(&words).map_err(D::Error::custom)?;
        Ok(Self { words, template })
    }
}

impl<'de> Deserialize<'de> for KeyName {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        parse_key(&String::deserialize(from)?).map(Self).map_err(D::Error::custom)
    }
}
