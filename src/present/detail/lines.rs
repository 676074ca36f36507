//! Collects lines: numbers the secrets, masks them, leaves out what is empty.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::{Line, SecretId};
use crate::model::secret::{MASK, mask_urls};
use crate::present::Tone;

pub(super) struct Lines<'a> {
    all: Vec<Line<'a>>,
    revealed: &'a BTreeSet<usize>,
    secrets: usize,
    indent: u8,
    /// What stands before every label: the branches of a tree.
    pub(super) branches: String,
}

impl<'a> Lines<'a> {
    pub(super) fn new(revealed: &'a BTreeSet<usize>) -> Self {
        Self { all: Vec::new(), revealed, secrets: 0, indent: 1, branches: String::new() }
    }

    pub(super) fn finish(self) -> Vec<Line<'a>> {
        self.all
    }

    pub(super) fn heading(&mut self, title: &'static str, note: impl Into<Cow<'a, str>>) {
        self.indent = 0;
        self.push(title.into(), note.into(), None, Tone::Accent);
        if let Some(line) = self.all.last_mut() {
            line.heads = Some(title);
        }
        self.indent = 1;
    }

    /// Lines below `label`, one step deeper.
    pub(super) fn nested(
        &mut self,
        label: impl Into<Cow<'a, str>>,
        note: impl Into<Cow<'a, str>>,
        below: impl FnOnce(&mut Self),
    ) {
        self.always(label, note);
        if self.branches.is_empty() {
            self.indent += 1;
            below(self);
            self.indent -= 1;
        } else {
            let outside = self.branches.len();
            self.branches.push_str("  ");
            below(self);
            self.branches.truncate(outside);
        }
    }

    /// A field that says something even when it is empty.
    pub(super) fn always(&mut self, label: impl Into<Cow<'a, str>>, value: impl Into<Cow<'a, str>>) {
        self.push(label.into(), value.into(), None, Tone::Normal);
    }

    pub(super) fn toned(
        &mut self,
        label: impl Into<Cow<'a, str>>,
        value: impl Into<Cow<'a, str>>,
        tone: Tone,
    ) {
        self.push(label.into(), value.into(), None, tone);
    }

    /// A field of which nothing needs to be said when it is empty. Credentials of URLs in it are masked.
    pub(super) fn text(&mut self, label: impl Into<Cow<'a, str>>, value: &'a str) {
        self.text_toned(label, value, Tone::Normal);
    }

    pub(super) fn text_toned(&mut self, label: impl Into<Cow<'a, str>>, value: &'a str, tone: Tone) {
        let id = self.next_secret();
        match mask_urls(value) {
            _ if value.is_empty() => {}
            None => self.push(label.into(), value.into(), None, tone),
            Some(_) if self.is_revealed(id) => self.push(label.into(), value.into(), Some(id), Tone::Warn),
            Some(masked) => self.push(label.into(), masked.into(), Some(id), tone),
        }
    }

    /// A field that is a secret as a whole.
    pub(super) fn secret(&mut self, label: impl Into<Cow<'a, str>>, value: &'a str) {
        let id = self.next_secret();
        match value {
            "" => self.push(label.into(), "(empty)".into(), None, Tone::Quiet),
            _ if self.is_revealed(id) => self.push(label.into(), value.into(), Some(id), Tone::Warn),
            _ => self.push(label.into(), MASK.into(), Some(id), Tone::Quiet),
        }
    }

    /// A field with a form for a line that has no room for its value.
    pub(super) fn with_brief(&mut self, label: &'static str, value: String, brief: String) {
        self.always(label, value);
        if let Some(line) = self.all.last_mut() {
            line.brief = Some(brief);
        }
    }

    /// A list on one line.
    pub(super) fn list<T: ToString>(&mut self, label: &'static str, values: &[T]) {
        if !values.is_empty() {
            self.always(label, values.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "));
        }
    }

    fn is_revealed(&self, id: SecretId) -> bool {
        self.revealed.contains(&id.0)
    }

    fn next_secret(&mut self) -> SecretId {
        let id = SecretId(self.secrets);
        self.secrets += 1;
        id
    }

    fn push(&mut self, label: Cow<'a, str>, value: Cow<'a, str>, secret: Option<SecretId>, tone: Tone) {
        let label = if self.branches.is_empty() {
            label
        } else {
            Cow::Owned([self.branches.as_str(), label.as_ref()].concat())
        };
        self.all.push(Line { indent: self.indent, label, value, secret, brief: None, tone, heads: None });
    }
}
