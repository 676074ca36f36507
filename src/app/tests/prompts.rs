//! The filter prompt, the command prompt and the search by name, as an operator uses them.

use super::*;
use crate::filter::Filter as Terms;
use crate::model::{Entity, Owner, Ownership};
use crate::state::SavedState;

fn of_app(guid: &str, app: &str, state: State) -> Task {
    let app = Entity { guid: format!("{app}-guid"), name: app.to_owned() };
    Task { owner: Owner::new(Ownership { app, ..Ownership::default() }), ..task(guid, state) }
}

fn harness() -> Harness {
    Harness::live(vec![
        of_app("a1", "shop", State::Running),
        of_app("a2", "shop", State::Pending),
        of_app("b1", "batch job", State::Running),
        task("c1", State::Completed),
    ])
}

fn named(filters: &[(&str, &str)]) -> Settings {
    let filters = filters.iter().map(|(name, text)| ((*name).to_owned(), Terms::parse(text).unwrap()));
    Settings { filters: filters.collect(), ..Settings::default() }
}

fn with(settings: Settings) -> Harness {
    let mut harness = Harness::new();
    harness.app = App::new(Target::default(), settings);
    harness.go_live(vec![task("a1", State::Running), task("a2", State::Pending)]);
    harness
}

impl Harness {
    fn keys(&mut self, codes: &[KeyCode]) -> Vec<Effect> {
        codes.iter().flat_map(|code| self.press_key(Key::plain(*code))).collect()
    }

    fn ctrl(&mut self, c: char) -> Vec<Effect> {
        self.press_key(Key::ctrl(c))
    }

    fn line(&self) -> &LinePrompt {
        match self.app.overlay() {
            Overlay::Filter(prompt) => &prompt.line,
            Overlay::Command(prompt) => &prompt.line,
            other => panic!("no prompt: {other:?}"),
        }
    }

    fn offered(&self) -> Vec<(&str, Note)> {
        let items = self.line().completions().items.iter();
        items.map(|item| (item.candidate.label.as_str(), item.candidate.note.clone())).collect()
    }

    fn hits(&self) -> Vec<&str> {
        match self.app.overlay() {
            Overlay::Find(find) => find.hits.iter().map(|hit| hit.name.as_str()).collect(),
            other => panic!("no search: {other:?}"),
        }
    }

    fn mistake(&self) -> &str {
        match self.app.overlay() {
            Overlay::Command(prompt) => prompt.mistake.as_deref().unwrap_or_default(),
            other => panic!("no command prompt: {other:?}"),
        }
    }

    fn terms(&self) -> &str {
        self.app.filter().terms.text()
    }
}

fn saved(effects: &[Effect]) -> Option<&SavedState> {
    effects.iter().find_map(|effect| match effect {
        Effect::SaveState(state) => Some(state),
        _ => None,
    })
}

#[test]
fn values_of_a_field_come_with_their_counts_in_the_view() {
    let mut harness = harness();
    harness.press("/app:");
    assert_eq!(harness.offered(), [("shop", Note::Count(2)), ("batch job", Note::Count(1))]);
    harness.press("\u{1b}/state:");
    let one = Note::Count(1);
    assert_eq!(
        harness.offered(),
        [("running", Note::Count(2)), ("completed", one.clone()), ("pending", one)]
    );
    harness.press("\u{1b}3/state:");
    assert_eq!(harness.offered(), [], "no task has ended");
}

#[test]
fn tab_completes_and_filters_at_once() {
    let mut harness = harness();
    harness.press("/ap\t");
    assert_eq!(harness.line().text(), "app:", "the only one is taken, and its values are offered");
    harness.press("\t");
    assert_eq!((harness.line().text(), harness.guids()), ("app:shop", vec!["a1", "a2"]));
    harness.press("\t");
    assert_eq!((harness.line().text(), harness.guids()), ("app:\"batch job\"", vec!["b1"]));
    harness.press("\n");
    assert!(matches!(harness.app.overlay(), Overlay::None));
    assert_eq!(harness.terms(), "app:\"batch job\"");
}

