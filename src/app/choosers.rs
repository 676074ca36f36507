//! The lists to choose from: the column to sort by, and the columns of the table.
//!
//! Knows which keys they take and what these change; `ui` draws them.

use super::columns::{sort_by, title};
use super::key::{Key, KeyCode};
use super::{App, Effect, Overlay, ToCopy};

/// By how many cells a key widens a column.
const WIDER: i16 = 2;

/// The list of columns to sort by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SortChooser {
    /// The index of the highlighted column.
    pub at: usize,
}

/// The list of columns to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ColumnChooser {
    /// The index of the highlighted column.
    pub at: usize,
}

impl App {
    /// Opens the list of columns to sort by, on the current one.
    pub(super) fn choose_sort(&mut self) {
        let sorted = self.sort().column;
        let at = self.columns.choices().iter().position(|choice| choice.key == sorted).unwrap_or(0);
        self.overlay = Overlay::Sort(SortChooser { at });
    }

    /// Opens the list of columns to show.
    pub(super) fn choose_columns(&mut self) {
        self.overlay = Overlay::Columns(ColumnChooser::default());
    }

    pub(super) fn press_in_sort(&mut self, mut chooser: SortChooser, key: Key) {
        let (at, len) = (chooser.at, self.columns.choices().len());
        match key.code {
            KeyCode::Enter => {
                let key = self.columns.choices().get(at).map(|choice| choice.key);
                // The current column keeps its direction.
                let sort = key.filter(|key| *key != self.sort().column).and_then(sort_by);
                if let Some(sort) = sort {
                    self.session_mut().query.sort_by(sort);
                }
                // An order whose values are out of sight could not be followed.
                self.columns.show(at);
                return;
            }
            KeyCode::Esc | KeyCode::Char('q' | 's') => return,
            KeyCode::Char('S') => self.reverse_sort(),
            _ => chooser.at = self.moved(key, at, len).or_else(|| self.next_titled(at, key)).unwrap_or(at),
        }
        self.overlay = Overlay::Sort(chooser);
    }

    pub(super) fn press_in_columns(&mut self, mut chooser: ColumnChooser, key: Key) -> Vec<Effect> {
        let (at, len) = (chooser.at, self.columns.choices().len());
        match key.code {
            KeyCode::Enter | KeyCode::Esc | KeyCode::Char('q' | 'c') => return Vec::new(),
            KeyCode::Char(' ') => self.columns.toggle(at),
            KeyCode::Char('J') | KeyCode::ShiftDown => chooser.at = self.columns.shift(at, true),
            KeyCode::Char('K') | KeyCode::ShiftUp => chooser.at = self.columns.shift(at, false),
            KeyCode::Char('+' | '=') => self.columns.widen(at, WIDER),
            KeyCode::Char('-') => self.columns.widen(at, -WIDER),
            KeyCode::Char('r') => self.columns.reset(),
            KeyCode::Char('y') => {
                self.overlay = Overlay::Columns(chooser);
                let what = "the line for [dashboard] in the configuration";
                return vec![Effect::Copy(ToCopy::text(what, self.configured_columns()))];
            }
            _ => chooser.at = self.moved(key, at, len).unwrap_or(at),
        }
        self.overlay = Overlay::Columns(chooser);
        Vec::new()
    }

    /// Returns the columns as a line of the configuration.
    fn configured_columns(&self) -> String {
        let names: Vec<_> = self.columns.to_names().iter().map(|name| format!("\"{name}\"")).collect();
        format!("columns = [{}]", names.join(", "))
    }

    /// Returns where a key moves the highlight of a list of `len` items to, if it does.
    pub(super) fn moved(&self, key: Key, at: usize, len: usize) -> Option<usize> {
        let (last, page) = (len.saturating_sub(1), self.page.max(1));
        Some(match (key.code, key.ctrl) {
            (KeyCode::Down, _) | (KeyCode::Char('j'), false) => (at + 1).min(last),
            (KeyCode::Up, _) | (KeyCode::Char('k'), false) => at.saturating_sub(1),
            (KeyCode::PageDown, _) | (KeyCode::Char('d' | 'f'), true) => (at + page).min(last),
            (KeyCode::PageUp, _) | (KeyCode::Char('u' | 'b'), true) => at.saturating_sub(page),
            (KeyCode::Home, _) => 0,
            (KeyCode::End, _) | (KeyCode::Char('G'), false) => last,
            _ => return None,
        })
    }

    /// Returns the next column whose title begins with the letter.
    fn next_titled(&self, at: usize, key: Key) -> Option<usize> {
        let KeyCode::Char(letter) = key.code else { return None };
        let choices = self.columns.choices();
        let begins = |at: &usize| {
            let title = choices.get(*at).map_or("", |choice| title(choice.key));
            title.chars().next().is_some_and(|first| first.eq_ignore_ascii_case(&letter))
        };
        (at + 1..choices.len()).chain(0..at).find(begins)
    }
}
