//! The keys: one table of bindings. Help, footer, README and the palette are read from it.
//!
//! Lower case looks, capitals act on the BBS. Nothing destructive is on a Ctrl key.

/// A key as it was pressed, free of any terminal library.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key {
    /// Which key.
    pub code: KeyCode,
    /// With Ctrl held.
    pub ctrl: bool,
    /// With Alt held.
    pub alt: bool,
}

/// The keys that the program tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyCode {
    /// A character, shifted already.
    Char(char),
    /// Enter.
    Enter,
    /// Escape.
    Esc,
    /// Tab.
    Tab,
    /// Shift and Tab.
    BackTab,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// Up.
    Up,
    /// Down.
    Down,
    /// Left.
    Left,
    /// Right.
    Right,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
}

impl Key {
    /// The key alone.
    pub const fn plain(code: KeyCode) -> Self {
        Self { code, ctrl: false, alt: false }
    }

    /// A character.
    pub const fn char(c: char) -> Self {
        Self::plain(KeyCode::Char(c))
    }

    /// A character with Ctrl.
    pub const fn ctrl(c: char) -> Self {
        Self { code: KeyCode::Char(c), ctrl: true, alt: false }
    }

    /// As help writes it: `^d`, `Enter`, `↓`.
    pub fn label(self) -> String {
        let code = match self.code {
            KeyCode::Char(' ') => "Space".to_owned(),
            KeyCode::Char(c) => c.to_string(),
            KeyCode::Enter => "Enter".to_owned(),
            KeyCode::Esc => "Esc".to_owned(),
            KeyCode::Tab => "Tab".to_owned(),
            KeyCode::BackTab => "Shift-Tab".to_owned(),
            KeyCode::Backspace => "Backspace".to_owned(),
            KeyCode::Delete => "Del".to_owned(),
            KeyCode::Up => "↑".to_owned(),
            KeyCode::Down => "↓".to_owned(),
            KeyCode::Left => "←".to_owned(),
            KeyCode::Right => "→".to_owned(),
            KeyCode::Home => "Home".to_owned(),
            KeyCode::End => "End".to_owned(),
            KeyCode::PageUp => "PgUp".to_owned(),
            KeyCode::PageDown => "PgDn".to_owned(),
        };
        match (self.ctrl, self.alt) {
            (true, _) => format!("^{code}"),
            (false, true) => format!("Alt-{code}"),
            (false, false) => code,
        }
    }
}

/// Everything that a key can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Command {
    /// One line down.
    Down,
    /// One line up.
    Up,
    /// To the first line.
    First,
    /// To the last line.
    Last,
    /// Half a page down.
    HalfPageDown,
    /// Half a page up.
    HalfPageUp,
    /// A page down.
    PageDown,
    /// A page up.
    PageUp,
    /// Open the detail, or reveal the field under the cursor.
    Open,
    /// One step back: overlay, pane, filter.
    Back,
    /// To the next pane.
    NextPane,
    /// To the previous pane.
    PreviousPane,
    /// The tasks that the BBS holds.
    ViewLive,
    /// The failed ones, held or ended.
    ViewFailed,
    /// The ended ones.
    ViewEnded,
    /// Type a filter.
    Filter,
    /// Drop every filter.
    ClearFilters,
    /// Sort by the next column.
    Sort,
    /// Sort the other way round.
    SortReverse,
    /// Columns or time in another form.
    TimeForm,
    /// Hold the rows still.
    Pause,
    /// Copy the guid.
    Copy,
    /// Filter by the task's cell.
    GoToCell,
    /// Filter by the task's domain.
    GoToDomain,
    /// Ask for a list now.
    ListNow,
    /// Show or hide the event pane.
    Events,
    /// Show the keys.
    Help,
    /// Draw every cell anew.
    Repaint,
    /// Stop, as the shell understands it.
    Suspend,
    /// End the program.
    Quit,
    /// Cancel the selected task.
    Cancel,
    /// Resolve the selected task.
    Resolve,
    /// Delete the selected task.
    Delete,
}

/// Where a binding stands in help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Moving.
    Move,
    /// Looking.
    Look,
    /// Acting on the BBS.
    Act,
    /// The program itself.
    Program,
}

impl Group {
    /// Every group, in the order of help.
    pub const ALL: [Self; 4] = [Self::Move, Self::Look, Self::Act, Self::Program];

    /// Its heading.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Move => "Move",
            Self::Look => "Look",
            Self::Act => "Act on the BBS (each asks first)",
            Self::Program => "Program",
        }
    }
}

/// A row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Binding {
    /// Any of these.
    pub keys: &'static [Key],
    /// Asks for this.
    pub command: Command,
    /// Where it stands in help.
    pub group: Group,
    /// What help says of it.
    pub help: &'static str,
    /// What the footer says of it, for those that stand there.
    pub hint: Option<&'static str>,
}

const fn row(keys: &'static [Key], command: Command, group: Group, help: &'static str) -> Binding {
    Binding { keys, command, group, help, hint: None }
}

const fn hinted(
    keys: &'static [Key],
    command: Command,
    group: Group,
    help: &'static str,
    hint: &'static str,
) -> Binding {
    Binding { keys, command, group, help, hint: Some(hint) }
}

const fn k(code: KeyCode) -> Key {
    Key::plain(code)
}

