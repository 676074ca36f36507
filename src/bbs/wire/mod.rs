//! Wire types generated from `proto/`, and their conversion to and from `model`. Does no I/O.
//!
//! Strings are bytes here (`build.rs` explains why); [`text`] converts them.

mod callback;
mod decode_task;
mod enums;
mod fields;
mod from_model;
mod interner;
mod lazy;
mod owner;
mod summary;
mod to_model;

mod generated {
    #![expect(clippy::all, clippy::pedantic, reason = "generated")]
    include!(concat!(env!("OUT_DIR"), "/models.rs"));
}

pub use decode_task::{read_task, read_task_with};
pub use from_model::{
    definition as definition_from_model, filter as filter_from_model, task as task_from_model,
};
pub use generated::*;
pub use interner::Interner;
pub use lazy::{LazyChangedEvent, LazyDesireTaskRequest, LazyTask, LazyTaskEvent, LazyTaskResponse};
pub use summary::read_summary;
pub use to_model::{
    cell as cell_to_model, decode_definition, definition as definition_to_model, task as task_to_model,
};

/// Converts a string field to text, replacing invalid UTF-8 with U+FFFD.
pub fn text(bytes: &bytes::Bytes) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
