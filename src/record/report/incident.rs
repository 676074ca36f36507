//! Decides when the incident began and ended, from the counts by the minute alone.
//!
//! # The rule
//! - The *trouble* of a minute is its failures and rejections. The *usual* trouble is the median of all minutes that were
//!   recorded without a gap; the *spread* is their median distance from it, at least the square root of the usual.
//! - A minute *stands out* if its trouble is more than 5, more than twice the usual, and more than 5 spreads above the usual.
//! - Minutes that stand out and are at most 10 minutes apart are one *episode*. The incident is the episode with the most
//!   trouble above the usual. It begins with its first minute and ends after its last one.
//! - If no minute stands out, the same is tried with stretches of 5, 15 and 60 minutes: few tasks run at night.
//! - At least 8 recorded stretches are needed to say what is usual. If an incident fills more than half of the recording,
//!   it is the usual: the reader is told to take in more of the time before.
//!
//! The rule is plain on purpose: a review must be able to check it by hand.

use std::ops::Range;

use super::series::{Counts, Minute, Series};

/// A stretch stands out only if it has more trouble than this.
pub(super) const ALWAYS_USUAL: u64 = 5;
/// How many times the usual the trouble must be.
pub(super) const TIMES_USUAL: f64 = 2.0;
/// How many spreads above the usual the trouble must be.
pub(super) const SPREADS: f64 = 5.0;
/// Stretches that stand out belong together if they are at most this many minutes apart.
pub(super) const JOIN_MINUTES: i64 = 10;
/// How many stretches say what is usual.
pub(super) const MIN_STRETCHES: usize = 8;
/// The lengths of the stretches that are tried, in minutes.
pub(super) const WIDTHS: [i64; 4] = [1, 5, 15, 60];

/// The distance of the median from the middle of a normal distribution, as its standard deviation.
const MAD_TO_DEVIATION: f64 = 1.4826;
/// The most stretches to look at. More minutes than in nine weeks are looked at in longer stretches.
const MAX_STRETCHES: i64 = 100_000;

/// Some minutes in which more tasks than usual failed or were rejected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Episode {
    /// Its minutes.
    pub(super) minutes: Range<Minute>,
    /// What happened in it.
    pub(super) counts: Counts,
    /// The stretch with the most trouble in it.
    pub(super) peak: (Minute, u64),
    /// Its trouble beyond the usual.
    above_usual: u64,
}

/// An incident.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Incident {
    /// When it was, and what happened.
    pub(super) episode: Episode,
    /// Other episodes of the recording, in their order.
    pub(super) others: Vec<Episode>,
    /// The length of the stretches that it was found in, in minutes.
    pub(super) width: i64,
    /// The usual failures and rejections of such a stretch.
    pub(super) usual: f64,
    /// Whether nothing was recorded before it, so that it may have begun earlier.
    pub(super) begin_unseen: bool,
    /// Whether the recording ended too soon after it to say that it was over.
    pub(super) end_unseen: bool,
}

/// Why there is no clear incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unclear {
    /// Nothing failed and nothing was rejected.
    NoTrouble,
    /// The recording is too short to say what is usual.
    TooShort,
    /// No stretch has much more trouble than usual.
    Steady,
}

/// Whether there was an incident.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Verdict {
    /// There was one.
    Incident(Incident),
    /// There was none, or none that is clear.
    Unclear(Unclear),
}

