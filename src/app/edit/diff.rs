//! The difference between two texts of tasks, line by line, with secrets masked.
//!
//! Lines are compared in clear text: a changed secret is a difference, although both lines look the same.

use similar::{Algorithm, DiffTag, capture_diff_slices, group_diff_ops};

use crate::model::DocumentLine;
use crate::present::format;

/// Equal lines that are shown around a change.
const CONTEXT: usize = 3;

/// A difference, as lines to show.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Diff {
    /// The lines that differ, with some equal ones around them.
    pub lines: Vec<DiffLine>,
    /// How many lines were added.
    pub added: usize,
    /// How many lines were removed.
    pub removed: usize,
    /// Whether a secret is masked in a line that differs.
    pub masks: bool,
}

/// A line of a difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffLine {
    /// Which of the texts it is in.
    pub change: LineChange,
    /// The line, with its secrets masked.
    pub text: String,
}

/// Which of the two texts a line is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineChange {
    /// It is in both texts.
    Same,
    /// It is in the old text only.
    Removed,
    /// It is in the new text only.
    Added,
    /// It stands for equal lines that are not shown.
    Skipped,
}

impl Diff {
    /// Returns all lines of a new text.
    pub(super) fn all(new: &[DocumentLine]) -> Self {
        let mut diff = Self::default();
        diff.push(LineChange::Added, new);
        diff
    }

    /// Returns the difference from an old text to a new one.
    pub(super) fn between(old: &[DocumentLine], new: &[DocumentLine]) -> Self {
        let clear = |lines: &[DocumentLine]| -> Vec<String> {
            lines.iter().map(|line| without_comma(&line.clear).to_owned()).collect()
        };
        let changes = capture_diff_slices(Algorithm::Patience, &clear(old), &clear(new));
        let (mut diff, mut shown_to) = (Self::default(), 0);
        for group in group_diff_ops(changes, CONTEXT) {
            for change in group {
                let (tag, from, to) = change.as_tag_tuple();
                if from.start > shown_to {
                    diff.skip(from.start - shown_to);
                }
                shown_to = from.end;
                let (from, to) = (old.get(from).unwrap_or_default(), new.get(to).unwrap_or_default());
                if tag == DiffTag::Equal {
                    diff.push(LineChange::Same, to);
                } else {
                    diff.push(LineChange::Removed, from);
                    diff.push(LineChange::Added, to);
                }
            }
        }
        if old.len() > shown_to && !diff.lines.is_empty() {
            diff.skip(old.len() - shown_to);
        }
        diff
    }

    fn push(&mut self, change: LineChange, lines: &[DocumentLine]) {
        match change {
            LineChange::Added => self.added += lines.len(),
            LineChange::Removed => self.removed += lines.len(),
            LineChange::Same | LineChange::Skipped => {}
        }
        self.masks |= change != LineChange::Same && lines.iter().any(|line| line.clear != line.masked);
        self.lines.extend(lines.iter().map(|line| DiffLine { change, text: line.masked.clone() }));
    }

    fn skip(&mut self, count: usize) {
        let text = format::counted(count, "equal line");
        self.lines.push(DiffLine { change: LineChange::Skipped, text });
    }
}

/// A comma tells only whether another line follows.
fn without_comma(line: &str) -> &str {
    line.strip_suffix(',').unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<DocumentLine> {
        let line =
            |line: &str| DocumentLine { clear: line.to_owned(), masked: line.replace("secret", "••") };
        text.split(' ').map(line).collect()
    }

    fn shown(diff: &Diff) -> String {
        let line = |line: &DiffLine| {
            let sign = match line.change {
                LineChange::Same => ' ',
                LineChange::Removed => '-',
                LineChange::Added => '+',
                LineChange::Skipped => '~',
            };
            format!("{sign}{}", line.text)
        };
        diff.lines.iter().map(line).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn equal_lines_far_from_a_change_are_skipped() {
        let diff = Diff::between(&lines("a b c d e f g h i j k l"), &lines("a b c d e F f g h i j k"));
        assert_eq!(shown(&diff), "~2 equal lines| c| d| e|+F| f| g| h| i| j| k|-l");
        assert_eq!((diff.added, diff.removed, diff.masks), (1, 1, false));
        let diff = Diff::between(&lines("a b c d e f g h i j k l"), &lines("A b c d e f g h i j k L"));
        assert_eq!(shown(&diff), "-a|+A| b| c| d|~4 equal lines| i| j| k|-l|+L");
        let diff = Diff::between(&lines("x a b c d e"), &lines("a b c d e"));
        assert_eq!(shown(&diff), "-x| a| b| c|~2 equal lines");
    }

    #[test]
    fn a_changed_secret_is_a_difference_and_stays_masked() {
        let diff = Diff::between(&lines("a secret1 b"), &lines("a secret2 b"));
        assert_eq!(shown(&diff), " a|-••1|+••2| b");
        assert!(diff.masks);
        assert!(!Diff::between(&lines("a secret b"), &lines("c secret b")).masks, "it is equal");
    }

    #[test]
    fn a_comma_is_no_difference() {
        let diff = Diff::between(&lines("a b"), &lines("a b, c"));
        assert_eq!(shown(&diff), " a| b,|+c");
        assert_eq!(Diff::between(&lines("a b,"), &lines("a, b")), Diff::default());
    }

    #[test]
    fn a_new_text_is_all_added() {
        let diff = Diff::all(&lines("a secret"));
        assert_eq!((shown(&diff).as_str(), diff.added, diff.masks), ("+a|+••", 2, true));
    }
}
