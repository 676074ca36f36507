//! What desire refuses of what is inside a definition: actions, dependencies, layers, egress rules.

use prost::Message as _;
use prost::encoding::{WireType, encode_key, encode_varint};
use taskdeck::bbs::decode_definition;
use taskdeck::bbs::wire::action::Kind;
use taskdeck::bbs::wire::{
    Action, CachedDependency, CodependentAction, DesireTaskRequest, DownloadAction, EmitProgressAction,
    ImageLayer, ParallelAction, RunAction, SecurityGroupRule, SerialAction, TaskDefinition, TimeoutAction,
    TryAction, UploadAction, definition_to_model, image_layer,
};

use crate::bbs::Bbs;
use crate::targets::everywhere;
use crate::tasks::{definition, run};
use crate::validation::said_of;

fn with(kind: Kind) -> TaskDefinition {
    TaskDefinition { action: Some(Action { kind: Some(kind) }), ..definition() }
}

/// Actions of every kind with nothing in them, and what each needs.
fn empty() -> [(Kind, &'static [&'static str]); 9] {
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

/// Actions of every kind that have what they need.
fn whole() -> [Kind; 9] {
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

/// The fields that a message names, in alphabetical order: that of an action's own is not the API's.
fn fields(message: &str) -> Vec<&str> {
    let mut fields: Vec<_> =
        message.split(", ").map(|fault| fault.strip_prefix("Invalid field: ").unwrap_or(fault)).collect();
    fields.sort_unstable();
    fields
}

#[tokio::test]
async fn an_action_is_refused_with_each_thing_that_it_lacks() {
    everywhere(async |bbs| {
        assert_eq!(
            said_of(bbs, "none", TaskDefinition { action: None, ..definition() }).await,
            "invalid action type"
        );
        let unset = TaskDefinition { action: Some(Action { kind: None }), ..definition() };
        assert_eq!(said_of(bbs, "unset", unset).await, "Invalid field: action, Invalid field: inner-action");
        let endless = TimeoutAction { action: None, timeout_ms: 1, ..TimeoutAction::default() };
        assert_eq!(
            said_of(bbs, "timeout", with(Kind::TimeoutAction(Box::new(endless)))).await,
            "Invalid field: action, Invalid field: action"
        );
        for (kind, needs) in empty() {
            let message = said_of(bbs, "empty", with(kind.clone())).await;
            assert!(message.starts_with("Invalid field: action, "), "{kind:?}: {message}");
            let mut wanted: Vec<_> = needs.iter().copied().chain(["action"]).collect();
            wanted.sort_unstable();
            assert_eq!(fields(&message), wanted, "{kind:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_action_that_has_what_it_needs_is_taken() {
    everywhere(async |bbs| {
        for (kind, at) in whole().into_iter().zip(0..) {
            assert_eq!(said_of(bbs, &format!("whole-{at}"), with(kind)).await, "", "action {at}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_deep_in_an_action_is_said_too() {
    everywhere(async |bbs| {
        let bad = || Action { kind: Some(Kind::RunAction(RunAction::default())) };
        let inner = || Some(Box::new(bad()));
        let around = [
            Kind::TimeoutAction(Box::new(TimeoutAction {
                action: inner(),
                timeout_ms: 1,
                ..TimeoutAction::default()
            })),
            Kind::TryAction(Box::new(TryAction { action: inner(), ..TryAction::default() })),
            Kind::SerialAction(SerialAction { actions: vec![run(), bad()], ..SerialAction::default() }),
            Kind::ParallelAction(ParallelAction { actions: vec![bad(), run()], ..ParallelAction::default() }),
        ];
        for kind in around {
            let message = said_of(bbs, "deep", with(kind)).await;
            assert_eq!(message, "Invalid field: action, Invalid field: path, Invalid field: user");
        }
        let never =
            TimeoutAction { action: Some(Box::new(run())), timeout_ms: 0, ..TimeoutAction::default() };
        let message = said_of(bbs, "never", with(Kind::TimeoutAction(Box::new(never)))).await;
        assert_eq!(fields(&message), ["action", "timeout_ms"], "{message}");
    })
    .await;
}

/// An action with nothing set, inside each kind that holds others.
fn around_nothing() -> [Kind; 7] {
    let nothing = || Some(Box::<Action>::default());
    let actions = || vec![run(), Action::default()];
    let attempt = || Kind::TryAction(Box::new(TryAction { action: nothing(), ..TryAction::default() }));
    [
        attempt(),
        Kind::TimeoutAction(Box::new(TimeoutAction {
            action: nothing(),
            timeout_ms: 1,
            ..TimeoutAction::default()
        })),
        Kind::EmitProgressAction(Box::new(EmitProgressAction {
            action: nothing(),
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
async fn an_action_with_nothing_set_inside_another_is_not_answered_and_its_task_is_not_there() {
    everywhere(async |bbs| {
        for kind in around_nothing() {
            let request = bbs.request("one", with(kind.clone()));
            for _ in 0..2 {
                assert!(bbs.is_dropped("/v1/tasks/desire.r2", &request).await, "{kind:?}");
                let looked_up = bbs.client.task(&bbs.guid("one")).await;
                assert!(looked_up.unwrap_err().is_not_found(), "{kind:?}");
            }
        }
        assert_eq!(bbs.client.ping().await, Ok(true), "the server lives on");
    })
    .await;
}

/// A definition whose action has both set, in this order on the wire.
fn with_both(first: Kind, second: Kind) -> Vec<u8> {
    let action = |kind| Action { kind: Some(kind) }.encode_to_vec();
    let both = [action(first), action(second)].concat();
    let mut definition = TaskDefinition { action: None, ..definition() }.encode_to_vec();
    encode_key(3, WireType::LengthDelimited, &mut definition);
    encode_varint(both.len() as u64, &mut definition);
    [definition, both].concat()
}

/// A request whose definition is these bytes.
fn request(bbs: &Bbs, name: &str, definition: &[u8]) -> Vec<u8> {
    let rest = DesireTaskRequest { task_definition: None, ..bbs.request(name, TaskDefinition::default()) };
    let mut request = rest.encode_to_vec();
    encode_key(1, WireType::LengthDelimited, &mut request);
    encode_varint(definition.len() as u64, &mut request);
    [&request, definition].concat()
}

#[tokio::test]
async fn of_two_actions_in_one_the_last_counts() {
    everywhere(async |bbs| {
        let [upload, _, run, ..] = whole();
        let taken = request(bbs, "taken", &with_both(upload, run.clone()));
        assert_eq!(bbs.post("/v1/tasks/desire.r2", taken).await.refusal(), None);
        let stored = bbs.task(&bbs.guid("taken")).await.definition;
        assert!(decode_definition(&stored).unwrap() == definition_to_model(&with(run.clone())));
        let download = Kind::DownloadAction(DownloadAction::default());
        let refused = request(bbs, "refused", &with_both(run, download));
        let (kind, message) = bbs.post("/v1/tasks/desire.r2", refused).await.refusal().unwrap();
        assert_eq!((kind, fields(&message)), (4, vec!["action", "from", "to", "user"]));
    })
    .await;
}

#[tokio::test]
async fn the_checksum_of_a_download_is_whole() {
    everywhere(async |bbs| {
        let cases = [
            ("", "abc", "Invalid field: action, Invalid field: checksum algorithm"),
            ("md5", "", "Invalid field: action, Invalid field: checksum value"),
            ("crc", "abc", "Invalid field: action, Invalid field: invalid algorithm"),
            ("SHA256", "abc", ""),
        ];
        for (algorithm, value, says) in cases {
            let download = DownloadAction {
                from: "https://blobs.example.com/one".into(),
                to: "/one".into(),
                user: "vcap".into(),
                checksum_algorithm: algorithm.into(),
                checksum_value: value.into(),
                ..DownloadAction::default()
            };
            assert_eq!(said_of(bbs, "one", with(Kind::DownloadAction(download))).await, says);
        }
    })
    .await;
}

#[tokio::test]
async fn a_dependency_and_a_layer_are_refused_with_what_they_lack() {
    everywhere(async |bbs| {
        let cached_dependencies = vec![CachedDependency::default()];
        let message =
            said_of(bbs, "dependency", TaskDefinition { cached_dependencies, ..definition() }).await;
        assert!(message.starts_with("Invalid field: cached_dependency, "), "{message}");
        assert!(fields(&message).contains(&"from") && fields(&message).contains(&"to"), "{message}");
        let image_layers = vec![ImageLayer::default()];
        let message = said_of(bbs, "layer", TaskDefinition { image_layers, ..definition() }).await;
        assert!(message.starts_with("Invalid field: image_layer, "), "{message}");
        for field in ["url", "destination_path", "layer_type", "media_type"] {
            assert!(fields(&message).contains(&field), "{message}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_exclusive_layer_needs_the_user_who_downloads_it() {
    everywhere(async |bbs| {
        let layer = ImageLayer {
            url: "https://blobs.example.com/one".into(),
            destination_path: "/one".into(),
            layer_type: image_layer::Type::Exclusive.into(),
            media_type: image_layer::MediaType::Tgz.into(),
            digest_algorithm: image_layer::DigestAlgorithm::Sha256.into(),
            digest_value: "abc".into(),
            ..ImageLayer::default()
        };
        let exclusive = TaskDefinition { image_layers: vec![layer.clone()], ..definition() };
        assert_eq!(said_of(bbs, "one", exclusive.clone()).await, "Invalid field: legacy_download_user");
        let for_somebody = TaskDefinition { legacy_download_user: "vcap".into(), ..exclusive };
        assert_eq!(said_of(bbs, "two", for_somebody).await, "");
        let shared = ImageLayer { layer_type: image_layer::Type::Shared.into(), ..layer };
        let shared = TaskDefinition { image_layers: vec![shared], ..definition() };
        assert_eq!(said_of(bbs, "three", shared).await, "");
    })
    .await;
}

#[tokio::test]
async fn a_wrong_egress_rule_is_refused_without_what_is_wrong_in_it() {
    everywhere(async |bbs| {
        let right = SecurityGroupRule {
            protocol: "tcp".into(),
            destinations: vec!["10.0.0.0/8".into()],
            ports: vec![443],
            ..SecurityGroupRule::default()
        };
        let rules = |egress_rules| TaskDefinition { egress_rules, ..definition() };
        assert_eq!(said_of(bbs, "right", rules(vec![right.clone()])).await, "");
        let wrong = [
            SecurityGroupRule { protocol: "carrier-pigeon".into(), ..right.clone() },
            SecurityGroupRule { destinations: Vec::new(), ..right.clone() },
            SecurityGroupRule { ports: Vec::new(), ..right },
        ];
        for rule in wrong {
            let message = said_of(bbs, "wrong", rules(vec![rule.clone()])).await;
            assert_eq!(message, "Invalid field: egress_rules", "{rule:?}");
        }
    })
    .await;
}
