//! A target: the BBS that a session is connected to, and how the dashboard treats it.

use crate::model::{Access, Clocks, WriteRate};

/// A BBS that the dashboard is connected to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Target {
    /// Its name in the configuration.
    pub name: Option<String>,
    /// Scheme, host and port.
    pub url: String,
    /// Which calls it allows.
    pub access: Access,
    /// How actions on its tasks are confirmed.
    pub confirm: ConfirmPolicy,
    /// The most writes that are sent to it in a second.
    pub writes_per_second: WriteRate,
    /// When it acts on tasks by itself.
    pub clocks: Clocks,
    /// The colour of its name.
    pub colour: Option<TargetColour>,
    /// Whether the server's certificate is not verified.
    pub unverified: bool,
    /// Whether it is the simulated BBS of the demo.
    pub simulated: bool,
}

impl Target {
    /// Returns what operators call it: its name, or its URL if it has none.
    pub fn label(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.url)
    }
}

/// How actions on a target's tasks are confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ConfirmPolicy {
    /// By answering yes.
    #[default]
    Ask,
    /// By typing [`Target::label`].
    TypeName,
}

/// The colour of a target's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetColour {
    /// One of the terminal's own colours.
    Ansi(AnsiColour),
    /// Red, green and blue.
    Rgb(u8, u8, u8),
}

/// One of the terminal's own colours. Black is left out: on most terminals it is the background.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum AnsiColour {
    Red,
    Green,
    Yellow,
    Blue,
    Magenta,
    Cyan,
    White,
}

impl TargetColour {
    /// The names of the terminal's own colours.
    pub const NAMES: [(&str, AnsiColour); 7] = [
        ("red", AnsiColour::Red),
        ("green", AnsiColour::Green),
        ("yellow", AnsiColour::Yellow),
        ("blue", AnsiColour::Blue),
        ("magenta", AnsiColour::Magenta),
        ("cyan", AnsiColour::Cyan),
        ("white", AnsiColour::White),
    ];

    /// Parses a name of [`Self::NAMES`], or `#rrggbb`.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(digits) = text.strip_prefix('#') {
            let is_hex = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
            let number = u32::from_str_radix(digits, 16).ok().filter(|_| is_hex)?;
            let [_, red, green, blue] = number.to_be_bytes();
            return Some(Self::Rgb(red, green, blue));
        }
        Self::NAMES.iter().find(|(name, _)| *name == text).map(|(_, colour)| Self::Ansi(*colour))
    }
}
