//! Parses flags and arguments like Go's pflag.
//!
//! Flags and arguments come in any order, as `--flag value`, `--flag=value`, `-f value`, `-fvalue` or `-f=value`; `--` ends the
//! flags. The last of several values counts; the first error is reported.

use super::exit::Exit;
use super::flags::{Flag, FlagValues, ValueType};

/// A parsed command line.
#[derive(Debug, Default)]
pub(super) struct Line {
    pub(super) values: FlagValues,
    pub(super) arguments: Vec<String>,
}

/// Parses the words, accepting these flags.
pub(super) fn parse(flags: &[Flag], words: &[String]) -> Result<Line, Exit> {
    let mut line = Line::default();
    let mut rest = words.iter().map(String::as_str);
    while let Some(word) = rest.next() {
        if word == "--" {
            line.arguments.extend(rest.map(str::to_owned));
            break;
        }
        match (word.strip_prefix("--"), word.strip_prefix('-')) {
            (Some(long), _) => parse_long(flags, long, &mut rest, &mut line.values)?,
            (None, Some(shorts)) if !shorts.is_empty() => {
                parse_shorts(flags, shorts, &mut rest, &mut line.values)?;
            }
            _ => line.arguments.push(word.to_owned()),
        }
    }
    Ok(line)
}

fn parse_long<'a>(
    flags: &[Flag],
    word: &'a str,
    rest: &mut impl Iterator<Item = &'a str>,
    values: &mut FlagValues,
) -> Result<(), Exit> {
    if word.starts_with(['-', '=']) {
        return Err(Exit::unknown(format!("bad flag syntax: --{word}")));
    }
    let (name, value) = match word.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (word, None),
    };
    let flag = flags.iter().find(|flag| flag.is_named(name));
    let flag = flag.ok_or_else(|| Exit::unknown(format!("unknown flag: --{name}")))?;
    let value = match (value, flag.value_type) {
        (Some(value), _) => value,
        (None, ValueType::Bool) => "true",
        (None, _) => rest.next().ok_or_else(|| Exit::unknown(format!("flag needs an argument: --{name}")))?,
    };
    set(flag, value, values)
}

/// Parses a word of one-letter flags. The first that takes a value takes the rest of the word.
fn parse_shorts<'a>(
    flags: &[Flag],
    word: &'a str,
    rest: &mut impl Iterator<Item = &'a str>,
    values: &mut FlagValues,
) -> Result<(), Exit> {
    let mut letters = word.chars();
    let mut left = word;
    while let Some(letter) = letters.next() {
        let after = letters.as_str();
        let flag = flags.iter().find(|flag| flag.short == Some(letter));
        let flag =
            flag.ok_or_else(|| Exit::unknown(format!("unknown shorthand flag: {letter:?} in -{left}")))?;
        let given = after.strip_prefix('=').filter(|value| !value.is_empty());
        match (given, flag.value_type) {
            (Some(value), _) => return set(flag, value, values),
            (None, ValueType::Bool) => set(flag, "true", values)?,
            (None, _) if !after.is_empty() => return set(flag, after, values),
            (None, _) => {
                let needs = || Exit::unknown(format!("flag needs an argument: {letter:?} in -{left}"));
                return set(flag, rest.next().ok_or_else(needs)?, values);
            }
        }
        left = after;
    }
    Ok(())
}