#[test]
fn enter_on_a_field_goes_on_to_its_values() {
    let mut harness = harness();
    harness.press("/s");
    harness.keys(&[KeyCode::Down]);
    assert_eq!(harness.line().text(), "state:");
    harness.press("\n");
    assert_eq!(harness.offered().len(), 3);
    assert_eq!(harness.guids().len(), 4, "the filter before stays active");
}

#[test]
fn entered_filters_are_saved_and_come_back_in_the_next_run() {
    let mut harness = harness();
    assert_eq!(saved(&harness.press("/a1")), None, "not while typing");
    let effects = harness.press("\n");
    let state = saved(&effects).unwrap().clone();
    assert_eq!(state.filters(), ["a1"]);
    assert_eq!(saved(&harness.press("/\n")), None, "the same again");
    let mut next = with(Settings { saved: state, ..Settings::default() });
    next.press("/");
    next.keys(&[KeyCode::Up]);
    assert_eq!((next.line().text(), next.guids()), ("a1", vec!["a1"]), "and it filters");
}

#[test]
fn commands_run_by_name_and_honour_availability() {
    let mut harness = harness();
    harness.press(":sort-by-next\n");
    assert!(matches!(harness.app.overlay(), Overlay::None));
    harness.press(":clear-filters\n");
    assert_eq!(harness.notice(), "No filter is set");
    harness.press(":cancel-task\n");
    assert!(matches!(harness.app.overlay(), Overlay::Confirm(_)), "an action asks");
    harness.press("n:quit\n");
    assert_eq!(harness.press(":quit\n"), [Effect::Quit], "typed again from the history or anew");
}

#[test]
fn command_prompt_offers_commands_with_help_or_why_not() {
    let mut harness = harness();
    harness.press(":clear");
    assert_eq!(harness.offered(), [("clear-filters", Note::Unavailable("No filter is set".into()))]);
    harness.press("\u{1b}:fil");
    let names: Vec<_> = harness.offered().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["filter", "filter-by-cell", "filter-by-domain", "clear-filters"]);
}

#[test]
fn unknown_command_suggests_the_nearest_and_stays() {
    let mut harness = harness();
    harness.press(":refersh\n");
    assert_eq!(harness.mistake(), "Unknown command \"refersh\". Did you mean \"refresh\"?");
    harness.keys(&[KeyCode::Backspace]);
    assert_eq!(harness.mistake(), "", "it is being mended");
    harness.press("\u{1b}:refresh now\n");
    assert_eq!(harness.mistake(), "refresh takes no argument");
    harness.press("\u{1b}:filter state:x\n");
    assert!(harness.mistake().starts_with("Unknown state \"x\""), "{}", harness.mistake());
    harness.press("\u{1b}:\n");
    assert!(matches!(harness.app.overlay(), Overlay::None), "nothing typed, nothing run");
}

#[test]
fn named_filter_is_applied_by_its_name() {
    let mut harness = with(named(&[("stuck", "state:pending"), ("busy", "state:running")]));
    harness.press(":filter stuck\n");
    assert_eq!((harness.terms(), harness.guids()), ("state:pending", vec!["a2"]));
    harness.press(":filter\n");
    let names: Vec<_> = harness.offered().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["busy", "stuck"], "without a name the names are listed");
    harness.press("\t\n");
    assert_eq!(harness.guids(), ["a1"]);
    harness.press(":filter a2\n");
    assert_eq!((harness.terms(), harness.notice()), ("a2", ""), "terms are fine as well");
    harness.press(":filter stuk\n");
    assert_eq!(
        harness.notice(),
        "No filter has the name \"stuk\"; filtered by the text. Did you mean \"stuck\"?"
    );
}

#[test]
fn without_named_filters_the_prompt_says_how_to_add_one() {
    let mut harness = harness();
    harness.press(":filter ");
    harness.press("\n");
    assert!(harness.mistake().starts_with("No named filters: add "), "{}", harness.mistake());
}

