//! New tasks: from the editor to the question, the request and its verified outcome.

use super::*;
use crate::bbs::json::document;
use crate::bbs::{decode_definition, read_summary};
use crate::model::{Access, NewTask, RefusedType, TaskDefinition};

pub(super) fn documents() -> TaskDocuments {
    TaskDocuments {
        template: document::template,
        copy_of: document::copy_of,
        read: document::read,
        annotate: document::annotate,
        lines: document::lines,
        losses: document::losses,
    }
}

fn with_editor(target: Target, tasks: Vec<Task>) -> Harness {
    let mut harness = Harness::with(target);
    harness.app.read_summaries_with(read_summary);
    harness.app.edit_tasks_with(documents());
    harness.go_live(tasks);
    harness
}

/// A task that can be cloned, in a domain.
fn source(guid: &str, domain: &str, callback: &str) -> Task {
    let new = document::read(&document::template(&guid.into())).unwrap();
    let definition = TaskDefinition {
        completion_callback_url: callback.to_owned(),
        environment_variables: vec![crate::model::EnvironmentVariable {
            name: "PASSWORD".into(),
            value: "hunter2".into(),
        }],
        ..decode_definition(&new.definition).unwrap()
    };
    let encoded = prost::Message::encode_to_vec(&crate::bbs::wire::definition_from_model(&definition));
    let definition = crate::model::RawDefinition::new(&encoded);
    Task { definition, ..Task::blank(guid.into(), domain.into(), State::Running) }
}

fn opened(effects: &[Effect]) -> String {
    let text = effects.iter().find_map(|effect| match effect {
        Effect::Edit(text) => Some(text.as_str().to_owned()),
        _ => None,
    });
    text.expect("the editor was opened")
}

fn sent(effects: &[Effect]) -> Vec<NewTask> {
    let sent = effects.iter().filter_map(|effect| match effect {
        Effect::Session(FIRST, SessionEffect::Desire(task)) => Some(task.clone()),
        _ => None,
    });
    sent.collect()
}

fn look_up(effects: &[Effect]) -> (TaskGuid, Mark) {
    let get = effects.iter().find_map(|effect| match effect {
        Effect::Session(FIRST, SessionEffect::Get { guid, mark }) => Some((guid.clone(), *mark)),
        _ => None,
    });
    get.expect("the task was looked up")
}

fn closed(text: &str) -> Msg {
    Msg::Edited(EditorEnd::Closed(DocumentText::new(text.to_owned())))
}

fn question(harness: &Harness) -> &DesireQuestion {
    match harness.app.overlay() {
        Overlay::Desire(question) => question,
        other => panic!("no question: {other:?}, {}", harness.notice()),
    }
}

impl Harness {
    /// Opens the editor with this key, and closes it with the text that `edit` makes of it.
    fn edits(&mut self, key: &str, edit: impl FnOnce(&str) -> String) -> Vec<Effect> {
        let text = opened(&self.press(key));
        self.send(closed(&edit(&text)))
    }

    /// Writes a new task and confirms it.
    fn creates(&mut self) -> NewTask {
        self.edits("N", |text| text.replace("128", "256"));
        let task = question(self).task.clone();
        assert_eq!(sent(&self.press("y")), std::slice::from_ref(&task), "{}", self.notice());
        task
    }

    fn answered(&mut self, task: &NewTask, result: Result<(), Fault>) -> Vec<Effect> {
        self.send(SessionMsg::Desired { guid: task.guid.clone(), result })
    }
}

fn lost() -> Fault {
    fault(Call::Desire, FaultKind::Unreachable { cause: "connection reset".into(), sent: true })
}

