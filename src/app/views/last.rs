//! The last view of each target: what is saved of a view, and how it is restored at the next start.
//!
//! What was saved may be of another version or edited by hand: what cannot be restored is said and dropped.

use std::sync::Arc;

use super::{Main, SAVED_WITHIN, View};
use crate::app::columns::sort_by;
use crate::app::commands::Command;
use crate::app::failures::FailureKind;
use crate::app::groups::{GroupFilter, GroupKey, GroupName};
use crate::app::query::{Filter, Scope};
use crate::app::{App, Effect, SessionId, Severity, Target};
use crate::clock::Now;
use crate::filter::Filter as Terms;
use crate::model::Sort;
use crate::state::{SavedGroup, SavedView};

/// A view as far as it could be restored.
struct Restored {
    view: View,
    /// What could not, as sentences.
    dropped: Vec<String>,
}

impl App {
    /// Shows the last view of a session's target, unless it begins with a filter. Says so, as it hides tasks.
    pub(in crate::app) fn restore_view(&mut self, id: SessionId, now: Now) {
        let Some(session) = self.sessions.get_mut(id) else { return };
        let first = session.views.current();
        let saved = name_of(&session.target)
            .and_then(|target| self.last_views.iter().find(|saved| saved.target == target))
            .filter(|_| !first.filter.is_active());
        let Some(Restored { view, dropped }) = saved.map(|saved| restored(saved, first)) else { return };
        let label = session.target.label().to_owned();
        let (is_same, name, is_filtered) = (view == *first, described(&view, first), view.filter.is_active());
        session.query.sort_by(view.sort);
        session.query.set_filter(|filter| *filter = view.filter.clone());
        session.views.begin_with(view);
        if self.shown_session() == id {
            self.show_recorded_main();
        }
        self.say_restored(&label, (!is_same).then_some((name, is_filtered)), &dropped, now);
    }

    fn say_restored(&mut self, target: &str, view: Option<(String, bool)>, dropped: &[String], now: Now) {
        let mut sentences = Vec::new();
        if let Some((name, is_filtered)) = view {
            sentences.push(format!("Restored the last view of {target}: {name}."));
            let key = self.keymap.keys(Command::ClearFilters).next().filter(|_| is_filtered);
            sentences.extend(key.map(|key| format!("{} clears the filter.", key.label())));
        }
        if !dropped.is_empty() {
            sentences.push(format!("Part of the last view of {target} could not be restored."));
            sentences.extend(dropped.iter().cloned());
        }
        let severity = if dropped.is_empty() { Severity::Info } else { Severity::Warn };
        if !sentences.is_empty() {
            self.notices.say(severity, sentences.join(" "), now);
        }
    }

    /// Saves the views soon: not at each key, and not much later than the first of several changes.
    pub(super) fn save_views_soon(&mut self, now: Now) {
        self.views_due.get_or_insert(now.mono + SAVED_WITHIN);
    }

    /// Saves the views that have changed, if that is due.
    pub(in crate::app) fn save_views_when_due(&mut self, now: Now) -> Option<Effect> {
        self.views_due.filter(|due| now.mono >= *due)?;
        self.save_views()
    }

    /// Saves the view of a session that is about to be closed, and keeps it for the next time that its target is opened.
    pub(in crate::app) fn keep_view(&mut self, id: SessionId) -> Option<Effect> {
        let save = self.save_views();
        let view = self.sessions.get(id).and_then(|session| {
            Some(to_saved(session.views.current(), name_of(&session.target)?, self.initial_sort))
        });
        if let Some(view) = view {
            self.last_views.retain(|kept| kept.target != view.target);
            self.last_views.push(view);
        }
        save
    }

    /// Saves the views that have changed, unless they are saved already.
    pub(in crate::app) fn save_views(&mut self) -> Option<Effect> {
        self.views_due = None;
        let Self { sessions, saved, initial_sort, .. } = self;
        let moved = sessions.iter().filter(|session| session.views.has_moved());
        let views = moved.filter_map(|session| {
            Some(to_saved(session.views.current(), name_of(&session.target)?, *initial_sort))
        });
        let changed = views.filter_map(|view| saved.add_view(view).then_some(())).count();
        (changed > 0).then(|| Effect::SaveState(saved.clone()))
    }
}

/// Returns the name under which a target's view is saved. The simulated BBS of the demo has none: it differs each time.
fn name_of(target: &Target) -> Option<String> {
    (!target.simulated).then(|| target.label().to_owned())
}