#[test]
fn finding_a_task_opens_it_and_clears_the_filter_that_hides_it() {
    let mut harness = harness();
    harness.press("/state:pending\n");
    harness.ctrl('p');
    harness.press("b1\n");
    assert_eq!(harness.selected(), "b1");
    assert_eq!(harness.app.detail().unwrap().of, TaskGuid::from("b1"));
    assert_eq!(harness.notice(), "Cleared the filter, which hid b1.");
    assert_eq!(harness.terms(), "");
    harness.press("q3");
    harness.ctrl('p');
    harness.press("a1\n");
    assert_eq!((harness.selected(), harness.app.filter().scope), ("a1", Scope::Live));
    assert_eq!(harness.notice(), "Switched to the view that has a1.");
}

#[test]
fn finding_a_name_filters_by_it_alone() {
    let mut harness = harness();
    harness.press("/state:pending\n");
    harness.ctrl('p');
    harness.press("btjb\n");
    assert_eq!((harness.terms(), harness.guids()), ("app:\"batch job\"", vec!["b1"]));
    harness.ctrl('p');
    harness.press("cell-1\n");
    assert_eq!((harness.terms(), harness.app.filter().groups.has(GroupKey::Cell, "cell-1")), ("", true));
    harness.ctrl('p');
    harness.press("cftasks\n");
    assert!(harness.app.filter().groups.has(GroupKey::Domain, "cf-tasks"));
    assert!(harness.app.filter().groups.get(GroupKey::Cell).is_none());
    harness.ctrl('p');
    harness.press("toggle wide\n");
    assert!(harness.app.columns().is_wide(), "a command is run; words may be apart");
}

#[test]
fn finding_shows_the_matched_letters_and_narrows() {
    let mut harness = harness();
    harness.ctrl('p');
    assert!(harness.hits().starts_with(&["cf-tasks", "shop", "batch job", "cell-1"]), "{:?}", harness.hits());
    harness.press("a");
    assert!(harness.hits().contains(&"a1") && harness.hits().contains(&"a2"));
    harness.press("2");
    assert_eq!(harness.hits(), ["a2"]);
    let Overlay::Find(find) = harness.app.overlay() else { panic!("closed") };
    assert_eq!((find.hits[0].matched.as_slice(), find.total), ([0..1, 1..2].as_slice(), 1));
    harness.keys(&[KeyCode::Backspace]);
    assert!(harness.hits().contains(&"a1"), "a shorter pattern finds the others again");
    harness.press("\u{1b}");
    assert!(matches!(harness.app.overlay(), Overlay::None));
}

#[test]
fn a_paste_goes_into_a_prompt_and_runs_nothing() {
    let mut harness = harness();
    harness.press(":");
    harness.send(Msg::Paste("quit\n".into()));
    assert_eq!(harness.line().text(), "quit");
    harness.press("\u{1b}");
    harness.ctrl('p');
    harness.send(Msg::Paste("b1\n".into()));
    assert_eq!(harness.hits(), ["b1"]);
}

#[test]
fn a_hundred_thousand_tasks_are_searched_and_counted() {
    let guid = |nth: usize| format!("{:08x}-{nth:06}", nth.wrapping_mul(0x9e37_79b9) % (1 << 32));
    let tasks = (0..100_000).map(|nth| Task {
        failed: true,
        failure_reason: format!("exit status {nth}").into(),
        ..task(&guid(nth), State::Completed)
    });
    let mut harness = Harness::live(tasks.collect());
    harness.ctrl('p');
    let wanted = guid(77_777);
    for letter in wanted.chars().take(10) {
        harness.press(&letter.to_string());
        assert!(harness.hits().iter().all(|hit| !hit.is_empty()) && harness.hits().len() <= 100);
    }
    assert_eq!(harness.hits()[0], wanted);
    harness.press("\u{1b}/reason:");
    assert_eq!(harness.offered().len(), 200, "what is offered is bounded");
    harness.press("777");
    assert!(harness.offered().iter().all(|(label, _)| label.contains("777")));
}
