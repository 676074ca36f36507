//! The fields of a task that can differ between two versions.

use std::borrow::Cow;

use jiff::tz::TimeZone;

use crate::model::secret::mask_urls;
use crate::model::{CellId, Version};
use crate::present::format;

/// How many bytes the values before and after have on one line.
const MAX_ON_ONE_LINE: usize = 28;

/// A field: its name in the API, and how its value reads. An empty value is none.
struct Field {
    name: &'static str,
    read: for<'a> fn(&'a Version, &TimeZone) -> Cow<'a, str>,
}

/// Every field, in the order of the lines.
const FIELDS: &[Field] = &[
    Field { name: "state", read: |version, _| version.state.to_string().into() },
    Field { name: "cell_id", read: |version, _| version.cell.as_ref().map_or("", CellId::as_str).into() },
    Field { name: "failed", read: |version, _| (if version.failed { "yes" } else { "no" }).into() },
    Field { name: "failure_reason", read: |version, _| (&*version.failure_reason).into() },
    Field { name: "result", read: |version, _| (if version.has_result { "present" } else { "" }).into() },
    Field { name: "rejection_count", read: |version, _| version.rejection_count.to_string().into() },
    Field { name: "rejection_reason", read: |version, _| (&*version.rejection_reason).into() },
    Field {
        name: "first_completed_at",
        read: |version, zone| match version.first_completed_at {
            at if at.is_unset() => "".into(),
            at => format::timestamp(at, zone).into(),
        },
    },
];

/// Returns the fields that differ, each with its values before and after.
pub(super) fn differences<'a>(
    before: &'a Version,
    after: &'a Version,
    zone: &'a TimeZone,
) -> impl Iterator<Item = (&'static str, String)> + use<'a> {
    FIELDS.iter().filter_map(move |field| {
        let (before, after) = ((field.read)(before, zone), (field.read)(after, zone));
        (before != after).then(|| (field.name, transition(&before, &after)))
    })
}

fn transition(before: &str, after: &str) -> String {
    let shown = |value: &str| match value {
        "" => "none".to_owned(),
        value => mask_urls(value).unwrap_or_else(|| value.to_owned()),
    };
    let (before, after) = (shown(before), shown(after));
    // A long text starts on a line of its own, where it wraps between words.
    let space = if before.len() + after.len() > MAX_ON_ONE_LINE { '\n' } else { ' ' };
    format!("{before} →{space}{after}")
}
