//! The history of views, like that of a browser. Pure.

use super::View;
use crate::model::TaskGuid;

/// How many views are kept.
const MAX_VIEWS: usize = 50;

/// A direction in the history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) enum Step {
    /// To the previous view.
    Back,
    /// To the next view.
    Forward,
}

/// A view that was visited.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::app) struct Visit {
    /// The view.
    pub(in crate::app) view: View,
    /// The task that was selected in it last, if the operator chose one.
    pub(in crate::app) selected: Option<TaskGuid>,
}

/// The views that the operator has seen of a session, and which of them is on the screen.
#[derive(Debug, Clone, PartialEq)]
pub struct ViewHistory {
    current: Visit,
    /// The oldest first.
    earlier: Vec<Visit>,
    /// The next one last.
    later: Vec<Visit>,
    has_moved: bool,
}

impl ViewHistory {
    /// Returns the history of a session that shows this view at first.
    pub(in crate::app) fn new(view: View) -> Self {
        let current = Visit { view, selected: None };
        Self { current, earlier: Vec::new(), later: Vec::new(), has_moved: false }
    }

    /// Begins with another view, which is the first one then.
    pub(in crate::app) fn begin_with(&mut self, view: View) {
        *self = Self::new(view);
    }

    /// Returns the view on the screen.
    pub fn current(&self) -> &View {
        &self.current.view
    }

    /// Returns the views before it, the nearest first.
    pub fn earlier(&self) -> impl ExactSizeIterator<Item = &View> {
        self.earlier.iter().rev().map(|visit| &visit.view)
    }

    /// Returns the views after it, the nearest first.
    pub fn later(&self) -> impl ExactSizeIterator<Item = &View> {
        self.later.iter().rev().map(|visit| &visit.view)
    }

    /// Returns all views, the oldest first, and the index of the one on the screen.
    pub fn all(&self) -> (Vec<&View>, usize) {
        let later = self.later.iter().rev();
        let visits = self.earlier.iter().chain([&self.current]).chain(later);
        (visits.map(|visit| &visit.view).collect(), self.earlier.len())
    }

    /// Returns what is kept, how many, and how many at most.
    #[cfg(test)]
    pub(in crate::app) fn bound(&self) -> (&'static str, usize, usize) {
        ("views of the history", self.earlier.len() + 1 + self.later.len(), MAX_VIEWS)
    }

    /// Returns whether the operator has changed the view at all.
    pub(in crate::app) const fn has_moved(&self) -> bool {
        self.has_moved
    }

    /// Remembers the selected task of the view on the screen.
    pub(in crate::app) fn select(&mut self, selected: Option<TaskGuid>) {
        self.current.selected = selected;
    }

    /// Moves on to another view. Those after the current one are dropped. Sorting several times in a row counts as one
    /// move.
    pub(in crate::app) fn visit(&mut self, view: View) {
        if self.current.view == view {
            return;
        }
        self.has_moved = true;
        self.later.clear();
        let selected = self.current.selected.clone().filter(|_| view.is_but_sort(&self.current.view));
        let sorts_again = self.earlier.last().is_some_and(|before| {
            self.current.view.is_but_sort(&before.view) && view.is_but_sort(&before.view)
        });
        let before = std::mem::replace(&mut self.current, Visit { view, selected });
        if !sorts_again {
            self.earlier.push(before);
        } else if self.earlier.last().is_some_and(|before| before.view == self.current.view) {
            // The sort is back where it was.
            self.earlier.pop();
        }
        if self.earlier.len() >= MAX_VIEWS {
            self.earlier.remove(0);
        }
    }

