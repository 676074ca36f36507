//! What a bad network, or a bad server behind it, does to the replies that pass. Plain values; `proxy` applies them.

use std::time::Duration;

use taskdeck::model::Call;

/// The replies that a harm befalls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// All, also encrypted ones.
    All,
    /// Those to one call.
    Only(Call),
    /// Every second one to a call.
    EverySecond(Call),
}

pub(crate) const LISTS: Scope = Scope::Only(Call::ListTasks);
pub(crate) const EVENTS: Scope = Scope::Only(Call::TaskEvents);

/// What happens to a reply. A position is a number of bytes of the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Harm {
    /// Passes unharmed.
    None,
    /// Arrives later. Every so many packets one is lost and sent again, which delays all that come after it.
    Delay { by: Duration, lost_every: Option<usize> },
    /// Arrives in pieces of so many bytes, with a pause between them.
    Drip { bytes: usize, pause: Duration },
    /// Ends with a close.
    CutAt(usize),
    /// Ends with a reset.
    ResetAt(usize),
    /// Stops and stays open. The rest comes once the network is mended.
    StallAt(usize),
    /// Loses its last bytes, as if it had never had them: its head gives the shorter length.
    Truncate(usize),
    /// Has one byte changed.
    Corrupt { at: usize, to: u8 },
    /// Arrives twice, event by event.
    Twice,
    /// Arrives in swapped pairs of events.
    Swapped,
    /// Is replaced by other bytes, after which the connection is closed.
    Replaced(&'static [u8]),
    /// Is replaced by the start of a reply that has no end.
    Endless(&'static str),
    /// Vanishes, like everything else on this connection from then on.
    Vanishes,
}

/// What becomes of new connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Door {
    /// They reach the server.
    #[default]
    Open,
    /// Nothing listens.
    Closed,
    /// They are accepted and reset.
    Resets,
    /// They are accepted, and nothing ever comes back.
    Silent,
}

/// The state of the network.
#[derive(Debug, Clone, Default)]
pub(crate) struct Link {
    pub(crate) door: Door,
    pub(crate) harm: Option<(Scope, Harm)>,
}

impl Link {
    /// Returns what happens to the `nth` reply to `call`, which is unknown if it is encrypted.
    pub(crate) fn harm_to(&self, call: Option<Call>, nth: usize) -> Harm {
        match self.harm {
            Some((Scope::All, harm)) => harm,
            Some((Scope::Only(of), harm)) if call == Some(of) => harm,
            Some((Scope::EverySecond(of), harm)) if call == Some(of) && nth % 2 == 1 => harm,
            _ => Harm::None,
        }
    }
}
