//! Tests of the fuzzy search, without the keys.

use super::search::{MAX_SCORED, Search};
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
    let mut seed = 7_u64;
    let mut next = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        seed >> 33
    };
    for _ in 0..3_000 {
        let guid: String = (0..12).map(|_| char::from(b"0123456789abcdef-"[next() as usize % 17])).collect();
        let pattern: String = (0..3).map(|_| char::from(b"0123456789abcdef"[next() as usize % 16])).collect();
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
        matched.into_iter().map(|bytes| name[bytes].to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(letters("shp", "my-shop"), ["s", "h", "p"]);
    assert_eq!(letters("本x", "日本\u{1b}語x"), ["本", "x"]);
    assert_eq!(letters("nothing", "shop"), [""; 0]);
    assert!(MAX_SCORED >= MAX_HITS);
}
