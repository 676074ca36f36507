//! The commands that sort by a column and choose the columns: `:sort age desc`, `:columns +app -cell`.

use crate::clock::Now;
use crate::model::Sort;

use super::abbreviation::{correction, whole};
use super::columns::{BadColumn, column_keys, descends, order_of, sort_by, summary_of};
use super::prompt::Candidate;
use super::{App, ColumnChoice, Effect};

/// Brings back the columns that the dashboard started with.
const RESET: &str = "reset";

/// Returns the columns to sort by, in their own order, and in the opposite one.
pub(super) fn sort_candidates() -> Vec<Candidate> {
    let own = column_keys().map(|key| Candidate::with_help(key, order_of(key)));
    let opposite = column_keys().map(|key| {
        let direction = if descends(key) { "asc" } else { "desc" };
        Candidate::with_help(format!("{key} {direction}"), "the opposite order")
    });
    own.chain(opposite).collect()
}

impl App {
    /// Sorts the table as typed: a column, and `asc` or `desc`. Shows the column, and the table if groups hide it.
    pub(super) fn sort_by_argument(&mut self, argument: &str, _now: Now) -> Result<Vec<Effect>, String> {
        if argument.is_empty() {
            return Ok(self.offer_arguments("sort"));
        }
        let sort = parse_sort(argument)?;
        self.session_mut().query.sort_by(sort);
        let is_hidden = |choice: &ColumnChoice| choice.key == sort.column && !choice.shown;
        if let Some(at) = self.columns.choices().iter().position(is_hidden) {
            self.columns.show(at);
        }
        self.show_table();
        Ok(Vec::new())
    }

    /// Returns the columns to show, and those to hide.
    pub(super) fn column_candidates(&self) -> Vec<Candidate> {
        let with_sign = |sign: char, shown: bool| {
            let choices = self.columns.choices().iter().filter(move |choice| choice.shown == shown);
            choices.map(move |choice| {
                Candidate::with_help(format!("{sign}{}", choice.key), summary_of(choice.key))
            })
        };
        let reset = Candidate::with_help(RESET, "show the columns of the start");
        let names = column_keys().map(|key| Candidate::with_help(key, summary_of(key)));
        with_sign('+', false).chain(with_sign('-', true)).chain([reset]).chain(names).collect()
    }

    /// Shows the columns as typed.
    pub(super) fn columns_by_argument(&mut self, argument: &str, _now: Now) -> Result<Vec<Effect>, String> {
        match argument {
            "" => return Ok(self.offer_arguments("columns")),
            RESET => self.columns.reset(),
            typed => self.columns.take_typed(typed).map_err(|mistake| explain(&mistake))?,
        }
        self.show_table();
        Ok(Vec::new())
    }
}

fn explain(mistake: &BadColumn) -> String {
    match mistake {
        BadColumn::Unknown(key) => unknown_column(key),
        BadColumn::Twice(_) | BadColumn::None | BadColumn::Mixed => capitalised(&mistake.to_string()),
    }
}

fn unknown_column(key: &str) -> String {
    format!("Unknown column \"{key}\".{}", correction(key, column_keys()))
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// Parses `age`, `age desc` and, as in the configuration, `-age` for the opposite order.
fn parse_sort(typed: &str) -> Result<Sort, String> {
    let (name, direction) = typed.split_once(char::is_whitespace).unwrap_or((typed, ""));
    let (key, is_opposite) = name.strip_prefix('-').map_or((name, false), |key| (key, true));
    let sort = whole(key, column_keys()).ok().and_then(sort_by).ok_or_else(|| unknown_column(key))?;
    let reversed = match direction.trim() {
        "" => is_opposite,
        _ if is_opposite => return Err("Type either - or a direction, not both".to_owned()),
        "asc" | "ascending" => descends(sort.column),
        "desc" | "descending" => !descends(sort.column),
        other => return Err(format!("Unknown direction \"{other}\": type asc or desc")),
    };
    Ok(Sort { reversed, ..sort })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directions_are_those_of_the_values() {
        let reversed = |typed| parse_sort(typed).map(|sort| (sort.column, sort.reversed));
        for (typed, sort) in [
            ("age", ("age", false)),
            ("age asc", ("age", false)),
            ("age desc", ("age", true)),
            ("-age", ("age", true)),
            ("mem", ("memory", false)),
            ("memory desc", ("memory", false)),
            ("memory ascending", ("memory", true)),
            ("guid  descending", ("guid", true)),
        ] {
            assert_eq!(reversed(typed), Ok(sort), "{typed}");
        }
    }

    #[test]
    fn a_mistake_names_what_is_meant() {
        let mistake = |typed| parse_sort(typed).unwrap_err();
        assert_eq!(mistake("memroy"), "Unknown column \"memroy\". Did you mean \"memory\"?");
        assert_eq!(mistake("owner"), "Unknown column \"owner\". Delete it to see the list");
        assert_eq!(mistake("age up"), "Unknown direction \"up\": type asc or desc");
        assert_eq!(mistake("-age desc"), "Type either - or a direction, not both");
    }
}
