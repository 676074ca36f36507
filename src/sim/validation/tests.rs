//! What is said of what is inside a definition.

use super::*;
use crate::bbs::wire::{RunAction, SecurityGroupRule};

fn said(definition: TaskDefinition) -> String {
    let run = RunAction { path: "/bin/true".into(), user: "vcap".into(), ..RunAction::default() };
    let action = Some(Action { kind: Some(Kind::RunAction(run)) });
    let definition = TaskDefinition { root_fs: "preloaded:cflinuxfs4".into(), action, ..definition };
    let refused = check(b"guid", b"domain", Some(&definition));
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
