//! Detects actions with nothing set inside another action.
//!
//! The server drops the connection of such a request, without a reply and without the task. Source: "What desire refuses"
//! of the API.

use crate::bbs::wire::action::Kind;
use crate::bbs::wire::{Action, TaskDefinition};

/// Returns whether an action inside the task's action has nothing set.
pub fn has_empty_inner_action(definition: &TaskDefinition) -> bool {
    definition.action.as_ref().is_some_and(|action| inner_actions(action).any(is_empty))
}
fn is_empty(action: &Action) -> bool {
    action.kind.is_none() || inner_actions(action).any(is_empty)
}

fn inner_actions(action: &Action) -> Box<dyn Iterator<Item = &Action> + '_> {
    match &action.kind {
        Some(Kind::TimeoutAction(timeout)) => Box::new(timeout.action.as_deref().into_iter()),
        Some(Kind::EmitProgressAction(emit)) => Box::new(emit.action.as_deref().into_iter()),
        Some(Kind::TryAction(attempt)) => Box::new(attempt.action.as_deref().into_iter()),
        Some(Kind::ParallelAction(parallel)) => Box::new(parallel.actions.iter()),
        Some(Kind::SerialAction(serial)) => Box::new(serial.actions.iter()),
        Some(Kind::CodependentAction(codependent)) => Box::new(codependent.actions.iter()),
        Some(Kind::DownloadAction(_) | Kind::UploadAction(_) | Kind::RunAction(_)) | None => {
            Box::new(std::iter::empty())
        }
    }
}
