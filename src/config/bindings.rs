//! Parses the keys of commands, and joins them with the default ones.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use crate::app::commands::{COMMANDS, Command, CommandSpec};
use crate::app::key::Key;
use crate::app::keymap::{BadBinding, Binding, Keymap};
use crate::app::parse_key;
use crate::toml_fault;

/// The `[keys]`: the keys of each command that has other ones than its default keys.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub(super) struct Bindings(BTreeMap<CommandName, Spanned<Keys>>);

/// The name of a command in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct CommandName(&'static str);

/// One key, or a list of keys; an empty one leaves the command without a key.
#[derive(Debug, Clone)]
struct Keys(Vec<Key>);

impl Bindings {
    /// Returns the keymap.
    ///
    /// # Errors
    /// What is wrong, and the bytes of the file that it is about.
    pub(super) fn keymap(&self) -> Result<Keymap, (Option<Range<usize>>, String)> {
        Keymap::customised(|command| self.of(command).map(|keys| keys.get_ref().0.as_slice())).map_err(
            |bad| {
                let configured = blamed(bad).filter_map(|command| self.of(command));
                // The error points at the second of two lines.
                let span = configured.map(Spanned::span).max_by_key(|span| span.start);
                (span, format!("{bad}{}", self.remedy(bad).unwrap_or_default()))
            },
        )
    }

    fn of(&self, command: Command) -> Option<&Spanned<Keys>> {
        self.0.get(&CommandName(command.spec()?.name))
    }

    /// Says which of two commands has the key by default, and how to take it from it.
    fn remedy(&self, bad: BadBinding) -> Option<String> {
        let BadBinding::Taken { binding: Binding { key, command }, by } = bad else { return None };
        let name = [command, by].into_iter().find(|command| self.of(*command).is_none())?.spec()?.name;
        Some(format!(
            "; {key} is a default key of {name}: give {name} another one, or none with `{name} = []`"
        ))
    }
}

/// Returns the commands whose keys are at fault.
fn blamed(bad: BadBinding) -> impl Iterator<Item = Command> {
    let (one, other) = match bad {
        BadBinding::Taken { binding, by } => (binding.command, Some(by)),
        BadBinding::NoCapital(Binding { command, .. }) => (command, None),
        BadBinding::CannotQuit => (Command::Quit, None),
    };
    std::iter::once(one).chain(other)
}

impl<'de> Deserialize<'de> for CommandName {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let name = String::deserialize(from)?;
        let names = || COMMANDS.iter().map(|spec: &CommandSpec| spec.name);
        let known = names().find(|known| *known == name);
        known.map(Self).ok_or_else(|| {
            let meant = toml_fault::did_you_mean(&name, names());
            D::Error::custom(format!(
                "no command is named `{name}` (`taskdeck docs commands` lists the names){meant}"
            ))
        })
    }
}

impl<'de> Deserialize<'de> for Keys {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(KeysVisitor)
    }
}

struct KeysVisitor;

impl<'de> Visitor<'de> for KeysVisitor {
    type Value = Keys;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key such as \"j\", \"Ctrl-n\" or \"PgDn\", or a list of keys")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Keys, E> {
        Ok(Keys(vec![parse_key(name).map_err(E::custom)?]))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut names: A) -> Result<Keys, A::Error> {
        let mut keys = Vec::new();
        while let Some(name) = names.next_element::<String>()? {
            keys.push(parse_key(&name).map_err(A::Error::custom)?);
        }
        Ok(Keys(keys))
    }
}
