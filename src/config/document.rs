//! The configuration file as it is written: its values, and the lines of their keys.
//!
//! Does not know which keys there are; [`super::file`] does.

use toml::de::{DeTable, DeValue};

/// A TOML text whose values know their lines.
#[derive(Debug, Default)]
pub(super) struct Document<'a> {
    text: &'a str,
    values: toml::Table,
    tables: DeTable<'a>,
}

impl<'a> Document<'a> {
    /// Parses a text; one that is not TOML has no values.
    pub(super) fn parse(text: &'a str) -> Self {
        let Ok(tables) = DeTable::parse(text) else { return Self::default() };
        let values = toml::from_str(text).unwrap_or_default();
        Self { text, values, tables: tables.into_inner() }
    }

    /// Returns a value and the line of its key, which is within these tables.
    pub(super) fn get(&self, path: &[&str]) -> Option<(toml::Value, usize)> {
        let (last, tables) = path.split_last()?;
        let (mut spans, mut values) = (&self.tables, &self.values);
        for table in tables {
            spans = spans.get(*table).map(toml::Spanned::get_ref).and_then(DeValue::as_table)?;
            values = values.get(*table)?.as_table()?;
        }
        let (key, _) = spans.get_key_value(*last)?;
        let before = self.text.get(..key.span().start)?;
        Some((values.get(*last)?.clone(), before.matches('\n').count() + 1))
    }

    /// Returns the keys of a table.
    pub(super) fn keys(&self, table: &str) -> impl Iterator<Item = &str> {
        let table = self.values.get(table).and_then(toml::Value::as_table);
        table.into_iter().flat_map(toml::Table::keys).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_has_the_line_of_its_key() {
        let document = Document::parse("\u{feff}a = 1\n[t]\n# c\nb = [\n1,\n2]\nc.d = 3\nc.e = 4\n");
        let line = |path: &[&str]| document.get(path).map(|(_, line)| line);
        assert_eq!([line(&["a"]), line(&["t", "b"]), line(&["t", "c", "d"])], [Some(1), Some(4), Some(7)]);
        assert_eq!([line(&["b"]), line(&["t", "x"]), line(&["a", "b"]), line(&[])], [None; 4]);
        assert_eq!(document.get(&["t", "c", "e"]), Some((toml::Value::Integer(4), 8)));
        assert_eq!(document.keys("t").collect::<Vec<_>>(), ["b", "c"]);
        assert_eq!(Document::parse("a = ").get(&["a"]), None);
    }
}
