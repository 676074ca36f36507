//! The command lines in the pages parse.

use std::ffi::OsString;

use taskdeck::cli;
use taskdeck::filter::Filter;

use crate::page;

/// Splits a line of shell at `|`, `&`, `;` and parentheses outside of quotes, and drops comments.
fn parts(line: &str) -> Vec<String> {
    let (mut parts, mut quote, mut before) = (vec![String::new()], None, ' ');
    for c in line.chars() {
        match (c, quote) {
            ('\'' | '"', None) => quote = Some(c),
            (_, Some(open)) if open == c => quote = None,
            ('#', None) if before == ' ' => break,
            _ => {}
        }
        if quote.is_none() && matches!(c, '|' | '&' | ';' | '(' | ')') {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(c);
        }
        before = c;
    }
    parts
}

/// Returns the words after `taskdeck` or `cfdot`, if a part of a line calls one of them.
fn arguments(part: &str) -> Option<Vec<OsString>> {
    let words = shlex::split(part)?;
    let is_variable = |word: &&String| word.split_once('=').is_some_and(|(name, _)| !name.contains('-'));
    let mut words = words.iter().skip_while(is_variable).map(String::as_str).peekable();
    let program = words.next()?;
    if program == "cargo" {
        let runs = words.peek() == Some(&"run");
        return runs.then(|| words.skip_while(|word| *word != "--").skip(1).map(OsString::from).collect());
    }
    let is_redirection = |word: &&str| word.starts_with('>') || word.starts_with("2>");
    ["taskdeck", "cfdot"]
        .contains(&program)
        .then(|| words.take_while(|word| !is_redirection(word)).map(OsString::from).collect())
}

fn assert_parses(arguments: &[OsString], shown: &str) {
    if let Err(problem) = cli::check(arguments) {
        panic!("{shown}\n{problem}");
    }
    for pair in arguments.windows(2) {
        if let [flag, value] = pair
            && flag == "--filter"
        {
            let value = value.to_string_lossy();
            assert!(Filter::parse(&value).is_ok(), "{shown}: {value}");
        }
    }
}

#[test]
fn lines_of_shell_parse() {
    let mut count = 0;
    for page in page::all() {
        for block in page.blocks().iter().filter(|block| block.language == "sh") {
            let text = block.text.replace("\\\n", " ");
            for part in text.lines().flat_map(parts) {
                let Some(arguments) = arguments(&part) else { continue };
                assert_parses(&arguments, &format!("{}: {part}", page.path.display()));
                count += 1;
            }
        }
    }
    assert!(count > 40, "{count}");
}

/// Code within a line that calls the program, except for sentences, and for synopses with placeholders such as `GUID`.
#[test]
fn calls_within_lines_parse() {
    let is_placeholder =
        |word: &str| word.contains(['…', '|', '[']) || word.chars().all(|c| c.is_ascii_uppercase());
    let mut count = 0;
    for page in page::all() {
        for code in page.codes().iter().filter(|code| code.starts_with("taskdeck ") && !code.ends_with('.')) {
            let Some(arguments) = arguments(code) else { continue };
            if arguments.iter().all(|word| !is_placeholder(&word.to_string_lossy())) {
                let verbs_alone = arguments.len() == 1;
                // A verb alone names the command, which may need arguments.
                let arguments =
                    if verbs_alone { [arguments, vec!["--help".into()]].concat() } else { arguments };
                assert_parses(&arguments, &format!("{}: {code}", page.path.display()));
                count += 1;
            }
        }
    }
    assert!(count > 20, "{count}");
}
