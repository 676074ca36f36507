//! taskdeck: a terminal dashboard for the Tasks of Cloud Foundry's Diego.
//!
//! # Where things are
//! - [`model`]: Diego's concepts as plain types, pure: ids, task, lifecycle, cell, event, fault.
//! - [`bbs`]: the BBS client: routes, calls, streaming list, event stream, wire types, TLS.
//! - [`filter`]: the filter language, pure: parses text into a [`filter::Filter`] that matches tasks.
//! - [`app`]: the dashboard's state and every rule, pure: `update(&mut App, Msg, Now) -> Vec<Effect>`.
//! - [`present`]: formats values as text; shared by panes, notices and commands.
//! - [`ui`]: draws the panes; nothing else.
//! - [`runtime`]: the dashboard's only async code: event loop, effects, input, terminal.
//! - [`config`]: merges defaults, file, environment and flags (later ones win); targets.
//! - [`state`]: what is kept between runs: filter and command history, last views, and seen hints.
//! - [`record`]: recordings on disk: schema, writer, queries, playback, report, metrics. SQL stays inside.
//! - [`sim`]: the simulated BBS.
//! - [`platform`]: what operating systems do differently: file modes, signals, processes, the terminal's modes.
//! - [`http`]: the parts of HTTP/1.1 that the servers in this program share, pure.
//! - [`cli`]: arguments, commands, exit statuses.
//! - [`theme`]: themes: which colours each role has, pure.
//! - [`suggest`]: "Did you mean …?" for mistyped names, pure.
//! - [`toml_fault`]: says where a TOML text is wrong, pure.
//! - [`clock`]: wall and monotonic time behind a trait.
//!
//! # Five rules
//! 1. **One owner of state.** Only [`app::App::update`] changes [`app::App`]; no lock guards it.
//! 2. **Update is pure and takes `now`.** It returns side effects as [`app::Effect`] values.
//! 3. **Wire types stay in `bbs`** (and `sim`, its counterpart). Everything else uses [`model`].
//! 4. **The list is the truth, events are hints.** The next list corrects whatever an event got wrong.
//! 5. **One row in one table for each new thing**: a column, a key, a call, a pane, a configuration key.
//!
//! `tests/architecture.rs` enforces which module may use which.

pub mod app;
pub mod bbs;
pub mod cli;
pub mod clock;
pub mod config;
pub mod filter;
pub mod http;
pub mod model;
pub mod platform;
pub mod present;
pub mod record;
pub mod runtime;
pub mod sim;
pub mod state;
pub mod suggest;
pub mod theme;
pub mod toml_fault;
pub mod ui;
