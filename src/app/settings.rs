//! The settings that the dashboard starts with. `config` fills them in.

use std::time::Duration;

use crate::model::Sort;
use crate::state::SavedState;
use crate::theme::Themes;

use super::columns;
use super::keymap::Keymap;
use super::own_commands::OwnCommands;
use super::{Filter, GroupKey, KnownTarget, NamedFilters, Pace, ReplaySettings, TableColumns, TimeForm};

/// Settings at the start.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a setting of its own")]
pub struct Settings {
    /// How often requests are sent.
    pub pace: Pace,
    /// How many ended tasks are kept.
    pub ended_kept: usize,
    /// For how long they are kept.
    pub ended_for: Duration,
    /// For how long an ended task also stands among the held ones.
    pub ended_shown: Duration,
    /// Entries of the event log that are kept.
    pub events_kept: usize,
    /// How times are shown at first.
    pub times: TimeForm,
    /// Which keys run which commands.
    pub keymap: Keymap,
    /// Whether to use the mouse at first.
    pub mouse: bool,
    /// The themes, and which one is in force at first.
    pub themes: Themes,
    /// The filter at first.
    pub filter: Filter,
    /// The filters that have names.
    pub filters: NamedFilters,
    /// The operator's own commands.
    pub own_commands: OwnCommands,
    /// The columns of the task table.
    pub columns: TableColumns,
    /// The sort at first.
    pub sort: Sort,
    /// What the upper and the lower side pane group by at first.
    pub groups: [GroupKey; 2],
    /// The targets of the configuration, by name.
    pub targets: Vec<KnownTarget>,
    /// An action on more tasks than this is confirmed by typing their number.
    pub number_typed_above: usize,
    /// What earlier runs have saved.
    pub saved: SavedState,
    /// Whether to begin with the last view of the target.
    pub restore_view: bool,
    /// Whether to show the hint of the first start.
    pub welcome: bool,
    /// Seed of the guids of new tasks; must differ from run to run.
    pub guid_seed: u64,
    /// Whether to record what happens.
    pub record: bool,
    /// The recording to play, in place of a BBS.
    pub replay: Option<ReplaySettings>,
    /// A warning to show once at the start.
    pub warning: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            pace: Pace::default(),
            ended_kept: 20_000,
            ended_for: Duration::from_secs(30 * 60),
            ended_shown: Duration::from_secs(10),
            events_kept: 5_000,
            times: TimeForm::default(),
            keymap: Keymap::default(),
            mouse: false,
            themes: Themes::default(),
            filter: Filter::default(),
            filters: NamedFilters::default(),
            own_commands: OwnCommands::default(),
            columns: TableColumns::default(),
            sort: columns::first_sort(),
            groups: [GroupKey::Domain, GroupKey::Cell],
            targets: Vec::new(),
            number_typed_above: 20,
            saved: SavedState::default(),
            restore_view: true,
            welcome: false,
            guid_seed: 0,
            record: false,
            replay: None,
            warning: None,
        }
    }
}
