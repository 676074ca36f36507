//! Defines what a text means to the reader. `ui::theme` maps meanings to colours; a command may map them differently.

/// The meaning of a text, which determines how it stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Tone {
    /// Present, but rarely of interest.
    Quiet,
    /// Normal.
    #[default]
    Normal,
    /// Succeeded.
    Good,
    /// Needs attention.
    Warn,
    /// Failed.
    Bad,
    /// Selected, focused or active.
    Accent,
    /// Ended: no longer in the BBS.
    Ended,
}
