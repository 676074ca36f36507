//! The commands of the prompt that take an argument, as an operator types them.

use super::*;
use crate::model::{Entity, Owner, Ownership};

fn of_app(guid: &str, (app, name, space): (&str, &str, &str), state: State) -> Task {
    let entity = |guid: &str, name: &str| Entity { guid: guid.to_owned(), name: name.to_owned() };
    let ownership = Ownership {
        app: entity(app, name),
        space: entity(&format!("{space}-guid"), space),
        org: entity("org-guid", "acme"),
    };
    Task { owner: Owner::new(ownership), ..task(guid, state) }
}

fn harness() -> Harness {
    let in_batch = |task: Task| Task { domain: Domain::from("batch"), ..task };
    Harness::live(vec![
        of_app("a1", ("guid-1", "shop", "dev"), State::Running),
        of_app("a2", ("guid-2", "shop", "prod"), State::Pending),
        in_batch(of_app("b1", ("guid-3", "my job", "dev"), State::Running)),
        in_batch(task("c1", State::Completed)),
    ])
}

impl Harness {
    /// Types a command and runs it.
    fn run(&mut self, command: &str) -> Vec<Effect> {
        self.press(&format!(":{command}\n"))
    }

    fn prompt(&self) -> &CommandPrompt {
        match self.app.overlay() {
            Overlay::Command(prompt) => prompt,
            other => panic!("no command prompt: {other:?}"),
        }
    }

    fn offers(&self) -> Vec<(&str, Note)> {
        let items = self.prompt().line.completions().items.iter();
        items.map(|item| (item.candidate.label.as_str(), item.candidate.note.clone())).collect()
    }

    /// Returns why a command did not run, and closes the prompt.
    fn refused(&mut self, command: &str) -> String {
        self.run(command);
        let mistake = self.prompt().mistake.clone().unwrap_or_default();
        self.press("\u{1b}");
        mistake
    }

    fn chosen(&self, key: GroupKey) -> Option<&str> {
        self.app.filter().groups.get(key).map(|name| name.id())
    }
}

#[test]
fn groups_are_offered_with_their_tasks_and_filter_by_name() {
    let mut harness = harness();
    harness.press(":domain ");
    let offers = harness.offers();
    assert_eq!(offers[..2], [("batch", Note::Count(2)), ("cf-tasks", Note::Count(2))]);
    assert_eq!(offers[2], ("*", Note::Help("all domains".into())));
    harness.press("cf\t\n");
    assert_eq!(harness.guids(), ["a1", "a2"]);
    harness.run("app my job");
    assert_eq!(
        (harness.guids().len(), harness.chosen(GroupKey::App)),
        (0, Some("guid-3")),
        "both must match"
    );
    harness.run("domain *");
    assert_eq!(harness.guids(), ["b1"]);
    harness.run("app *");
    assert_eq!(harness.guids().len(), 4);
}

#[test]
fn the_case_of_a_group_and_the_letters_of_a_state_may_differ() {
    let mut harness = harness();
    harness.run("domain Batch");
    assert_eq!(harness.chosen(GroupKey::Domain), Some("batch"));
    for (typed, state) in [("p", "Pending"), ("running", "Running"), ("Comp", "Completed")] {
        harness.run(&format!("state {typed}"));
        assert_eq!(harness.chosen(GroupKey::State), Some(state), "{typed}");
    }
    let mistake = harness.refused("state r");
    assert!(mistake.contains("The states are Pending, Running, Completed, Resolving"), "{mistake}");
    assert_eq!(harness.chosen(GroupKey::State), Some("Completed"), "a mistake changes nothing");
}

#[test]
fn apps_of_the_same_name_are_told_apart() {
    let mut harness = harness();
    assert_eq!(harness.refused("app shop"), "2 apps are called \"shop\". Press Tab to choose one");
    harness.press(":app shop");
    let labels: Vec<_> = harness.offers().into_iter().map(|(label, _)| label).collect();
    assert_eq!(labels, ["shop  acme / dev", "shop  acme / prod"]);
    harness.press("\t\t");
    assert_eq!(harness.prompt().line.text(), "app guid-2");
    harness.press("\n");
    assert_eq!(harness.guids(), ["a2"]);
    harness.run("app guid-1");
    assert_eq!(harness.guids(), ["a1"], "the guid is fine by itself");
}

#[test]
fn an_unknown_group_filters_and_says_so() {
    let mut harness = harness();
    harness.run("domain cf-task");
    assert_eq!(
        harness.notice(),
        "No known task has the domain \"cf-task\". The filter applies anyway. Did you mean \"cf-tasks\"?"
    );
    assert_eq!((harness.guids().len(), harness.chosen(GroupKey::Domain)), (0, Some("cf-task")));
    assert_eq!(
        harness.refused("domain cf-*"),
        "This takes a whole name. For a pattern, press / and type domain:cf-*"
    );
}

