//! Recordings on disk: SQLite files that keep what was seen of tasks, and what we did to them.
//!
//! SQL stays inside. Takes in and gives out [`crate::model::recording::Entry`]; must not use `app`, `ui` or `bbs`.
//!
//! # The file
//! A *run* is one program that records one target. A *life* is one task in one run, from its first sight to its end, and
//! has *changes*, each with the version of the task after it. Two programs may write to one file at once: each has runs of
//! its own, and a task that both see has a life in each. What is stored often (reasons, domains, cells) is stored once, as
//! a *text*; see [`schema`].

mod append;
mod codes;
mod fault;
mod file;
mod guid;
pub mod metrics;
mod observer;
mod owners;
pub mod query;
mod read;
mod replay;
pub mod report;
mod retention;
pub mod schema;
#[cfg(test)]
mod tests;
mod texts;
mod version;
pub mod views;
mod writer;

pub use append::Appender;
pub use fault::{RecordFault, Result};
pub use file::{Program, Recording, Run, RunId, RunInfo};
pub use observer::Observer;
pub use read::{EntryReader, Position};
pub use replay::Player;
pub use retention::Retention;
pub use writer::{SessionKey, TakeNews, WallClock, Writer, WriterOptions, WriterStatus};
