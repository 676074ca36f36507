//! The monkey's hand: random keys, texts, mouse reports and sizes, weighted so that deep places are reached.
//!
//! Knows what a user sees (whether a question or a prompt is open), and no more of the dashboard. What can be typed comes from
//! the program's own tables, so that a new key or command is tried as soon as there is one.

use fastrand::Rng;
use taskdeck::app::key::{Key, KeyCode};
use taskdeck::app::{COPY_ITEMS, GROUPS, MouseAction, argument_commands, column_keys};

/// Something that the monkey does at the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Touch {
    Key(Key),
    /// Waits for as long as reading a question takes.
    Read,
    Paste(String),
    Mouse(MouseAction, u16, u16),
    Resize(u16, u16),
}

/// What is open, as far as it decides what a sensible monkey does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Open {
    /// The panes.
    Panes,
    /// A question that is answered with yes or no.
    Question,
    /// A question that is answered by typing this.
    Word(String),
    /// A line to type in.
    Prompt,
    /// A menu or another list.
    List,
}

/// The largest screen.
const LARGEST: (u16, u16) = (400, 200);
/// A larger screen than this takes its time without optimization, so it does not stay for long.
const LARGE: u32 = 20_000;

/// The keys that lead to each place, whatever is open before.
const WAYS: [&str; 32] = [
    "1",
    "2",
    "2→",
    "2f",
    "2/",
    "3",
    "4",
    "4b",
    "4>",
    "v",
    "vb",
    "vB",
    "\n",
    "\nl",
    "l",
    "\t\n",
    "\t\t\t",
    "?",
    "?/",
    "c",
    "s",
    "y",
    "b",
    "!",
    "w→→",
    "V↓↓",
    "a",
    "aC",
    " ↓ ↓D",
    "N",
    "E",
    "m",
];
/// Ways to actions on tasks.
const ACTS: [&str; 14] = [
    "C",
    "R",
    "D",
    "aC",
    "aD",
    "aR",
    "V↓↓C",
    " ↓ ↓ ↓D",
    "N",
    "!↓\n",
    "1\u{1b}\u{1b}\u{1b}C",
    "1\u{1b}\u{1b}\u{1b}aC",
    "W",
    "K",
];
/// Ways to do something while actions are under way.
const MEANWHILE: [&str; 4] = [":quit\n", ":close\n", ":close\n", ":target -\n"];
/// Filters, right and wrong ones.
const FILTERS: [&str; 16] = [
    "state:running",
    "-state:pending cell-a",
    "age>5m",
    "age<1s rejections>0",
    "failed:yes or app:~x",
    "(state:completed",
    "\"",
    "guid:task-1",
    "domain:cf-tasks not state:resolving",
    "reason:\"exited with status 1\"",
    "memory>100m",
    "zz:top",
    "stuck:yes",
    "日本 \u{301}",
    "*",
    "-",
];
/// Arguments of commands, right ones for one command or another.
const ARGUMENTS: [&str; 30] = [
    "",
    "*",
    "-",
    "off",
    "10m",
    "1h",
    "5s",
    "24h",
    "99h",
    "0",
    "-5m",
    "+5m",
    "start",
    "end",
    "10:00",
    "x2",
    "3600",
    "0.5",
    "lab",
    "prod",
    "locked",
    "view",
    "broken",
    "csv",
    "rows.csv csv",
    "pick",
    "none",
    "state desc",
    "+app -cell",
    "\u{202e}\u{1b}[2J",
];