#[test]
fn a_new_task_is_written_confirmed_sent_once_and_looked_up() {
    let mut harness = with_editor(Target::default(), Vec::new());
    let task = harness.creates();
    assert_eq!(harness.app.actions_in_flight(), 1);
    assert_eq!(decode_definition(&task.definition).unwrap().memory_mb, 256);
    let effects = harness.answered(&task, Ok(()));
    let (guid, mark) = look_up(&effects);
    assert_eq!(guid, task.guid);
    let found = Task::blank(guid.clone(), task.domain.clone(), State::Pending);
    harness.send(SessionMsg::Got { guid: guid.clone(), mark, result: Ok(Some(found)) });
    assert_eq!(harness.notice(), format!("{guid} was created: Pending."));
    assert_eq!((harness.app.actions_in_flight(), harness.selected()), (0, guid.as_str()));
    assert!(sent(&harness.answered(&task, Ok(()))).is_empty(), "a late reply changes nothing");
    let next = opened(&harness.press("N"));
    assert!(!next.contains(guid.as_str()) && next.contains("128"), "the next one is another: {next}");
}

#[test]
fn a_clone_has_a_new_guid_no_callback_and_a_diff_without_secrets() {
    let task = source("source", "batch", "https://u:pw@cc.internal/done");
    let mut harness = with_editor(Target::default(), vec![task.clone()]);
    let text = opened(&harness.press("E"));
    assert!(text.contains("hunter2") && text.contains("// \"completion_callback_url\""), "{text}");
    harness.send(closed(&text.replace("hunter2", "hunter3").replace("128", "64")));
    let question = question(&harness);
    assert_ne!(question.task.guid, task.guid);
    assert_eq!(question.task.domain, task.domain);
    assert!(question.warnings.is_empty(), "{:?}", question.warnings);
    let differing: Vec<_> = question
        .diff
        .lines
        .iter()
        .filter(|line| matches!(line.change, LineChange::Added | LineChange::Removed))
        .map(|line| line.text.trim())
        .collect();
    let guid = format!("\"task_guid\": \"{}\",", question.task.guid);
    let expected = [
        "\"task_guid\": \"source\",",
        guid.as_str(),
        "\"value\": \"••••••\"",
        "\"value\": \"••••••\"",
        "\"memory_mb\": 128,",
        "\"memory_mb\": 64,",
        "\"completion_callback_url\": \"https://••••••@cc.internal/done\",",
    ];
    assert_eq!(differing, expected);
    assert!(question.diff.masks);
    assert!(!format!("{:?}", harness.app.overlay()).contains("hunter"));
    let definition = decode_definition(&sent(&harness.press("y"))[0].definition).unwrap();
    assert_eq!(definition.environment_variables[0].value, "hunter3");
    assert_eq!(definition.completion_callback_url, "");
}

#[test]
fn a_task_that_has_ended_can_be_cloned() {
    let mut harness = Harness::with(Target::default());
    harness.app.edit_tasks_with(documents());
    let task = source("ended", "batch", "");
    let stream = harness.go_live(vec![task.clone()]);
    harness.send(SessionMsg::StreamItems(stream, vec![StreamItem::Event(TaskEvent::Removed(task))]));
    harness.press("3");
    harness.edits("E", |text| text.replace("128", "64"));
    assert!(
        matches!(question(&harness).origin(), DraftOrigin::Clone(source) if source.guid == "ended".into())
    );
}

#[test]
fn a_domain_whose_controller_cancels_and_a_callback_are_warned_about() {
    let task = source("source", "cf-tasks", "https://u:pw@cc.internal:9023/done");
    let mut harness = with_editor(Target::default(), vec![task]);
    harness.edits("E", |text| text.replace("// \"completion", "\"completion"));
    let expected = [
        "Cloud Controller cancels tasks in cf-tasks that it did not create: this one will be cancelled soon.",
        "When the task ends, the BBS calls cc.internal and deletes the task.",
    ];
    assert_eq!(question(&harness).warnings, expected);
}

