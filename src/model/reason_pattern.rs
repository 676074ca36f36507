//! Reduces reasons to patterns: replaces what differs between two failures of the same kind, so that they can be counted
//! together.
//!
//! Pure. Works on any text: reasons come from tenants and from many components of Diego.

use super::secret::masked;

/// Maximum length of a pattern, in characters.
pub const MAX_PATTERN_CHARS: usize = 200;

const GUID: &str = "<guid>";
const NUMBER: &str = "<n>";
const PATH: &str = "<path>";
const HOST: &str = "<host>";

/// What takes the place of the parts that differ.
const PLACEHOLDERS: [&str; 4] = [GUID, NUMBER, PATH, HOST];

/// Marks a pattern that was cut.
const ELLIPSIS: char = '…';

/// Minimum number of hexadecimal digits to take a word for an identifier.
const MIN_ID_DIGITS: usize = 16;

/// The units of durations. A longer one comes before the one that it starts with.
const UNITS: [&str; 8] = ["ns", "us", "µs", "ms", "s", "m", "h", "d"];

/// Top-level names that make `a.b` a host. Names with more dots are hosts whatever they end in.
const TOP_LEVEL: [&str; 7] = ["com", "org", "net", "io", "internal", "local", "localhost"];

/// Returns the pattern of a text: guids, numbers, paths and hosts are replaced by placeholders, and white space by
/// single spaces. Credentials in URLs are masked first: some have signs that
/// end a word.
///
/// The pattern of a pattern is itself.
pub fn reason_pattern(text: &str) -> String {
    let text = masked(text);
    let mut pattern = String::with_capacity(text.len().min(4 * MAX_PATTERN_CHARS));
    for (nth, part) in text.split(char::is_whitespace).filter(|part| !part.is_empty()).enumerate() {
        if nth > 0 {
            pattern.push(' ');
        }
        put_part(&mut pattern, part);
        // What follows would be cut.
        if pattern.len() > 4 * MAX_PATTERN_CHARS {
            break;
        }
    }
    cut(pattern)
}

fn cut(mut pattern: String) -> String {
    if pattern.chars().nth(MAX_PATTERN_CHARS).is_some() {
        let end = pattern.char_indices().nth(MAX_PATTERN_CHARS - 1).map_or(0, |(end, _)| end);
        pattern.truncate(end);
        pattern.push(ELLIPSIS);
    }
    pattern
}

/// Replaces what differs in a text without white space.
fn put_part(pattern: &mut String, part: &str) {
    let mut rest = part;
    while !rest.is_empty() {
        let (word, after) = split_word(rest);
        put_word(pattern, word);
        let delimiters_end = after.find(|c| !is_delimiter(c)).unwrap_or(after.len());
        let (delimiters, after) = after.split_at_checked(delimiters_end).unwrap_or((after, ""));
        pattern.push_str(delimiters);
        rest = after;
    }
}

/// Splits a text after its first word. A URL goes on to its last parameter.
fn split_word(text: &str) -> (&str, &str) {
    let to = |end: Option<usize>| text.split_at_checked(end.unwrap_or(text.len())).unwrap_or((text, ""));
    let (word, after) = to(text.find(is_delimiter));
    if word.contains("://") {
        return to(text.find(|c| is_delimiter(c) && !matches!(c, ',' | ';' | '=')));
    }
    (word, after)
}

/// Angle brackets are no delimiters: a word keeps its placeholders, so that its remains are not taken for other words.
const fn is_delimiter(c: char) -> bool {
    matches!(c, '"' | '\'' | '`' | '(' | ')' | '[' | ']' | '{' | '}' | ',' | ';' | '=' | '|')
}

/// Replaces a word that is a path or a host, or else the guids and numbers in it. A word that was cut stays: its rest
/// decided what it was.
fn put_word(pattern: &mut String, word: &str) {
    if word.ends_with(ELLIPSIS) {
        pattern.push_str(word);
        return;
    }
    let core = word.trim_end_matches(['.', ':', '!', '?']);
    let end = word.get(core.len()..).unwrap_or_default();
    match whole(core) {
        Some(placeholder) => pattern.push_str(placeholder),
        None => put_pieces(pattern, core),
    }
    pattern.push_str(end);
}

