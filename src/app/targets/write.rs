//! `:write 10m`: opens a read-only target for actions for a time, after a question; `:write off` closes it.

use std::time::Duration;

use jiff::SignedDuration;

use crate::clock::Now;
use crate::model::Access;
use crate::model::plan::Refusal;

use super::{Asks, TargetQuestion};
use crate::app::msg::effects_of;
use crate::app::panes::Overlay;
use crate::app::prompt::Candidate;
use crate::app::{App, Effect, Severity};

/// The times that are offered.
const OFFERED: [&str; 4] = ["5m", "10m", "30m", "1h"];
/// The longest time. What is needed for longer is not an exception, and belongs in the configuration.
const LONGEST: Duration = Duration::from_secs(4 * 3_600);

impl App {
    pub(in crate::app) fn write_candidates(&self) -> Vec<Candidate> {
        let is_open = self.session().has_open_writes();
        let off = is_open.then(|| Candidate::with_help("off", "read-only again"));
        off.into_iter()
            .chain(OFFERED.map(|time| Candidate::with_help(time, "ask, then allow actions")))
            .collect()
    }

    /// Asks whether to open the shown target for actions, or closes it again.
    pub(in crate::app) fn open_writes_by_argument(
        &mut self,
        argument: &str,
        now: Now,
    ) -> Result<Vec<Effect>, String> {
        let label = self.target().label().to_owned();
        if self.replay().is_some() {
            return Err(Refusal::Replay.to_string());
        }
        match self.target().access {
            Access::ReadWrite => return Err(format!("{label} is not read-only")),
            Access::ReadOnly => {
                return Err(
                    "taskdeck was started with --read-only. Restart it without the flag to allow actions"
                        .to_owned(),
                );
            }
            Access::Locked => {}
        }
        match argument {
            "" => Ok(self.offer_arguments("write")),
            "off" => {
                let session = self.session_mut();
                let id = session.id();
                let closes = session.close_writes().ok_or(format!("{label} is read-only already"))?;
                self.notices.say(Severity::Info, format!("{label} is read-only again."), now);
                Ok(effects_of(id, vec![closes]).collect())
            }
            time => {
                let asks = Asks::OpenWrites(parse_time(time)?);
                let session = self.shown_session();
                let confirmation = self.confirmation_in(session, 1);
                self.overlay = Overlay::Target(TargetQuestion { session, asks, confirmation });
                Ok(Vec::new())
            }
        }
    }
}

fn parse_time(text: &str) -> Result<Duration, String> {
    let time = text.parse::<SignedDuration>().ok().and_then(|time| Duration::try_from(time).ok());
    match time.filter(|time| !time.is_zero()) {
        None => Err(format!("\"{text}\" is not a time; expected one like 10m or 1h30m, or off")),
        Some(time) if time > LONGEST => {
            Err("The longest time is 4h. For longer, set read_only = false in the configuration".to_owned())
        }
        Some(time) => Ok(time),
    }
}