#[test]
fn faults_come_back_into_the_editor_and_nothing_is_sent() {
    let mut harness = with_editor(Target::default(), vec![source("taken", "batch", "")]);
    let effects = harness.edits("N", |text| text.replace("preloaded:", "").replace("\"vcap\"", "\"\""));
    let text = opened(&effects);
    assert!(text.starts_with("//! Nothing was sent: 2 faults"), "{text}");
    assert!(
        text.contains(
            "  //! rootfs: must be a URL with a scheme, such as preloaded:cflinuxfs4\n  \"rootfs\""
        )
    );
    assert!(text.contains("      //! action.run.user: must not be empty\n      \"user\""));
    // Corrected, but with a guid that is in use.
    let guid = text.split_once("\"task_guid\": \"").unwrap().1.split_once('"').unwrap().0.to_owned();
    let corrected =
        text.replace("\"cflinux", "\"preloaded:cflinux").replace("\"user\": \"\"", "\"user\": \"vcap\"");
    let text = opened(&harness.send(closed(&corrected.replace(&guid, "taken"))));
    assert!(text.starts_with("//! Nothing was sent: 1 fault, "), "{text}");
    assert!(text.contains("//! task_guid: the BBS already has a task taken\n"), "{text}");
    // Left as it is: given up, and kept.
    assert!(sent(&harness.send(closed(&text))).is_empty());
    assert!(matches!(harness.app.overlay(), Overlay::None));
    assert_eq!(harness.notice(), "The text still has errors, so nothing was sent. N opens your text again.");
    let again = opened(&harness.press("N"));
    assert_eq!(again, text);
    harness.send(closed(&again.replace("taken", "mine")));
    assert_eq!(question(&harness).task.guid, "mine".into());
}

#[test]
fn an_unchanged_or_empty_text_sends_nothing() {
    for (edit, said) in [
        (str::to_owned as fn(&str) -> String, "The text is unchanged, so nothing was sent."),
        (|_: &str| " \n\n".to_owned(), "The text is empty, so nothing was sent."),
    ] {
        for key in ["N", "E"] {
            let mut harness = with_editor(Target::default(), vec![source("source", "batch", "")]);
            let effects = harness.edits(key, edit);
            assert!(effects.iter().all(|effect| !matches!(effect, Effect::Edit(_))));
            assert!(matches!(harness.app.overlay(), Overlay::None));
            assert!(harness.notice().starts_with(said), "{}", harness.notice());
        }
    }
}

#[test]
fn an_editor_that_fails_sends_nothing_and_its_text_is_kept() {
    let mut harness = with_editor(Target::default(), Vec::new());
    let text = opened(&harness.press("N"));
    let failed = |text: Option<&str>| {
        let text = text.map(|text| DocumentText::new(text.to_owned()));
        Msg::Edited(EditorEnd::Failed { why: "vi exited with status 1".to_owned(), text })
    };
    harness.send(failed(Some(&text)));
    assert_eq!(harness.notice(), "The editor failed, so nothing was sent: vi exited with status 1.");
    let text = opened(&harness.press("N")).replace("128", "99");
    harness.send(failed(Some(&text)));
    assert!(harness.notice().ends_with("N opens your text again."), "{}", harness.notice());
    assert_eq!(opened(&harness.press("N")), text);
    // It was edited before: as it is, it is a task.
    harness.send(closed(&text));
    assert_eq!(decode_definition(&question(&harness).task.definition).unwrap().memory_mb, 99);
}

#[test]
fn no_sends_nothing_and_the_text_can_be_edited_again() {
    let mut harness = with_editor(Target::default(), Vec::new());
    let edited = |text: &str| text.replace("128", "99");
    let text = edited(&opened(&harness.press("N")));
    harness.send(closed(&text));
    assert_eq!(opened(&harness.press("e")), text);
    harness.send(closed(&text));
    assert!(sent(&harness.press("n")).is_empty());
    assert!(matches!(harness.app.overlay(), Overlay::None));
    assert_eq!(harness.notice(), "Nothing was sent. N opens your text again.");
    assert_eq!(opened(&harness.press("N")), text);
    harness.send(closed(&text));
    assert!(sent(&harness.press("\n")).is_empty(), "Enter takes No");
    opened(&harness.press("N"));
    harness.send(closed(""));
    assert!(opened(&harness.press("N")).contains("128"), "an empty text drops the draft");
}