/// Finds the incident in these minutes. `is_known` tells whether a minute was recorded as a whole.
pub(super) fn find(series: &Series, minutes: &Range<Minute>, is_known: impl Fn(Minute) -> bool) -> Verdict {
    if series.total(minutes.clone()).trouble() == 0 {
        return Verdict::Unclear(Unclear::NoTrouble);
    }
    let mut is_long_enough = false;
    for width in WIDTHS {
        if minutes.end.since(minutes.start) / width > MAX_STRETCHES {
            continue;
        }
        let stretches: Vec<_> = series.stretches(minutes.clone(), width).collect();
        let known = |(start, _): &&(Minute, Counts)| (0..width).all(|minute| is_known(start.plus(minute)));
        let mut troubles: Vec<u64> =
            stretches.iter().filter(known).map(|(_, counts)| counts.trouble()).collect();
        if troubles.len() < MIN_STRETCHES {
            break;
        }
        is_long_enough = true;
        let usual = Usual::of(&mut troubles);
        let mut episodes = episodes(&stretches, width, &usual);
        if let Some(worst) = worst(&episodes) {
            let mut episode = episodes.remove(worst);
            let clipped = |at: Minute| at.max(minutes.start).min(minutes.end);
            episode.minutes = clipped(episode.minutes.start)..clipped(episode.minutes.end);
            return Verdict::Incident(Incident {
                begin_unseen: episode.minutes.start <= minutes.start,
                end_unseen: minutes.end.since(episode.minutes.end) < JOIN_MINUTES,
                others: episodes,
                usual: usual.trouble,
                episode,
                width,
            });
        }
    }
    Verdict::Unclear(if is_long_enough { Unclear::Steady } else { Unclear::TooShort })
}

fn worst(episodes: &[Episode]) -> Option<usize> {
    // The first of equals: `max_by_key` would take the last.
    let worst = episodes.iter().map(|episode| episode.above_usual).max()?;
    episodes.iter().position(|episode| episode.above_usual == worst)
}

/// What is usual in a recording.
struct Usual {
    trouble: f64,
    limit: f64,
}

impl Usual {
    fn of(troubles: &mut [u64]) -> Self {
        let trouble = median(troubles);
        let mut distances: Vec<_> = troubles.iter().map(|one| number(*one) - trouble).map(f64::abs).collect();
        distances.sort_by(f64::total_cmp);
        let middle = distances.get(distances.len() / 2).copied().unwrap_or_default();
        let spread = (middle * MAD_TO_DEVIATION).max(trouble.sqrt());
        let limit = (trouble + SPREADS * spread).max(trouble * TIMES_USUAL).max(number(ALWAYS_USUAL));
        Self { trouble, limit }
    }

    fn stands_out(&self, counts: Counts) -> bool {
        number(counts.trouble()) > self.limit
    }

    /// Returns the trouble beyond the usual, in whole numbers.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a median of counts")]
    fn above(&self, counts: Counts) -> u64 {
        counts.trouble().saturating_sub(self.trouble as u64)
    }
}

fn median(troubles: &mut [u64]) -> f64 {
    troubles.sort_unstable();
    let at = |nth: usize| troubles.get(nth).copied().map_or(0.0, number);
    let half = troubles.len() / 2;
    if troubles.len().is_multiple_of(2) {
        f64::midpoint(at(half.saturating_sub(1)), at(half))
    } else {
        at(half)
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of a minute")]
fn number(count: u64) -> f64 {
    count as f64
}

fn episodes(stretches: &[(Minute, Counts)], width: i64, usual: &Usual) -> Vec<Episode> {
    let mut episodes: Vec<Episode> = Vec::new();
    // What happened since the last stretch that stands out.
    let mut between = (Counts::default(), 0);
    for (start, counts) in stretches {
        let above = usual.above(*counts);
        between.0 += *counts;
        between.1 += above;
        if !usual.stands_out(*counts) {
            continue;
        }
        let end = start.plus(width);
        match episodes.last_mut().filter(|last| start.since(last.minutes.end) <= JOIN_MINUTES) {
            Some(last) => {
                last.minutes.end = end;
                last.counts += between.0;
                last.above_usual += between.1;
                if counts.trouble() > last.peak.1 {
                    last.peak = (*start, counts.trouble());
                }
            }
            None => episodes.push(Episode {
                minutes: *start..end,
                counts: *counts,
                peak: (*start, counts.trouble()),
                above_usual: above,
            }),
        }
        between = (Counts::default(), 0);
    }
    episodes
}

#[cfg(test)]
mod tests;
