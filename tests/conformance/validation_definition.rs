//! Tests the validation of the dependencies, layers and egress rules in a definition.
//!
//! Source: "What desire refuses" of the API.

use taskdeck::bbs::wire::{CachedDependency, ImageLayer, SecurityGroupRule, TaskDefinition, image_layer};

use crate::targets::everywhere;
use crate::tasks::definition;
use crate::validation::definition_error;
use crate::validation_actions::fields;

#[tokio::test]
async fn the_error_names_every_missing_field_of_a_dependency_and_a_layer() {
    everywhere(async |bbs| {
        let cached_dependencies = vec![CachedDependency::default()];
        let message =
            definition_error(bbs, "dependency", TaskDefinition { cached_dependencies, ..definition() }).await;
        assert!(message.starts_with("Invalid field: cached_dependency, "), "{message}");
        assert!(fields(&message).contains(&"from") && fields(&message).contains(&"to"), "{message}");
        let image_layers = vec![ImageLayer::default()];
        let message = definition_error(bbs, "layer", TaskDefinition { image_layers, ..definition() }).await;
        assert!(message.starts_with("Invalid field: image_layer, "), "{message}");
        for field in ["url", "destination_path", "layer_type", "media_type"] {
            assert!(fields(&message).contains(&field), "{message}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_exclusive_layer_requires_a_download_user() {
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
        assert_eq!(
            definition_error(bbs, "one", exclusive.clone()).await,
            "Invalid field: legacy_download_user"
        );
        let with_user = TaskDefinition { legacy_download_user: "vcap".into(), ..exclusive };
        assert_eq!(definition_error(bbs, "two", with_user).await, "");
        let shared = ImageLayer { layer_type: image_layer::Type::Shared.into(), ..layer };
        let shared = TaskDefinition { image_layers: vec![shared], ..definition() };
        assert_eq!(definition_error(bbs, "three", shared).await, "");
    })
    .await;
}

#[tokio::test]
async fn an_invalid_egress_rule_is_one_error() {
    everywhere(async |bbs| {
        let valid = SecurityGroupRule {
            protocol: "tcp".into(),
            destinations: vec!["10.0.0.0/8".into()],
            ports: vec![443],
            ..SecurityGroupRule::default()
        };
        let rules = |egress_rules| TaskDefinition { egress_rules, ..definition() };
        assert_eq!(definition_error(bbs, "valid", rules(vec![valid.clone()])).await, "");
        let invalid = [
            SecurityGroupRule { protocol: "carrier-pigeon".into(), ..valid.clone() },
            SecurityGroupRule { destinations: Vec::new(), ..valid.clone() },
            SecurityGroupRule { ports: Vec::new(), ..valid },
        ];
        for rule in invalid {
            let message = definition_error(bbs, "invalid", rules(vec![rule.clone()])).await;
            assert_eq!(message, "Invalid field: egress_rules", "{rule:?}");
        }
    })
    .await;
}
