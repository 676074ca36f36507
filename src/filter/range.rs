//! Numbers and ages to compare with: all that lie between two bounds.

/// From the least to the most, both in it. Ages are in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Range {
    least: i64,
    most: i64,
}

/// How a value is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Less,
    LessOrEqual,
    More,
    MoreOrEqual,
}

impl Comparison {
    /// The comparison that the text begins with, and the rest.
    pub(super) fn split(text: &str) -> (Option<Self>, &str) {
        // The longer signs first.
        let signs =
            [("<=", Self::LessOrEqual), (">=", Self::MoreOrEqual), ("<", Self::Less), (">", Self::More)];
        let found = signs.into_iter().find_map(|(sign, this)| Some((this, text.strip_prefix(sign)?)));
        found.map_or((None, text), |(this, rest)| (Some(this), rest))
    }
}

impl Range {
    /// What compares like this with `bound`; without a comparison, what equals it.
    pub(super) const fn of(comparison: Option<Comparison>, bound: i64) -> Self {
        let nothing = Self { least: i64::MAX, most: i64::MIN };
        match comparison {
            None => Self { least: bound, most: bound },
            Some(Comparison::LessOrEqual) => Self { least: i64::MIN, most: bound },
            Some(Comparison::MoreOrEqual) => Self { least: bound, most: i64::MAX },
            Some(Comparison::Less) => match bound.checked_sub(1) {
                Some(most) => Self { least: i64::MIN, most },
                None => nothing,
            },
            Some(Comparison::More) => match bound.checked_add(1) {
                Some(least) => Self { least, most: i64::MAX },
                None => nothing,
            },
        }
    }

    pub(super) const fn has(self, value: i64) -> bool {
        self.least <= value && value <= self.most
    }

    /// Whether `other` has all that it has.
    pub(super) const fn is_within(self, other: Self) -> bool {
        self.least > self.most || (other.least <= self.least && self.most <= other.most)
    }
}

/// The units of a span, as ages are shown in them, in nanoseconds.
const UNITS: [(&str, i64); 6] = [
    ("ms", 1_000_000),
    ("s", SECOND),
    ("m", 60 * SECOND),
    ("h", 3_600 * SECOND),
    ("d", 86_400 * SECOND),
    ("y", 365 * 86_400 * SECOND),
];
const SECOND: i64 = 1_000_000_000;

/// A span in nanoseconds: `30s`, `1h30m`, `2d4h`; what is longer than 292 years is that long.
pub(super) fn span(text: &str) -> Option<i64> {
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

/// The text up to the first such character, which must not come first, and from there on.
fn split_where(text: &str, is_next: impl Fn(char) -> bool) -> Option<(&str, &str)> {
    let end = text.find(is_next).unwrap_or(text.len());
    text.split_at_checked(end).filter(|(front, _)| !front.is_empty())
}
