//! Tests of the line prompt and of the completion of filters.

use super::*;

fn values(count: usize, texts: &[&str]) -> Vec<Value> {
    texts.iter().map(|text| Value { text: (*text).to_owned(), count }).collect()
}

/// Returns the labels that are offered where `^` is in the text, and the text with the first of them.
fn offered(marked: &str) -> (Vec<String>, String) {
    let cursor = marked.find('^').unwrap();
    let text = marked.replace('^', "");
    let completions = complete_filter(&text, cursor, |field| match field.name {
        "domain" => [values(3, &["cf-tasks"]), values(9, &["cf-apps", "my cf-batch"])].concat(),
        "app" => values(1, &["shop", "a \"b\" c", "pay|ment", "cut\\", "日本 ü"]),
        _ => Vec::new(),
    });
    let labels = completions.items.iter().map(|item| item.candidate.label.clone()).collect();
    let mut line = LinePrompt::new(text);
    line.offer(completions);
    line.press(Key::plain(KeyCode::Tab), &[]);
    (labels, line.text().to_owned())
}

#[test]
fn names_of_fields_are_completed_with_their_colon() {
    assert_eq!(offered("^").0.len(), crate::filter::FIELDS.len(), "an empty prompt offers all");
    assert_eq!(offered("dom^"), (vec!["domain".into()], "domain:".into()));
    assert_eq!(offered("failed !DOM^").1, "failed !domain:", "behind a not, in any case");
    assert_eq!(offered("a dom^ain:x b").1, "a domain:x b", "the colon that is there stays one");
    assert_eq!(offered("rej^").0, ["rejection", "rejections"], "in the order of the table");
    assert_eq!(offered("ection^").0, ["rejection", "rejections"], "a part in the middle is enough");
    assert_eq!(offered("nothing^").0, [""; 0]);
}

#[test]
fn values_are_completed_by_prefix_then_frequency() {
    assert_eq!(offered("domain:^").0, ["cf-apps", "my cf-batch", "cf-tasks"]);
    assert_eq!(
        offered("domain:cf^"),
        (vec!["cf-apps".into(), "cf-tasks".into(), "my cf-batch".into()], "domain:cf-apps".into())
    );
    assert_eq!(offered("!domain:x|BATCH^ age:>1m").1, "!domain:x|\"my cf-batch\" age:>1m");
    assert_eq!(offered("domain:\"my c^\" b").1, "domain:\"my cf-batch\" b", "the quotes are replaced");
    assert_eq!(offered("domain:\"my c^").1, "domain:\"my cf-batch\"", "also while one is open");
    assert_eq!(offered("domain:cf-tasks^").0, [""; 0], "it is complete");
    assert_eq!(offered("app:日^").1, "app:\"日本 ü\"");
    assert_eq!(offered("age:^").0.first().unwrap(), ">10m");
}

#[test]
fn nothing_is_offered_where_nothing_can_be_completed() {
    for text in
        ["app:~sh^", "app:~sh|^", "app:sh*^", "\"sho^", "sho|^", "sho|domain:^", "nofield:^", "guid:^"]
    {
        assert_eq!(offered(text).0, [""; 0], "{text}");
    }
}

fn keys(line: &mut LinePrompt, history: &[String], keys: &[KeyCode]) -> String {
    for key in keys {
        line.press(Key::plain(*key), history);
    }
    line.text().to_owned()
}

#[test]
fn stepping_goes_round_and_back_to_what_was_typed() {
    use KeyCode::{BackTab, Char, Down, Tab, Up};
    let mut line = LinePrompt::new("domain:cf x");
    line.input = line.input.with_cursor(9);
    let offer = |line: &mut LinePrompt| {
        let found = complete_filter(line.text(), line.cursor(), |_| values(1, &["cf-a", "cf-b"]));
        line.offer(found);
    };
    offer(&mut line);
    assert_eq!(keys(&mut line, &[], &[Tab]), "domain:cf-a x");
    assert_eq!(line.cursor(), "domain:cf-a".len(), "behind what was inserted");
    assert_eq!(keys(&mut line, &[], &[Down]), "domain:cf-b x");
    assert_eq!(keys(&mut line, &[], &[Up]), "domain:cf-a x");
    assert_eq!(keys(&mut line, &[], &[Up]), "domain:cf x");
    assert_eq!(keys(&mut line, &[], &[BackTab]), "domain:cf-b x");
    assert_eq!(keys(&mut line, &[], &[Tab]), "domain:cf x");
    assert_eq!(keys(&mut line, &[], &[Tab, Char('|')]), "domain:cf-a| x");
    offer(&mut line);
    assert_eq!(keys(&mut line, &[], &[Tab]), "domain:cf-a|cf-a x", "typing goes on from there");
}

#[test]
fn history_goes_back_and_returns_to_the_draft() {
    use KeyCode::{Char, Down, Up};
    let history = ["new".to_owned(), "old".to_owned()];
    let mut line = LinePrompt::new("dra");
    assert_eq!(keys(&mut line, &history, &[Up]), "new");
    assert_eq!(keys(&mut line, &history, &[Up, Up]), "old", "the oldest stays");
    assert_eq!(keys(&mut line, &history, &[Down]), "new");
    assert_eq!(keys(&mut line, &history, &[Down]), "dra");
    assert_eq!(keys(&mut line, &history, &[Up, Char('!'), Up]), "new", "an edit starts anew");
    assert_eq!(
        keys(&mut LinePrompt::new("new"), &history, &[Up]),
        "old",
        "the newest is in the line already"
    );
    assert_eq!(keys(&mut LinePrompt::new("dra"), &[], &[Up]), "dra");
}