/// Every binding of the dashboard.
pub const BINDINGS: &[Binding] = &[
    row(&[Key::char('j'), k(KeyCode::Down)], Command::Down, Group::Move, "down"),
    row(&[Key::char('k'), k(KeyCode::Up)], Command::Up, Group::Move, "up"),
    row(&[Key::char('g'), k(KeyCode::Home)], Command::First, Group::Move, "to the first line"),
    row(&[Key::char('G'), k(KeyCode::End)], Command::Last, Group::Move, "to the last line"),
    row(&[Key::ctrl('d')], Command::HalfPageDown, Group::Move, "half a page down"),
    row(&[Key::ctrl('u')], Command::HalfPageUp, Group::Move, "half a page up"),
    row(&[Key::ctrl('f'), k(KeyCode::PageDown)], Command::PageDown, Group::Move, "a page down"),
    row(&[Key::ctrl('b'), k(KeyCode::PageUp)], Command::PageUp, Group::Move, "a page up"),
    hinted(&[k(KeyCode::Tab)], Command::NextPane, Group::Move, "to the next pane", "pane"),
    row(&[k(KeyCode::BackTab)], Command::PreviousPane, Group::Move, "to the previous pane"),
    hinted(
        &[k(KeyCode::Enter)],
        Command::Open,
        Group::Look,
        "open the task; in its detail, reveal or fold",
        "open",
    ),
    row(&[k(KeyCode::Esc)], Command::Back, Group::Look, "back: close, leave the pane, drop the filter"),
    row(&[Key::char('1')], Command::ViewLive, Group::Look, "tasks that the BBS holds"),
    row(&[Key::char('2')], Command::ViewFailed, Group::Look, "failed tasks, held or ended"),
    row(&[Key::char('3')], Command::ViewEnded, Group::Look, "tasks that ended while we watched"),
    hinted(
        &[Key::char('/')],
        Command::Filter,
        Group::Look,
        "filter: words, and terms about fields (below)",
        "filter",
    ),
    row(&[Key::char('x')], Command::ClearFilters, Group::Look, "drop all filters"),
    row(&[Key::char('s')], Command::Sort, Group::Look, "sort by the next column"),
    row(&[Key::char('S')], Command::SortReverse, Group::Look, "sort the other way round"),
    row(&[Key::char('t')], Command::TimeForm, Group::Look, "times as age, UTC, local"),
    row(&[Key::char('p')], Command::Pause, Group::Look, "hold the rows still, or let them go"),
    row(&[Key::char('y')], Command::Copy, Group::Look, "copy the guid"),
    row(&[Key::char('o')], Command::GoToCell, Group::Look, "only the task's cell"),
    row(&[Key::char('d')], Command::GoToDomain, Group::Look, "only the task's domain"),
    row(&[Key::char('e')], Command::Events, Group::Look, "show or hide the events"),
    row(&[Key::char('r')], Command::ListNow, Group::Look, "list now"),
    hinted(&[Key::char('C')], Command::Cancel, Group::Act, "cancel the selected task", "cancel"),
    hinted(&[Key::char('R')], Command::Resolve, Group::Act, "resolve it: claim its deletion", "resolve"),
    hinted(
        &[Key::char('D')],
        Command::Delete,
        Group::Act,
        "delete it; a Completed one is resolved first",
        "delete",
    ),
    hinted(&[Key::char('?')], Command::Help, Group::Program, "these keys", "help"),
    row(&[Key::ctrl('l')], Command::Repaint, Group::Program, "draw the screen anew"),
    row(&[Key::ctrl('z')], Command::Suspend, Group::Program, "suspend"),
    hinted(
        &[Key::char('q'), Key::ctrl('c')],
        Command::Quit,
        Group::Program,
        "quit; in the detail or the help, close it",
        "quit",
    ),
];

/// What `key` asks for.
pub fn command(key: Key) -> Option<Command> {
    BINDINGS.iter().find(|binding| binding.keys.contains(&key)).map(|binding| binding.command)
}

/// The keys as the README has them: a Markdown table, made from the bindings.
pub fn markdown() -> String {
    let head = ["| keys | what they do |".to_owned(), "| --- | --- |".to_owned()];
    let groups = Group::ALL.into_iter().flat_map(|group| {
        let rows = BINDINGS.iter().filter(move |binding| binding.group == group).map(markdown_row);
        std::iter::once(format!("| **{}** | |", group.title())).chain(rows)
    });
    head.into_iter().chain(groups).map(|line| line + "\n").collect()
}

fn markdown_row(binding: &Binding) -> String {
    let keys: Vec<_> = binding.keys.iter().map(|key| format!("`{}`", key.label())).collect();
    format!("| {} | {} |", keys.join(" "), binding.help)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_key_is_bound_twice() {
        let mut seen = HashSet::new();
        for key in BINDINGS.iter().flat_map(|binding| binding.keys) {
            assert!(seen.insert(*key), "{} is bound twice", key.label());
        }
    }

    #[test]
    fn what_acts_on_the_bbs_is_a_plain_capital() {
        for binding in BINDINGS.iter().filter(|binding| binding.group == Group::Act) {
            for key in binding.keys {
                assert!(!key.ctrl && !key.alt, "{}", key.label());
                assert!(matches!(key.code, KeyCode::Char(c) if c.is_ascii_uppercase()), "{}", key.label());
            }
        }
    }
}