#[test]
fn a_text_with_faults_survives_an_editor_that_fails_and_a_quick_look() {
    let mut harness = with_editor(Target::default(), Vec::new());
    let faulty = opened(&harness.edits("N", |text| text.replace("preloaded:", "")));
    harness.send(Msg::Edited(EditorEnd::Failed { why: "vi exited with status 1".to_owned(), text: None }));
    assert_eq!(opened(&harness.press("N")), faulty);
    // Looking at it again does not start another round.
    let effects = harness.send(closed(&faulty));
    assert!(effects.iter().all(|effect| !matches!(effect, Effect::Edit(_))));
    assert!(harness.notice().starts_with("The text still has errors"), "{}", harness.notice());
}

#[test]
fn a_draft_that_is_written_meanwhile_is_not_lost() {
    let mut harness = with_editor(Target::default(), Vec::new());
    let first = harness.creates();
    harness.edits("N", |text| text.replace("128", "99"));
    let second = question(&harness).task.guid.clone();
    assert_ne!(second, first.guid, "a task in flight is no draft");
    harness.press("n");
    let (guid, mark) = look_up(&harness.answered(&first, Ok(())));
    harness.send(SessionMsg::Got { guid, mark, result: Ok(None) });
    assert!(harness.notice().ends_with("was created and is already gone."), "{}", harness.notice());
    assert!(opened(&harness.press("N")).contains(second.as_str()));
}

#[test]
fn a_burst_does_not_answer_the_question() {
    let mut harness = with_editor(Target::default(), Vec::new());
    let text = opened(&harness.press("N"));
    harness.send(closed(&text.replace("128", "99")));
    let effects = harness.send(Msg::Key(Key::char('y'), harness.now.mono));
    assert!(sent(&effects).is_empty() && question(&harness).confirmation.too_soon());
}

#[test]
fn a_target_that_wants_its_name_typed_gets_it() {
    let confirm = ConfirmPolicy::TypeName;
    let target = Target { name: Some("prod-e".into()), confirm, ..Target::default() };
    let mut harness = with_editor(target, Vec::new());
    harness.edits("N", |text| text.replace("128", "99"));
    assert!(sent(&harness.press("y")).is_empty());
    harness.press_key(Key::plain(KeyCode::Backspace));
    assert!(sent(&harness.press("prod-")).is_empty());
    assert_eq!(sent(&harness.press("e\n")).len(), 1, "e is a letter here");
}

#[test]
fn a_read_only_target_refuses_before_the_editor_opens() {
    for access in [Access::ReadOnly, Access::Locked] {
        let target = Target { access, ..Target::default() };
        let mut harness = with_editor(target, vec![source("source", "batch", "")]);
        for (key, said) in [("N", "Cannot create a task: "), ("E", "Cannot clone source: ")] {
            assert!(harness.press(key).is_empty());
            assert!(harness.notice().starts_with(said), "{}", harness.notice());
            assert!(harness.notice().contains("read-only"), "{}", harness.notice());
        }
    }
}

#[test]
fn a_task_that_cannot_be_cloned_is_said() {
    let mut harness = with_editor(Target::default(), Vec::new());
    assert!(harness.press("E").is_empty());
    assert_eq!(harness.notice(), "No task is selected");
    let mut harness = with_editor(Target::default(), vec![task("a", State::Running)]);
    assert!(harness.press("E").is_empty());
    assert_eq!(harness.notice(), "Cannot clone a: it has no definition");
}

#[test]
fn a_refused_task_is_said_and_its_text_kept() {
    let mut harness = with_editor(Target::default(), Vec::new());
    let task = harness.creates();
    let message = "the requested resource already exists".to_owned();
    let refused = FaultKind::Refused { kind: RefusedType::RESOURCE_EXISTS, message };
    let effects = harness.answered(&task, Err(fault(Call::Desire, refused)));
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Session(_, SessionEffect::Get { .. }))));
    assert!(
        harness.notice().ends_with("another task has this guid; nothing was created, and your text is kept."),
        "{}",
        harness.notice()
    );
    assert_eq!(harness.app.actions_in_flight(), 0);
    assert!(opened(&harness.press("N")).contains(task.guid.as_str()));
}

