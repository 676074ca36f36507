use proptest::prelude::*;

use super::*;

#[test]
fn plain_text_is_borrowed() {
    assert!(matches!(clean("apps-1: out of memory"), Cow::Borrowed(_)));
    assert!(matches!(cut("apps-1", 6), Cow::Borrowed("apps-1")));
}

#[test]
fn a_cut_is_marked() {
    assert_eq!(cut("abcdef", 4), "abc…");
    assert_eq!(cut("héllo wörld", 6), "héllo…");
    assert_eq!(cut("abcdef", 1), "…");
    assert_eq!(cut("abcdef", 0), "");
    assert_eq!(cut("日本語", 6), "日本語");
    assert_eq!(cut("日本語", 5), "日本…");
    assert_eq!(cut("日本語", 4), "日…");
    assert_eq!(cut("e\u{301}e\u{301}e\u{301}", 2), "e\u{301}…");
}

#[test]
fn cut_front_keeps_the_end() {
    assert_eq!(cut_front("abcdef", 4), "…def");
    assert_eq!(cut_front("abcdef", 6), "abcdef");
    assert_eq!(cut_front("日本語", 4), "…語");
    assert_eq!(cut_front("日本語", 2), "…");
    assert_eq!(cut_front("abc", 0), "");
}

#[test]
fn invisible_characters_become_visible() {
    assert_eq!(clean("a\u{1b}[31mb"), "a␛[31mb");
    assert_eq!(clean("a\u{9b}31mb\u{7f}"), "a\u{FFFD}31mb␡");
    assert_eq!(clean("a\u{202e}b\u{200b}c\u{2028}"), "a\u{FFFD}b\u{FFFD}c\u{FFFD}");
    assert_eq!(clean("\u{301}a"), "\u{FFFD}a");
    assert_eq!(clean("line\nline\tx"), "line␊line␉x");
}

#[test]
fn stacked_marks_are_limited() {
    let zalgo = format!("a{}b", "\u{301}".repeat(1_000));
    assert_eq!(clean(&zalgo), format!("a{}\u{FFFD}b", "\u{301}".repeat(MAX_MARKS)));
    let endless = format!("a{}", "\u{301}".repeat(100_000));
    assert!(cut(&endless, 40).len() <= 40 * MAX_CELL_BYTES + ELLIPSIS.len());
}

#[test]
fn lines_break_between_words_if_that_wastes_little() {
    let lines = |text: &str| wrap(text, 10).collect::<Vec<_>>();
    assert_eq!(lines("deleted in 45s"), ["deleted in", "45s"]);
    assert_eq!(lines("it will be gone"), ["it will be", "gone"]);
    assert_eq!(lines("deleted in ≈45s"), ["deleted in", "≈45s"]);
    assert_eq!(lines("in ≈30s unless"), ["in ≈30s", "unless"]);
    assert_eq!(lines("a /long/path/of/files"), ["a /long/pa", "th/of/file", "s"]);
}

#[test]
fn long_text_wraps() {
    let lines: Vec<_> = wrap("one\r\n\nabcdefg 日本", 4).collect();
    assert_eq!(lines, ["one", "", "abcd", "efg", "日本"]);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn fitting_text_is_not_cut(text in "\\PC{0,12}") {
        let whole = clean(&text).into_owned();
        prop_assert_eq!(cut(&text, width(&whole)).into_owned(), whole);
    }

    #[test]
    fn wrapping_loses_nothing(text in "[a-z à-öα-ωа-я日本語\u{301}👍]{0,60}", wanted in 2_usize..20) {
        let inked = |text: &str| text.replace(' ', "");
        let wrapped = wrap(&text, wanted).collect::<String>();
        prop_assert_eq!(inked(&wrapped), inked(&clean(&text)));
    }
}

#[test]
fn a_cut_in_the_middle_keeps_both_ends() {
    let guid = "467008c7-b209-43fe-8401-d5dc041dd977";
    assert_eq!(cut_middle(guid, 13), "467008c7…d977");
    assert_eq!(cut_middle(guid, 36), guid);
    assert_eq!(cut_middle("日本語のテキスト", 8), "日本…ト");
    assert_eq!(cut_middle("a\u{1b}[2Jb-and-so-on", 9), "a␛[2J…-on");
    for text in [guid, "日本語のテキスト", "e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}", "ab"] {
        for room in 0..12 {
            assert!(width(&cut_middle(text, room)) <= room, "{text} {room}");
        }
    }
}

/// Every character that skips the segmentation into clusters: one after the other, they are as many clusters, each a cell wide,
/// and none of them is replaced.
#[test]
fn single_cells_are_clusters_of_their_own() {
    let singles: Vec<char> = ('\0'..=char::MAX).filter(|c| is_single_cell(*c)).collect();
    let twice: String = singles.iter().flat_map(|c| [*c, *c]).collect();
    assert_eq!(twice.graphemes(true).count(), 2 * singles.len());
    assert!(twice.graphemes(true).all(|cluster| cluster_width(cluster) == 1));
    assert_eq!(SafeText::whole(&twice), twice);
}

/// Terminals that know nothing of clusters add up the widths of characters. Only a halfwidth sound mark is counted once more, as
/// ratatui does: that leaves a blank.
#[test]
fn a_text_of_the_corpus_is_as_wide_in_clusters_as_in_characters() {
    let emoji = ("emoji".to_owned(), "👍🏽👩🏿‍🚀☝🏻🇩🇪1️⃣❤️".to_owned());
    for (name, text) in corpus::hostile().into_iter().chain([emoji]) {
        let safe = clean(&text);
        let of_char = |c: char| c.width().unwrap_or(0) + usize::from(matches!(c, '\u{FF9E}' | '\u{FF9F}'));
        assert_eq!(width(&safe), safe.chars().map(of_char).sum::<usize>(), "{name}: {safe:?}");
    }
}
