//! The argument list of an own command: parsed once, filled for a task. Pure.
//!
//! A placeholder is replaced within its argument, which is never split, joined or expanded. Values are text that tenants
//! choose, so those that a program could misread are refused.

use std::fmt;

use super::placeholder::{self, PLACEHOLDERS, Placeholder};
use crate::app::Program;

/// The longest value, in bytes. Guids and names are far shorter, and the question must show the whole list.
const MAX_VALUE_LENGTH: usize = 1_024;
/// Programs that run an argument as a script, which a value must not be part of.
const SHELLS: &[&str] = &["sh", "ash", "bash", "dash", "fish", "ksh", "mksh", "zsh", "csh", "tcsh"];

/// A program and its arguments, with placeholders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    program: String,
    arguments: Vec<Vec<Piece>>,
}

/// A part of an argument.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Value(&'static Placeholder),
}

/// Why an argument list cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadTemplate {
    /// There is no program.
    NoProgram,
    /// The program has a placeholder: what runs must not depend on a task.
    ProgramVaries,
    /// An argument has a NUL, which no argument can have.
    Nul,
    /// There is no such placeholder.
    Unknown(String),
    /// A brace outside a placeholder, and its argument.
    LoneBrace(char, String),
    /// A shell would run a value as part of this script.
    InScript(String),
}