fn set(flag: &Flag, value: &str, values: &mut FlagValues) -> Result<(), Exit> {
    (flag.set)(values, value).map_err(|problem| {
        Exit::usage(format!("invalid argument {value:?} for {:?} flag: {problem}", flag.names()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::cfdot::command;
    use crate::cli::cfdot::program_name::ProgramName;

    fn line(words: &str) -> Result<Line, String> {
        let words: Vec<_> = words.split_whitespace().map(str::to_owned).collect();
        let (name, words) = words.split_first().unwrap();
        parse(&command::named(name).unwrap().flags(ProgramName::Taskdeck), words)
            .map_err(|exit| exit.message().to_owned())
    }

    #[test]
    fn accepts_every_form_of_a_value_and_the_last_counts() {
        for words in [
            "tasks -d x",
            "tasks -dx",
            "tasks -d=x",
            "tasks --domain x",
            "tasks --domain=x",
            "tasks -d a -d x",
            "tasks --domain=a -dx",
        ] {
            assert_eq!(line(words).unwrap().values.domain, "x", "{words}");
        }
        assert_eq!(line("tasks -d -c").unwrap().values.domain, "-c");
        assert_eq!(line("tasks --domain=a=b").unwrap().values.domain, "a=b");
        assert_eq!(line("tasks -d=").unwrap().values.domain, "=");
    }

    #[test]
    fn a_boolean_takes_a_value_only_after_an_equals_sign() {
        for (words, expected) in [
            ("tasks", None),
            ("tasks --skipCertVerify", Some(true)),
            ("tasks --skipCertVerify=false", Some(false)),
            ("tasks --skipCertVerify=T", Some(true)),
        ] {
            assert_eq!(line(words).unwrap().values.skip_verify, expected, "{words}");
        }
        let apart = line("tasks --skipCertVerify false").unwrap();
        assert_eq!((apart.values.skip_verify, apart.arguments), (Some(true), vec!["false".to_owned()]));
        assert!(line("tasks -h").unwrap().values.help && !line("tasks --help=0").unwrap().values.help);
        let glued = line("tasks -hdx").unwrap().values;
        assert!(glued.help && glued.domain == "x");
    }

    #[test]
    fn connection_flags_have_a_spelling_that_cfdot_rejects() {
        let kebab = ["bbs-url", "ca-cert", "client-cert", "client-key", "skip-cert-verify"];
        let both =
            line("tasks --bbs-url u --ca-cert=a --client-cert c --client-key k --skip-cert-verify").unwrap();
        let FlagValues { url, ca, cert, key, skip_verify, .. } = both.values;
        assert_eq!([url, ca, cert, key], ["u", "a", "c", "k"]);
        assert_eq!(skip_verify, Some(true));
        assert_eq!(line("tasks --bbsURL x --bbs-url y").unwrap().values.url, "y", "the last counts");
        for name in kebab {
            let flags = command::named("tasks").unwrap().flags(ProgramName::Cfdot);
            let error = parse(&flags, &[format!("--{name}=x")]).unwrap_err();
            assert_eq!(error.message(), format!("unknown flag: --{name}"));
        }
    }

    #[test]
    fn other_words_are_arguments() {
        let line = line("task a - --timeout 5 b -- -c --nope").unwrap();
        assert_eq!(line.arguments, ["a", "-", "b", "-c", "--nope"]);
        assert_eq!(line.values.timeout, 5);
    }

    #[test]
    fn reports_the_first_error_like_go() {
        for (words, message) in [
            ("tasks --nope", "unknown flag: --nope"),
            ("tasks --nope=1", "unknown flag: --nope"),
            ("tasks --help --nope", "unknown flag: --nope"),
            ("tasks ---x", "bad flag syntax: ---x"),
            ("tasks --=x", "bad flag syntax: --=x"),
            ("task -x", "unknown shorthand flag: 'x' in -x"),
            ("tasks -hxy", "unknown shorthand flag: 'x' in -xy"),
            ("tasks -d", "flag needs an argument: 'd' in -d"),
            ("tasks -hd", "flag needs an argument: 'd' in -d"),
            ("tasks --bbsURL", "flag needs an argument: --bbsURL"),
            ("task-events --timeout 5", "unknown flag: --timeout"),
            (
                "task --timeout soon --nope",
                "invalid argument \"soon\" for \"--timeout\" flag: strconv.ParseInt: parsing \"soon\": invalid syntax",
            ),
            (
                "tasks --skipCertVerify=maybe",
                "invalid argument \"maybe\" for \"--skipCertVerify\" flag: strconv.ParseBool: parsing \"maybe\": invalid \
                 syntax",
            ),
            (
                "set-domain -t x",
                "invalid argument \"x\" for \"-t, --ttl\" flag: time: invalid duration \"x\"",
            ),
            (
                "set-domain -t 60",
                "invalid argument \"60\" for \"-t, --ttl\" flag: time: missing unit in duration \"60\"",
            ),
        ] {
            assert_eq!(line(words).unwrap_err(), message, "{words}");
        }
    }
}
