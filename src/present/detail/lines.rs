//! Collects the lines of the detail: numbers and masks secrets, and leaves out empty fields.

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
    /// The branches of a tree, drawn before every label.
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
            line.section = Some(title);
        }
        self.indent = 1;
    }

    /// Adds a field with further lines below it, indented one step.
    pub(super) fn nested(
        &mut self,
        label: impl Into<Cow<'a, str>>,
        note: impl Into<Cow<'a, str>>,
        below: impl FnOnce(&mut Self),
    ) {
        self.field(label, note);
        self.below(below);
    }

    /// Adds lines that are indented one step.
    pub(super) fn below(&mut self, below: impl FnOnce(&mut Self)) {
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

    /// Adds a field, even if it is empty.
    pub(super) fn field(&mut self, label: impl Into<Cow<'a, str>>, value: impl Into<Cow<'a, str>>) {
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

    /// Adds a field unless it is empty. Credentials in URLs are masked.
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

    /// Adds a field whose whole value is secret.
    pub(super) fn secret(&mut self, label: impl Into<Cow<'a, str>>, value: &'a str) {
        let id = self.next_secret();
        match value {
            "" => self.push(label.into(), "(empty)".into(), None, Tone::Quiet),
            _ if self.is_revealed(id) => self.push(label.into(), value.into(), Some(id), Tone::Warn),
            _ => self.push(label.into(), MASK.into(), Some(id), Tone::Quiet),
        }
    }

    /// Adds a field that also has a shorter value, for narrow lines.
    pub(super) fn with_brief(&mut self, label: &'static str, value: String, brief: String) {
        self.field(label, value);
        if let Some(line) = self.all.last_mut() {
            line.brief = Some(brief);
        }
    }

    /// Adds a list on one line, unless it is empty.
    pub(super) fn list<T: ToString>(&mut self, label: &'static str, values: &[T]) {
        if !values.is_empty() {
            self.field(label, values.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "));
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
        self.all.push(Line { indent: self.indent, label, value, secret, brief: None, tone, section: None });
    }
}
