//! The messages as they are on the wire, generated from `proto/`, and their conversion to and from `model`.
//!
//! Strings are bytes here (the build script says why); [`text`] makes them text. Nothing here does I/O.

mod decode_task;
mod enums;
mod from_model;
mod interner;
mod lazy;
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
pub use lazy::{LazyChangedEvent, LazyTask, LazyTaskEvent, LazyTaskResponse};
pub use to_model::{
    cell as cell_to_model, decode_definition, definition as definition_to_model, task as task_to_model,
};

/// The text of a string of the wire; what is not UTF-8 in it reads as U+FFFD.
pub fn text(bytes: &bytes::Bytes) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