/// Why a value cannot be an argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadValue {
    /// The task or the target does not have it.
    Missing(&'static Placeholder),
    /// It has a control character, which a program could pass on to the terminal.
    Control(&'static Placeholder),
    /// It is longer than `MAX_VALUE_LENGTH`.
    TooLong(&'static Placeholder),
    /// It begins its argument with `-`.
    Option(&'static Placeholder, String),
}

impl Template {
    /// Parses a program and its arguments. `{{` and `}}` stand for braces.
    pub fn parse(words: &[String]) -> Result<Self, BadTemplate> {
        if words.iter().any(|word| word.contains('\0')) {
            return Err(BadTemplate::Nul);
        }
        let parsed = words.iter().map(|word| parse_word(word)).collect::<Result<Vec<_>, _>>()?;
        let mut parsed = parsed.into_iter();
        let program = match parsed.next().as_deref() {
            None | Some([]) => return Err(BadTemplate::NoProgram),
            Some([Piece::Text(program)]) => program.clone(),
            Some(_) => return Err(BadTemplate::ProgramVaries),
        };
        let template = Self { program, arguments: parsed.collect() };
        match words.iter().skip(1).zip(0..).find(|(_, at)| template.is_varying_script(*at)) {
            Some((script, _)) => Err(BadTemplate::InScript(script.clone())),
            None => Ok(template),
        }
    }

    /// Returns whether an argument has a placeholder and is the script of a shell: the first after `-c` and its options.
    fn is_varying_script(&self, at: usize) -> bool {
        let text = |at: usize| match self.arguments.get(at).map(Vec::as_slice) {
            Some([Piece::Text(text)]) => text.as_str(),
            _ => "",
        };
        let is_shell = |word: &str| word.rsplit('/').next().is_some_and(|name| SHELLS.contains(&name));
        let is_varying = self.arguments.get(at).is_some_and(|argument| has_value(argument));
        let is_command = |option: &str| {
            option.strip_prefix('-').is_some_and(|letters| !letters.starts_with('-') && letters.contains('c'))
        };
        let has_shell = is_shell(&self.program) || (0..at).any(|before| is_shell(text(before)));
        let mut options = (0..at).rev().map(text).take_while(|word| word.starts_with('-'));
        is_varying && has_shell && options.any(is_command)
    }

    /// Returns the program, which has no placeholder.
    pub fn program(&self) -> &str {
        &self.program
    }

    /// Returns the placeholders, in their order.
    pub(super) fn placeholders(&self) -> impl Iterator<Item = &'static Placeholder> {
        self.arguments.iter().flatten().filter_map(|piece| match piece {
            Piece::Value(placeholder) => Some(*placeholder),
            Piece::Text(_) => None,
        })
    }

    /// Returns the program with a value in the place of each placeholder. A value that is missing is empty.
    pub(super) fn fill(&self, value: impl Fn(&'static Placeholder) -> String) -> Result<Program, BadValue> {
        let mut options_end = false;
        let mut arguments = Vec::new();
        for pieces in &self.arguments {
            let mut argument = String::new();
            for (nth, piece) in pieces.iter().enumerate() {
                match piece {
                    Piece::Text(text) => argument.push_str(text),
                    Piece::Value(placeholder) => {
                        let may_be_option = nth == 0 && !options_end;
                        argument.push_str(&checked(placeholder, value(placeholder), may_be_option)?);
                    }
                }
            }
            options_end |= argument == "--";
            arguments.push(argument.into());
        }
        Ok(Program { name: self.program.clone().into(), arguments })
    }
}

fn has_value(pieces: &[Piece]) -> bool {
    pieces.iter().any(|piece| matches!(piece, Piece::Value(_)))
}

/// Returns the value if no program can misread it.
fn checked(
    placeholder: &'static Placeholder,
    value: String,
    may_be_option: bool,
) -> Result<String, BadValue> {
    if value.is_empty() {
        Err(BadValue::Missing(placeholder))
    } else if value.contains(char::is_control) {
        Err(BadValue::Control(placeholder))
    } else if value.len() > MAX_VALUE_LENGTH {
        Err(BadValue::TooLong(placeholder))
    } else if may_be_option && value.starts_with('-') {
        Err(BadValue::Option(placeholder, value))
    } else {
        Ok(value)
    }
}

fn parse_word(word: &str) -> Result<Vec<Piece>, BadTemplate> {
    let mut pieces = Vec::new();
    let mut text = String::new();
    let mut rest = word;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, from_brace) = rest.split_at_checked(at).unwrap_or((rest, ""));
        text.push_str(before);
        if let Some((brace, after)) = doubled_brace(from_brace) {
            text.push(brace);
            rest = after;
            continue;
        }
        let name = from_brace.strip_prefix('{').and_then(|inside| inside.split_once('}'));
        let Some((name, after)) = name else {
            let brace = from_brace.chars().next().unwrap_or('{');
            return Err(BadTemplate::LoneBrace(brace, word.to_owned()));
        };
        let placeholder = placeholder::find(name).ok_or_else(|| BadTemplate::Unknown(name.to_owned()))?;
        if !text.is_empty() {
            pieces.push(Piece::Text(std::mem::take(&mut text)));
        }
        pieces.push(Piece::Value(placeholder));
        rest = after;
    }
    text.push_str(rest);
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
    Ok(pieces)
}

fn doubled_brace(text: &str) -> Option<(char, &str)> {
    ['{', '}'].into_iter().find_map(|brace| Some((brace, text.strip_prefix(brace)?.strip_prefix(brace)?)))
}

impl fmt::Display for BadTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoProgram => f.write_str("the list must begin with a program"),
            Self::ProgramVaries => {
                f.write_str("the program must have no placeholder: a task must not choose what is run")
            }
            Self::Nul => f.write_str("an argument must have no NUL"),
            Self::Unknown(name) => {
                let names: Vec<_> = PLACEHOLDERS.iter().map(|one| format!("`{}`", one.name)).collect();
                write!(f, "unknown placeholder `{name}`, expected one of {}", names.join(", "))
            }
            Self::LoneBrace(brace, word) => {
                write!(
                    f,
                    "{word:?} has a `{brace}` outside a placeholder; write `{brace}{brace}` for a brace"
                )
            }
            Self::InScript(word) => write!(
                f,
                "a shell would run the task's text in {word:?} as a command; pass it after the script instead, as in \
                 [\"sh\", \"-c\", \"echo \\\"$1\\\"\", \"sh\", \"{{guid}}\"]"
            ),
        }
    }
}

impl fmt::Display for BadValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(placeholder) => f.write_str(placeholder.missing),
            Self::Control(one) => write!(f, "{{{}}} has control characters", one.name),
            Self::TooLong(one) => write!(f, "{{{}}} is longer than {MAX_VALUE_LENGTH} bytes", one.name),
            Self::Option(one, value) => {
                let (name, start) = (one.name, value.chars().take(40).collect::<String>());
                write!(
                    f,
                    "{{{name}}} is {start:?}, which the program could take for an option. In the configuration, put \
                     \"--\" before it, or text as in \"--guid={{{name}}}\""
                )
            }
        }
    }
}
