//! Changes of the columns as they are typed: `+app -cell`, or the columns to show, `guid state reason+20`.

use super::{BadColumn, ColumnChoice, TableColumns, column_keys, known, split_extra};
use crate::app::abbreviation::whole;

/// A change of one column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    /// `+app`: show it, with this extra width if there is one.
    Show(&'static str, i16),
    /// `-cell`: hide it.
    Hide(&'static str),
}

impl TableColumns {
    /// Changes the columns as typed: names alone are the columns to show, `+` and `-` before each name show and hide it.
    /// Nothing changes if there is a mistake.
    ///
    /// # Errors
    /// A column is unknown or named twice, none would be shown, or only some names have a sign.
    pub(in crate::app) fn take_typed(&mut self, typed: &str) -> Result<(), BadColumn> {
        let words: Vec<_> =
            typed.split(|c: char| c == ',' || c.is_whitespace()).filter(|word| !word.is_empty()).collect();
        let signed = words.iter().filter(|word| word.starts_with(['+', '-'])).count();
        self.choices = match signed {
            0 => Self::parse(words)?.choices,
            all if all == words.len() => self.changed(&words)?,
            _ => return Err(BadColumn::Mixed),
        };
        self.scroll = 0;
        Ok(())
    }

    fn changed(&self, words: &[&str]) -> Result<Vec<ColumnChoice>, BadColumn> {
        let mut choices = self.choices.clone();
        for word in words {
            apply(&mut choices, Change::parse(word)?);
        }
        if choices.iter().any(|choice| choice.shown) { Ok(choices) } else { Err(BadColumn::None) }
    }
}

impl Change {
    fn parse(word: &str) -> Result<Self, BadColumn> {
        let (sign, name) = word.split_at_checked(1).unwrap_or((word, ""));
        let (key, extra) = split_extra(name);
        let key = known(whole(key, column_keys()).unwrap_or(key))?;
        Ok(if sign == "+" { Self::Show(key, extra) } else { Self::Hide(key) })
    }

    const fn key(self) -> &'static str {
        match self {
            Self::Show(key, _) | Self::Hide(key) => key,
        }
    }
}

fn apply(choices: &mut [ColumnChoice], change: Change) {
    let Some(choice) = choices.iter_mut().find(|choice| choice.key == change.key()) else { return };
    choice.if_room = false;
    match change {
        Change::Show(_, extra) => {
            choice.shown = true;
            choice.extra = if extra == 0 { choice.extra } else { extra };
        }
        Change::Hide(_) => choice.shown = false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(typed: &[&str]) -> String {
        let mut columns = TableColumns::parse(["guid", "app?", "state"]).unwrap();
        for typed in typed {
            columns.take_typed(typed).unwrap();
        }
        columns.to_names().join(" ")
    }

    #[test]
    fn signs_show_and_hide_and_names_alone_are_the_columns() {
        assert_eq!(after(&["+domain -state"]), "guid domain app?");
        assert_eq!(after(&["+dom -st"]), "guid domain app?", "the beginning of a name is enough");
        assert_eq!(after(&["+app"]), "guid app state", "it is shown whether or not there is room");
        assert_eq!(after(&["+reason+20", "+reason"]), "guid app? reason+20 state", "the width stays");
        assert_eq!(after(&["age, state,reason-3  cell?"]), "age state reason-3 cell?");
        assert_eq!(after(&["-app", "+app"]), "guid app state", "back in its place");
    }

    #[test]
    fn resetting_brings_back_the_columns_of_the_start() {
        let mut columns = TableColumns::parse(["guid", "state"]).unwrap();
        columns.take_typed("age").unwrap();
        columns.reset();
        assert_eq!(columns.to_names(), ["guid", "state"]);
    }

    #[test]
    fn a_mistake_changes_nothing() {
        for (typed, mistake) in [
            ("+app -sate", "unknown column `sate`"),
            ("guid guid", "column `guid` is listed twice"),
            ("+app guid", "put + or - before every column, or before none"),
            ("-guid -app -state", "at least one column must be shown"),
            ("-", "unknown column ``"),
        ] {
            let mut columns = TableColumns::parse(["guid", "app?", "state"]).unwrap();
            let before = columns.clone();
            assert_eq!(columns.take_typed(typed).unwrap_err().to_string(), mistake);
            assert_eq!(columns, before, "{typed}");
        }
    }
}
