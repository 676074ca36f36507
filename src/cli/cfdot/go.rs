//! Values in the forms in which Go programs take them, and mistakes in Go's words: scripts know both.

use std::io;

/// Nanoseconds of the units of a span of time.
const UNITS: [(&str, i128); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("μs", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
];

/// Yes or no, as `strconv.ParseBool` reads it.
pub(super) fn yes_or_no(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "TRUE" | "true" | "True" => Some(true),
        "0" | "f" | "F" | "FALSE" | "false" | "False" => Some(false),
        _ => None,
    }
}

/// A whole number of this many bits at most, as `strconv.ParseInt` reads it, or its words about it.
pub(super) fn number(text: &str, bits: u32) -> Result<i64, String> {
    let says = |what: &str| format!("strconv.ParseInt: parsing {text:?}: {what}");
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(says("invalid syntax"));
    }
    let most = i64::MAX >> 64_u32.saturating_sub(bits);
    let number = text.parse::<i64>().ok().filter(|number| (-most - 1..=most).contains(number));
    number.ok_or_else(|| says("value out of range"))
}

/// A span of time in nanoseconds, as `time.ParseDuration` reads it: `60s`, `1h30m`, `1.5h`, `-2m`.
pub(super) fn span(text: &str) -> Option<i64> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(0);
    }
    if rest.is_empty() {
        return None;
    }
    let mut total = 0_i128;
    while !rest.is_empty() {
        let (part, after) = one_part(rest)?;
        total = total.checked_add(part)?;
        rest = after;
    }
    i64::try_from(sign * total).ok()
}

/// The first number with its unit, in nanoseconds, and what follows it.
fn one_part(text: &str) -> Option<(i128, &str)> {
    let number_end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, rest) = text.split_at_checked(number_end)?;
    let unit_end = rest.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(rest.len());
    let (unit, rest) = rest.split_at_checked(unit_end)?;
    let (_, unit) = UNITS.into_iter().find(|(name, _)| *name == unit)?;
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if (whole.is_empty() && fraction.is_empty()) || fraction.contains('.') {
        return None;
    }
    let whole: i128 = if whole.is_empty() { 0 } else { i128::from(whole.parse::<u64>().ok()?) };
    let (mut part, mut place) = (whole * unit, unit);
    for digit in fraction.bytes() {
        place /= 10;
        part += i128::from(digit - b'0') * place;
    }
    Some((part, rest))
}

/// An error of the system without its number, as Go says it: `no such file or directory`.
pub(super) fn words(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut chars = text.chars();
    chars.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(chars).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_as_go_reads_them() {
        const SECOND: i64 = 1_000_000_000;
        for (text, is) in [
            ("60s", Some(60 * SECOND)),
            ("1h30m", Some(5400 * SECOND)),
            ("1.5h", Some(5400 * SECOND)),
            (".5s", Some(SECOND / 2)),
            ("1.s", Some(SECOND)),
            ("-2m", Some(-120 * SECOND)),
            ("+1ms", Some(SECOND / 1000)),
            ("1µs", Some(1000)),
            ("0", Some(0)),
            ("0s", Some(0)),
            ("60", None),
            ("", None),
            ("-", None),
            ("s", None),
            (".s", None),
            ("1x", None),
            ("1.2.3s", None),
            ("1 s", None),
            ("9999999h", None),
        ] {
            assert_eq!(span(text), is, "{text}");
        }
    }

    #[test]
    fn numbers_are_read_as_go_reads_them() {
        assert_eq!(number("+30", 16), Ok(30));
        assert_eq!(number("-32768", 16), Ok(-32768));
        assert_eq!(number("9223372036854775807", 64), Ok(i64::MAX));
        let out_of_range = "strconv.ParseInt: parsing \"32768\": value out of range";
        assert_eq!(number("32768", 16).unwrap_err(), out_of_range);
        for text in ["", "x", "1.5", "1_000", "+", "--1"] {
            assert!(number(text, 64).unwrap_err().ends_with("invalid syntax"), "{text}");
        }
    }

    #[test]
    fn errors_of_the_system_are_said_as_go_says_them() {
        assert_eq!(words(&io::Error::from_raw_os_error(2)), "no such file or directory");
        assert_eq!(words(&io::Error::from_raw_os_error(13)), "permission denied");
    }
}
