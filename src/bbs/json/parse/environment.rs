//! Environment variables and mounted files: messages that both a definition and its run actions contain.

use super::fields::{Fields, Read};
use crate::bbs::wire;

pub(super) fn variable(of: &Fields<'_>) -> Read<wire::EnvironmentVariable> {
    Ok(wire::EnvironmentVariable { name: of.text("name")?, value: of.text("value")? })
}

pub(super) fn file(of: &Fields<'_>) -> Read<wire::File> {
    Ok(wire::File { path: of.text("path")?, content: of.text("content")? })
}
