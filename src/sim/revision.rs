//! Converts tasks to revision 2 of the API, which has no image layers.
//!
//! Shared layers become cached dependencies; exclusive ones become downloads before the action.

use bytes::Bytes;

use crate::bbs::wire::action::Kind;
use crate::bbs::wire::{
    Action, CachedDependency, DownloadAction, ImageLayer, ParallelAction, SerialAction, Task, image_layer,
};

/// Returns the task in the form of revision 2.
pub(super) fn to_r2(mut task: Task) -> Task {
    if let Some(definition) = &mut task.task_definition {
        let layers = std::mem::take(&mut definition.image_layers);
        let (exclusive, shared): (Vec<_>, Vec<_>) =
            layers.iter().partition(|layer| layer.layer_type() == image_layer::Type::Exclusive);
        definition.cached_dependencies.splice(0..0, shared.into_iter().map(dependency));
        if !exclusive.is_empty() {
            let user = &definition.legacy_download_user;
            let downloads = exclusive.into_iter().map(|layer| download(layer, user)).collect();
            let action = prepend(downloads, definition.action.take());
            definition.action = Some(action);
        }
    }
    task
}

fn prepend(downloads: Vec<Action>, action: Option<Action>) -> Action {
    let downloads = ParallelAction { actions: downloads, ..ParallelAction::default() };
    let mut actions = vec![Action { kind: Some(Kind::ParallelAction(downloads)) }];
    actions.extend(action);
    Action { kind: Some(Kind::SerialAction(SerialAction { actions, ..SerialAction::default() })) }
}

fn dependency(layer: &ImageLayer) -> CachedDependency {
    CachedDependency {
        name: layer.name.clone(),
        from: layer.url.clone(),
        to: layer.destination_path.clone(),
        cache_key: cache_key(layer),
        checksum_algorithm: algorithm(layer).into(),
        checksum_value: layer.digest_value.clone(),
        ..CachedDependency::default()
    }
}

fn download(layer: &ImageLayer, user: &Bytes) -> Action {
    Action {
        kind: Some(Kind::DownloadAction(DownloadAction {
            artifact: layer.name.clone(),
            from: layer.url.clone(),
            to: layer.destination_path.clone(),
            cache_key: cache_key(layer),
            user: user.clone(),
            checksum_algorithm: algorithm(layer).into(),
            checksum_value: layer.digest_value.clone(),
            ..DownloadAction::default()
        })),
    }
}

fn cache_key(layer: &ImageLayer) -> Bytes {
    if layer.digest_value.is_empty() {
        return layer.url.clone();
    }
    format!("{}:{}", algorithm(layer), String::from_utf8_lossy(&layer.digest_value)).into()
}

fn algorithm(layer: &ImageLayer) -> &'static str {
    match layer.digest_algorithm() {
        image_layer::DigestAlgorithm::Unset => "",
        image_layer::DigestAlgorithm::Sha256 => "sha256",
        image_layer::DigestAlgorithm::Sha512 => "sha512",
    }
}
