//! Frame pacing: decides when the next frame is drawn. Keys are drawn at once, and so is the first message after a
//! quiet moment. A stream of messages shares frames: over SSH, a frame for each message would cost more than anyone can
//! read.
//!
//! Pure: the caller passes the time.

use std::time::Duration;

use tokio::time::Instant;

use crate::app::{Msg, SessionMsg};

/// The shortest time between two frames for a stream.
const STREAM_INTERVAL: Duration = Duration::from_millis(100);
/// The shortest pause after a frame. Keys do not wait for it.
const MIN_PAUSE: Duration = Duration::from_millis(16);
/// The pause after a frame, as a multiple of the time that the frame took. It leaves most of the time for messages,
/// such as a list that is arriving.
const PAUSE_FACTOR: u32 = 4;
/// The longest pause after a frame.
const MAX_PAUSE: Duration = Duration::from_millis(250);
/// The age of a frame at which its clocks are redrawn. They show seconds; a little less than one, so that an early tick
/// does not skip a second.
const CLOCK_INTERVAL: Duration = Duration::from_millis(900);

/// How soon a frame is needed, the most urgent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Urgency {
    /// The operator waits for it.
    Immediate,
    /// A single message: an answer, the end of a list, a broken stream.
    Soon,
    /// A message that is followed by more of its kind.
    Stream,
}

impl Urgency {
    /// Returns how soon a message must be visible.
    pub(super) const fn of(msg: &Msg) -> Self {
        match msg {
            Msg::Session(_, SessionMsg::StreamItems(..) | SessionMsg::ListPart { .. })
            | Msg::ProgramOutput { .. } => Self::Stream,
            _ => Self::Soon,
        }
    }
}

/// When frames were drawn, and when the next one is due.
#[derive(Debug)]
pub(super) struct FramePacer {
    last_frame: Instant,
    /// How long messages wait after the last frame.
    pause: Duration,
    /// When a frame was last drawn for a stream.
    last_stream_frame: Option<Instant>,
    requested: Option<(Instant, Urgency)>,
}

impl FramePacer {
    /// Returns a pacer whose first frame was drawn just now.
    pub(super) const fn new(now: Instant) -> Self {
        Self { last_frame: now, pause: MIN_PAUSE, last_stream_frame: None, requested: None }
    }

    /// Requests a frame.
    pub(super) fn request(&mut self, urgency: Urgency, now: Instant) {
        let pause_end = self.last_frame + self.pause;
        let at = match urgency {
            Urgency::Immediate => now,
            Urgency::Soon => pause_end,
            Urgency::Stream => {
                self.last_stream_frame.map_or(pause_end, |last| pause_end.max(last + STREAM_INTERVAL))
            }
        };
        let request = (at, urgency);
        self.requested = Some(self.requested.map_or(request, |earlier| earlier.min(request)));
    }

    /// Requests a frame if the clocks in the last one are out of date.
    pub(super) fn request_clocks(&mut self, now: Instant) {
        if now - self.last_frame >= CLOCK_INTERVAL {
            self.request(Urgency::Immediate, now);
        }
    }

    /// Returns when the next frame is due, if one was requested.
    pub(super) fn due(&self) -> Option<Instant> {
        self.requested.map(|(at, _)| at)
    }

    /// Returns whether a frame is due now.
    pub(super) fn is_due(&self, now: Instant) -> bool {
        self.due().is_some_and(|due| due <= now)
    }

    /// Records that a frame was drawn.
    pub(super) fn frame_drawn(&mut self, begun: Instant, ended: Instant) {
        if let Some((_, Urgency::Stream)) = self.requested.take() {
            self.last_stream_frame = Some(begun);
        }
        self.pause = ((ended - begun) * PAUSE_FACTOR).clamp(MIN_PAUSE, MAX_PAUSE);
        self.last_frame = ended;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    /// Simulates frames that take no time, and records the milliseconds at which they are drawn.
    struct Simulation {
        begun: Instant,
        pacer: FramePacer,
        drawn: Vec<u32>,
    }

    impl Simulation {
        fn new() -> Self {
            let begun = Instant::now();
            Self { begun, pacer: FramePacer::new(begun), drawn: Vec::new() }
        }

        /// Runs up to and including a millisecond. `messages` returns the urgency of the message that arrives at one.
        fn until(&mut self, last: u32, messages: impl Fn(u32) -> Option<Urgency>) {
            let first = self.drawn.last().map_or(0, |drawn| drawn + 1);
            for ms in first..=last {
                let now = self.begun + MS * ms;
                if let Some(urgency) = messages(ms) {
                    self.pacer.request(urgency, now);
                }
                if self.pacer.is_due(now) {
                    self.pacer.frame_drawn(now, now);
                    self.drawn.push(ms);
                }
            }
        }
    }

    #[test]
    fn the_first_message_after_a_quiet_moment_is_drawn_at_once() {
        let mut simulation = Simulation::new();
        simulation.until(500, |ms| [50, 300].contains(&ms).then_some(Urgency::Stream));
        assert_eq!(simulation.drawn, [50, 300]);
    }

    #[test]
    fn a_stream_is_drawn_ten_times_a_second() {
        let mut simulation = Simulation::new();
        simulation.until(1_000, |ms| (ms >= 50 && ms % 5 == 0).then_some(Urgency::Stream));
        assert_eq!(simulation.drawn, [50, 150, 250, 350, 450, 550, 650, 750, 850, 950]);
    }

    #[test]
    fn a_key_is_drawn_at_once_and_does_not_delay_the_stream() {
        let mut simulation = Simulation::new();
        simulation.until(300, |ms| match ms {
            60 | 61 => Some(Urgency::Immediate),
            _ => (ms >= 50 && ms % 5 == 0).then_some(Urgency::Stream),
        });
        assert_eq!(simulation.drawn, [50, 60, 61, 150, 250]);
    }

    #[test]
    fn an_answer_does_not_wait_for_the_stream() {
        let mut simulation = Simulation::new();
        simulation.until(200, |ms| match ms {
            70 => Some(Urgency::Soon),
            _ => (ms >= 50 && ms % 5 == 0).then_some(Urgency::Stream),
        });
        assert_eq!(simulation.drawn, [50, 70, 150]);
    }

    #[test]
    fn slow_frames_delay_messages_but_not_keys() {
        let now = Instant::now();
        let mut pacer = FramePacer::new(now);
        let drawn = now + 40 * MS;
        pacer.frame_drawn(now, drawn);
        pacer.request(Urgency::Soon, drawn);
        assert_eq!(pacer.due(), Some(drawn + 160 * MS));
        pacer.request(Urgency::Immediate, drawn + MS);
        assert_eq!(pacer.due(), Some(drawn + MS));
        pacer.frame_drawn(now, now + 10_000 * MS);
        pacer.request(Urgency::Stream, now + 10_000 * MS);
        assert_eq!(pacer.due(), Some(now + 10_250 * MS));
    }

    #[test]
    fn clocks_are_redrawn_when_nothing_happens() {
        let now = Instant::now();
        let mut pacer = FramePacer::new(now);
        pacer.request_clocks(now + 750 * MS);
        assert_eq!(pacer.due(), None);
        pacer.request_clocks(now + 999 * MS);
        assert_eq!(pacer.due(), Some(now + 999 * MS));
    }
}
