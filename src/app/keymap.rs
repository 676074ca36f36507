//! The keymap: which key runs which command.
//!
//! A value, so that a user's bindings can take the place of the default ones. What a command is stands in
//! [`commands`](super::commands).

use std::fmt;

use super::commands::{COMMANDS, Command, CommandSpec, Group};
use super::key::Key;

/// A key and the command that it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Binding {
    /// The key.
    pub key: Key,
    /// The command.
    pub command: Command,
}

/// Bindings in which every key has one command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keymap {
    bindings: Vec<Binding>,
}

impl Keymap {
    /// Builds a keymap. A command may have several keys; their order is kept, and the first is the one in the footer.
    ///
    /// # Errors
    /// A key is bound to two commands.
    pub fn new(bindings: impl IntoIterator<Item = Binding>) -> Result<Self, Conflict> {
        let mut keymap = Self { bindings: Vec::new() };
        for binding in bindings {
            match keymap.command(binding.key) {
                None => keymap.bindings.push(binding),
                // The same binding twice is harmless.
                Some(bound) if bound == binding.command => {}
                Some(bound) => return Err(Conflict { key: binding.key, commands: [bound, binding.command] }),
            }
        }
        Ok(keymap)
    }

    /// Returns the command that `key` runs.
    pub fn command(&self, key: Key) -> Option<Command> {
        self.bindings.iter().find(|binding| binding.key == key).map(|binding| binding.command)
    }

    /// Returns the keys that run `command`, the preferred one first.
    pub fn keys(&self, command: Command) -> impl Iterator<Item = Key> {
        self.bindings.iter().filter(move |binding| binding.command == command).map(|binding| binding.key)
    }
}

impl Default for Keymap {
    /// Returns the default keys of every command; a test shows that none is bound twice.
    fn default() -> Self {
        Self { bindings: default_bindings().collect() }
    }
}

fn default_bindings() -> impl Iterator<Item = Binding> {
    COMMANDS
        .iter()
        .flat_map(|spec| spec.default_keys.iter().map(|key| Binding { key: *key, command: spec.command }))
}

/// A key that is bound to two commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conflict {
    /// The key.
    pub key: Key,
    /// The commands, in the order in which they were bound.
    pub commands: [Command; 2],
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [first, second] = self.commands.map(|command| command.spec().map_or("", |spec| spec.name));
        write!(f, "Key {} is bound to both {first} and {second}", self.key)
    }
}

impl std::error::Error for Conflict {}

/// Returns the default keys as a Markdown table, for the README.
pub fn markdown() -> String {
    let head = ["| Keys | What they do |".to_owned(), "| --- | --- |".to_owned()];
    let groups = Group::ALL.into_iter().flat_map(|group| {
        std::iter::once(format!("| **{}** | |", group.title())).chain(group.commands().map(markdown_row))
    });
    head.into_iter().chain(groups).map(|line| line + "\n").collect()
}

fn markdown_row(spec: &CommandSpec) -> String {
    let keys: Vec<_> = spec.default_keys.iter().map(|key| format!("`{key}`")).collect();
    format!("| {} | {} |", keys.join(" "), spec.help)
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUIT: Binding = Binding { key: Key::char('q'), command: Command::Quit };
    const HELP: Binding = Binding { key: Key::char('?'), command: Command::Help };

    #[test]
    fn no_default_key_is_bound_twice() {
        let keymap = Keymap::new(default_bindings()).unwrap();
        assert_eq!(keymap, Keymap::default());
        assert_eq!(keymap.bindings.len(), default_bindings().count());
    }

    #[test]
    fn a_key_with_two_commands_is_a_conflict() {
        let conflict = Keymap::new([HELP, QUIT, Binding { key: HELP.key, ..QUIT }]).unwrap_err();
        assert_eq!(conflict.to_string(), "Key ? is bound to both help and quit");
        assert!(Keymap::new([HELP, QUIT, HELP]).is_ok(), "twice the same is none");
    }

    #[test]
    fn a_command_has_its_keys_in_order() {
        let second = Binding { key: Key::ctrl('c'), ..QUIT };
        let keymap = Keymap::new([QUIT, HELP, second]).unwrap();
        assert_eq!(keymap.keys(Command::Quit).collect::<Vec<_>>(), [QUIT.key, second.key]);
        assert_eq!(keymap.command(second.key), Some(Command::Quit));
        assert_eq!(keymap.command(Key::char('c')), None, "Ctrl matters");
        assert_eq!(keymap.keys(Command::Open).count(), 0);
    }
}
