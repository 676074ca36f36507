//! Stories of new tasks: written, cloned, corrected and confirmed.

use std::sync::mpsc;

use taskdeck::app::ProgramEnd;
use taskdeck::bbs::wire::{EnvironmentVariable, TaskDefinition};
use taskdeck::model::{Access, Call};
use taskdeck::sim::{Options, Sim};

use crate::story::{Operator, definition, desire, quiet_bbs, start, story};

/// Desires a task as Cloud Controller does, with a secret and a callback.
fn desire_app_task(sim: &Sim, guid: &str) {
    let secret = EnvironmentVariable { name: "PASSWORD".into(), value: "hunter2".into() };
    let definition = TaskDefinition {
        environment_variables: vec![secret],
        completion_callback_url: "https://cc.internal/done".into(),
        annotation: "of the callback".into(),
        memory_mb: 128,
        ..definition()
    };
    sim.with(|machine, now| machine.desire(guid, "cf-tasks", definition, now)).unwrap();
}

/// Returns the value of a key of the text that is a string.
fn value_of(text: &str, key: &str) -> String {
    let (_, rest) = text.split_once(&format!("\"{key}\": \"")).unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}

#[tokio::test]
async fn a_new_task_is_written_corrected_confirmed_and_created() {
    let sim = Sim::start(Options::default()).await.unwrap();
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("live").await;
        operator.will_edit(|text| text.replace("\"operator\"", "\"batch\"").replace("preloaded:", ""));
        operator.will_edit(|text| {
            assert!(text.contains("//! rootfs: must be a URL with a scheme"), "{text}");
            assert!(text.contains("\"batch\""), "what was written is still there: {text}");
            text.replace("\"cflinuxfs4\"", "\"preloaded:cflinuxfs4\"")
        });
        operator.press("N");
        operator.reads("in domain batch?").await;
        assert_eq!(sim.received(Call::Desire), 0, "nothing is sent before the answer");
        operator.press("y");
        operator.sees(" was created: Pending.").await;
        for file in operator.edited_files() {
            assert!(!file.exists() && !file.parent().unwrap().exists(), "{}", file.display());
        }
    })
    .await;
    assert_eq!(sim.received(Call::Desire), 1);
    assert_eq!(sim.with(|machine, _| machine.len()), 1);
}

#[tokio::test]
async fn a_clone_is_a_new_task_without_the_callback_of_its_source() {
    let sim = Sim::start(Options::default()).await.unwrap();
    desire_app_task(&sim, "source");
    let (sender, clone) = mpsc::channel();
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("Pending").await;
        operator.will_edit(move |text| {
            sender.send(value_of(text, "task_guid")).unwrap();
            assert!(text.contains("hunter2"), "a clone needs the real values");
            assert!(text.contains("in clear text"), "and its file says so");
            text.replace("128", "256").replace("hunter2", "hunter3")
        });
        operator.press("E");
        operator.reads("Clone of source").await;
        let screen = operator.screen();
        assert!(screen.contains("Cloud Controller cancels tasks in cf-tasks"), "{screen}");
        assert!(screen.contains("+   \"memory_mb\": 256"), "{screen}");
        assert!(screen.contains("-   \"completion_callback_url\""), "{screen}");
        assert!(!screen.contains("hunter"), "{screen}");
        operator.press("y");
        operator.sees("was created: Pending").await;
    })
    .await;
    let guid = clone.recv().unwrap();
    let task = sim.with(|machine, _| machine.task(&guid)).unwrap();
    let definition = task.task_definition.unwrap();
    assert_eq!((definition.memory_mb, &*task.domain), (256, &b"cf-tasks"[..]));
    assert_eq!(definition.environment_variables[0].value, "hunter3");
    assert!(definition.completion_callback_url.is_empty() && definition.annotation.is_empty());
    assert!(sim.with(|machine, _| machine.task("source").is_ok()), "the source is as it was");
}