    /// Goes back or forward, and returns the view that is current then; none at the end.
    pub(in crate::app) fn step(&mut self, step: Step) -> Option<&Visit> {
        let (from, to) = match step {
            Step::Back => (&mut self.earlier, &mut self.later),
            Step::Forward => (&mut self.later, &mut self.earlier),
        };
        let next = from.pop()?;
        to.push(std::mem::replace(&mut self.current, next));
        self.has_moved = true;
        Some(&self.current)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Main;
    use super::*;
    use crate::app::{Filter, Scope, sort_by};
    use crate::filter::Filter as Terms;

    fn view(terms: &str, sort: &str) -> View {
        let filter = Filter { terms: Terms::parse(terms).unwrap(), ..Filter::default() };
        View { main: Main::Tasks, filter, sort: sort_by(sort).unwrap() }
    }

    fn names(history: &ViewHistory) -> (Vec<String>, String, Vec<String>) {
        let name = |view: &View| format!("{} {}", view.name(), view.sort.column);
        let mut earlier: Vec<_> = history.earlier().map(name).collect();
        earlier.reverse();
        (earlier, name(history.current()), history.later().map(name).collect())
    }

    fn visited(views: &[(&str, &str)]) -> ViewHistory {
        let mut views = views.iter().map(|(terms, sort)| view(terms, sort));
        let mut history = ViewHistory::new(views.next().unwrap());
        views.for_each(|view| history.visit(view));
        history
    }

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn steps_lead_back_and_forward_and_a_new_view_drops_what_was_ahead() {
        let mut history = visited(&[("", "age"), ("a", "age"), ("b", "age")]);
        assert_eq!(history.step(Step::Forward), None);
        assert_eq!(history.step(Step::Back).map(|visit| visit.view.name()), Some("/a".into()));
        assert_eq!(names(&history), (texts(&["held age"]), "/a age".into(), texts(&["/b age"])));
        history.step(Step::Back);
        assert_eq!(history.step(Step::Back), None);
        assert_eq!(names(&history).2, texts(&["/a age", "/b age"]));
        history.step(Step::Forward);
        history.visit(view("c", "age"));
        assert_eq!(names(&history), (texts(&["held age", "/a age"]), "/c age".into(), vec![]));
    }

    #[test]
    fn the_same_view_is_no_move() {
        let mut history = visited(&[("", "age"), ("", "age")]);
        assert!(!history.has_moved() && history.step(Step::Back).is_none());
        history.visit(view("a", "age"));
        assert!(history.has_moved());
    }

    #[test]
    fn sorting_several_times_is_one_move() {
        let history = visited(&[("", "age"), ("a", "age"), ("a", "cell"), ("a", "guid")]);
        assert_eq!(names(&history), (texts(&["held age", "/a age"]), "/a guid".into(), vec![]));
        let back = visited(&[("", "age"), ("a", "age"), ("a", "cell"), ("a", "age")]);
        assert_eq!(names(&back), (texts(&["held age"]), "/a age".into(), vec![]));
    }

    #[test]
    fn each_view_keeps_its_selection() {
        let mut history = visited(&[("", "age")]);
        history.select(Some(TaskGuid::from("one")));
        history.visit(view("a", "age"));
        history.select(Some(TaskGuid::from("other")));
        let selected = |visit: Option<&Visit>| visit.and_then(|visit| visit.selected.clone());
        assert_eq!(selected(history.step(Step::Back)), Some(TaskGuid::from("one")));
        assert_eq!(selected(history.step(Step::Forward)), Some(TaskGuid::from("other")));
        history.visit(view("b", "age"));
        assert_eq!(history.current.selected, None, "another view has its own");
    }

    #[test]
    fn the_oldest_views_are_dropped() {
        let mut history = visited(&[("", "age")]);
        (0..200).for_each(|nth| history.visit(view(&format!("t{nth}"), "age")));
        assert!(history.earlier().len() < MAX_VIEWS);
        assert_eq!(history.earlier().next().map(View::name), Some("/t198".into()));
    }

    #[test]
    fn names_say_which_tasks_are_shown() {
        let name = |scope, terms| {
            View { filter: Filter { scope, ..view(terms, "age").filter }, ..view("", "age") }.name()
        };
        assert_eq!(name(Scope::Live, ""), "held");
        assert_eq!(name(Scope::Failed, ""), "failed");
        assert_eq!(name(Scope::Ended, "oom age:<1h"), "ended /oom age:<1h");
        let groups = View { main: Main::Groups(crate::app::GroupKey::App), ..view("oom", "age") };
        assert_eq!(groups.name(), "apps");
    }

    #[test]
    fn a_name_after_another_says_what_is_new() {
        let of = |scope, terms: &str, sort: &str| View {
            filter: Filter { scope, ..view(terms, "age").filter },
            ..view("", sort)
        };
        let before = of(Scope::Failed, "oom", "age");
        assert_eq!(of(Scope::Ended, "oom", "age").name_after(&before), "ended");
        assert_eq!(of(Scope::Failed, "disk", "age").name_after(&before), "/disk");
        assert_eq!(of(Scope::Live, "disk", "age").name_after(&before), "held /disk");
        assert_eq!(of(Scope::Failed, "", "age").name_after(&before), "failed");
        assert_eq!(of(Scope::Failed, "oom", "cell").name_after(&before), "by cell");
    }
}
