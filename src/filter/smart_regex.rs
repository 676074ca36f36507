//! Regular expressions that users type: bounded in size, and case-sensitive only if they have an uppercase letter.

use regex::RegexBuilder;

/// The largest compiled size in bytes. Nested repetitions would exceed any memory.
const MAX_BYTES: usize = 1 << 20;

/// A compiled regular expression.
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
    /// Compiles an expression. The error is a phrase without a period.
    pub(super) fn new(source: &str) -> Result<Self, String> {
        let regex = RegexBuilder::new(source)
            .case_insensitive(!has_uppercase(source))
            .size_limit(MAX_BYTES)
            .dfa_size_limit(MAX_BYTES)
            .build()
            .map_err(|error| problem(&error))?;
        Ok(Self { source: source.into(), regex })
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }
}

/// Returns whether the expression has a literal uppercase letter; `\W` has none.
fn has_uppercase(source: &str) -> bool {
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

/// The crate's message has several lines; the last one names the problem.
fn problem(error: &regex::Error) -> String {
    if let regex::Error::CompiledTooBig(_) = error {
        return "it is too large".to_owned();
    }
    let text = error.to_string();
    text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned()
}