#[tokio::test]
async fn the_file_is_private_and_an_unchanged_text_sends_nothing() {
    let sim = quiet_bbs().await;
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("2/2").await;
        operator.will_edit(str::to_owned);
        operator.press("E");
        operator.sees("The text is unchanged, so nothing was sent").await;
        assert_eq!(operator.edited_modes(), (0o700, 0o600));
        operator.will_end_editor(|text| (text.replace("cflinuxfs4", "x"), ProgramEnd::Exited(1)));
        operator.press("E");
        operator.sees("exited with status 1. N opens your text again.").await;
        operator.will_edit(|text| {
            assert!(text.contains("preloaded:x"), "the text was kept: {text}");
            String::new()
        });
        operator.press("N");
        operator.sees("The text is empty, so nothing was sent").await;
        assert!(operator.edited_files().iter().all(|file| !file.exists()));
    })
    .await;
    assert_eq!(sim.received(Call::Desire), 0);
}

#[tokio::test]
async fn a_lost_reply_is_looked_up_and_nothing_is_sent_again() {
    let sim = Sim::start(Options::default()).await.unwrap();
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("live").await;
        sim.faults().leave_writes_unanswered(true);
        operator.will_edit(|text| text.replace("128", "64"));
        operator.press("N");
        operator.answers("in domain operator?", "y").await;
        operator.sees("The BBS did not reply, but it has the task.").await;
        sim.faults().leave_writes_unanswered(false);
        sim.faults().drop_writes(true);
        operator.will_edit(|text| text.replace("128", "32"));
        operator.press("N");
        operator.answers("in domain operator?", "y").await;
        operator.sees("the BBS accepts a guid only once").await;
        sim.faults().drop_writes(false);
        // The same text, with the same guid.
        operator.will_edit(|text| {
            assert!(text.contains("\"memory_mb\": 32"), "{text}");
            text.to_owned()
        });
        operator.press("N");
        operator.answers("in domain operator?", "y").await;
        operator.sees("was created: Pending.").await;
        operator.edited_files();
    })
    .await;
    assert_eq!(sim.received(Call::Desire), 3, "each was sent once");
    assert_eq!(sim.with(|machine, _| machine.len()), 2);
}

#[tokio::test]
async fn no_and_a_read_only_target_send_nothing() {
    let sim = quiet_bbs().await;
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("2/2").await;
        operator.will_edit(|text| text.replace("128", "64"));
        operator.press("N");
        operator.reads("in domain operator?").await;
        assert!(operator.screen().contains("A new task."), "{}", operator.screen());
        operator.enter();
        operator.sees("Nothing was sent. N opens your text again.").await;
    })
    .await;
    story(&sim, Access::ReadOnly, async |operator: &mut Operator<'_>| {
        operator.sees("2/2").await;
        operator.press("N");
        operator.sees("Cannot create a task: The target is opened read-only").await;
        operator.press("E");
        operator.sees("Cannot clone task-").await;
        assert!(operator.edited_files().is_empty(), "the editor never opened");
    })
    .await;
    assert_eq!(sim.received(Call::Desire), 0);
}

#[tokio::test]
async fn a_task_that_another_client_created_meanwhile_is_refused_and_the_text_kept() {
    let sim = Sim::start(Options::default()).await.unwrap();
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("live").await;
        sim.faults().mute_streams(true);
        let (sender, guid) = mpsc::channel();
        operator.will_edit(move |text| {
            sender.send(value_of(text, "task_guid")).unwrap();
            text.replace("128", "64")
        });
        operator.press("N");
        operator.sees("in domain operator?").await;
        let guid = guid.recv().unwrap();
        desire(&sim, &guid, "theirs");
        start(&sim, &guid, "cell-01");
        // The list may or may not have told of it by now: one of both refuses.
        operator.answers("in domain operator?", "y").await;
        operator
            .until("a refusal", |screen| {
                screen.contains("another task has this guid")
                    || screen.contains("A new task has this guid now")
            })
            .await;
    })
    .await;
    assert_eq!(sim.with(|machine, _| machine.len()), 1);
}
