//! Tests of the validation inside a task definition.

use super::*;
use crate::bbs::validation::has_empty_inner_action;
use crate::bbs::wire::action::Kind;
use crate::bbs::wire::{
    Action, CachedDependency, ImageLayer, RunAction, SecurityGroupRule, SerialAction, TryAction, image_layer,
};

fn error_of(definition: TaskDefinition) -> String {
    let run = RunAction { path: "/bin/true".into(), user: "vcap".into(), ..RunAction::default() };
    let action = Some(Action { kind: Some(Kind::RunAction(run)) });
    let definition = TaskDefinition { root_fs: "preloaded:cflinuxfs4".into(), action, ..definition };
    message(check(b"guid", b"domain", Some(&definition)))
}

fn message(result: Result<(), Error>) -> String {
    result.map_or_else(|error| String::from_utf8(error.message.to_vec()).unwrap(), |()| String::new())
}

fn layer() -> ImageLayer {
    ImageLayer {
        url: "https://blobs/layer".into(),
        destination_path: "/home".into(),
        layer_type: image_layer::Type::Shared.into(),
        media_type: image_layer::MediaType::Tgz.into(),
        ..ImageLayer::default()
    }
}

fn dependency() -> CachedDependency {
    CachedDependency { from: "https://blobs/one".into(), to: "/tmp".into(), ..CachedDependency::default() }
}

#[test]
fn each_invalid_egress_rule_is_one_error() {
    let valid = SecurityGroupRule {
        protocol: "all".into(),
        destinations: vec!["10.0.0.1".into()],
        ..SecurityGroupRule::default()
    };
    let rules = |egress_rules| error_of(TaskDefinition { egress_rules, ..TaskDefinition::default() });
    assert_eq!(rules(vec![valid.clone()]), "");
    let invalid = SecurityGroupRule::default();
    assert_eq!(
        rules(vec![invalid.clone(), valid, invalid]),
        "Invalid field: egress_rules, Invalid field: egress_rules"
    );
}

#[test]
fn a_cached_dependency_requires_from_to_and_a_complete_checksum() {
    let dependencies =
        |one| error_of(TaskDefinition { cached_dependencies: vec![one], ..TaskDefinition::default() });
    assert_eq!(dependencies(dependency()), "");
    assert_eq!(
        dependencies(CachedDependency::default()),
        "Invalid field: cached_dependency, Invalid field: from, Invalid field: to"
    );
    let cases = [
        ("", "abc", ", Invalid field: checksum algorithm"),
        ("md5", "", ", Invalid field: checksum value"),
        ("crc", "abc", ", Invalid field: invalid algorithm"),
    ];
    for (algorithm, value, error) in cases {
        let with_checksum = CachedDependency {
            checksum_algorithm: algorithm.into(),
            checksum_value: value.into(),
            ..dependency()
        };
        assert_eq!(dependencies(with_checksum), format!("Invalid field: cached_dependency{error}"));
    }
    let with_checksum = CachedDependency {
        checksum_algorithm: "SHA256".into(),
        checksum_value: "abc".into(),
        ..dependency()
    };
    assert_eq!(dependencies(with_checksum), "");
}

#[test]
fn an_image_layer_requires_known_types_and_a_complete_digest() {
    let layers = |one| error_of(TaskDefinition { image_layers: vec![one], ..TaskDefinition::default() });
    assert_eq!(layers(layer()), "");
    assert_eq!(
        layers(ImageLayer::default()),
        "Invalid field: image_layer, Invalid field: url, Invalid field: destination_path, \
         Invalid field: layer_type, Invalid field: media_type"
    );
    assert_eq!(
        layers(ImageLayer { layer_type: 9, media_type: 9, ..layer() }),
        "Invalid field: image_layer, Invalid field: layer_type, Invalid field: media_type"
    );
    let with_value = ImageLayer { digest_value: "abc".into(), ..layer() };
    assert_eq!(layers(with_value), "Invalid field: image_layer, Invalid field: digest_algorithm");
    let algorithm = image_layer::DigestAlgorithm::Sha512.into();
    let with_algorithm = ImageLayer { digest_algorithm: algorithm, ..layer() };
    assert_eq!(layers(with_algorithm), "Invalid field: image_layer, Invalid field: digest_value");
}

#[test]
fn an_exclusive_layer_requires_a_digest_and_a_download_user() {
    let exclusive = ImageLayer { layer_type: image_layer::Type::Exclusive.into(), ..layer() };
    let definition = |layer, user: &'static str| TaskDefinition {
        image_layers: vec![layer],
        legacy_download_user: user.into(),
        ..TaskDefinition::default()
    };
    assert_eq!(
        error_of(definition(exclusive.clone(), "")),
        "Invalid field: image_layer, Invalid field: digest_algorithm, Invalid field: digest_value, \
         Invalid field: legacy_download_user"
    );
    let complete = ImageLayer {
        digest_algorithm: image_layer::DigestAlgorithm::Sha256.into(),
        digest_value: "abc".into(),
        ..exclusive
    };
    assert_eq!(error_of(definition(complete, "vcap")), "");
}

fn action(kind: Kind) -> Action {
    Action { kind: Some(kind) }
}

fn try_action(inner: Action) -> Action {
    action(Kind::TryAction(Box::new(TryAction { action: Some(Box::new(inner)), ..TryAction::default() })))
}

fn serial_action(actions: Vec<Action>) -> Action {
    action(Kind::SerialAction(SerialAction { actions, ..SerialAction::default() }))
}

#[test]
fn only_empty_actions_inside_another_action_are_found() {
    let run = || action(Kind::RunAction(RunAction::default()));
    let empty = Action::default;
    let cases = [
        (empty(), false),
        (run(), false),
        (action(Kind::TryAction(Box::default())), false),
        (try_action(run()), false),
        (try_action(empty()), true),
        (serial_action(vec![run(), run()]), false),
        (serial_action(vec![run(), empty()]), true),
        (serial_action(vec![run(), try_action(serial_action(vec![empty()]))]), true),
    ];
    for (action, expected) in cases {
        let definition = TaskDefinition { action: Some(action), ..TaskDefinition::default() };
        assert_eq!(has_empty_inner_action(&definition), expected, "{definition:?}");
    }
}

#[test]
fn errors_of_inner_actions_follow_a_single_error_for_action() {
    let error_of_action = |action| error_of_optional(Some(action));
    assert_eq!(error_of_optional(None), "invalid action type");
    assert_eq!(error_of_action(Action::default()), "Invalid field: action, Invalid field: inner-action");
    let run = || action(Kind::RunAction(RunAction::default()));
    let expected = "Invalid field: action, Invalid field: path, Invalid field: user";
    assert_eq!(error_of_action(run()), expected);
    assert_eq!(error_of_action(try_action(try_action(run()))), expected);
    assert_eq!(error_of_action(serial_action(vec![try_action(run())])), expected);
}

fn error_of_optional(action: Option<Action>) -> String {
    let definition =
        TaskDefinition { root_fs: "preloaded:cflinuxfs4".into(), action, ..TaskDefinition::default() };
    message(check(b"guid", b"domain", Some(&definition)))
}
