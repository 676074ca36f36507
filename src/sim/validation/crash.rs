//! What a real server's validation crashes on: an action with nothing set inside another one.
//!
//! The request is lost with its connection; the server lives on. Source: "What desire refuses" of the API.

use crate::bbs::wire::action::Kind;
use crate::bbs::wire::{Action, TaskDefinition};

/// Whether the server closes the connection instead of saying what is wrong with the definition.
pub(in crate::sim) fn crashes(definition: &TaskDefinition) -> bool {
    definition.action.as_ref().is_some_and(|action| inner(action).any(has_nothing))
}

fn has_nothing(action: &Action) -> bool {
    action.kind.is_none() || inner(action).any(has_nothing)
}

fn inner(action: &Action) -> Box<dyn Iterator<Item = &Action> + '_> {
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
