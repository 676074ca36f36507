//! Regular expressions of whoever types: bounded, and case counts only where a capital says so.

use regex::RegexBuilder;

/// No expression grows beyond this many bytes: a repetition of repetitions would.
const MOST_BYTES: usize = 1 << 20;

/// A regular expression.
#[derive(Debug, Clone)]
pub(super) struct SmartRegex {
    source: Box<str>,
    regex: regex::Regex,
}

impl PartialEq for SmartRegex {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl SmartRegex {
    /// The error says what is wrong with it, without a full stop.
    pub(super) fn new(source: &str) -> Result<Self, String> {
        let regex = RegexBuilder::new(source)
            .case_insensitive(!has_capital(source))
            .size_limit(MOST_BYTES)
            .dfa_size_limit(MOST_BYTES)
            .build()
            .map_err(|error| problem(&error))?;
        Ok(Self { source: source.into(), regex })
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }
}

/// Whether a capital stands in it for itself: `\W` has none.
fn has_capital(source: &str) -> bool {
    let mut chars = source.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                chars.next();
            }
            _ if c.is_uppercase() => return true,
            _ => {}
        }
    }
    false
}

/// The library says it on several lines, of which the last one says what.
fn problem(error: &regex::Error) -> String {
    if let regex::Error::CompiledTooBig(_) = error {
        return "it would grow too big".to_owned();
    }
    let text = error.to_string();
    text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned()
}
