//! How statistics read: durations of two figures, shares, rates, and what deviates, in words.

use std::time::Duration;

use super::format;
use crate::model::statistics::{Deviation, Shift};

/// Terms of the pulse, for the help.
pub const TERMS: [(&str, &str); 6] = [
    ("!", "Differs from the hour before by more than chance"),
    ("failures", "A larger share of the completed tasks failed"),
    ("p95 wait, run", "A larger share took longer than the past's p95, which grew by half and by 1 s"),
    ("done/min", "At most half as many completed as in any 5 min of the past"),
    ("order", "By the share of tasks that are worse off; needs 10 tasks now and 20 before"),
    ("wait, run", "From created to started, and from started to completed; exact to 3 %"),
];

/// Formats a duration of a distribution, which is known to a thirty-second: `340 ms`, `4.1 s`, `41 s`, `2m05s`.
pub fn span(span: Duration) -> String {
    match span.as_millis() {
        millis @ 0..1_000 => format!("{millis} ms"),
        1_000..10_000 => format!("{}.{} s", span.as_secs(), span.subsec_millis() / 100),
        10_000..60_000 => format!("{} s", span.as_secs()),
        _ => format::age(span),
    }
}

/// Formats a share from 0 to 1: `0 %`, `0.4 %`, `37 %`.
pub fn share(share: f64) -> String {
    let percent = 100.0 * share;
    match percent {
        // What is not nothing does not read as nothing.
        0.000_001..0.1 => "0.1 %".to_owned(),
        0.1..0.95 => format!("{percent:.1} %"),
        _ => format!("{percent:.0} %"),
    }
}

/// Formats a number per minute: `0`, `0.3`, `4.2`, `120`, `1,234`.
pub fn rate(per_minute: f64) -> String {
    if per_minute <= 0.0 {
        "0".to_owned()
    } else if per_minute < 9.95 {
        format!("{:.1}", per_minute.max(0.1))
    } else {
        // Digits without an exponent are a number of at most 20 digits.
        format::count(format!("{per_minute:.0}").parse().unwrap_or(u64::MAX))
    }
}

/// Says what changed: `p95 wait 4.1 s → 41 s`.
pub fn shift(shift: Shift) -> String {
    match shift {
        Shift::Waiting(from, to) => format!("p95 wait {} → {}", span(from), span(to)),
        Shift::Running(from, to) => format!("p95 run {} → {}", span(from), span(to)),
        Shift::Failures(from, to) => format!("failures {} → {}", share(from), share(to)),
        Shift::Throughput(from, to) => format!("done/min {} → {}", rate(from), rate(to)),
    }
}

/// Says how many of a window's tasks a deviation concerns, without a period.
pub fn explanation(deviation: &Deviation) -> String {
    let more = format!("Of every 100 tasks, {:.0} more than before", 100.0 * deviation.share);
    match deviation.shift {
        Shift::Waiting(from, _) => format!("{more} waited over {}, allowing for chance", span(from)),
        Shift::Running(from, _) => format!("{more} ran over {}, allowing for chance", span(from)),
        Shift::Failures(..) => format!("{more} failed, allowing for chance"),
        Shift::Throughput(..) => format!(
            "Of every 100 tasks that usually complete, {:.0} are missing, allowing for chance",
            100.0 * deviation.share
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_two_figures_and_fit_their_column() {
        let texts = [0, 7, 999, 1_000, 9_940, 9_960, 41_300, 59_900, 60_000, 125_000].map(|millis| {
            let text = span(Duration::from_millis(millis));
            assert!(text.len() <= 6, "{text}");
            text
        });
        let expected =
            ["0 ms", "7 ms", "999 ms", "1.0 s", "9.9 s", "9.9 s", "41 s", "59 s", "1m00s", "2m05s"];
        assert_eq!(texts, expected);
    }

    #[test]
    fn shares_and_rates_are_short() {
        assert_eq!(
            [0.0, 0.000_1, 0.004, 0.009_6, 0.37, 1.0].map(share),
            ["0 %", "0.1 %", "0.4 %", "1 %", "37 %", "100 %"]
        );
        assert_eq!(
            [0.0, 0.01, 0.34, 9.94, 9.96, 120.4, 1_234.0].map(rate),
            ["0", "0.1", "0.3", "9.9", "10", "120", "1,234"]
        );
    }

    #[test]
    fn a_change_is_said_in_words() {
        let seconds = Duration::from_secs;
        assert_eq!(shift(Shift::Waiting(seconds(4), seconds(41))), "p95 wait 4.0 s → 41 s");
        assert_eq!(shift(Shift::Failures(0.01, 0.37)), "failures 1 % → 37 %");
        assert_eq!(shift(Shift::Throughput(120.0, 3.0)), "done/min 120 → 3.0");
        let of = |shift| explanation(&Deviation { shift, share: 0.36 });
        assert_eq!(
            of(Shift::Failures(0.01, 0.37)),
            "Of every 100 tasks, 36 more than before failed, allowing for chance"
        );
        assert_eq!(
            of(Shift::Running(seconds(4), seconds(41))),
            "Of every 100 tasks, 36 more than before ran over 4.0 s, allowing for chance"
        );
    }
}
