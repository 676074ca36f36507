//! Compares the server's clock with that of this machine. The dashboard corrects ages and deadlines by the difference; what
//! only knows this machine's clock, such as a recording, does not.

use std::time::Duration;

use crate::cli::steps::Found;
use crate::model::Timestamp;
use crate::present::format;

/// The server tells whole seconds, and the reply takes its time.
const PRECISION: Duration = Duration::from_secs(2);

/// A question to the server, and its time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading {
    /// The time of the server in its answer.
    pub(super) date: Option<Timestamp>,
    /// When the question was sent, by the clock of this machine.
    pub(super) asked: Timestamp,
    /// When the answer was there.
    pub(super) answered: Timestamp,
}

/// Says how far the clocks are apart.
pub(super) fn compare(reading: Reading) -> Found {
    let Some(date) = reading.date else { return "the reply has no date".to_owned().into() };
    let (skew, direction) = skew(date, reading.asked, reading.answered);
    if skew <= PRECISION {
        return "the server's and this machine's agree within 2 s".to_owned().into();
    }
    Found::doubtful(
        format!("the server's is {} {direction} this machine's", format::age(skew)),
        "ages follow the server's clock; expiry of certificates and recordings follow this one. Set the one that is wrong (NTP)",
    )
}

/// Returns how far the date is outside the time between question and answer, and on which side.
fn skew(date: Timestamp, asked: Timestamp, answered: Timestamp) -> (Duration, &'static str) {
    if date > answered { (date.since(answered), "ahead of") } else { (asked.since(date), "behind") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_skew_is_counted_from_the_nearer_end_of_the_call() {
        let at = |seconds: i64| Timestamp::from_nanos(seconds * 1_000_000_000);
        let skew = |date: i64| skew(at(date), at(100), at(105));
        assert_eq!(skew(103).0, Duration::ZERO);
        assert_eq!(skew(98), (Duration::from_secs(2), "behind"));
        assert_eq!(skew(165), (Duration::from_secs(60), "ahead of"));
    }
}
