//! Parses environment variables and files, which both definitions and run actions contain.

use super::fields::{Fields, Parsed};
use crate::bbs::wire;

pub(super) fn variable(fields: &Fields<'_>) -> Parsed<wire::EnvironmentVariable> {
    Ok(wire::EnvironmentVariable { name: fields.text("name")?, value: fields.text("value")? })
}

pub(super) fn file(fields: &Fields<'_>) -> Parsed<wire::File> {
    Ok(wire::File { path: fields.text("path")?, content: fields.text("content")? })
}