/// Returns the placeholder of a word that is a path or a host.
fn whole(word: &str) -> Option<&'static str> {
    if word.contains(ELLIPSIS) || PLACEHOLDERS.iter().any(|placeholder| word.contains(placeholder)) {
        return None;
    }
    match () {
        () if word.split_once("://").is_some_and(|(scheme, rest)| is_label(scheme) && !rest.is_empty()) => {
            Some(HOST)
        }
        () if is_path(word) => Some(PATH),
        () if is_host(word.split('/').next().unwrap_or_default()) => Some(HOST),
        () if word.bytes().filter(|byte| *byte == b'/').count() > 1 => Some(PATH),
        () => None,
    }
}

fn is_path(word: &str) -> bool {
    let is_windows = || {
        let rest = word.strip_prefix(|c: char| c.is_ascii_alphabetic());
        rest.is_some_and(|rest| rest.starts_with(":\\") && rest.len() > 2)
    };
    let after_root = ["/", "./", "../", "~/"].iter().find_map(|root| word.strip_prefix(root));
    after_root.is_some_and(|rest| rest.contains(|c: char| c.is_alphanumeric())) || is_windows()
}

/// Returns whether a word is an address or the name of a host, possibly with a port.
fn is_host(word: &str) -> bool {
    let (name, port) = match word.rsplit_once(':') {
        Some((name, port)) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => {
            (name, true)
        }
        _ => (word, false),
    };
    name == "localhost" || is_ipv4(name) || is_ipv6(word) || is_host_name(name, port)
}

fn is_ipv4(name: &str) -> bool {
    name.split('.').count() == 4 && name.split('.').all(|octet| octet.parse::<u8>().is_ok())
}

/// Without letters it may be a time of day, unless it is abbreviated.
fn is_ipv6(word: &str) -> bool {
    let is_hex = word.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':');
    let colons = word.bytes().filter(|byte| *byte == b':').count();
    let is_marked = word.contains("::") || word.bytes().any(|byte| byte.is_ascii_alphabetic());
    is_hex && colons > 1 && is_marked && word.bytes().any(|byte| byte.is_ascii_hexdigit())
}

/// A class of Java has dots too, but capitals.
fn is_host_name(name: &str, has_port: bool) -> bool {
    let last = name.rsplit('.').next().unwrap_or_default();
    let dots = name.bytes().filter(|byte| *byte == b'.').count();
    let is_named = last.len() > 1 && last.bytes().all(|byte| byte.is_ascii_lowercase());
    let is_enough = dots > 1 || (dots == 1 && (has_port || TOP_LEVEL.contains(&last)));
    is_named && is_enough && name.split('.').all(is_label)
}

fn is_label(label: &str) -> bool {
    !label.is_empty()
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'+'))
}

