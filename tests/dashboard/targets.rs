//! Stories of several targets: showing, opening and closing them, and the protection of one of them.

use std::path::PathBuf;

use taskdeck::app::key::KeyCode;
use taskdeck::app::{App, ConfirmPolicy, KnownTarget, Settings, Target};
use taskdeck::bbs::{Access, Client, Connection, TlsFiles, Verify};
use taskdeck::model::Call;
use taskdeck::runtime::Connections;
use taskdeck::sim::{Options, Sim};
use taskdeck::state::StateFile;

use crate::story::{Operator, connection, desire, play, settings};

/// Two foundations. Both hold a task under the guid `task-a`.
async fn two() -> (Sim, Sim) {
    let (green, blue) =
        (Sim::start(Options::default()).await.unwrap(), Sim::start(Options::default()).await.unwrap());
    desire(&green, "task-a", "green-domain");
    desire(&green, "task-g", "green-domain");
    desire(&blue, "task-a", "blue-domain");
    (green, blue)
}

fn target(name: &str, sim: &Sim) -> Target {
    Target { name: Some(name.to_owned()), url: sim.url(), ..Target::default() }
}

/// Plays a story that begins on the first of these targets.
async fn story<const N: usize>(targets: [Target; N], script: impl AsyncFnOnce(&mut Operator<'_>)) {
    let name = |target: &Target| target.name.clone().unwrap();
    let others = targets.iter().map(|target| (name(target), connection(target))).collect();
    let known = targets.iter().map(|target| KnownTarget { name: name(target), target: Ok(target.clone()) });
    let settings = Settings { targets: known.collect(), ..settings() };
    let shown = targets.first().unwrap();
    let first = Client::open(connection(shown)).await.unwrap();
    play(App::new(shown.clone(), settings), Connections { first, others }, StateFile::default(), script)
        .await;
}

#[tokio::test]
async fn a_target_keeps_its_view_while_another_one_is_shown() {
    let (green, blue) = two().await;
    story([target("green", &green), target("blue", &blue)], async |operator: &mut Operator<'_>| {
        operator.sees("2/2").await;
        operator.press("/task-g");
        operator.enter();
        operator.sees("1/2").await;
        operator.command("target blue");
        operator.sees("blue +1").await;
        operator.sees("blue-domain").await;
        operator.sees("1/1").await;
        operator.until("no row of green", |screen| !screen.contains("task-g")).await;
        // Its stream is still open: what happens meanwhile is not missed.
        desire(&green, "task-g2", "green-domain");
        operator.command("target -");
        operator.sees("green +1").await;
        operator.sees("2/3").await;
        operator.sees("task-g2").await;
        assert!(!operator.screen().contains("blue-domain"));
    })
    .await;
}

#[tokio::test]
async fn an_action_goes_to_the_target_that_it_was_asked_on() {
    let (green, blue) = two().await;
    story([target("green", &green), target("blue", &blue)], async |operator: &mut Operator<'_>| {
        operator.sees("2/2").await;
        operator.press("/task-a");
        operator.enter();
        operator.sees("1/2").await;
        green.faults().hang(true);
        operator.press("C");
        operator.reads("Cancel task task-a?").await;
        assert!(operator.screen().contains("─ green ─"), "{}", operator.screen());
        operator.press("y");
        operator.sees("under way").await;
        operator.command("target blue");
        operator.sees("blue-domain").await;
        green.faults().hang(false);
        operator.sees("green: task-a is cancelled").await;
        assert_eq!((green.received(Call::Cancel), blue.received(Call::Cancel)), (1, 0));
        assert!(!blue.with(|machine, _| machine.task("task-a")).unwrap().failed);
        operator.press("C");
        operator.reads("Cancel task task-a?").await;
        assert!(operator.screen().contains("─ blue ─"), "{}", operator.screen());
        operator.press("y");
        let is_about_blue =
            |screen: &str| screen.contains("task-a is cancelled") && !screen.contains("green:");
        operator.until("the outcome on blue", is_about_blue).await;
        assert_eq!((green.received(Call::Cancel), blue.received(Call::Cancel)), (1, 1));
    })
    .await;
}

