//! The table of commands, and what keys say when a command is not available.

use std::collections::HashSet;

use super::*;
use crate::app::commands::{COMMANDS, Command, Group, Unavailable, hinted, markdown};
use crate::model::TaskAction;
use crate::model::plan::Refusal;

/// Every command: the compiler asks for a new one here.
fn every_command() -> Vec<Command> {
    use Command::*;
    use TaskAction::{Cancel, Delete, Resolve};
    let next = |command| {
        Some(match command {
            MoveDown => MoveUp,
            MoveUp => MoveToFirst,
            MoveToFirst => MoveToLast,
            MoveToLast => HalfPageDown,
            HalfPageDown => HalfPageUp,
            HalfPageUp => PageDown,
            PageDown => PageUp,
            PageUp => NextPane,
            NextPane => PreviousPane,
            PreviousPane => Open,
            Open => ToggleTimeline,
            ToggleTimeline => Back,
            Back => ViewHeld,
            ViewHeld => ViewFailures,
            ViewFailures => ViewRejections,
            ViewRejections => ViewFailed,
            ViewFailed => ViewEnded,
            ViewEnded => ViewPulse,
            ViewPulse => ToggleEnded,
            ToggleEnded => ViewGroups,
            ViewGroups => ViewBack,
            ViewBack => ViewForward,
            ViewForward => ChooseUpperGroups,
            ChooseUpperGroups => ChooseLowerGroups,
            ChooseLowerGroups => Filter,
            Filter => Find,
            Find => CommandPrompt,
            CommandPrompt => ClearFilters,
            ClearFilters => ChooseSort,
            ChooseSort => SortByNext,
            SortByNext => SortByPrevious,
            SortByPrevious => ReverseSort,
            ReverseSort => ChooseColumns,
            ChooseColumns => ToggleWide,
            ToggleWide => ScrollLeft,
            ScrollLeft => ScrollRight,
            ScrollRight => CycleTimes,
            CycleTimes => TogglePause,
            TogglePause => Copy,
            Copy => CopyGuid,
            CopyGuid => FilterByCell,
            FilterByCell => FilterByDomain,
            FilterByDomain => ToggleEvents,
            ToggleEvents => ShowStuck,
            ShowStuck => ChooseTheme,
            ChooseTheme => ToggleMouse,
            ToggleMouse => Refresh,
            Refresh => MarkTask,
            MarkTask => MarkRange,
            MarkRange => MarkAll,
            MarkAll => UnmarkAll,
            UnmarkAll => Act(Cancel),
            Act(Cancel) => Act(Resolve),
            Act(Resolve) => Act(Delete),
            Act(Delete) => NewTask,
            NewTask => CloneTask,
            CloneTask => ShowOutcomes,
            ShowOutcomes => ReplayFaster,
            ReplayFaster => ReplaySlower,
            ReplaySlower => ReplayBack,
            ReplayBack => ReplayForward,
            ReplayForward => OwnCommands,
            OwnCommands => Help,
            Help => Redraw,
            Redraw => Suspend,
            Suspend => Quit,
            Quit => return None,
        })
    };
    std::iter::successors(Some(MoveDown), |command| next(*command)).collect()
}

/// States of the dashboard in which different commands are available.
fn desks() -> Vec<(&'static str, Harness)> {
    let all_states = || State::ALL.map(|state| task(&state.to_string(), state)).to_vec();
    let mut read_only = Harness::with(Target { access: crate::model::Access::ReadOnly, ..Target::default() });
    read_only.go_live(all_states());
    let mut connecting = Harness::new();
    connecting.send(Msg::Tick);
    let mut desks = vec![
        ("connecting", connecting),
        ("empty", Harness::live(Vec::new())),
        ("live", Harness::live(all_states())),
        ("polling", Harness::polling(all_states())),
        ("read-only", read_only),
    ];
    for (name, keys) in [
        ("detail", "\n"),
        ("domains", "\tj"),
        ("cells", "\t\tj"),
        ("filtered", "/state:running\n"),
        ("all filtered away", "/nothing\n"),
        ("in flight", "/state:running\nCy"),
        ("question", "/state:running\nC"),
        ("help", "?"),
    ] {
        let mut harness = Harness::live(all_states());
        harness.press(keys);
        desks.push((name, harness));
    }
    desks
}