fn to_saved(view: &View, target: String, initial_sort: Sort) -> SavedView {
    let View { main, filter, sort } = view;
    let group = |(key, name): (GroupKey, &GroupName)| SavedGroup {
        by: key.spec().name.to_owned(),
        id: name.id().to_owned(),
        label: (name.label() != name.id()).then(|| name.label().to_owned()),
        note: name.note().to_owned(),
    };
    SavedView {
        target,
        tasks: filter.scope.name().to_owned(),
        grouped_by: match main {
            Main::Groups(key) => Some(key.spec().name.to_owned()),
            Main::Tasks | Main::Failures(_) | Main::Pulse => None,
        },
        clusters: match main {
            Main::Failures(kind) => Some(kind.name().to_owned()),
            Main::Tasks | Main::Groups(_) | Main::Pulse => None,
        },
        pulse: *main == Main::Pulse,
        filter: filter.terms.text().to_owned(),
        sort: (*sort != initial_sort).then(|| sort_name(*sort)),
        groups: filter.groups.iter().map(group).collect(),
    }
}

/// Returns a sort as the configuration names it.
fn sort_name(sort: Sort) -> String {
    [if sort.reversed { "-" } else { "" }, sort.column].concat()
}

fn restored(saved: &SavedView, first: &View) -> Restored {
    let mut dropped = Vec::new();
    let mut unknown = |what: &str, name: &str| dropped.push(format!("Unknown {what} \"{name}\"."));
    let scope = Scope::ALL.into_iter().find(|scope| scope.name() == saved.tasks);
    if scope.is_none() && !saved.tasks.is_empty() {
        unknown("view", &saved.tasks);
    }
    let sort = saved.sort.as_deref().map(|name| (name, sort_named(name)));
    if let Some((name, None)) = sort {
        unknown("sort", name);
    }
    let main = saved.grouped_by.as_deref().map(|name| (name, GroupKey::find(name)));
    if let Some((name, None)) = main {
        unknown("property", name);
    }
    let clusters = saved.clusters.as_deref().map(|name| (name, FailureKind::find(name)));
    if let Some((name, None)) = clusters {
        unknown("view", name);
    }
    let mut groups = GroupFilter::default();
    for group in &saved.groups {
        match GroupKey::find(&group.by) {
            Some(key) => groups.set(key, Some(Arc::new(GroupName::from(group)))),
            None => unknown("property", &group.by),
        }
    }
    let terms = Terms::parse(&saved.filter).unwrap_or_else(|mistake| {
        dropped.push(format!("The filter /{} is no longer valid: {mistake}.", saved.filter));
        Terms::default()
    });
    let view = View {
        main: match (main, clusters) {
            (Some((_, Some(key))), _) => Main::Groups(key),
            (_, Some((_, Some(kind)))) => Main::Failures(kind),
            _ if saved.pulse => Main::Pulse,
            _ => Main::Tasks,
        },
        filter: Filter { scope: scope.unwrap_or_default(), groups, terms },
        sort: sort.and_then(|(_, sort)| sort).unwrap_or(first.sort),
    };
    Restored { view, dropped }
}

fn sort_named(name: &str) -> Option<Sort> {
    match name.strip_prefix('-') {
        Some(key) => sort_by(key).map(Sort::reverse),
        None => sort_by(name),
    }
}

/// Describes a view for a notice, with its sort if that is not the first one.
fn described(view: &View, first: &View) -> String {
    let main = match view.main {
        Main::Tasks => format!("{} tasks", view.filter.scope.name()),
        Main::Groups(key) => key.spec().title.to_lowercase(),
        Main::Failures(kind) => kind.name().to_owned(),
        Main::Pulse => "pulse".to_owned(),
    };
    let groups = view.filter.groups.iter().map(|(key, name)| format!("{} {}", key.spec().name, name.label()));
    let terms = (!view.filter.terms.is_empty()).then(|| format!("/{}", view.filter.terms.text()));
    let reversed = if view.sort.reversed { " in reverse" } else { "" };
    let sort = (view.sort != first.sort).then(|| format!("sorted by {}{reversed}", view.sort.column));
    std::iter::once(main).chain(groups).chain(terms).chain(sort).collect::<Vec<_>>().join(", ")
}

impl From<&SavedGroup> for GroupName {
    fn from(saved: &SavedGroup) -> Self {
        Self::restored(&saved.id, saved.label.as_deref(), &saved.note)
    }
}
