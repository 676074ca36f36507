//! The roles that a theme styles.

/// What a text or a line is for. States of tasks also have a sign and a word: no style is their only mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Text without another role, and the background of the screen.
    Normal,
    /// Present, but rarely of interest.
    Quiet,
    /// Succeeded.
    Good,
    /// Needs attention.
    Warn,
    /// Failed.
    Bad,
    /// Keys, headings, and what is chosen or in progress.
    Accent,
    /// Ended: no longer in the BBS.
    Ended,
    /// The lines between panes and around dialogs.
    Border,
    /// The title of a pane.
    Title,
    /// The title of the pane that has the focus.
    FocusedTitle,
    /// The line under the cursor.
    Cursor,
    /// The line under the cursor of a pane without the focus.
    UnfocusedCursor,
}

impl Role {
    /// All roles, with their names in theme files and what they are for. Sorted as the variants are.
    pub const TABLE: [(Self, &'static str, &'static str); 12] = [
        (Self::Normal, "normal", "Text without another role, and the background of the screen"),
        (Self::Quiet, "quiet", "Running tasks, labels, times"),
        (Self::Good, "good", "Tasks that succeeded"),
        (Self::Warn, "warn", "Warnings; tasks that have waited too long"),
        (Self::Bad, "bad", "Failures"),
        (Self::Accent, "accent", "Keys, headings, what is chosen or in progress"),
        (Self::Ended, "ended", "Tasks that the BBS no longer holds"),
        (Self::Border, "border", "Lines between panes and around dialogs"),
        (Self::Title, "title", "Titles of panes"),
        (Self::FocusedTitle, "title-focused", "The title of the pane that has the focus"),
        (Self::Cursor, "cursor", "The line under the cursor"),
        (Self::UnfocusedCursor, "cursor-unfocused", "That line in a pane without the focus"),
    ];

    /// Returns the role with this name.
    pub(super) fn find(name: &str) -> Option<Self> {
        Self::TABLE.into_iter().find(|(_, known, _)| *known == name).map(|(role, ..)| role)
    }
}
