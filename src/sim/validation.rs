//! The server's error for an invalid request, by the rules in [`crate::bbs::validation`].

use super::errors::invalid_request;
use crate::bbs::validation::{InvalidField, invalid_cell_call, invalid_fields};
use crate::bbs::wire::{Error, TaskDefinition};

/// Returns the server's error if the desired task is invalid.
pub(super) fn check(guid: &[u8], domain: &[u8], definition: Option<&TaskDefinition>) -> Result<(), Error> {
    error_of(invalid_fields(guid, domain, definition))
}

/// Returns the server's error if a call of a cell has no valid guid or no value in the required field.
pub(super) fn check_cell_call(guid: &[u8], field: &'static str, value: &[u8]) -> Result<(), Error> {
    error_of(invalid_cell_call(guid, field, value))
}

fn error_of(invalid: Vec<InvalidField>) -> Result<(), Error> {
    let messages: Vec<_> = invalid.into_iter().map(|field| field.message).collect();
    if messages.is_empty() { Ok(()) } else { Err(invalid_request(&messages)) }
}

#[cfg(test)]
mod tests;
