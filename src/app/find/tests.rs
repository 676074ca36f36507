//! Tests of the fuzzy search, without the keys.

use super::search::Search;
use super::*;

fn order(pattern: &str, guids: &[&str]) -> Vec<String> {
    let guids: Vec<_> = guids.iter().map(|guid| TaskGuid::from(*guid)).collect();
    let found = Search::new(pattern).prefilter(guids.iter().map(|guid| (guid.to_string(), guid)));
    assert!(found.len() <= guids.len());
    found
}

#[test]
fn guids_that_start_with_the_pattern_come_before_parts_and_letters() {
    let guids = ["1a2b3c", "xx-abc", "ABCdef", "acb", "abc"];
    assert_eq!(order("abc", &guids), ["ABCdef", "abc", "xx-abc", "1a2b3c"]);
    assert_eq!(order("abc 2", &guids), ["1a2b3c"], "each word must match");
    assert_eq!(order("zz", &guids), [""; 0]);
}

#[test]
fn every_guid_that_the_matcher_finds_passes_the_quick_test() {
    let mut random = fastrand::Rng::with_seed(7);
    let mut text = |alphabet: &str, length: usize| -> String {
        let letters: Vec<_> = alphabet.chars().collect();
        (0..length).filter_map(|_| random.choice(&letters)).collect()
    };
    for _ in 0..3_000 {
        let (guid, pattern) = (text("0123456789abcdef-", 12), text("0123456789abcdef", 3));
        let guid = TaskGuid::from(guid);
        let mut search = Search::new(&pattern);
        let passes = !search.prefilter(std::iter::once(((), &guid))).is_empty();
        assert_eq!(search.score(guid.as_str()).is_some(), passes, "{pattern} in {guid}");
    }
}

#[test]
fn matched_letters_are_bytes_of_the_name() {
    let letters = |pattern: &str, name: &str| {
        let matched = Search::new(pattern).matched(name);
        matched.into_iter().map(|bytes| name.get(bytes).unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(letters("shp", "my-shop"), ["s", "h", "p"]);
    assert_eq!(letters("本x", "日本\u{1b}語x"), ["本", "x"]);
    assert_eq!(letters("nothing", "shop"), [""; 0]);
}
