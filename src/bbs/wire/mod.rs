//! The messages as they are on the wire, generated from `proto/`, and their conversion to `model`.
//!
//! Strings are bytes here (the build script says why); [`text`] makes them text.

mod generated {
    #![expect(clippy::all, clippy::pedantic, reason = "generated")]
    include!(concat!(env!("OUT_DIR"), "/models.rs"));
}

pub use generated::*;

/// The text of a string of the wire; what is not UTF-8 in it reads as U+FFFD.
pub fn text(bytes: &bytes::Bytes) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
