//! Parses values like Go's standard library, with its error messages: scripts depend on both.

use std::io;

/// Nanoseconds per unit of a duration.
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

/// Parses a boolean like `strconv.ParseBool`.
pub(super) fn parse_bool(text: &str) -> Result<bool, String> {
    match text {
        "1" | "t" | "T" | "TRUE" | "true" | "True" => Ok(true),
        "0" | "f" | "F" | "FALSE" | "false" | "False" => Ok(false),
        _ => Err(format!("strconv.ParseBool: parsing {text:?}: invalid syntax")),
    }
}

/// Parses an integer flag like `strconv.ParseInt` with base 0: optional base prefix, and `_` between digits.
pub(super) fn integer(text: &str) -> Result<i64, String> {
    let error = |what: &str| format!("strconv.ParseInt: parsing {text:?}: {what}");
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let Some((base, digits)) = split_base(&digits.to_ascii_lowercase()) else {
        return Err(error("invalid syntax"));
    };
    i64::from_str_radix(&format!("{sign}{digits}"), base).map_err(|_| error("value out of range"))
}

/// Returns base and digits of a number; `None` if it is not one.
fn split_base(text: &str) -> Option<(u32, String)> {
    let prefixes = [("0x", 16), ("0b", 2), ("0o", 8), ("0", 8)];
    let found = prefixes.into_iter().find_map(|(prefix, base)| Some((base, text.strip_prefix(prefix)?)));
    let (base, digits, has_prefix) = match found {
        Some((_, "")) if text == "0" => (10, text, false),
        Some((base, digits)) => (base, digits, true),
        None => (10, text, false),
    };
    // Each `_` must follow a digit or the prefix and precede a digit.
    let has_stray_underscore =
        digits.contains("__") || digits.ends_with('_') || (digits.starts_with('_') && !has_prefix);
    let digits = digits.replace('_', "");
    let is_number = !digits.is_empty() && !has_stray_underscore && digits.chars().all(|c| c.is_digit(base));
    is_number.then_some((base, digits))
}

/// Parses a decimal integer of at most `bits` bits like `strconv.ParseInt`.
pub(super) fn number(text: &str, bits: u32) -> Result<i64, String> {
    let error = |what: &str| format!("strconv.ParseInt: parsing {text:?}: {what}");
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(error("invalid syntax"));
    }
    let most = i64::MAX >> 64_u32.saturating_sub(bits);
    let number = text.parse::<i64>().ok().filter(|number| (-most - 1..=most).contains(number));
    number.ok_or_else(|| error("value out of range"))
}

/// Parses a duration like `time.ParseDuration` (`60s`, `1h30m`, `1.5h`, `-2m`) into nanoseconds.
pub(super) fn duration(text: &str) -> Result<i64, String> {
    let invalid = || format!("time: invalid duration {text:?}");
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut total = 0_i128;
    while !rest.is_empty() {
        let Part { number, unit, after } = first_part(rest).ok_or_else(invalid)?;
        if unit.is_empty() {
            return Err(format!("time: missing unit in duration {text:?}"));
        }
        let known = UNITS.into_iter().find(|(name, _)| *name == unit);
        let (_, unit) = known.ok_or_else(|| format!("time: unknown unit {unit:?} in duration {text:?}"))?;
        total = to_nanoseconds(number, unit).and_then(|part| total.checked_add(part)).ok_or_else(invalid)?;
        rest = after;
    }
    i64::try_from(sign * total).map_err(|_| invalid())
}

/// The first number of a duration, its unit, and the rest.
struct Part<'a> {
    number: &'a str,
    unit: &'a str,
    after: &'a str,
}

fn first_part(text: &str) -> Option<Part<'_>> {
    let is_of_number = |c: char| c.is_ascii_digit() || c == '.';
    let (number, rest) = text.split_at_checked(text.find(|c| !is_of_number(c)).unwrap_or(text.len()))?;
    let (unit, after) = rest.split_at_checked(rest.find(is_of_number).unwrap_or(rest.len()))?;
    let has_digit = number.bytes().any(|byte| byte.is_ascii_digit());
    (has_digit && number.matches('.').count() <= 1).then_some(Part { number, unit, after })
}

/// Converts a number of units to nanoseconds.
fn to_nanoseconds(number: &str, unit: i128) -> Option<i128> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let whole: i128 = if whole.is_empty() { 0 } else { i128::from(whole.parse::<u64>().ok()?) };
    let (mut total, mut place) = (whole * unit, unit);
    for digit in fraction.bytes() {
        place /= 10;
        total += i128::from(digit - b'0') * place;
    }
    Some(total)
}

/// Formats a system error like Go: `no such file or directory`, without the number.
pub(super) fn os_error(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut chars = text.chars();
    chars.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(chars).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_durations_like_go() {
        const SECOND: i64 = 1_000_000_000;
        for (text, expected) in [
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
            assert_eq!(duration(text).ok(), expected, "{text}");
        }
        assert_eq!(duration("60").unwrap_err(), "time: missing unit in duration \"60\"");
        assert_eq!(duration("1x").unwrap_err(), "time: unknown unit \"x\" in duration \"1x\"");
        assert_eq!(duration("asdf").unwrap_err(), "time: invalid duration \"asdf\"");
    }

    #[test]
    fn parses_integer_flags_with_a_base() {
        for (text, expected) in [
            ("5", Some(5)),
            ("0", Some(0)),
            ("-0x1F", Some(-31)),
            ("010", Some(8)),
            ("0o17", Some(15)),
            ("0b_101", Some(5)),
            ("1_000", Some(1000)),
            ("-9223372036854775808", Some(i64::MIN)),
            ("9223372036854775808", None),
            ("1__0", None),
            ("_1", None),
            ("1_", None),
            ("09", None),
            ("0x", None),
            ("--1", None),
            ("", None),
            ("1.5", None),
        ] {
            assert_eq!(integer(text).ok(), expected, "{text}");
        }
    }

    #[test]
    fn parses_decimal_integers_like_go() {
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
    fn formats_system_errors_like_go() {
        assert_eq!(os_error(&io::Error::from_raw_os_error(2)), "no such file or directory");
        assert_eq!(os_error(&io::Error::from_raw_os_error(13)), "permission denied");
    }
}
