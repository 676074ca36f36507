//! What is said of what is inside a definition.

use super::*;
use crate::bbs::wire::{RunAction, SecurityGroupRule, SerialAction, TryAction};

fn said(definition: TaskDefinition) -> String {
    let run = RunAction { path: "/bin/true".into(), user: "vcap".into(), ..RunAction::default() };
    let action = Some(Action { kind: Some(Kind::RunAction(run)) });
    let definition = TaskDefinition { root_fs: "preloaded:cflinuxfs4".into(), action, ..definition };
    message(check(b"guid", b"domain", Some(&definition)))
}

fn message(refused: Result<(), Error>) -> String {
    refused.map_or_else(|error| String::from_utf8(error.message.to_vec()).unwrap(), |()| String::new())
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
fn every_wrong_egress_rule_is_a_fault_without_its_inside() {
    let right = SecurityGroupRule {
        protocol: "all".into(),
        destinations: vec!["10.0.0.1".into()],
        ..SecurityGroupRule::default()
    };
    let rules = |egress_rules| said(TaskDefinition { egress_rules, ..TaskDefinition::default() });
    assert_eq!(rules(vec![right.clone()]), "");
    let wrong = SecurityGroupRule::default();
    assert_eq!(
        rules(vec![wrong.clone(), right, wrong]),
        "Invalid field: egress_rules, Invalid field: egress_rules"
    );
}

#[test]
fn a_cached_dependency_is_from_somewhere_to_somewhere_and_its_checksum_is_whole() {
    let dependencies =
        |one| said(TaskDefinition { cached_dependencies: vec![one], ..TaskDefinition::default() });
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
    for (algorithm, value, fault) in cases {
        let summed = CachedDependency {
            checksum_algorithm: algorithm.into(),
            checksum_value: value.into(),
            ..dependency()
        };
        assert_eq!(dependencies(summed), format!("Invalid field: cached_dependency{fault}"));
    }
    let summed = CachedDependency {
        checksum_algorithm: "SHA256".into(),
        checksum_value: "abc".into(),
        ..dependency()
    };
    assert_eq!(dependencies(summed), "");
}

#[test]
fn an_image_layer_is_of_known_types_and_its_digest_is_whole() {
    let layers = |one| said(TaskDefinition { image_layers: vec![one], ..TaskDefinition::default() });
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
    let digested = ImageLayer { digest_value: "abc".into(), ..layer() };
    assert_eq!(layers(digested), "Invalid field: image_layer, Invalid field: digest_algorithm");
    let algorithm = image_layer::DigestAlgorithm::Sha512.into();
    let empty = ImageLayer { digest_algorithm: algorithm, ..layer() };
    assert_eq!(layers(empty), "Invalid field: image_layer, Invalid field: digest_value");
}

#[test]
fn an_exclusive_layer_needs_a_digest_and_the_user_who_downloads_it() {
    let exclusive = ImageLayer { layer_type: image_layer::Type::Exclusive.into(), ..layer() };
    let definition = |layer, user: &'static str| TaskDefinition {
        image_layers: vec![layer],
        legacy_download_user: user.into(),
        ..TaskDefinition::default()
    };
    assert_eq!(
        said(definition(exclusive.clone(), "")),
        "Invalid field: image_layer, Invalid field: digest_algorithm, Invalid field: digest_value, \
         Invalid field: legacy_download_user"
    );
    let whole = ImageLayer {
        digest_algorithm: image_layer::DigestAlgorithm::Sha256.into(),
        digest_value: "abc".into(),
        ..exclusive
    };
    assert_eq!(said(definition(whole, "vcap")), "");
}

fn of(kind: Kind) -> Action {
    Action { kind: Some(kind) }
}

fn tried(action: Action) -> Action {
    of(Kind::TryAction(Box::new(TryAction { action: Some(Box::new(action)), ..TryAction::default() })))
}

fn in_a_row(actions: Vec<Action>) -> Action {
    of(Kind::SerialAction(SerialAction { actions, ..SerialAction::default() }))
}

#[test]
fn an_action_with_nothing_set_crashes_the_server_only_inside_another() {
    let run = || of(Kind::RunAction(RunAction::default()));
    let nothing = Action::default;
    let cases = [
        (nothing(), false),
        (run(), false),
        (of(Kind::TryAction(Box::default())), false),
        (tried(run()), false),
        (tried(nothing()), true),
        (in_a_row(vec![run(), run()]), false),
        (in_a_row(vec![run(), nothing()]), true),
        (in_a_row(vec![run(), tried(in_a_row(vec![nothing()]))]), true),
    ];
    for (action, crashes_it) in cases {
        let definition = TaskDefinition { action: Some(action), ..TaskDefinition::default() };
        assert_eq!(crashes(&definition), crashes_it, "{definition:?}");
    }
}

#[test]
fn the_faults_of_an_inner_action_follow_the_one_word_action() {
    let said = |action| said_of(Some(action));
    assert_eq!(said_of(None), "invalid action type");
    assert_eq!(said(Action::default()), "Invalid field: action, Invalid field: inner-action");
    let run = || of(Kind::RunAction(RunAction::default()));
    let faults = "Invalid field: action, Invalid field: path, Invalid field: user";
    assert_eq!(said(run()), faults);
    assert_eq!(said(tried(tried(run()))), faults);
    assert_eq!(said(in_a_row(vec![tried(run())])), faults);
}

fn said_of(action: Option<Action>) -> String {
    let definition =
        TaskDefinition { root_fs: "preloaded:cflinuxfs4".into(), action, ..TaskDefinition::default() };
    message(check(b"guid", b"domain", Some(&definition)))
}
