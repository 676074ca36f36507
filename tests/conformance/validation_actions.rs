//! Tests the validation of the actions in a definition.
//!
//! Source: "What desire refuses" of the API.

use prost::Message as _;
use prost::encoding::{WireType, encode_key, encode_varint};
use taskdeck::bbs::decode_definition;
use taskdeck::bbs::wire::action::Kind;
use taskdeck::bbs::wire::{
    Action, CodependentAction, DesireTaskRequest, DownloadAction, EmitProgressAction, ParallelAction,
    RunAction, SerialAction, TaskDefinition, TimeoutAction, TryAction, UploadAction, definition_to_model,
};

use crate::bbs::Bbs;
use crate::targets::everywhere;
use crate::tasks::{definition, run};
use crate::validation::definition_error;

fn with_action(kind: Kind) -> TaskDefinition {
    TaskDefinition { action: Some(Action { kind: Some(kind) }), ..definition() }
}

/// Returns an empty action of each kind with the fields that it requires.
fn empty_actions() -> [(Kind, &'static [&'static str]); 9] {
    [
        (Kind::DownloadAction(DownloadAction::default()), &["from", "to", "user"]),
        (Kind::UploadAction(UploadAction::default()), &["from", "to", "user"]),
        (Kind::RunAction(RunAction::default()), &["path", "user"]),
        (Kind::TimeoutAction(Box::default()), &["action", "timeout_ms"]),
        (Kind::EmitProgressAction(Box::default()), &["action"]),
        (Kind::TryAction(Box::default()), &["action"]),
        (Kind::ParallelAction(ParallelAction::default()), &["actions"]),
        (Kind::SerialAction(SerialAction::default()), &["actions"]),
        (Kind::CodependentAction(CodependentAction::default()), &["actions"]),
    ]
}

/// Returns a valid action of each kind.
fn valid_actions() -> [Kind; 9] {
    let (inner, actions) = (|| Some(Box::new(run())), || vec![run(), run()]);
    let (from, to, user) = ("https://blobs.example.com/one".into(), "/one".into(), "vcap".into());
    [
        Kind::UploadAction(UploadAction {
            from: "/one".into(),
            to: "https://blobs.example.com".into(),
            user: "vcap".into(),
            ..UploadAction::default()
        }),
        Kind::DownloadAction(DownloadAction { from, to, user, ..DownloadAction::default() }),
        Kind::RunAction(RunAction { path: "/bin/true".into(), user: "vcap".into(), ..RunAction::default() }),
        Kind::TimeoutAction(Box::new(TimeoutAction {
            action: inner(),
            timeout_ms: 1,
            ..TimeoutAction::default()
        })),
        Kind::EmitProgressAction(Box::new(EmitProgressAction {
            action: inner(),
            ..EmitProgressAction::default()
        })),
        Kind::TryAction(Box::new(TryAction { action: inner(), ..TryAction::default() })),
        Kind::ParallelAction(ParallelAction { actions: actions(), ..ParallelAction::default() }),
        Kind::SerialAction(SerialAction { actions: actions(), ..SerialAction::default() }),
        Kind::CodependentAction(CodependentAction { actions: actions(), ..CodependentAction::default() }),
    ]
}

/// Returns the fields that a message names, sorted: the API does not define the order inside an action.
pub(crate) fn fields(message: &str) -> Vec<&str> {
    let mut fields: Vec<_> =
        message.split(", ").map(|error| error.strip_prefix("Invalid field: ").unwrap_or(error)).collect();
    fields.sort_unstable();
    fields
}