fn availability(harness: &Harness, command: Command) -> Result<(), Unavailable> {
    command.spec().unwrap().availability(&harness.app)
}

/// Commands without a key at first: they are run by name.
const KEYLESS: &[Command] =
    &[Command::ViewFailed, Command::ShowStuck, Command::ChooseTheme, Command::ToggleMouse];

/// Presses the first key of a command.
fn run(harness: &mut Harness, command: Command) -> Vec<Effect> {
    let key = harness.app.keymap().keys(command).next().unwrap();
    harness.press_key(key)
}

fn is_kebab_case(name: &str) -> bool {
    name.split('-').all(|word| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase()))
}

#[test]
fn every_command_has_one_row_and_a_key_or_is_run_by_name() {
    let all = every_command();
    assert_eq!(COMMANDS.len(), all.len());
    for command in all {
        assert_eq!(COMMANDS.iter().filter(|spec| spec.command == command).count(), 1, "{command:?}");
        let has_key = Keymap::default().keys(command).next().is_some();
        assert_ne!(has_key, KEYLESS.contains(&command), "{command:?}");
    }
}

#[test]
fn names_are_unique_and_in_kebab_case() {
    let mut seen = HashSet::new();
    for spec in COMMANDS {
        assert!(is_kebab_case(spec.name), "{}", spec.name);
        assert!(seen.insert(spec.name), "{} names two commands", spec.name);
    }
    assert!(!is_kebab_case("Move-down") && !is_kebab_case("move--down") && !is_kebab_case("move_down"));
}

#[test]
fn help_texts_are_sentences_without_a_period() {
    for spec in COMMANDS {
        assert!(spec.help.starts_with(|c: char| c.is_ascii_uppercase()), "{}", spec.help);
        assert!(!spec.help.ends_with('.'), "{}", spec.help);
    }
}

#[test]
fn what_acts_on_the_bbs_is_a_plain_capital() {
    for spec in COMMANDS {
        assert_eq!(spec.command.acts(), spec.group == Group::Act, "{}", spec.name);
        for key in spec.default_keys.iter().filter(|_| spec.command.acts()) {
            assert!(!key.ctrl && !key.alt, "{}", key.label());
            assert!(matches!(key.code, KeyCode::Char(c) if c.is_ascii_uppercase()), "{}", key.label());
        }
    }
}

#[test]
fn in_every_state_a_command_that_is_not_available_says_why() {
    let mut unavailable = 0;
    for (name, harness) in desks() {
        for spec in COMMANDS {
            if let Err(why) = spec.availability(&harness.app) {
                assert!(why.explain(spec.command, &harness.app).contains(&why.to_string()), "{name}: {why}");
                unavailable += 1;
            }
        }
    }
    assert!(unavailable > 20, "{unavailable}");
}

/// What help and palette mark as unavailable must be what the keys refuse.
#[test]
fn the_key_of_an_unavailable_command_does_nothing_but_say_why() {
    for (name, mut harness) in desks() {
        for spec in COMMANDS {
            let Err(why) = spec.availability(&harness.app) else { continue };
            if !matches!(harness.app.overlay(), Overlay::None) {
                continue;
            }
            let text = why.explain(spec.command, &harness.app);
            assert_eq!(run(&mut harness, spec.command), [], "{} in {name}", spec.name);
            assert_eq!(harness.notice(), text, "{} in {name}", spec.name);
            assert!(matches!(harness.app.overlay(), Overlay::None), "{} in {name}", spec.name);
        }
    }
}

#[test]
fn every_action_refuses_a_read_only_target() {
    for action in TaskAction::ALL {
        for state in State::ALL {
            let mut harness =
                Harness::with(Target { access: crate::model::Access::ReadOnly, ..Target::default() });
            harness.go_live(vec![task("a", state)]);
            assert_eq!(
                availability(&harness, Command::Act(action)),
                Err(Unavailable::Refused(Refusal::ReadOnly)),
                "{action:?}"
            );
            assert_eq!(run(&mut harness, Command::Act(action)), []);
            assert!(matches!(harness.app.overlay(), Overlay::None), "{action:?} in {state}");
            assert_eq!(
                harness.notice(),
                format!("Cannot {} a: The target is opened read-only", action.verb())
            );
        }
    }
}

