//! When the next frame is drawn. Keys are answered at once, and so is the first news after a quiet moment. News that keep
//! coming share frames: over SSH a frame for each would cost more than anybody can read.
//!
//! Pure: every time is handed in.

use std::time::Duration;

use tokio::time::Instant;

use crate::app::{Msg, SessionMsg};

/// News of which more will come are drawn no more often than this.
const STREAM: Duration = Duration::from_millis(100);
/// Other news are drawn no more often than this.
const FRAME: Duration = Duration::from_millis(16);
/// After each frame news wait for so many times what it took: a list that is arriving must not wait for its picture.
const SHARE: u32 = 4;
/// But never longer than this.
const LONGEST: Duration = Duration::from_millis(250);
/// The screen's clocks tell seconds. A little less than one, so that a tick which is early does not skip one.
const CLOCKS: Duration = Duration::from_millis(900);

/// How soon a frame is wanted, the most urgent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Urgency {
    /// The operator waits for it.
    AtOnce,
    /// News that stand for themselves: an answer, a list that came whole, a stream that broke.
    Soon,
    /// News that are followed by more of their kind.
    Stream,
}

impl Urgency {
    pub(super) const fn of(news: &Msg) -> Self {
        match news {
            Msg::Session(_, SessionMsg::StreamItems(..) | SessionMsg::ListPart { .. }) => Self::Stream,
            _ => Self::Soon,
        }
    }
}

/// When frames were drawn, and when the next one is due.
#[derive(Debug)]
pub(super) struct Pacing {
    drawn: Instant,
    /// How long news wait after that frame.
    rest: Duration,
    /// When a frame was last drawn for a stream.
    streamed: Option<Instant>,
    wanted: Option<(Instant, Urgency)>,
}

impl Pacing {
    /// The first frame was drawn just now.
    pub(super) const fn new(now: Instant) -> Self {
        Self { drawn: now, rest: FRAME, streamed: None, wanted: None }
    }

    /// Asks for a frame.
    pub(super) fn want(&mut self, urgency: Urgency, now: Instant) {
        let rested = self.drawn + self.rest;
        let at = match urgency {
            Urgency::AtOnce => now,
            Urgency::Soon => rested,
            Urgency::Stream => self.streamed.map_or(rested, |streamed| rested.max(streamed + STREAM)),
        };
        let wanted = (at, urgency);
        self.wanted = Some(self.wanted.map_or(wanted, |before| before.min(wanted)));
    }

    /// Asks for a frame if the last one is so old that the clocks in it are wrong.
    pub(super) fn want_clocks(&mut self, now: Instant) {
        if now - self.drawn >= CLOCKS {
            self.want(Urgency::AtOnce, now);
        }
    }

    /// When the next frame is due, if one is wanted.
    pub(super) fn due(&self) -> Option<Instant> {
        self.wanted.map(|(at, _)| at)
    }

    /// Whether a frame is due now.
    pub(super) fn is_due(&self, now: Instant) -> bool {
        self.due().is_some_and(|due| due <= now)
    }

    /// A frame was drawn, with all the news so far.
    pub(super) fn drew(&mut self, begun: Instant, ended: Instant) {
        if let Some((_, Urgency::Stream)) = self.wanted.take() {
            self.streamed = Some(begun);
        }
        self.rest = ((ended - begun) * SHARE).clamp(FRAME, LONGEST);
        self.drawn = ended;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    /// A pacing whose frames take no time, and the milliseconds at which they are drawn.
    struct Run {
        begun: Instant,
        pacing: Pacing,
        drawn: Vec<u32>,
    }

    impl Run {
        fn new() -> Self {
            let begun = Instant::now();
            Self { begun, pacing: Pacing::new(begun), drawn: Vec::new() }
        }

        /// Runs up to and with this millisecond, at which the urgencies come that `news` says.
        fn until(&mut self, last: u32, news: impl Fn(u32) -> Option<Urgency>) {
            let first = self.drawn.last().map_or(0, |drawn| drawn + 1);
            for ms in first..=last {
                let now = self.begun + MS * ms;
                if let Some(urgency) = news(ms) {
                    self.pacing.want(urgency, now);
                }
                if self.pacing.is_due(now) {
                    self.pacing.drew(now, now);
                    self.drawn.push(ms);
                }
            }
        }
    }

    #[test]
    fn the_first_news_after_a_quiet_moment_are_drawn_at_once() {
        let mut run = Run::new();
        run.until(500, |ms| [50, 300].contains(&ms).then_some(Urgency::Stream));
        assert_eq!(run.drawn, [50, 300]);
    }

    #[test]
    fn a_stream_is_drawn_ten_times_a_second() {
        let mut run = Run::new();
        run.until(1_000, |ms| (ms >= 50 && ms % 5 == 0).then_some(Urgency::Stream));
        assert_eq!(run.drawn, [50, 150, 250, 350, 450, 550, 650, 750, 850, 950]);
    }

    #[test]
    fn a_key_is_answered_at_once_and_leaves_the_stream_its_pace() {
        let mut run = Run::new();
        run.until(300, |ms| match ms {
            60 | 61 => Some(Urgency::AtOnce),
            _ => (ms >= 50 && ms % 5 == 0).then_some(Urgency::Stream),
        });
        assert_eq!(run.drawn, [50, 60, 61, 150, 250]);
    }

    #[test]
    fn an_answer_does_not_wait_for_the_stream() {
        let mut run = Run::new();
        run.until(200, |ms| match ms {
            70 => Some(Urgency::Soon),
            _ => (ms >= 50 && ms % 5 == 0).then_some(Urgency::Stream),
        });
        assert_eq!(run.drawn, [50, 70, 150]);
    }

    #[test]
    fn frames_that_take_long_are_rare_but_not_for_keys() {
        let now = Instant::now();
        let mut pacing = Pacing::new(now);
        let drawn = now + 40 * MS;
        pacing.drew(now, drawn);
        pacing.want(Urgency::Soon, drawn);
        assert_eq!(pacing.due(), Some(drawn + 160 * MS));
        pacing.want(Urgency::AtOnce, drawn + MS);
        assert_eq!(pacing.due(), Some(drawn + MS));
        pacing.drew(now, now + 10_000 * MS);
        pacing.want(Urgency::Stream, now + 10_000 * MS);
        assert_eq!(pacing.due(), Some(now + 10_250 * MS));
    }

    #[test]
    fn the_clocks_go_on_when_nothing_happens() {
        let now = Instant::now();
        let mut pacing = Pacing::new(now);
        pacing.want_clocks(now + 750 * MS);
        assert_eq!(pacing.due(), None);
        pacing.want_clocks(now + 999 * MS);
        assert_eq!(pacing.due(), Some(now + 999 * MS));
    }
}
