//! The outcome of an action on one task, with a reason that is safe to print.

use crate::model::TaskGuid;
use crate::model::plan::Report;
pub(super) use crate::model::plan::Word;
use crate::present::sanitise;

/// Returns the outcome of one task. Parts of the reason may come from a server.
pub(super) fn outcome(guid: &TaskGuid, word: Word, reason: &str) -> Report {
    Report::new(guid.clone(), word, sanitise::clean(reason).into_owned())
}
