//! The keymap: which key runs which command.
//!
//! A value, so that a user's bindings can take the place of the default ones. What a command is stands in
//! [`commands`](super::commands).

use std::fmt;

use super::commands::{COMMANDS, Command, CommandSpec, Group};
use super::key::{Key, KeyCode};

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
    /// A key is bound to two commands, or a command that acts on the BBS to a key that is not a capital letter.
    pub fn new(bindings: impl IntoIterator<Item = Binding>) -> Result<Self, BadBinding> {
        let mut keymap = Self { bindings: Vec::new() };
        for binding in bindings {
            if binding.command.acts() && !is_capital(binding.key) {
                return Err(BadBinding::NoCapital(binding));
            }
            match keymap.command(binding.key) {
                None => keymap.bindings.push(binding),
                // The same binding twice is harmless.
                Some(bound) if bound == binding.command => {}
                Some(bound) => return Err(BadBinding::Taken { binding, by: bound }),
            }
        }
        Ok(keymap)
    }

    /// Builds a keymap in which some commands have other keys than their default ones, or none.
    ///
    /// # Errors
    /// As [`Self::new`]; also if no key quits.
    pub fn customised<'a>(keys_of: impl Fn(Command) -> Option<&'a [Key]>) -> Result<Self, BadBinding> {
        let bindings = COMMANDS.iter().flat_map(|spec| {
            let command = spec.command;
            keys_of(command)
                .unwrap_or(spec.default_keys)
                .iter()
                .map(move |key| Binding { key: *key, command })
        });
        let keymap = Self::new(bindings)?;
        let quits = keymap.keys(Command::Quit).next().is_some();
        if quits { Ok(keymap) } else { Err(BadBinding::CannotQuit) }
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

/// Capitals act on the BBS: nobody presses one by mistake. No Ctrl key acts, since shells give these other meanings.
pub(super) fn is_capital(key: Key) -> bool {
    matches!(key, Key { code: KeyCode::Char(c), ctrl: false, alt: false } if c.is_uppercase())
}

fn default_bindings() -> impl Iterator<Item = Binding> {
    COMMANDS
        .iter()
        .flat_map(|spec| spec.default_keys.iter().map(|key| Binding { key: *key, command: spec.command }))
}

/// A binding that a keymap cannot have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadBinding {
    /// The key is bound to another command.
    Taken {
        /// The binding.
        binding: Binding,
        /// The command that has the key.
        by: Command,
    },
    /// The command acts on the BBS, but the key is not a capital letter.
    NoCapital(Binding),
    /// No key quits.
    CannotQuit,
}

impl fmt::Display for BadBinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = |command: Command| command.spec().map_or("", |spec| spec.name);
        match self {
            Self::Taken { binding: Binding { key, command }, by } => {
                write!(f, "key {key} is bound to both {} and {}", name(*by), name(*command))
            }
            Self::NoCapital(Binding { key, command }) => write!(
                f,
                "key {key} cannot run {}: commands that act on the BBS take capital letters only",
                name(*command)
            ),
            Self::CannotQuit => write!(f, "{} needs at least one key", name(Command::Quit)),
        }
    }
}

impl std::error::Error for BadBinding {}

/// Returns the keys as a Markdown table.
pub fn markdown(keymap: &Keymap) -> String {
    let head = ["| Keys | What they do |".to_owned(), "| --- | --- |".to_owned()];
    let groups = Group::ALL.into_iter().flat_map(|group| {
        std::iter::once(format!("| **{}** | |", group.title()))
            .chain(group.commands().map(|spec| markdown_row(spec, keymap)))
    });
    head.into_iter().chain(groups).map(|line| line + "\n").collect()
}

/// Returns a key as code in a cell of a Markdown table.
pub(super) fn markdown_key(key: Key) -> String {
    format!("`{}`", key.label().replace('|', "\\|"))
}

fn markdown_row(spec: &CommandSpec, keymap: &Keymap) -> String {
    let keys: Vec<_> = keymap.keys(spec.command).map(markdown_key).collect();
    let keys = if keys.is_empty() { format!("`:{}`", spec.name) } else { keys.join(" ") };
    format!("| {keys} | {} |", spec.help)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::TaskAction;

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
        assert_eq!(conflict.to_string(), "key ? is bound to both help and quit");
        assert!(Keymap::new([HELP, QUIT, HELP]).is_ok(), "twice the same is none");
    }

    #[test]
    fn a_command_that_acts_takes_capitals_only() {
        for action in TaskAction::ALL {
            let alt = Key { alt: true, ..Key::char('D') };
            for key in [Key::ctrl('d'), Key::ctrl('D'), alt, Key::char('d'), Key::char(' '), Key::char('!')] {
                let binding = Binding { key, command: Command::Act(action) };
                let refused = Keymap::new([HELP, binding]).unwrap_err();
                let name = binding.command.spec().unwrap().name;
                let text = format!(
                    "key {key} cannot run {name}: commands that act on the BBS take capital letters only"
                );
                assert_eq!(refused.to_string(), text);
            }
            let binding = Binding { key: Key::char('Ä'), command: Command::Act(action) };
            assert!(Keymap::new([HELP, binding]).is_ok());
        }
    }

    #[test]
    fn some_commands_have_other_keys_than_their_default_ones() {
        const KEYS: &[Key] = &[Key::ctrl('h'), Key::char('h')];
        let keymap = Keymap::customised(|command| match command {
            Command::Help => Some(KEYS),
            Command::Refresh => Some(&[]),
            _ => None,
        });
        let keymap = keymap.unwrap();
        assert_eq!(keymap.keys(Command::Help).collect::<Vec<_>>(), [Key::ctrl('h'), Key::char('h')]);
        assert_eq!(keymap.command(HELP.key), None);
        assert_eq!(keymap.keys(Command::Refresh).count(), 0);
        assert_eq!(keymap.command(QUIT.key), Some(Command::Quit), "the others keep theirs");
        assert!(markdown(&keymap).contains("| `^h` `h` | Show the help |"));
        assert!(
            markdown(&keymap).contains("| `:refresh` | Refresh the list now |"),
            "it can be run by its name"
        );
        assert_eq!(Keymap::customised(|_| None), Ok(Keymap::default()));
        let none = Keymap::customised(|command| (command == Command::Quit).then_some(&[]));
        assert_eq!(none, Err(BadBinding::CannotQuit));
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
