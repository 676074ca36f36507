//! The last view of each target, as it is saved: texts, which the dashboard checks when it restores them.

use serde::{Deserialize, Serialize};

/// How many targets have their last view kept.
const MAX_VIEWS: usize = 50;

/// The last view of a target.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SavedView {
    /// The target: its name, or its URL if it has none.
    pub target: String,
    /// Which tasks: `held`, `failed` or `ended`.
    pub tasks: String,
    /// What the main view groups by; none for the task table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grouped_by: Option<String>,
    /// What the main view clusters: `failures` or `rejections`; none for the task table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clusters: Option<String>,
    /// Whether the main view shows the pulse.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub pulse: bool,
    /// The filter that was typed.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub filter: String,
    /// The sort, as in the configuration; none for the configured one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
    /// The groups that were chosen.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<SavedGroup>,
}

/// A group that tasks are filtered by.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SavedGroup {
    /// The property.
    pub by: String,
    /// The group's identity.
    pub id: String,
    /// What it is called, if that is not its identity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What tells it from others of the same name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// Puts a view in front, and takes out the one of the same target. Returns whether this changed anything.
pub(super) fn add(views: &mut Vec<SavedView>, view: SavedView) -> bool {
    if views.contains(&view) {
        return false;
    }
    views.retain(|held| held.target != view.target);
    views.insert(0, view);
    views.truncate(MAX_VIEWS);
    true
}

/// Appends the views of other targets, as far as there is room for them.
pub(super) fn append(views: &mut Vec<SavedView>, older: Vec<SavedView>) {
    for view in older {
        if views.len() < MAX_VIEWS && !views.iter().any(|held| held.target == view.target) {
            views.push(view);
        }
    }
}
