//! The kinds of terminal, by their environment, and what each one gets. `RELIABILITY.md` shows this table.

/// A kind of terminal.
pub(crate) struct Terminal {
    /// Environment variables and flags.
    pub(crate) is: &'static str,
    pub(crate) gets: Gets,
}

/// What a terminal gets.
pub(crate) enum Gets {
    Dashboard(Charset, Colours),
    /// The beginning of a sentence that says why there is no dashboard.
    Sentence(&'static str),
}

/// The characters that are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Charset {
    Ascii,
    Unicode,
}

/// The colours that are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Colours {
    None,
    Sixteen,
    Palette256,
    TrueColour,
}

const fn dashboard(is: &'static str, charset: Charset, colours: Colours) -> Terminal {
    Terminal { is, gets: Gets::Dashboard(charset, colours) }
}

const fn sentence(is: &'static str, sentence: &'static str) -> Terminal {
    Terminal { is, gets: Gets::Sentence(sentence) }
}

pub(crate) const TERMINALS: &[Terminal] = &[
    dashboard("TERM=xterm LANG=C.UTF-8", Charset::Unicode, Colours::Sixteen),
    dashboard("TERM=xterm-256color LANG=C.UTF-8", Charset::Unicode, Colours::Palette256),
    dashboard("TERM=xterm-256color COLORTERM=truecolor LANG=C.UTF-8", Charset::Unicode, Colours::TrueColour),
    dashboard(
        "TERM=xterm-256color COLORTERM=truecolor NO_COLOR=1 LANG=C.UTF-8",
        Charset::Unicode,
        Colours::None,
    ),
    dashboard("TERM=xterm-256color NO_COLOR=0 LANG=C.UTF-8", Charset::Unicode, Colours::None),
    dashboard("TERM=xterm-mono LANG=C.UTF-8", Charset::Unicode, Colours::None),
    dashboard("TERM=xterm-kitty LANG=C.UTF-8", Charset::Unicode, Colours::TrueColour),
    dashboard("TERM=screen LANG=C.UTF-8", Charset::Unicode, Colours::Palette256),
    dashboard("TERM=screen-256color COLORTERM=truecolor LANG=C.UTF-8", Charset::Unicode, Colours::Palette256),
    dashboard("TERM=tmux LANG=C.UTF-8", Charset::Unicode, Colours::Palette256),
    dashboard("TERM=tmux-256color LANG=C.UTF-8", Charset::Unicode, Colours::Palette256),
    dashboard("TERM=tmux-256color COLORTERM=truecolor LANG=C.UTF-8", Charset::Unicode, Colours::TrueColour),
    dashboard("TERM=linux LANG=C.UTF-8", Charset::Ascii, Colours::Sixteen),
    dashboard("TERM=vt100 LANG=C.UTF-8", Charset::Ascii, Colours::None),
    dashboard("TERM=vt220 COLORTERM=truecolor LANG=C.UTF-8", Charset::Ascii, Colours::None),
    dashboard("TERM=of-next-year LANG=C.UTF-8", Charset::Unicode, Colours::Sixteen),
    sentence("TERM=dumb LANG=C.UTF-8", "taskdeck: TERM is dumb"),
    sentence("TERM= LANG=C.UTF-8", "taskdeck: TERM is not set"),
    sentence("LANG=C.UTF-8", "taskdeck: TERM is not set"),
    dashboard("TERM=xterm-256color", Charset::Ascii, Colours::Palette256),
    dashboard("TERM=xterm-256color LANG=C", Charset::Ascii, Colours::Palette256),
    dashboard("TERM=xterm-256color LC_ALL=POSIX LANG=C.UTF-8", Charset::Ascii, Colours::Palette256),
    dashboard("TERM=xterm-256color LANG=de_DE.ISO-8859-1", Charset::Ascii, Colours::Palette256),
    dashboard("TERM=xterm-256color LC_CTYPE=en_US.utf8 LANG=C", Charset::Unicode, Colours::Palette256),
    dashboard("TERM=xterm-256color LANG=C.UTF-8 --ascii", Charset::Ascii, Colours::Palette256),
];