#[tokio::test]
async fn the_error_names_every_missing_field_of_an_action() {
    everywhere(async |bbs| {
        assert_eq!(
            definition_error(bbs, "none", TaskDefinition { action: None, ..definition() }).await,
            "invalid action type"
        );
        let unset = TaskDefinition { action: Some(Action { kind: None }), ..definition() };
        assert_eq!(
            definition_error(bbs, "unset", unset).await,
            "Invalid field: action, Invalid field: inner-action"
        );
        let no_action = TimeoutAction { action: None, timeout_ms: 1, ..TimeoutAction::default() };
        assert_eq!(
            definition_error(bbs, "timeout", with_action(Kind::TimeoutAction(Box::new(no_action)))).await,
            "Invalid field: action, Invalid field: action"
        );
        for (kind, required) in empty_actions() {
            let message = definition_error(bbs, "empty", with_action(kind.clone())).await;
            assert!(message.starts_with("Invalid field: action, "), "{kind:?}: {message}");
            let mut expected: Vec<_> = required.iter().copied().chain(["action"]).collect();
            expected.sort_unstable();
            assert_eq!(fields(&message), expected, "{kind:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn valid_actions_are_accepted() {
    everywhere(async |bbs| {
        for (kind, at) in valid_actions().into_iter().zip(0..) {
            assert_eq!(
                definition_error(bbs, &format!("valid-{at}"), with_action(kind)).await,
                "",
                "action {at}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn errors_inside_nested_actions_are_returned() {
    everywhere(async |bbs| {
        let invalid = || Action { kind: Some(Kind::RunAction(RunAction::default())) };
        let inner = || Some(Box::new(invalid()));
        let kinds = [
            Kind::TimeoutAction(Box::new(TimeoutAction {
                action: inner(),
                timeout_ms: 1,
                ..TimeoutAction::default()
            })),
            Kind::TryAction(Box::new(TryAction { action: inner(), ..TryAction::default() })),
            Kind::SerialAction(SerialAction { actions: vec![run(), invalid()], ..SerialAction::default() }),
            Kind::ParallelAction(ParallelAction {
                actions: vec![invalid(), run()],
                ..ParallelAction::default()
            }),
        ];
        for kind in kinds {
            let message = definition_error(bbs, "deep", with_action(kind)).await;
            assert_eq!(message, "Invalid field: action, Invalid field: path, Invalid field: user");
        }
        let no_timeout =
            TimeoutAction { action: Some(Box::new(run())), timeout_ms: 0, ..TimeoutAction::default() };
        let message =
            definition_error(bbs, "no-timeout", with_action(Kind::TimeoutAction(Box::new(no_timeout)))).await;
        assert_eq!(fields(&message), ["action", "timeout_ms"], "{message}");
    })
    .await;
}

/// Returns an action with nothing set inside each kind of action that contains others.
fn with_empty_inner_action() -> [Kind; 7] {
    let empty = || Some(Box::<Action>::default());
    let actions = || vec![run(), Action::default()];
    let attempt = || Kind::TryAction(Box::new(TryAction { action: empty(), ..TryAction::default() }));
    [
        attempt(),
        Kind::TimeoutAction(Box::new(TimeoutAction {
            action: empty(),
            timeout_ms: 1,
            ..TimeoutAction::default()
        })),
        Kind::EmitProgressAction(Box::new(EmitProgressAction {
            action: empty(),
            ..EmitProgressAction::default()
        })),
        Kind::ParallelAction(ParallelAction { actions: actions(), ..ParallelAction::default() }),
        Kind::SerialAction(SerialAction { actions: actions(), ..SerialAction::default() }),
        Kind::CodependentAction(CodependentAction { actions: actions(), ..CodependentAction::default() }),
        Kind::SerialAction(SerialAction {
            actions: vec![run(), Action { kind: Some(attempt()) }],
            ..SerialAction::default()
        }),
    ]
}

#[tokio::test]
async fn an_empty_inner_action_drops_the_connection_and_creates_no_task() {
    everywhere(async |bbs| {
        for kind in with_empty_inner_action() {
            let request = bbs.request("one", with_action(kind.clone()));
            for _ in 0..2 {
                assert!(bbs.is_dropped("/v1/tasks/desire.r2", &request).await, "{kind:?}");
                let result = bbs.client.task(&bbs.guid("one")).await;
                assert!(result.unwrap_err().is_not_found(), "{kind:?}");
            }
        }
        assert_eq!(bbs.client.ping().await, Ok(true), "the server still runs");
    })
    .await;
}

/// Returns an encoded definition whose action sets both kinds, in this order on the wire.
fn with_two_kinds(first: Kind, second: Kind) -> Vec<u8> {
    let action = |kind| Action { kind: Some(kind) }.encode_to_vec();
    let both = [action(first), action(second)].concat();
    let mut definition = TaskDefinition { action: None, ..definition() }.encode_to_vec();
    encode_key(3, WireType::LengthDelimited, &mut definition);
    encode_varint(both.len() as u64, &mut definition);
    [definition, both].concat()
}

/// Returns an encoded request with this encoded definition.
fn request(bbs: &Bbs, name: &str, definition: &[u8]) -> Vec<u8> {
    let rest = DesireTaskRequest { task_definition: None, ..bbs.request(name, TaskDefinition::default()) };
    let mut request = rest.encode_to_vec();
    encode_key(1, WireType::LengthDelimited, &mut request);
    encode_varint(definition.len() as u64, &mut request);
    [&request, definition].concat()
}

#[tokio::test]
async fn of_two_kinds_in_one_action_the_last_on_the_wire_counts() {
    everywhere(async |bbs| {
        let [upload, _, run, ..] = valid_actions();
        let accepted = request(bbs, "accepted", &with_two_kinds(upload, run.clone()));
        assert_eq!(bbs.post("/v1/tasks/desire.r2", accepted).await.error(), None);
        let stored = bbs.task(&bbs.guid("accepted")).await.definition;
        assert!(decode_definition(&stored).unwrap() == definition_to_model(&with_action(run.clone())));
        let download = Kind::DownloadAction(DownloadAction::default());
        let invalid = request(bbs, "invalid", &with_two_kinds(run, download));
        let (kind, message) = bbs.post("/v1/tasks/desire.r2", invalid).await.error().unwrap();
        assert_eq!((kind, fields(&message)), (4, vec!["action", "from", "to", "user"]));
    })
    .await;
}

#[tokio::test]
async fn a_download_requires_a_complete_checksum() {
    everywhere(async |bbs| {
        let cases = [
            ("", "abc", "Invalid field: action, Invalid field: checksum algorithm"),
            ("md5", "", "Invalid field: action, Invalid field: checksum value"),
            ("crc", "abc", "Invalid field: action, Invalid field: invalid algorithm"),
            ("SHA256", "abc", ""),
        ];
        for (algorithm, value, expected) in cases {
            let download = DownloadAction {
                from: "https://blobs.example.com/one".into(),
                to: "/one".into(),
                user: "vcap".into(),
                checksum_algorithm: algorithm.into(),
                checksum_value: value.into(),
                ..DownloadAction::default()
            };
            assert_eq!(
                definition_error(bbs, "one", with_action(Kind::DownloadAction(download))).await,
                expected
            );
        }
    })
    .await;
}