#[test]
fn a_lost_reply_is_decided_by_the_fresh_guid() {
    for (found, said, is_done) in [
        (true, "The BBS did not reply, but it has the task.", true),
        (false, "the BBS accepts a guid only once.", false),
    ] {
        let mut harness = with_editor(Target::default(), Vec::new());
        let task = harness.creates();
        let effects = harness.answered(&task, Err(lost()));
        assert!(sent(&effects).is_empty(), "never again");
        assert!(harness.notice().contains("the outcome is unknown"), "{}", harness.notice());
        let (guid, mark) = look_up(&effects);
        let result = Ok(found.then(|| Task::blank(guid.clone(), task.domain.clone(), State::Pending)));
        assert!(sent(&harness.send(SessionMsg::Got { guid: guid.clone(), mark, result })).is_empty());
        assert!(harness.notice().contains(said), "{}", harness.notice());
        let next = opened(&harness.press("N"));
        assert_eq!(next.contains(guid.as_str()), !is_done, "the text is kept unless it is done");
    }
}

#[test]
fn a_guid_of_the_operator_does_not_prove_who_created_the_task() {
    let mut harness = with_editor(Target::default(), Vec::new());
    harness.edits("N", |text| {
        let fresh = text.split_once("\"task_guid\": \"").unwrap().1.split_once('"').unwrap().0;
        text.replace(fresh, "mine")
    });
    let task = sent(&harness.press("y")).remove(0);
    let effects = harness.answered(&task, Err(lost()));
    let (guid, mark) = look_up(&effects);
    let result = Ok(Some(Task::blank(guid.clone(), task.domain, State::Running)));
    harness.send(SessionMsg::Got { guid, mark, result });
    assert!(harness.notice().contains("which may be another client's"), "{}", harness.notice());
    assert!(opened(&harness.press("N")).contains("\"mine\""), "the text is kept");
}

#[test]
fn a_guid_that_was_taken_while_the_question_was_open_is_refused() {
    let mut harness = with_editor(Target::default(), Vec::new());
    harness.edits("N", |text| text.replace("128", "99"));
    let guid = question(&harness).task.guid.clone();
    let effects = harness.wait(Duration::from_secs(60));
    let mark = mark_of(&effects).unwrap();
    harness.list(mark, vec![Task::blank(guid.clone(), "d".into(), State::Running)]);
    assert!(sent(&harness.press("y")).is_empty());
    assert_eq!(
        harness.notice(),
        format!("Nothing was sent for {guid}: A new task has this guid now. N opens your text again.")
    );
}

#[test]
fn quitting_asks_while_a_task_is_being_created() {
    let mut harness = with_editor(Target::default(), Vec::new());
    let task = harness.creates();
    harness.press("q");
    assert!(matches!(harness.app.overlay(), Overlay::Quit(_)));
    let in_flight = harness.app.tasks_in_flight();
    assert_eq!(in_flight.into_iter().collect::<Vec<_>>(), [((FIRST, &task.guid), "creating")]);
}

#[test]
fn quitting_and_staying_keeps_the_text_of_an_open_question() {
    let mut harness = with_editor(Target::default(), Vec::new());
    harness.creates();
    harness.edits("N", |text| text.replace("128", "99"));
    harness.press_key(Key::ctrl('c'));
    assert!(matches!(harness.app.overlay(), Overlay::Quit(_)));
    harness.press("n");
    assert!(opened(&harness.press("N")).contains("99"));
}

#[test]
fn the_difference_scrolls_and_keys_for_scrolling_do_not_answer() {
    let mut harness = with_editor(Target::default(), vec![source("source", "batch", "")]);
    harness.edits("E", |text| text.replace("128", "64").replace("512", "64"));
    harness.app.set_page(5);
    let last = question(&harness).diff.lines.len() - 5;
    for (code, at) in [
        (KeyCode::Down, 1),
        (KeyCode::Down, 2),
        (KeyCode::Up, 1),
        (KeyCode::PageDown, 6.min(last)),
        (KeyCode::PageUp, 6.min(last) - 5),
        (KeyCode::Char('j'), 6.min(last) - 5),
    ] {
        assert!(harness.press_key(Key::plain(code)).is_empty());
        assert_eq!(question(&harness).scroll, at, "{code:?}");
    }
}
