//! Validates what the container is made of: cached dependencies, image layers and the credentials for the registry.

use super::Checks;
use crate::bbs::json::JsonPath;
use crate::bbs::wire::{CachedDependency, ImageLayer, TaskDefinition, image_layer};

pub(super) fn check_credentials(definition: &TaskDefinition, checks: &mut Checks) {
    let has_user = !definition.image_username.is_empty();
    let has_password = !definition.image_password.is_empty();
    let (user, password) = ("image_username", "image_password");
    checks.field(password, password, has_user && !has_password, "image_username needs it");
    checks.field(user, user, !has_user && has_password, "image_password needs it");
}

pub(super) fn check_dependency(dependency: &CachedDependency, path: JsonPath) -> Checks {
    let mut checks = Checks::of(path);
    checks.required("from", &dependency.from);
    checks.required("to", &dependency.to);
    checks.checksum(&dependency.checksum_algorithm, &dependency.checksum_value);
    checks
}

pub(super) fn check_layers(definition: &TaskDefinition, checks: &mut Checks) {
    for (at, layer) in definition.image_layers.iter().enumerate() {
        let path = checks.path.key("image_layers").index(at);
        checks.nested("image_layer", check_layer(layer, path));
    }
    let is_exclusive = |layer: &ImageLayer| layer.layer_type() == image_layer::Type::Exclusive;
    let needs_user = definition.image_layers.iter().any(is_exclusive);
    let user = "legacy_download_user";
    let is_missing = needs_user && definition.legacy_download_user.is_empty();
    checks.field(user, user, is_missing, "an EXCLUSIVE image layer needs it");
}

fn check_layer(layer: &ImageLayer, path: JsonPath) -> Checks {
    let mut checks = Checks::of(path);
    checks.required("url", &layer.url);
    checks.required("destination_path", &layer.destination_path);
    // An unknown number is as invalid as an unset one.
    let has_no_type = layer.layer_type() == image_layer::Type::LayerTypeUnset;
    checks.field("layer_type", "layer_type", has_no_type, "must be SHARED or EXCLUSIVE");
    let has_no_media = layer.media_type() == image_layer::MediaType::Unset;
    checks.field("media_type", "media_type", has_no_media, "must be TGZ, TAR or ZIP");
    let is_exclusive = layer.layer_type() == image_layer::Type::Exclusive;
    let (has_value, algorithm) = (!layer.digest_value.is_empty(), layer.digest_algorithm());
    let is_unset = algorithm == image_layer::DigestAlgorithm::Unset;
    let needs_algorithm = (has_value || is_exclusive) && is_unset;
    checks.field("digest_algorithm", "digest_algorithm", needs_algorithm, "must be SHA256 or SHA512");
    let needs_value = (!is_unset || is_exclusive) && !has_value;
    checks.field("digest_value", "digest_value", needs_value, "the digest needs it");
    checks
}
