//! The filter prompt: every key changes the text, and every valid text filters at once.

use crate::clock::Now;
use crate::filter::{Filter, SyntaxError};

use super::key::{Key, KeyCode};
use super::panes::Overlay;
use super::prompt::{Edit, LinePrompt, Value, complete_filter};
use super::session::Session;
use super::{App, Effect};

/// A filter that is being typed. As long as it has a mistake the last valid one stays active.
#[derive(Debug, Clone, Default)]
pub struct FilterPrompt {
    /// The text, its cursor and its completions.
    pub line: LinePrompt,
    /// What is wrong with it.
    pub mistake: Option<SyntaxError>,
    /// The values of the field that was completed last. They are counted once, not at every key.
    values: Option<(&'static str, Vec<Value>)>,
}

impl FilterPrompt {
    fn new(text: &str, session: &Session) -> Self {
        let mut prompt = Self { line: LinePrompt::new(text), ..Self::default() };
        prompt.complete(session);
        prompt
    }

    /// Offers what fits at the cursor.
    fn complete(&mut self, session: &Session) {
        let Self { line, values, .. } = self;
        let completions = complete_filter(line.text(), line.cursor(), |field| {
            match values {
                Some((name, held)) if *name == field.name => held,
                _ => &mut values.insert((field.name, session.values_of(field))).1,
            }
            .clone()
        });
        line.offer(completions);
    }
}

impl App {
    /// Takes a pasted text. Only prompts accept one, so a paste never acts.
    pub(super) fn paste(&mut self, text: &str) -> Vec<Effect> {
        match std::mem::take(&mut self.overlay) {
            Overlay::Filter(mut prompt) => {
                prompt.line.paste(text);
                self.take_typed(prompt, Edit::Changed);
            }
            Overlay::Command(mut prompt) => {
                prompt.line.paste(text);
                self.offer_commands(prompt);
            }
            Overlay::Find(mut find) => {
                find.paste(text);
                self.search(find);
            }
            Overlay::GroupSearch(search) => self.paste_in_group_search(search, text),
            Overlay::FailureSearch(search) => self.paste_in_failure_search(search, text),
            other => self.overlay = other,
        }
        Vec::new()
    }

    pub(super) fn begin_filter(&mut self, now: Now) {
        let session = self.session_mut();
        let prompt = FilterPrompt::new(session.query.filter().terms.text(), session);
        if session.list_scope(false) != session.list_scope(true) {
            session.scope_changed(now);
        }
        self.overlay = Overlay::Filter(prompt);
    }

    pub(super) fn type_filter(&mut self, mut prompt: FilterPrompt, key: Key) -> Vec<Effect> {
        match key.code {
            KeyCode::Enter if prompt.line.awaits_more() => {
                self.take_typed(prompt, Edit::Changed);
                return Vec::new();
            }
            KeyCode::Enter if prompt.mistake.is_none() => return self.remember_filter(prompt.line.text()),
            KeyCode::Esc => {
                self.session_mut().query.set_filter(|filter| filter.terms = Filter::default());
                return Vec::new();
            }
            _ => {}
        }
        match prompt.line.press(key, self.saved.filters()) {
            Edit::None => self.overlay = Overlay::Filter(prompt),
            edit => self.take_typed(prompt, edit),
        }
        Vec::new()
    }

    /// Adds a filter to the history, which is kept between runs.
    pub(super) fn remember_filter(&mut self, text: &str) -> Vec<Effect> {
        let is_new = self.saved.add_filter(text);
        is_new.then(|| Effect::SaveState(self.saved.clone())).into_iter().collect()
    }

    /// Filters by what was typed, if it is valid; the prompt stays open.
    fn take_typed(&mut self, mut prompt: FilterPrompt, edit: Edit) {
        match Filter::parse(prompt.line.text()) {
            Ok(terms) => {
                prompt.mistake = None;
                self.session_mut().query.set_filter(|filter| filter.terms = terms);
            }
            Err(mistake) => prompt.mistake = Some(mistake),
        }
        if edit == Edit::Changed {
            prompt.complete(self.session());
        }
        self.overlay = Overlay::Filter(prompt);
    }
}