#[test]
fn an_action_is_available_exactly_where_it_has_a_plan() {
    for action in TaskAction::ALL {
        for state in State::ALL {
            let mut harness = Harness::live(vec![task("a", state)]);
            let planned = action.plan(state).map(|_| ()).map_err(Unavailable::Refused);
            assert_eq!(availability(&harness, Command::Act(action)), planned, "{action:?} in {state}");
            run(&mut harness, Command::Act(action));
            let asks = matches!(harness.app.overlay(), Overlay::Confirm(_));
            assert_eq!(asks, planned.is_ok(), "{action:?} in {state}");
        }
    }
}

#[test]
fn each_reason_has_its_state() {
    use Unavailable::{NoCell, NoFilter, NoTask, Refused};
    let cancel = Command::Act(TaskAction::Cancel);
    let empty = Harness::live(Vec::new());
    for command in [Command::Open, Command::CopyGuid, Command::FilterByCell, Command::FilterByDomain, cancel]
    {
        assert_eq!(availability(&empty, command), Err(NoTask), "{command:?}");
    }
    let mut harness = Harness::live(vec![task("a", State::Pending)]);
    assert_eq!(availability(&harness, Command::FilterByCell), Err(NoCell), "it has not run");
    assert_eq!(availability(&harness, Command::ClearFilters), Err(NoFilter));
    harness.press("d");
    assert_eq!(availability(&harness, Command::ClearFilters), Ok(()), "a domain is chosen");
    harness.press("Cy");
    assert_eq!(availability(&harness, cancel), Err(Refused(Refusal::InProgress)));

    let mut harness = Harness::new();
    let stream = harness.go_live(vec![task("a", State::Running)]);
    assert_eq!(availability(&harness, Command::FilterByCell), Ok(()));
    harness.send(SessionMsg::StreamItems(
        stream,
        vec![StreamItem::Event(TaskEvent::Removed(task("a", State::Running)))],
    ));
    harness.press("3");
    assert_eq!(availability(&harness, cancel), Err(Refused(Refusal::Gone)));
    assert_eq!(availability(&harness, Command::CopyGuid), Ok(()), "it can still be read");
}

#[test]
fn the_keymap_of_the_settings_is_the_one_in_force() {
    let bindings = [keymap::Binding { key: Key::char('X'), command: Command::Act(TaskAction::Delete) }];
    let settings = Settings { keymap: Keymap::new(bindings).unwrap(), ..Settings::default() };
    let mut harness = Harness { app: App::new(Target::default(), settings), ..Harness::new() };
    harness.go_live(vec![task("a", State::Completed)]);
    assert_eq!(harness.press("qDj"), [], "nothing else is bound");
    assert!(matches!(harness.app.overlay(), Overlay::None));
    harness.press("X");
    assert!(matches!(harness.app.overlay(), Overlay::Confirm(_)));
    let refused = Unavailable::Refused(TaskAction::Cancel.plan(State::Completed).unwrap_err());
    let text = refused.explain(Command::Act(TaskAction::Cancel), &harness.app);
    assert!(text.ends_with("Delete it instead (X)"), "the message names the user's key: {text}");
}

#[test]
fn every_hint_has_a_place_of_its_own_in_the_footer() {
    for pane in Pane::ALL {
        let ranks: Vec<_> = hinted(pane).iter().map(|(_, hint)| hint.rank).collect();
        assert!(ranks.windows(2).all(|pair| pair[0] < pair[1]), "{pane:?}: {ranks:?}");
        assert!(ranks.len() > 5, "{pane:?}: {ranks:?}");
    }
}

#[test]
fn the_documentation_has_every_command() {
    let table = markdown(&Keymap::default());
    for spec in COMMANDS {
        assert!(table.contains(&format!("| `{}` | ", spec.name)), "{}", spec.name);
    }
    assert!(table.contains("| `clear-filters` | `x` | Clear all filters | no | if a filter is set |\n"));
    assert!(table.contains("| Cancel the selected or the marked tasks | yes, after confirmation | if tasks are marked, or the task is Pending"));
}

/// What the documentation says of an action, against the plans.
#[test]
fn the_condition_of_an_action_names_the_states_that_it_has_a_plan_for() {
    for action in TaskAction::ALL {
        let when = Command::Act(action).spec().unwrap().condition().unwrap();
        for state in State::ALL {
            assert_eq!(when.contains(&state.to_string()), action.plan(state).is_ok(), "{action:?} {state}");
        }
    }
}
