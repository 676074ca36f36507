//! The filter prompt, the command prompt and the search by name, as an operator uses them.

use super::*;
use crate::filter::Filter as Terms;
use crate::model::{Entity, Owner, Ownership};
use crate::state::SavedState;

fn of_app(guid: &str, app: &str, state: State) -> Task {
    let app = Entity { guid: format!("{app}-guid"), name: app.to_owned() };
    Task { owner: Owner::new(Ownership { app, ..Ownership::default() }), ..task(guid, state) }
}

fn desk() -> Desk {
    Desk::live(vec![
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

fn with(settings: Settings) -> Desk {
    let mut desk = Desk::new();
    desk.app = App::new(Target::default(), settings);
    desk.go_live(vec![task("a1", State::Running), task("a2", State::Pending)]);
    desk
}

impl Desk {
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
    let mut desk = desk();
    desk.press("/app:");
    assert_eq!(desk.offered(), [("shop", Note::Count(2)), ("batch job", Note::Count(1))]);
    desk.press("\u{1b}/state:");
    let one = Note::Count(1);
    assert_eq!(desk.offered(), [("running", Note::Count(2)), ("completed", one.clone()), ("pending", one)]);
    desk.press("\u{1b}3/state:");
    assert_eq!(desk.offered(), [], "no task has ended");
}

#[test]
fn tab_completes_and_filters_at_once() {
    let mut desk = desk();
    desk.press("/ap\t");
    assert_eq!(desk.line().text(), "app:", "the only one is taken, and its values are offered");
    desk.press("\t");
    assert_eq!((desk.line().text(), desk.guids()), ("app:shop", vec!["a1", "a2"]));
    desk.press("\t");
    assert_eq!((desk.line().text(), desk.guids()), ("app:\"batch job\"", vec!["b1"]));
    desk.press("\n");
    assert!(matches!(desk.app.overlay(), Overlay::None));
    assert_eq!(desk.terms(), "app:\"batch job\"");
}

#[test]
fn enter_on_a_field_goes_on_to_its_values() {
    let mut desk = desk();
    desk.press("/s");
    desk.keys(&[KeyCode::Down]);
    assert_eq!(desk.line().text(), "state:");
    desk.press("\n");
    assert_eq!(desk.offered().len(), 3);
    assert_eq!(desk.guids().len(), 4, "the filter before stays active");
}

#[test]
fn entered_filters_are_saved_and_come_back_in_the_next_run() {
    let mut desk = desk();
    assert_eq!(saved(&desk.press("/a1")), None, "not while typing");
    let effects = desk.press("\n");
    let state = saved(&effects).unwrap().clone();
    assert_eq!(state.filters(), ["a1"]);
    assert_eq!(saved(&desk.press("/\n")), None, "the same again");
    let mut next = with(Settings { saved: state, ..Settings::default() });
    next.press("/");
    next.keys(&[KeyCode::Up]);
    assert_eq!((next.line().text(), next.guids()), ("a1", vec!["a1"]), "and it filters");
}

#[test]
fn commands_run_by_name_and_honour_availability() {
    let mut desk = desk();
    desk.press(":sort-by-next\n");
    assert!(matches!(desk.app.overlay(), Overlay::None));
    desk.press(":clear-filters\n");
    assert_eq!(desk.notice(), "No filter is set");
    desk.press(":cancel-task\n");
    assert!(matches!(desk.app.overlay(), Overlay::Confirm(_)), "an action asks");
    desk.press("n:quit\n");
    assert_eq!(desk.press(":quit\n"), [Effect::Quit], "typed again from the history or anew");
}

#[test]
fn command_prompt_offers_commands_with_help_or_why_not() {
    let mut desk = desk();
    desk.press(":clear");
    assert_eq!(desk.offered(), [("clear-filters", Note::Unavailable("No filter is set".into()))]);
    desk.press("\u{1b}:fil");
    let names: Vec<_> = desk.offered().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["filter", "filter-by-cell", "filter-by-domain", "clear-filters"]);
}

#[test]
fn unknown_command_suggests_the_nearest_and_stays() {
    let mut desk = desk();
    desk.press(":refersh\n");
    assert_eq!(desk.mistake(), "Unknown command \"refersh\". Did you mean \"refresh\"?");
    desk.keys(&[KeyCode::Backspace]);
    assert_eq!(desk.mistake(), "", "it is being mended");
    desk.press("\u{1b}:refresh now\n");
    assert_eq!(desk.mistake(), "refresh takes no argument");
    desk.press("\u{1b}:filter state:x\n");
    assert!(desk.mistake().starts_with("Unknown state \"x\""), "{}", desk.mistake());
    desk.press("\u{1b}:\n");
    assert!(matches!(desk.app.overlay(), Overlay::None), "nothing typed, nothing run");
}

#[test]
fn named_filter_is_applied_by_its_name() {
    let mut desk = with(named(&[("stuck", "state:pending"), ("busy", "state:running")]));
    desk.press(":filter stuck\n");
    assert_eq!((desk.terms(), desk.guids()), ("state:pending", vec!["a2"]));
    desk.press(":filter\n");
    let names: Vec<_> = desk.offered().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["busy", "stuck"], "without a name the names are listed");
    desk.press("\t\n");
    assert_eq!(desk.guids(), ["a1"]);
    desk.press(":filter a2\n");
    assert_eq!((desk.terms(), desk.notice()), ("a2", ""), "terms are fine as well");
    desk.press(":filter stuk\n");
    assert_eq!(
        desk.notice(),
        "No filter has the name \"stuk\"; filtered by the text. Did you mean \"stuck\"?"
    );
}

#[test]
fn without_named_filters_the_prompt_says_how_to_add_one() {
    let mut desk = desk();
    desk.press(":filter ");
    desk.press("\n");
    assert!(desk.mistake().starts_with("No named filters: add "), "{}", desk.mistake());
}

#[test]
fn finding_a_task_opens_it_and_clears_the_filter_that_hides_it() {
    let mut desk = desk();
    desk.press("/state:pending\n");
    desk.ctrl('p');
    desk.press("b1\n");
    assert_eq!(desk.selected(), "b1");
    assert_eq!(desk.app.detail().unwrap().of, TaskGuid::from("b1"));
    assert_eq!(desk.notice(), "Cleared the filter, which hid b1.");
    assert_eq!(desk.terms(), "");
    desk.press("q3");
    desk.ctrl('p');
    desk.press("a1\n");
    assert_eq!((desk.selected(), desk.app.filter().scope), ("a1", Scope::Live));
    assert_eq!(desk.notice(), "Switched to the view that has a1.");
}

#[test]
fn finding_a_name_filters_by_it_alone() {
    let mut desk = desk();
    desk.press("/state:pending\n");
    desk.ctrl('p');
    desk.press("btjb\n");
    assert_eq!((desk.terms(), desk.guids()), ("app:\"batch job\"", vec!["b1"]));
    desk.ctrl('p');
    desk.press("cell-1\n");
    assert_eq!((desk.terms(), desk.app.filter().groups.has(GroupKey::Cell, "cell-1")), ("", true));
    desk.ctrl('p');
    desk.press("cftasks\n");
    assert!(desk.app.filter().groups.has(GroupKey::Domain, "cf-tasks"));
    assert!(desk.app.filter().groups.get(GroupKey::Cell).is_none());
    desk.ctrl('p');
    desk.press("toggle wide\n");
    assert!(desk.app.columns().is_wide(), "a command is run; words may be apart");
}

#[test]
fn finding_shows_the_matched_letters_and_narrows() {
    let mut desk = desk();
    desk.ctrl('p');
    assert!(desk.hits().starts_with(&["cf-tasks", "shop", "batch job", "cell-1"]), "{:?}", desk.hits());
    desk.press("a");
    assert!(desk.hits().contains(&"a1") && desk.hits().contains(&"a2"));
    desk.press("2");
    assert_eq!(desk.hits(), ["a2"]);
    let Overlay::Find(find) = desk.app.overlay() else { panic!("closed") };
    assert_eq!((find.hits[0].matched.as_slice(), find.total), ([0..1, 1..2].as_slice(), 1));
    desk.keys(&[KeyCode::Backspace]);
    assert!(desk.hits().contains(&"a1"), "a shorter pattern finds the others again");
    desk.press("\u{1b}");
    assert!(matches!(desk.app.overlay(), Overlay::None));
}

#[test]
fn a_paste_goes_into_a_prompt_and_runs_nothing() {
    let mut desk = desk();
    desk.press(":");
    desk.send(Msg::Paste("quit\n".into()));
    assert_eq!(desk.line().text(), "quit");
    desk.press("\u{1b}");
    desk.ctrl('p');
    desk.send(Msg::Paste("b1\n".into()));
    assert_eq!(desk.hits(), ["b1"]);
}

#[test]
fn a_hundred_thousand_tasks_are_searched_and_counted() {
    let guid = |nth: usize| format!("{:08x}-{nth:06}", nth.wrapping_mul(0x9e37_79b9) % (1 << 32));
    let tasks = (0..100_000).map(|nth| Task {
        failed: true,
        failure_reason: format!("exit status {nth}").into(),
        ..task(&guid(nth), State::Completed)
    });
    let mut desk = Desk::live(tasks.collect());
    desk.ctrl('p');
    let wanted = guid(77_777);
    for letter in wanted.chars().take(10) {
        desk.press(&letter.to_string());
        assert!(desk.hits().iter().all(|hit| !hit.is_empty()) && desk.hits().len() <= 100);
    }
    assert_eq!(desk.hits()[0], wanted);
    desk.press("\u{1b}/reason:");
    assert_eq!(desk.offered().len(), 200, "what is offered is bounded");
    desk.press("777");
    assert!(desk.offered().iter().all(|(label, _)| label.contains("777")));
}