/// Replaces the guids and numbers in a word. Digits after a letter belong to a name: `cflinuxfs4`, `v1.2`.
fn put_pieces(pattern: &mut String, word: &str) {
    let mut rest = word;
    let mut after_letter = false;
    while let Some(c) = rest.chars().next() {
        let (length, replacement) = piece(rest, c, after_letter);
        let (taken, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        pattern.push_str(replacement.unwrap_or(taken));
        after_letter = replacement.is_none() && taken.ends_with(char::is_alphanumeric);
        rest = after;
    }
}

/// Returns how many bytes the next piece of a word has, and what takes its place.
fn piece(rest: &str, first: char, after_letter: bool) -> (usize, Option<&'static str>) {
    if let Some(placeholder) = PLACEHOLDERS.iter().find(|placeholder| rest.starts_with(**placeholder)) {
        return (placeholder.len(), Some(placeholder));
    }
    if after_letter || !first.is_ascii_alphanumeric() {
        return (first.len_utf8(), None);
    }
    let id = id_length(rest);
    if id > 0 {
        return (id, Some(GUID));
    }
    if let Some(hex) = rest.strip_prefix("0x").map(|hex| run(hex, |byte| byte.is_ascii_hexdigit()))
        && hex > 0
    {
        return (2 + hex, Some(NUMBER));
    }
    if first.is_ascii_digit() {
        return (number_length(rest), Some(NUMBER));
    }
    // A name: to its last letter or digit.
    let name = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
    (name_length(rest, name), None)
}

/// Returns the length of a name whose first part ends at `end`, with its version: `v1.2.3`.
fn name_length(rest: &str, end: usize) -> usize {
    let ends_in_digit =
        |end: usize| rest.get(..end).is_some_and(|name| name.ends_with(|c: char| c.is_ascii_digit()));
    let mut end = end;
    while ends_in_digit(end) {
        let more = rest.get(end..).and_then(|more| more.strip_prefix('.'));
        let digits = more.map_or(0, |more| run(more, |byte| byte.is_ascii_digit()));
        if digits == 0 {
            break;
        }
        end += 1 + digits;
    }
    end
}

/// Returns the length of the guid or other long identifier that a text starts with; 0 if it starts with none. Guids may
/// be shortened or joined, as those of processes and containers are.
fn id_length(rest: &str) -> usize {
    let is_part = |byte: u8| byte.is_ascii_hexdigit() || byte == b'-';
    let run = rest.get(..run(rest, is_part)).unwrap_or_default().trim_end_matches('-');
    let is_whole = !rest.get(run.len()..).unwrap_or_default().starts_with(char::is_alphanumeric);
    // A name may follow a dash: keep the groups that are whole.
    let id = if is_whole { run } else { run.rsplit_once('-').map_or("", |(groups, _)| groups) };
    let digits = id.bytes().filter(u8::is_ascii_hexdigit).count();
    let has_digit = id.bytes().any(|byte| byte.is_ascii_digit());
    if digits >= MIN_ID_DIGITS && has_digit { id.len() } else { 0 }
}

/// Returns the length of a number, with its fraction; of a duration, with its units.
fn number_length(rest: &str) -> usize {
    let length = plain_number_length(rest);
    let mut end = length;
    loop {
        let after = rest.get(end..).unwrap_or_default();
        let Some(unit) = UNITS.iter().find(|unit| after.starts_with(**unit)) else { return length };
        end += unit.len();
        let after = rest.get(end..).unwrap_or_default();
        if !after.starts_with(|c: char| c.is_alphanumeric()) {
            return end;
        }
        match plain_number_length(after) {
            0 => return length,
            more => end += more,
        }
    }
}

fn plain_number_length(rest: &str) -> usize {
    let is_digit = |byte: u8| byte.is_ascii_digit();
    let mut length = run(rest, is_digit);
    while let Some(more) = rest.get(length..).and_then(|more| more.strip_prefix('.'))
        && length > 0
        && run(more, is_digit) > 0
    {
        length += 1 + run(more, is_digit);
    }
    length
}

/// Returns how many of the first bytes are as asked.
fn run(text: &str, is_in: impl Fn(u8) -> bool) -> usize {
    text.bytes().take_while(|byte| is_in(*byte)).count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Each row: the pattern, and reasons that have it.
    const PATTERNS: &[(&str, &[&str])] = &[
        ("insufficient resources: memory", &["insufficient resources: memory"]),
        ("Exited with status <n> (out of memory)", &["Exited with status 137 (out of memory)"]),
        (
            "cell <guid> disappeared before completion",
            &[
                "cell 6f1c2a4e-5e1f-4d3c-8a6b-0000000012ab disappeared before completion",
                "cell 0a1b2c3d-5e1f-4d3c-8a6b-ffff00001234 disappeared before completion",
            ],
        ),
        ("cell-<n>: no room", &["cell-01: no room", "cell-1234: no room"]),
        ("diego_cell/<guid>", &["diego_cell/6f1c2a4e-5e1f-4d3c-8a6b-0000000012ab"]),
        (
            "dial tcp <host>: connect: connection refused",
            &[
                "dial tcp 10.0.16.5:8889: connect: connection refused",
                "dial tcp cc.service.cf.internal:9023: connect: connection refused",
                "dial tcp localhost:8080: connect: connection refused",
                "dial tcp example.com:443: connect: connection refused",
                "dial tcp fe80::1:22: connect: connection refused",
            ],
        ),
        ("dial [<host>]:<n>", &["dial [::1]:8080", "dial [fe80::1]:22"]),
        (
            "failed to download <host>: status code <n>",
            &["failed to download https://blobs.example.org:8443/b/1?sig=x: status code 404"],
        ),
        (
            "open <path>: no such file or directory",
            &[
                "open /var/vcap/data/1: no such file or directory",
                "open C:\\tmp\\x: no such file or directory",
            ],
        ),
        ("open '<path>', then \"<path>\"", &["open '/a/b', then \"./c\""]),
        ("timeout after <n>", &["timeout after 15m0s", "timeout after 900ms", "timeout after 1.5s"]),
        ("limit <n>M, disk <n>GB", &["limit 512M, disk 1.5GB"]),
        ("at <n>:<n>:<n>", &["at 12:34:56"]),
        ("fault at <n>", &["fault at 0x1f", "fault at 31"]),
        ("container <guid> exited", &["container ef3b2d6a-8c0a-4f1b-5d6c exited"]),
        ("<guid> is locked", &["ab0123456789abcdef is locked"]),
        ("<guid>-rep", &["6f1c2a4e-5e1f-4d3c-8a6b-0000000012ab-rep"]),
        ("read and/or write", &["read and/or write"]),
        ("cflinuxfs4 v1.2.3 sha256 http2", &["cflinuxfs4 v1.2.3 sha256 http2"]),
        ("java.lang.OutOfMemoryError: Java heap space", &["java.lang.OutOfMemoryError:  Java\theap space\n"]),
        ("pull <host>: denied", &["pull registry.example.com/team/app:1.2: denied"]),
        ("Stopped by e.g. a user.", &["Stopped by e.g. a user."]),
        ("Änderung <n> – ende", &["Änderung 5 – ende"]),
        ("key=<n>; path=<path>", &["key=5; path=/a/b", "key=77; path=/c"]),
        ("", &["", " \n\t"]),
    ];

    #[test]
    fn no_pattern_has_credentials() {
        for text in [
            "a=(https://user:hunter2@host/x?sig=hunter2)",
            "my_scheme+x://user:hunter2@host/x",
            "é://user:hunter2@host/x",
            "https://user:hunter2,x@host/x",
            "https://user:(hunter2)@host/x",
            "https://user:;hunter2@host/x",
        ] {
            let long = format!("{text}{}", " word".repeat(100));
            assert!(!reason_pattern(text).contains("hunter2"), "{}", reason_pattern(text));
            assert!(!reason_pattern(&long).contains("hunter2"), "{}", reason_pattern(&long));
        }
    }

    #[test]
    fn reasons_of_one_kind_have_one_pattern() {
        for (pattern, reasons) in PATTERNS {
            for reason in *reasons {
                assert_eq!(reason_pattern(reason), *pattern, "{reason:?}");
            }
        }
    }

    #[test]
    fn a_long_pattern_is_cut() {
        let pattern = reason_pattern(&"ä ".repeat(1_000));
        assert_eq!(pattern.chars().count(), MAX_PATTERN_CHARS);
        assert!(pattern.ends_with('…'));
        assert_eq!(reason_pattern(&"x".repeat(200)).len(), 200, "what fits is not cut");
        let hex_before_the_cut = reason_pattern(&format!("{}: {}", "x".repeat(150), "a0".repeat(40) + "_g"));
        assert_eq!(reason_pattern(&hex_before_the_cut), hex_before_the_cut);
    }

    /// Texts that are made of what the rules look at.
    fn pieces() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            prop::sample::select(
                &[
                    "<",
                    ">",
                    "<n>",
                    "<guid>",
                    "<path>",
                    "<host>",
                    "…",
                    "0x",
                    "::",
                    "://",
                    "/",
                    "./",
                    "C:\\",
                    ".",
                    ":",
                    "-",
                    "_",
                    " ",
                    "'",
                    "[",
                    "]",
                    "com",
                    "localhost",
                    "internal",
                    "ms",
                    "µs",
                    "s",
                    "m",
                    "é",
                    "İ",
                    "6f1c2a4e-5e1f-4d3c-8a6b-0000000012ab",
                    "10.0.0.1",
                    "a.b.cc",
                ][..]
            )
            .prop_map(str::to_owned),
            "[0-9]{1,5}",
            "[a-f0-9]{1,20}",
            "[A-Za-z]{1,4}",
            "\\PC",
        ];
        prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_pattern_of_a_pattern_is_itself(text in pieces()) {
            let pattern = reason_pattern(&text);
            prop_assert!(pattern.chars().count() <= MAX_PATTERN_CHARS);
            prop_assert_eq!(reason_pattern(&pattern), pattern);
        }

        #[test]
        fn every_text_has_a_pattern(text in any::<String>()) {
            let pattern = reason_pattern(&text);
            prop_assert!(pattern.chars().count() <= MAX_PATTERN_CHARS);
            prop_assert_eq!(reason_pattern(&pattern), pattern);
        }

        #[test]
        fn guids_and_numbers_make_no_difference(one in any::<u128>(), other in any::<u128>(), text in "[a-z ]{0,20}") {
            let guid = |bits: u128| {
                let [time, random] = [bits >> 64, bits & u128::from(u64::MAX)];
                let (low, mid, high) = (time >> 32, time >> 16 & 0xffff, time & 0xffff);
                format!("{text} {low:08x}-{mid:04x}-{high:04x}-1{:03x}-{:012x} {bits}", random >> 52, random & 0xffff_ffff_ffff)
            };
            prop_assert_eq!(reason_pattern(&guid(one)), reason_pattern(&guid(other)));
        }
    }
}