#[tokio::test]
async fn a_target_that_cannot_be_opened_leaves_the_rows_as_they_are() {
    let (green, _blue) = two().await;
    let missing = TlsFiles {
        verify: Verify::Ca(PathBuf::from("/nonexistent/ca.crt")),
        cert: PathBuf::from("/nonexistent/client.crt"),
        key: PathBuf::from("/nonexistent/client.key"),
    };
    let shown = target("green", &green);
    let known = |name: &str, target: Result<Target, String>| KnownTarget { name: name.to_owned(), target };
    let settings = Settings {
        targets: vec![
            known("blue", Ok(Target { name: Some("blue".into()), ..Target::default() })),
            known("red", Err("key `targets.red.url` is `red`; it must begin with https://".into())),
        ],
        ..settings()
    };
    let broken = Connection { tls: Some(missing), url: "https://127.0.0.1:9".into(), ..connection(&shown) };
    let first = Client::open(connection(&shown)).await.unwrap();
    let connections = Connections { first, others: [("blue".to_owned(), broken)].into() };
    play(
        App::new(shown, settings),
        connections,
        StateFile::default(),
        async |operator: &mut Operator<'_>| {
            operator.sees("2/2").await;
            operator.command("target blue");
            operator.sees("Could not open blue: ").await;
            operator.sees("/nonexistent/").await;
            operator.sees("Still on green").await;
            operator.sees("2/2").await;
            operator.command("target red");
            operator.sees("key `targets.red.url` is `red`").await;
            operator.press_code(KeyCode::Esc);
            operator.command("target bleu");
            operator
                .sees("Unknown target \"bleu\". Did you mean \"blue\"? The targets are blue, green, red")
                .await;
            operator.press_code(KeyCode::Esc);
        },
    )
    .await;
}

#[tokio::test]
async fn a_target_is_closed_after_a_question_if_an_action_is_under_way() {
    let (green, blue) = two().await;
    story([target("green", &green), target("blue", &blue)], async |operator: &mut Operator<'_>| {
        operator.sees("2/2").await;
        operator.command("close");
        operator.sees("green is the only open target").await;
        operator.press_code(KeyCode::Esc);
        operator.command("target blue");
        operator.sees("1/1").await;
        blue.faults().hang(true);
        operator.press("C");
        operator.answers("Cancel task task-a?", "y").await;
        operator.sees("under way").await;
        operator.command("close");
        operator.answers("Close blue?", "n").await;
        operator.until("no question", |screen| !screen.contains("Close blue?")).await;
        assert!(operator.screen().contains("blue +1"), "{}", operator.screen());
        operator.command("close");
        operator.reads("Close blue?").await;
        assert!(operator.screen().contains("cancelling task-a"), "{}", operator.screen());
        operator.press("y");
        operator.sees("Closed blue.").await;
        operator.sees("2/2").await;
        operator.until("one target", |screen| !screen.contains("+1")).await;
        blue.faults().hang(false);
        // It opens anew, with a session of its own, and shows what the write has done.
        operator.command("target blue");
        operator.sees("blue +1").await;
        operator.sees("task was cancelled").await;
        assert_eq!(blue.received(Call::Cancel), 1, "it was not cut off, and not sent again");
    })
    .await;
}

#[tokio::test]
async fn a_read_only_target_is_opened_for_actions_for_a_time() {
    let (green, blue) = two().await;
    let locked = Target { access: Access::Locked, ..target("blue", &blue) };
    story([target("green", &green), locked], async |operator: &mut Operator<'_>| {
        operator.command("write 10m");
        operator.sees("green is not read-only").await;
        operator.press_code(KeyCode::Esc);
        operator.command("target blue");
        operator.sees("blue-domain").await;
        operator.press("C");
        operator.sees("The target is read-only. :write 10m opens it").await;
        operator.command("write 10m");
        operator.reads("Open blue for actions?").await;
        assert!(operator.screen().contains("─ blue ─"), "{}", operator.screen());
        operator.press("y");
        operator.sees("WRITES OPEN").await;
        operator.press("C");
        operator.answers("Cancel task task-a?", "y").await;
        operator.sees("task-a is cancelled").await;
        operator.command("write off");
        operator.sees("blue is read-only again").await;
        operator.press("D");
        operator.sees("Cannot delete task-a: The target is read-only").await;
    })
    .await;
    assert_eq!((blue.received(Call::Cancel), blue.received(Call::Delete)), (1, 0));
}

#[tokio::test]
async fn a_target_wants_its_name_typed() {
    let (green, _blue) = two().await;
    let guarded = Target { confirm: ConfirmPolicy::TypeName, ..target("green", &green) };
    story([guarded], async |operator: &mut Operator<'_>| {
        operator.sees("2/2").await;
        operator.press("C");
        operator.reads("Type green, the target's name:").await;
        operator.press("y");
        operator.enter();
        operator.sees("That is not the target's name").await;
        assert_eq!(green.received(Call::Cancel), 0);
        operator.press_code(KeyCode::Backspace);
        operator.press("green");
        operator.enter();
        operator.sees("is cancelled").await;
    })
    .await;
    assert_eq!(green.received(Call::Cancel), 1);
}
