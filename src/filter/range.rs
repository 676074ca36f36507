//! Ranges of numbers and ages, and the comparisons that give them.

/// An inclusive range. Ages are in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Range {
    min: i64,
    max: i64,
}

/// A comparison operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Less,
    LessOrEqual,
    More,
    MoreOrEqual,
}

impl Comparison {
    /// Splits off the operator at the start of the text.
    pub(super) fn split(text: &str) -> (Option<Self>, &str) {
        // The longer operators come first.
        let signs =
            [("<=", Self::LessOrEqual), (">=", Self::MoreOrEqual), ("<", Self::Less), (">", Self::More)];
        let found = signs.into_iter().find_map(|(sign, this)| Some((this, text.strip_prefix(sign)?)));
        found.map_or((None, text), |(this, rest)| (Some(this), rest))
    }
}

impl Range {
    /// Returns the values that compare like this with `bound`; without an operator, those equal to it.
    pub(super) const fn of(comparison: Option<Comparison>, bound: i64) -> Self {
        let nothing = Self { min: i64::MAX, max: i64::MIN };
        match comparison {
            None => Self { min: bound, max: bound },
            Some(Comparison::LessOrEqual) => Self { min: i64::MIN, max: bound },
            Some(Comparison::MoreOrEqual) => Self { min: bound, max: i64::MAX },
            Some(Comparison::Less) => match bound.checked_sub(1) {
                Some(max) => Self { min: i64::MIN, max },
                None => nothing,
            },
            Some(Comparison::More) => match bound.checked_add(1) {
                Some(min) => Self { min, max: i64::MAX },
                None => nothing,
            },
        }
    }

    pub(super) const fn contains(self, value: i64) -> bool {
        self.min <= value && value <= self.max
    }

    /// Returns whether `other` contains the whole range.
    pub(super) const fn is_within(self, other: Self) -> bool {
        self.min > self.max || (other.min <= self.min && self.max <= other.max)
    }
}

/// The units of a duration in nanoseconds. Ages are shown in the same units.
const UNITS: [(&str, i64); 6] = [
    ("ms", 1_000_000),
    ("s", SECOND),
    ("m", 60 * SECOND),
    ("h", 3_600 * SECOND),
    ("d", 86_400 * SECOND),
    ("y", 365 * 86_400 * SECOND),
];
const SECOND: i64 = 1_000_000_000;

/// Parses a duration (`30s`, `1h30m`, `2d4h`) into nanoseconds, saturating at 292 years.
pub(super) fn duration_ns(text: &str) -> Option<i64> {
    let mut total = 0_i64;
    let mut rest = text;
    while !rest.is_empty() {
        let (digits, after) = split_where(rest, |c| !c.is_ascii_digit())?;
        let (unit, after) = split_where(after, |c| c.is_ascii_digit())?;
        let (_, unit) = UNITS.into_iter().find(|(name, _)| *name == unit)?;
        let number = digits.bytes().try_fold(0_i64, |number, digit| {
            digit.is_ascii_digit().then(|| number.saturating_mul(10).saturating_add((digit - b'0').into()))
        })?;
        total = total.saturating_add(number.saturating_mul(unit));
        rest = after;
    }
    (!text.is_empty()).then_some(total)
}

/// Splits the text before the first character that `is_next`; none if the front part is empty.
fn split_where(text: &str, is_next: impl Fn(char) -> bool) -> Option<(&str, &str)> {
    let end = text.find(is_next).unwrap_or(text.len());
    text.split_at_checked(end).filter(|(front, _)| !front.is_empty())
}
