//! Jumps by name: to a task by its guid, to an app, domain or cell, or to a command.

mod jump;
mod search;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::ops::Range;

use tui_input::{Input, InputRequest};

use crate::model::TaskGuid;

use super::RowId;
use super::commands::CommandSpec;
use super::prompt::Note;
use super::session::Session;
use search::{MAX_SCORED, Search};

/// How many hits are kept.
const MAX_HITS: usize = 100;
/// How many of each kind are shown before a letter is typed.
const MAX_SUGGESTED: usize = 5;

/// The kinds of what can be found.
#[derive(Debug, Clone, Copy)]
pub enum HitKind {
    /// A task.
    Task,
    /// A domain.
    Domain,
    /// A cell.
    Cell,
    /// An app, by name.
    App,
    /// A command.
    Command(&'static CommandSpec),
}

impl HitKind {
    /// Returns the name of the kind.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Task => "task",
            Self::Domain => "domain",
            Self::Cell => "cell",
            Self::App => "app",
            Self::Command(_) => "command",
        }
    }
}

/// Something that was found.
#[derive(Debug, Clone)]
pub struct Hit {
    /// What it is.
    pub kind: HitKind,
    /// Its name. Not sanitised.
    pub name: String,
    /// What stands beside it.
    pub note: Note,
    /// The bytes of the name that match.
    pub matched: Vec<Range<usize>>,
    score: u32,
}

/// The search by name.
#[derive(Debug, Clone, Default)]
pub struct Find {
    input: Input,
    /// The hits, best first.
    pub hits: Vec<Hit>,
    /// The index of the highlighted hit.
    pub at: usize,
    /// How many names and guids match.
    pub total: usize,
    /// The names of domains, cells, apps and commands, as they were at the start.
    names: Vec<Hit>,
    /// The pattern before, and the rows whose guids may match it: a longer pattern matches no others.
    narrowed: Option<(String, Vec<RowId>)>,
}

impl Find {
    /// Returns the typed pattern.
    pub fn pattern(&self) -> &str {
        self.input.value()
    }

    /// Returns the pattern up to the cursor.
    pub fn before_cursor(&self) -> String {
        self.pattern().chars().take(self.input.cursor()).collect()
    }

    /// Inserts a pasted text, without its control characters.
    pub(super) fn paste(&mut self, text: &str) {
        for c in text.chars().filter(|c| !c.is_control()) {
            self.input.handle(InputRequest::InsertChar(c));
        }
    }

    /// Finds what matches the pattern.
    fn search(&mut self, session: &Session) {
        self.at = 0;
        let pattern = self.pattern().trim().to_owned();
        if pattern.is_empty() {
            self.narrowed = None;
            self.suggest(session);
            return;
        }
        let mut search = Search::new(&pattern);
        let names = self.names.iter().filter_map(|name| {
            let score = search.score(&name.name)?;
            Some(Hit { score, ..name.clone() })
        });
        let mut hits: Vec<_> = names.collect();
        let rows = self.matching_rows(&pattern, &search, session);
        self.total = hits.len() + rows.len();
        hits.extend(task_hits(session, &rows, &mut search));
        self.narrowed = Some((pattern, rows));
        // Of equal scores, the name that the pattern covers most of.
        hits.sort_by(|one, other| {
            let by_score = other.score.cmp(&one.score);
            by_score
                .then_with(|| one.name.len().cmp(&other.name.len()))
                .then_with(|| one.name.cmp(&other.name))
        });
        hits.truncate(MAX_HITS);
        for hit in &mut hits {
            hit.matched = search.matched(&hit.name);
        }
        self.hits = hits;
    }

    /// Shows the most frequent names of each kind.
    fn suggest(&mut self, session: &Session) {
        let mut shown = Vec::new();
        let of_kind = |kind: &'static str| self.names.iter().filter(move |hit| hit.kind.name() == kind);
        for kind in ["domain", "app", "cell", "command"] {
            let mut hits: Vec<_> = of_kind(kind).cloned().collect();
            hits.sort_by_key(|hit| match hit.note {
                Note::Count(count) => Reverse(count),
                Note::Help(_) | Note::Unavailable(_) => Reverse(0),
            });
            shown.extend(hits.into_iter().take(MAX_SUGGESTED));
        }
        self.total = self.names.len() + session.store.counts().total() + session.store.ended_count();
        self.hits = shown;
    }

    fn matching_rows(&self, pattern: &str, search: &Search, session: &Session) -> Vec<RowId> {
        let narrowed = self.narrowed.as_ref().filter(|(before, _)| pattern.starts_with(before.as_str()));
        if let Some((_, rows)) = narrowed {
            return search.prefilter(rows.iter().filter_map(|row| guid_of(session, *row)));
        }
        let rows = (0..session.store.slots()).filter_map(RowId::at);
        search.prefilter(rows.filter_map(|row| guid_of(session, row)))
    }
}

/// Returns a row with its guid, unless the row has no entry.
fn guid_of(session: &Session, row: RowId) -> Option<(RowId, &TaskGuid)> {
    let facets = session.store.facets();
    facets.indexes(row)?;
    Some((row, facets.guid(row)?))
}

/// Returns the tasks whose guids match best.
fn task_hits(session: &Session, rows: &[RowId], search: &mut Search) -> Vec<Hit> {
    let guids = rows.iter().take(MAX_SCORED).filter_map(|row| guid_of(session, *row));
    let mut scored: Vec<_> =
        guids.filter_map(|(row, guid)| Some((Reverse(search.score(guid.as_str())?), guid, row))).collect();
    scored.sort_unstable();
    let hit = |(Reverse(score), guid, row): (Reverse<u32>, &TaskGuid, RowId)| {
        let task = session.store.entry(row).map(|entry| &entry.task);
        let note = task.map(|task| format!("{} in {}", task.state, task.domain)).unwrap_or_default();
        Hit { score, ..Hit::new(HitKind::Task, guid.as_str(), Note::Help(note)) }
    };
    scored.into_iter().take(MAX_HITS).map(hit).collect()
}

impl Hit {
    fn new(kind: HitKind, name: impl Into<String>, note: Note) -> Self {
        Self { kind, name: name.into(), note, matched: Vec::new(), score: 0 }
    }
}
