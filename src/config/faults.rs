//! Finds every fault of a configuration file, not only the first one.
//!
//! The parser stops at a fault. So the entry with the fault is taken out, and the rest is parsed again. Reads no file.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::file::{self, File};
use crate::toml_fault;

/// Returns what can be used of the text, and a sentence for each fault, in the order of the lines.
///
/// Behind a fault of TOML itself the parser can only guess what is meant. Then these faults are all that is returned.
pub(super) fn parse_all(text: &str) -> (File, Vec<String>) {
    let (mut table, bad_toml) = DeTable::parse_recoverable(text);
    if !bad_toml.is_empty() {
        return (File::default(), bad_toml.iter().map(|error| toml_fault::describe(text, error)).collect());
    }
    let (mut faults, mut incomplete) = (Vec::new(), Vec::new());
    let file = loop {
        let fault = match file::from_table(table.clone()) {
            Ok(file) => break file,
            Err(fault) => fault,
        };
        // A key that was taken out of a table is not missing there.
        if !fault.span.as_ref().is_some_and(|at| incomplete.contains(at)) {
            faults.push((fault.span.as_ref().map_or(0, |at| at.start), fault.describe(text)));
        }
        // Each time there is one entry less, so this ends.
        match fault.span.and_then(|at| remove(&mut table, &at)) {
            Some(table) => incomplete.push(table),
            None => break File::default(),
        }
    };
    faults.sort_by_key(|(at, _)| *at);
    (file, faults.into_iter().map(|(_, fault)| fault).collect())
}

/// Removes the innermost entry that these bytes are in. Returns the bytes of its table, or `None` if there is no such entry.
fn remove(table: &mut Spanned<DeTable<'_>>, at: &Range<usize>) -> Option<Range<usize>> {
    let span = table.span();
    remove_from(table.get_mut(), span, at)
}

fn remove_from(table: &mut DeTable<'_>, span: Range<usize>, at: &Range<usize>) -> Option<Range<usize>> {
    let has = |span: Range<usize>| span.start <= at.start && at.end <= span.end;
    let entry = table
        .iter()
        .find(|(key, value)| has(key.span()) || (has(value.span()) && !value.get_ref().is_table()));
    if let Some(name) = entry.map(|(key, _)| key.get_ref().to_string()) {
        table.remove(name.as_str())?;
        return Some(span);
    }
    for (_, value) in table.iter_mut() {
        let span = value.span();
        if let DeValue::Table(inner) = value.get_mut()
            && let Some(found) = remove_from(inner, span, at)
        {
            return Some(found);
        }
    }
    // What is wrong is the table itself, such as a missing key.
    let whole = table.iter().find(|(_, value)| has(value.span())).map(|(key, _)| key.get_ref().to_string());
    table.remove(whole?.as_str())?;
    Some(span)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<String> {
        parse_all(text).1
    }

    #[test]
    fn all_faults_are_found_in_the_order_of_their_lines() {
        let text = "\
target = 5
[feed]
poll = \"fast\"
reconcile = \"10s\"
pol = 1
[keys]
move-dwon = \"j\"
filter = \"j\"
[filters]
stuck = \"sate:pending\"
[commands.a]
help = \"no program\"
[commands.b]
run = [\"x\", \"{gid}\"]
[commands.quit]
run = [\"x\"]
[targets.x]
uri = \"y\"
url = \"http://x:1\"
colour = \"rde\"
";
        let (file, faults) = parse_all(text);
        let lines = ["1", "3", "5", "7", "8", "10", "11", "14", "15", "18", "20"];
        assert_eq!(faults.len(), lines.len(), "{faults:#?}");
        for (fault, line) in faults.iter().zip(lines) {
            assert!(
                fault.starts_with(&format!("line {line}:")) || fault.starts_with(&format!("line {line},")),
                "{line}: {faults:#?}"
            );
        }
        assert!(faults[2].ends_with("; did you mean `poll`?"), "{faults:#?}");
        // What has no fault is kept.
        assert_eq!(file.settings().pace.reconcile.as_secs(), 10);
        assert_eq!(file.targets["x"].url.as_deref(), Some("http://x:1"));
    }

    #[test]
    fn faults_of_toml_itself_come_alone_and_all_of_them() {
        let found = faults("[feed\npoll = 1\n[dashboard]\nsort = = 2\n");
        assert!(found.len() >= 2, "{found:#?}");
        assert!(found[0].starts_with("line 1"), "{found:#?}");
        assert!(found.iter().any(|fault| fault.starts_with("line 4")), "{found:#?}");
        let twice = faults("target = \"a\"\ntarget = \"b\"\n");
        assert_eq!(twice.len(), 1, "{twice:#?}");
        assert!(twice[0].starts_with("line 2, key `target`"), "{twice:#?}");
    }

    #[test]
    fn the_first_of_all_faults_is_the_one_that_stops_the_program() {
        for text in
            ["a = 1", "[targets.x]\nurl = 5", "[commands.x]\nhelp = \"x\"", "[keys]\nnope = \"j\"", "x"]
        {
            assert_eq!(faults(text), [file::parse(text).unwrap_err()], "{text}");
        }
        assert_eq!(faults(""), Vec::<String>::new());
    }
}