#[test]
fn without_an_argument_a_command_lists_what_it_takes() {
    let mut harness = harness();
    for (command, first) in [("domain", "batch"), ("sort", "guid"), ("groups", "domain"), ("columns", "+")] {
        assert_eq!(harness.run(command), [], "{command}: nothing runs, nothing is remembered");
        assert_eq!(harness.prompt().line.text(), format!("{command} "));
        assert!(harness.offers()[0].0.starts_with(first), "{:?}", harness.offers());
        harness.press("\u{1b}");
    }
}

#[test]
fn the_table_is_sorted_as_typed_and_shows_the_column() {
    let mut harness = harness();
    harness.run("sort guid desc");
    assert_eq!(harness.guids(), ["c1", "b1", "a2", "a1"]);
    harness.run("sort guid");
    assert_eq!(harness.guids(), ["a1", "a2", "b1", "c1"]);
    let shown = |harness: &Harness| harness.app.columns().visible().any(|choice| choice.key == "memory");
    assert!(!shown(&harness));
    harness.run("sort memory");
    assert!(shown(&harness));
    harness.press("v");
    harness.run("sort age");
    assert!(!harness.app.main_groups_open(), "the table that is sorted is shown");
    assert_eq!(harness.refused("sort agee"), "Unknown column \"agee\". Did you mean \"age\"?");
}

#[test]
fn columns_are_completed_one_by_one() {
    let mut harness = harness();
    let keys =
        |harness: &Harness| -> Vec<_> { harness.app.columns().visible().map(|choice| choice.key).collect() };
    harness.press(":columns +mem\t -ce\t");
    assert_eq!(harness.prompt().line.text(), "columns +memory -cell");
    harness.press("\n");
    assert!(keys(&harness).contains(&"memory") && !keys(&harness).contains(&"cell"), "{:?}", keys(&harness));
    harness.run("columns guid state reason");
    assert_eq!(keys(&harness), ["guid", "state", "reason"]);
    harness.run("columns reset");
    assert!(keys(&harness).contains(&"cell"));
    assert_eq!(harness.refused("columns +sate"), "Unknown column \"sate\". Did you mean \"state\"?");
    assert_eq!(harness.refused("columns +app guid"), "Put + or - before every column, or before none");
}

#[test]
fn groups_are_listed_by_property_and_by_their_plural() {
    let mut harness = harness();
    harness.run("groups app");
    assert_eq!(harness.app.group_pane(GroupPlace::Main).key(), GroupKey::App);
    assert_eq!(harness.app.focus(), Pane::Groups(GroupPlace::Main));
    harness.run("groups st");
    assert_eq!(harness.app.group_pane(GroupPlace::Main).key(), GroupKey::State);
    harness.run("cells");
    assert_eq!(harness.group_ids(GroupPlace::Main), ["cell-1"]);
    harness.run("held");
    assert!(!harness.app.main_groups_open());
    assert_eq!(harness.refused("groups appp"), "Cannot group by \"appp\". Did you mean \"app\"?");
}

#[test]
fn the_prompt_says_what_enter_would_run() {
    let mut harness = harness();
    let explained = |harness: &Harness, text: &str| harness.app.explain_command(text);
    let help = |text: &str| Some(Note::Help(text.to_owned()));
    let quit = "quit: Quit; in the detail, help or another view, close it (q)";
    assert_eq!(explained(&harness, "q"), help(quit));
    assert_eq!(explained(&harness, "so age"), help("sort COLUMN [asc or desc]: Sort by a column"));
    assert_eq!(
        explained(&harness, "clear"),
        Some(Note::Unavailable("clear-filters: No filter is set".to_owned()))
    );
    assert_eq!((explained(&harness, "f"), explained(&harness, "")), (None, None));
    harness.run("domain batch");
    assert_eq!(explained(&harness, "clear"), help("clear-filters: Clear all filters (x)"));
}

#[test]
fn help_explains_a_command() {
    let mut harness = harness();
    harness.run("help :sort");
    let Overlay::Help(help) = harness.app.overlay() else { panic!("no help") };
    assert_eq!(help.input.value(), "sort");
    assert!(help.admits(&["Commands", ":sort COLUMN", "Sort by a column", "sort"]));
    harness.press("\u{1b}\u{1b}");
    harness.run("help");
    assert!(matches!(harness.app.overlay(), Overlay::Help(_)));
}

#[test]
fn commands_that_ran_are_recalled() {
    let mut harness = harness();
    let effects = harness.run("domain batch");
    assert!(effects.iter().any(|effect| matches!(effect, Effect::SaveState(_))));
    harness.run("q x");
    assert_eq!(harness.app.saved().commands(), ["domain batch"], "a mistake is not kept");
}