/// Chooses what the monkey does next: one touch, or a few that belong together.
pub(crate) fn choose(random: &mut Rng, open: &Open, area: (u16, u16), hostile: &[String]) -> Vec<Touch> {
    let is_large = u32::from(area.0) * u32::from(area.1) > LARGE;
    if random.u8(..) < if is_large { 60 } else { 6 } {
        let (width, height) = size(random);
        return vec![Touch::Resize(width, height)];
    }
    match (open, random.u8(..100)) {
        (Open::Question, 0..30) => vec![Touch::Read, Touch::Key(Key::char('y'))],
        (Open::Question, 30..36) => read_and("\t\n"),
        (Open::Question, 36..40) => read_and("e"),
        (Open::Question, 40..55) => read_and(pick(random, &["n", "\u{1b}", "\n", "\t", "↓", "q"])),
        (Open::Word(word), 0..35) => read_and(&format!("{word}\n")),
        (Open::Word(word), 35..45) => read_and(&format!("{word}x\n")),
        (Open::Word(_), 45..60) => read_and("\u{1b}"),
        (Open::Prompt, 0..20) => keys(pick(random, &FILTERS)),
        (Open::Prompt, 20..35) => keys(pick(random, &["\n", "\u{1b}", "\t", "\t\t\n", "↑", "↑\n", "↓\n"])),
        (Open::List, 0..30) => {
            keys(pick(random, &["↓", "↑", "\n", "\u{1b}", " ", "q", "/a", "g", "G", "f", "r", "s", "<", ">"]))
        }
        (Open::List, 30..40) => keys(random.choice(&COPY_ITEMS).map_or("y", |item| item.key)),
        (Open::Panes, 0..10) => {
            chain(keys(pick(random, &ACTS)), vec![Touch::Read, Touch::Key(Key::char('y'))])
        }
        (Open::Panes, 10..14) => keys(pick(random, &ACTS)),
        (Open::Panes, 14..17) => {
            let ask = keys(pick(random, &["1\u{1b}\u{1b}\u{1b}gC", ":target -\n1\u{1b}\u{1b}\u{1b}GC"]));
            let yes = chain(vec![Touch::Read], keys("y"));
            chain(chain(ask, yes), keys(pick(random, &MEANWHILE)))
        }
        (Open::Panes, 17..19) => keys(":target locked\n:write 10m\n"),
        (Open::Panes, 19..26) => keys(pick(random, &WAYS)),
        (Open::Panes, 26..36) => command(random),
        (Open::Panes, 36..40) => keys(&format!("/{}\n", pick(random, &FILTERS))),
        (Open::Panes, 40..44) => chain(
            vec![Touch::Key(Key::ctrl('p'))],
            keys(pick(random, &["task\n", "a", "cell-a\n", "quit", "theme\n"])),
        ),
        (_, 60..64) => vec![Touch::Key(Key::plain(KeyCode::Esc))],
        (_, 64..72) => {
            keys(&pick(random, &["↓", "↑", "G", "g", "\t", "→", "←", "[", "]"]).repeat(random.usize(1..6)))
        }
        (_, 72..75) => vec![mouse(random, area), mouse(random, area)],
        (Open::Prompt, 35..40) | (_, 75..78) => {
            vec![Touch::Paste(random.choice(hostile).cloned().unwrap_or_default())]
        }
        (_, 78) => vec![Touch::Key(Key::ctrl(pick(random, &["c", "z", "l"]).chars().next().unwrap_or('l')))],
        _ => vec![Touch::Key(any_key(random))],
    }
}

/// Returns a size of the screen: a usual one, a tiny one, or any.
pub(crate) fn size(random: &mut Rng) -> (u16, u16) {
    match random.u8(..16) {
        0..6 => (80, 24),
        6..8 => (120, 40),
        8 => (0, 0),
        9 => (1, 1),
        10..13 => (random.u16(..60), random.u16(..12)),
        13..15 => (random.u16(1..200), random.u16(1..70)),
        _ => (random.u16(1..=LARGEST.0), random.u16(1..=LARGEST.1)),
    }
}

/// Returns the keys of a text. Arrows, Enter, Tab and Esc are characters, too.
pub(crate) fn keys(text: &str) -> Vec<Touch> {
    text.chars().map(|c| Touch::Key(Key::plain(code_of(c)))).collect()
}

