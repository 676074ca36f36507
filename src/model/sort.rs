//! How rows are sorted: the rule that a column carries, as a value that the dashboard's query applies.
//!
//! Must not name columns (`present::columns` does) or know how rows are stored (`app::query` does).

use super::{DefinitionSummary, Life, Owner, Shared, Task, Texts, Timestamp};

/// How a column sorts rows. Rows that are equal under a rule are sorted by guid, so every order is total and two
/// refreshes never differ by chance.
///
/// The kinds differ in how often the function runs for 100,000 rows: use the first that fits.
#[derive(Debug, Clone, Copy)]
pub enum SortRule {
    /// By guid alone.
    Guid,
    /// By something that many tasks share. Runs once for each combination in use.
    Shared(for<'a> fn(&Shared<'a>) -> SortValue<'a>),
    /// By one of the task's texts. Runs once for each distinct text.
    Text(for<'a> fn(&Texts<'a>) -> SortValue<'a>),
    /// By the task's owner. Runs once for each owner.
    Owner(for<'a> fn(&'a Owner) -> SortValue<'a>),
    /// By a point in time, latest first. Runs for each row.
    Time(fn(&Task) -> Timestamp),
    /// By a count, highest first. Runs for each row.
    Count(fn(&Task) -> u64),
    /// By a number of the task's course, lowest first; rows without one come last. Runs for each row. The number must not
    /// depend on the time, or the order would be outdated a moment later.
    Course(for<'a> fn(&Life<'a>) -> Option<u64>),
    /// By a field of the definition. Runs for each row, and reads the encoded definition each time: the slowest rule.
    Definition(for<'a> fn(&'a DefinitionSummary<'_>) -> SortValue<'a>),
}

/// What a rule sorts by. A column uses either numbers or texts, never both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SortValue<'a> {
    /// A number, lowest first.
    Number(u64),
    /// A text, in the order of its bytes.
    Text(&'a str),
    /// No value: such rows come last.
    Missing,
}

impl<'a> SortValue<'a> {
    /// Returns the text, or [`Self::Missing`] if it is empty.
    pub const fn text(text: &'a str) -> Self {
        if text.is_empty() { Self::Missing } else { Self::Text(text) }
    }
}

/// The current sort of a table.
#[derive(Debug, Clone, Copy)]
pub struct Sort {
    /// The key of the column that is sorted by.
    pub column: &'static str,
    /// That column's rule.
    pub rule: SortRule,
    /// Whether the order of the rule is reversed. Rows without a value then come first.
    pub reversed: bool,
}

impl Sort {
    /// Returns the same sort in the opposite direction.
    #[must_use]
    pub const fn reverse(self) -> Self {
        Self { reversed: !self.reversed, ..self }
    }
}

/// Sorts by guid. It is where a table starts until a column is chosen.
impl Default for Sort {
    fn default() -> Self {
        Self { column: "guid", rule: SortRule::Guid, reversed: false }
    }
}

/// A column has one rule, so the key and the direction identify the sort.
impl PartialEq for Sort {
    fn eq(&self, other: &Self) -> bool {
        (self.column, self.reversed) == (other.column, other.reversed)
    }
}

impl Eq for Sort {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_values_sort_last() {
        assert!(SortValue::text("z") < SortValue::text(""));
        assert!(SortValue::Number(u64::MAX) < SortValue::Missing);
        assert!(SortValue::text("a") < SortValue::text("b"));
    }
}
