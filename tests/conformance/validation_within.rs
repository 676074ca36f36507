//! What desire refuses of what is inside a definition: actions, dependencies, layers, egress rules.

use taskdeck::bbs::wire::action::Kind;
use taskdeck::bbs::wire::{
    Action, CachedDependency, CodependentAction, DownloadAction, EmitProgressAction, ImageLayer,
    ParallelAction, RunAction, SecurityGroupRule, SerialAction, TaskDefinition, TimeoutAction, TryAction,
    UploadAction, image_layer,
};

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
        assert_eq!(said_of(bbs, "unset", unset).await, "invalid action type");
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
            let fields = fields(&message);
            assert!(fields.contains(&"path") && fields.contains(&"user"), "{message}");
        }
        let never =
            TimeoutAction { action: Some(Box::new(run())), timeout_ms: 0, ..TimeoutAction::default() };
        let message = said_of(bbs, "never", with(Kind::TimeoutAction(Box::new(never)))).await;
        assert_eq!(fields(&message), ["action", "timeout_ms"], "{message}");
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