fn code_of(c: char) -> KeyCode {
    match c {
        '\n' => KeyCode::Enter,
        '\t' => KeyCode::Tab,
        '\u{1b}' => KeyCode::Esc,
        '↓' => KeyCode::Down,
        '↑' => KeyCode::Up,
        '→' => KeyCode::Right,
        '←' => KeyCode::Left,
        c => KeyCode::Char(c),
    }
}

fn read_and(text: &str) -> Vec<Touch> {
    chain(vec![Touch::Read], keys(text))
}

fn chain(mut first: Vec<Touch>, then: Vec<Touch>) -> Vec<Touch> {
    first.extend(then);
    first
}

fn pick<'a>(random: &mut Rng, all: &[&'a str]) -> &'a str {
    random.choice(all).copied().unwrap_or_default()
}

/// Types a command: one with an argument, or one of those that keys run.
fn command(random: &mut Rng) -> Vec<Touch> {
    let names: Vec<_> = argument_commands().map(|(_, name, _)| name).collect();
    let end = pick(random, &["\n", "\n", "\n", "\t\n", "\t", "\u{1b}"]);
    let line = match random.u8(..10) {
        0..3 => pick(random, &command_names()).to_owned(),
        3..6 => format!("target {}", pick(random, &["lab", "prod", "locked", "view", "broken", "-"])),
        6 => format!("write {}", pick(random, &["10m", "1s", "off", "9h"])),
        _ => format!("{} {}", pick(random, &names), argument(random)),
    };
    keys(&format!(":{line}{end}"))
}

fn command_names() -> Vec<&'static str> {
    taskdeck::app::commands::COMMANDS.iter().map(|spec| spec.name).collect()
}

fn argument(random: &mut Rng) -> String {
    match random.u8(..8) {
        0 => column_keys().nth(random.usize(..20)).unwrap_or_default().to_owned(),
        1 => random.choice(GROUPS).map(|group| group.name).unwrap_or_default().to_owned(),
        2 => pick(random, &FILTERS).to_owned(),
        _ => pick(random, &ARGUMENTS).to_owned(),
    }
}

fn mouse(random: &mut Rng, (width, height): (u16, u16)) -> Touch {
    let action = match random.u8(..4) {
        0 => MouseAction::WheelUp,
        1 => MouseAction::WheelDown,
        _ => MouseAction::Click,
    };
    Touch::Mouse(action, random.u16(..=width.saturating_add(2)), random.u16(..=height.saturating_add(2)))
}

/// Returns a key of a command, a letter, or any other key, at times with Ctrl or Alt.
fn any_key(random: &mut Rng) -> Key {
    const CODES: [KeyCode; 17] = [
        KeyCode::Enter,
        KeyCode::Esc,
        KeyCode::Tab,
        KeyCode::BackTab,
        KeyCode::Backspace,
        KeyCode::Delete,
        KeyCode::Up,
        KeyCode::Down,
        KeyCode::ShiftUp,
        KeyCode::ShiftDown,
        KeyCode::Left,
        KeyCode::Right,
        KeyCode::Home,
        KeyCode::End,
        KeyCode::PageUp,
        KeyCode::PageDown,
        KeyCode::Char('\u{301}'),
    ];
    let bound = || taskdeck::app::commands::COMMANDS.iter().flat_map(|spec| spec.default_keys);
    match random.u8(..10) {
        // Quitting too often leaves no time for other things.
        0..5 => bound().nth(random.usize(..bound().count() - 2)).copied().unwrap_or(Key::char('q')),
        5..8 => Key::plain(random.choice(CODES).unwrap_or(KeyCode::Esc)),
        8 => Key::char(char::from(random.u8(b' '..=b'~'))),
        _ => Key { code: KeyCode::Char(random.lowercase()), ctrl: random.u8(..4) == 0, alt: random.bool() },
    }
}
