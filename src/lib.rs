//! taskdeck: a terminal dashboard for the Tasks of Cloud Foundry's Diego.
//!
//! # Where things are
//! - [`model`]: Diego in our words, pure: ids, task, lifecycle, cell, event, fault.
//! - [`bbs`]: the remote end: routes, client, streaming list, event stream, wire types, TLS.
//! - [`filter`]: the filter language, pure: a text becomes a [`filter::Filter`] that admits tasks.
//! - [`app`]: the dashboard's state and every rule, pure: `update(&mut App, Msg, Now) -> Vec<Effect>`.
//! - [`present`]: how a fact reads; shared by panes and commands.
//! - [`ui`]: drawing only.
//! - [`runtime`]: the only async of the dashboard: the loop, effects, input, the terminal.
//! - [`config`]: defaults < file < environment < flags; targets.
//! - [`sim`]: the simulated BBS.
//! - [`cli`]: arguments, verbs, exit statuses.
//! - [`suggest`]: the known name that a mistyped one was meant to be, pure.
//! - [`clock`]: wall and monotonic time behind a trait.
//!
//! # Five rules
//! 1. **One owner of state.** [`app::App`] is changed by [`app::App::update`] alone; no lock is around it.
//! 2. **Update is pure and takes `now`.** What should happen outside is returned as [`app::Effect`] values.
//! 3. **Wire types stay in `bbs`** (and `sim`, its counterpart). The rest speaks [`model`].
//! 4. **The list is the truth, events are hints.** Whatever an event got wrong, the next list heals.
//! 5. **One row in one table for each new thing**: a column, a key, a call, a pane, a configuration key.
//!
//! `tests/architecture.rs` checks which module may use which.

pub mod app;
pub mod bbs;
pub mod cli;
pub mod clock;
pub mod config;
pub mod filter;
pub mod model;
pub mod present;
pub mod runtime;
pub mod sim;
pub mod suggest;
pub mod ui;
