//! Makes foreign text safe for a terminal, and cuts it to a width.
//!
//! Tenants choose much of what a BBS holds. None of it may move the cursor, reorder a line or hide itself, so every
//! control and every invisible character is replaced by a visible one. Everything drawn or printed for a person
//! passes through here. Output for programs (JSON) does not, but escapes invisible characters on a terminal.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Replaces a character that must not be shown.
const REPLACEMENT: char = '\u{FFFD}';
/// Stands for the part that was cut off.
const ELLIPSIS: &str = "…";
/// The most combining marks on a letter. Real scripts stay below; more would only smear over neighbouring cells.
const MAX_MARKS: usize = 6;
/// The most bytes in a cell: a letter and its marks.
const MAX_CELL_BYTES: usize = 4 * (MAX_MARKS + 1);

/// Returns the whole text on one line, sanitised.
pub fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_single_cell) { Cow::Borrowed(text) } else { Cow::Owned(SafeText::whole(text)) }
}

/// Returns the text on one line, sanitised, in at most `width` cells; `…` marks a cut.
///
/// Reads no more of the text than the width can need.
pub fn cut(text: &str, width: usize) -> Cow<'_, str> {
    if width == 0 {
        return Cow::Borrowed("");
    }
    let mut kept = 0;
    for (nth, (at, c)) in text.char_indices().enumerate() {
        if !is_single_cell(c) {
            return Cow::Owned(cut_clusters(text, width));
        }
        if nth + 1 == width {
            kept = at;
        }
        if nth == width {
            return Cow::Owned([text.get(..kept).unwrap_or_default(), ELLIPSIS].concat());
        }
    }
    Cow::Borrowed(text)
}

/// Returns the end of the text on one line, sanitised, in at most `width` cells; `…` marks a cut.
pub fn cut_front(text: &str, width: usize) -> Cow<'_, str> {
    let safe = clean(text);
    let mut left = self::width(&safe);
    if left <= width {
        return safe;
    }
    for (at, cluster) in safe.grapheme_indices(true) {
        if left < width {
            return Cow::Owned([ELLIPSIS, safe.get(at..).unwrap_or_default()].concat());
        }
        left -= cluster_width(cluster);
    }
    cut(ELLIPSIS, width)
}

/// Returns both ends of the text on one line, sanitised, in at most `width` cells; `…` marks a cut. Two thirds of the
/// cells are for the front.
pub fn cut_middle(text: &str, width: usize) -> Cow<'_, str> {
    let safe = clean(text);
    if self::width(&safe) <= width {
        return safe;
    }
    let front = width.saturating_sub(1) * 2 / 3;
    let mut taken = 0;
    let fits = |(_, cluster): &(usize, &str)| {
        taken += cluster_width(cluster);
        taken <= front
    };
    let fitting = safe.grapheme_indices(true).take_while(fits).last();
    let front = safe.get(..fitting.map_or(0, |(at, cluster)| at + cluster.len())).unwrap_or_default();
    let back = cut_front(&safe, width.saturating_sub(self::width(front)));
    Cow::Owned([front, &back].concat())
}

/// Returns the width of a sanitised text in cells.
pub fn width(safe: &str) -> usize {
    if safe.chars().all(is_single_cell) {
        return safe.chars().count();
    }
    safe.graphemes(true).map(cluster_width).sum()
}

/// Wraps the text into sanitised lines of at most `width` cells: at its own line breaks, and where a line is too
/// long; between words if that part is plain ASCII, dropping the space. Lazy: reads only what is consumed.
pub fn wrap(text: &str, width: usize) -> impl Iterator<Item = String> {
    text.split('\n').flat_map(move |line| {
        let mut rest = Some(line.strip_suffix('\r').unwrap_or(line));
        std::iter::from_fn(move || {
            let text = rest.take()?;
            let (piece, left) = split_line(text, width.max(2));
            rest = (!left.is_empty()).then_some(left);
            Some(piece)
        })
    })
}

/// Splits off the first line, and returns it with the rest.
fn split_line(text: &str, width: usize) -> (String, &str) {
    if let Some(plain) = text.as_bytes().get(..text.len().min(width + 1))
        && plain.iter().copied().all(is_plain)
    {
        let (piece, _) = text.split_at_checked(width).unwrap_or((text, ""));
        let (piece, rest) = text.split_at_checked(break_point(text, piece)).unwrap_or((text, ""));
        return (piece.to_owned(), without_space(rest));
    }
    take_words(text, width)
        // A cluster wider than the line is broken between its characters.
        .or_else(|| take_fitting(text, characters(text), width))
        .unwrap_or_default()
}

/// Returns as many words of the text as fit, and the rest; none if not even the first cluster fits.
fn take_words(text: &str, width: usize) -> Option<(String, &str)> {
    let (piece, rest) = take_fitting(text, text.grapheme_indices(true), width)?;
    let taken = text.get(..text.len() - rest.len()).unwrap_or_default();
    let (words, rest) = text.split_at_checked(break_point(text, taken)).unwrap_or((text, rest));
    let piece = if words.len() == taken.len() { piece } else { clean(words).into_owned() };
    Some((piece, without_space(rest)))
}

/// Drops the space at the start of the rest. One with a combining mark must not be dropped.
fn without_space(rest: &str) -> &str {
    let next = rest.strip_prefix(' ').filter(|_| rest.graphemes(true).next() == Some(" "));
    next.unwrap_or(rest)
}

/// Returns where to break a line that has room for `piece`: between words, unless that wastes half of the line.
fn break_point(text: &str, piece: &str) -> usize {
    if piece.len() == text.len() || text.get(piece.len()..).is_some_and(|rest| rest.starts_with(' ')) {
        return piece.len();
    }
    piece.rfind(' ').filter(|at| *at > piece.len() / 2).unwrap_or(piece.len())
}

fn characters(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.char_indices().map(|(at, c)| (at, text.get(at..at + c.len_utf8()).unwrap_or_default()))
}

/// Returns as many parts of the text as fit, and the rest; none if not even the first part fits.
fn take_fitting<'a>(
    text: &'a str,
    parts: impl Iterator<Item = (usize, &'a str)>,
    width: usize,
) -> Option<(String, &'a str)> {
    let mut piece = SafeText::default();
    let mut taken = 0;
    for (at, part) in parts {
        let before = piece.text.len();
        piece.push(part);
        taken += self::width(piece.text.get(before..).unwrap_or_default());
        if taken > width {
            piece.text.truncate(before);
            return (at > 0).then(|| (piece.text, text.get(at..).unwrap_or_default()));
        }
    }
    Some((piece.text, ""))
}

fn cut_clusters(text: &str, width: usize) -> String {
    let head = prefix(text, width.saturating_mul(MAX_CELL_BYTES));
    let safe = SafeText::whole(head);
    let mut taken = 0;
    let mut room_for_ellipsis = 0;
    for (at, cluster) in safe.grapheme_indices(true) {
        if taken < width {
            room_for_ellipsis = at;
        }
        taken += cluster_width(cluster);
        if taken > width {
            return cut_at(safe, room_for_ellipsis, width);
        }
    }
    if head.len() == text.len() {
        return safe;
    }
    let end = if taken < width { safe.len() } else { room_for_ellipsis };
    cut_at(safe, end, width)
}

/// Returns `text` up to `end` with an ellipsis, in at most `width` cells.
fn cut_at(mut text: String, end: usize, width: usize) -> String {
    text.truncate(end);
    while self::width(&text) >= width {
        let Some((at, _)) = text.grapheme_indices(true).next_back() else { break };
        text.truncate(at);
    }
    text.push_str(ELLIPSIS);
    text
}

/// Returns at most `bytes` of the text, cut at a character boundary.
fn prefix(text: &str, bytes: usize) -> &str {
    let end = (0..=bytes.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    text.get(..end).unwrap_or_default()
}

/// Returns the width of a cluster as ratatui counts it: halfwidth sound marks count separately.
fn cluster_width(cluster: &str) -> usize {
    cluster.width() + cluster.chars().filter(|c| matches!(c, '\u{FF9E}' | '\u{FF9F}')).count()
}

/// Builds a sanitised text.
#[derive(Default)]
struct SafeText {
    text: String,
    marks: usize,
}

impl SafeText {
    fn whole(text: &str) -> String {
        let mut safe = Self { text: String::with_capacity(text.len()), marks: MAX_MARKS };
        safe.push(text);
        safe.text
    }

    fn push(&mut self, text: &str) {
        if self.text.is_empty() {
            // There is no letter yet that could carry a mark.
            self.marks = MAX_MARKS;
        }
        for c in text.chars() {
            self.push_char(c);
        }
    }

    fn push_char(&mut self, c: char) {
        let shown = visible(c);
        if shown.width().unwrap_or(0) > 0 || matches!(c, '\u{FF9E}' | '\u{FF9F}') {
            self.marks = 0;
            self.text.push(shown);
            return;
        }
        self.marks += 1;
        if self.marks <= MAX_MARKS {
            self.text.push(shown);
        } else if self.marks == MAX_MARKS + 1 {
            self.text.push(REPLACEMENT);
        }
    }
}

/// Returns whether a character is visible, one cell wide, and a cluster of its own unless a mark or a joiner is beside it.
///
/// Holds for nearly all text on the screen, our own signs and lines included, which is spared the segmentation into
/// clusters.
pub const fn is_single_cell(c: char) -> bool {
    matches!(c,
        ' '..='~' | '\u{A1}'..='\u{AC}' | '\u{AE}'..='\u{2FF}' | '\u{2010}'..='\u{2027}'
        | '\u{2190}'..='\u{21FF}' | '\u{2500}'..='\u{25FC}' | '✓' | '✗')
}

const fn is_plain(byte: u8) -> bool {
    matches!(byte, 0x20..=0x7E)
}

/// Returns the character or its replacement.
fn visible(c: char) -> char {
    match c {
        ' '..='~' => c,
        '\0'..='\u{1F}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or(REPLACEMENT),
        '\u{7F}' => '\u{2421}',
        // Skin tones: some terminals show one beside its emoji instead of in it, which shifts the line or goes beyond its end.
        '\u{1F3FB}'..='\u{1F3FF}' => REPLACEMENT,
        _ if is_invisible(c) => REPLACEMENT,
        _ => c,
    }
}

/// Returns whether a character is a control or invisible: C1, format characters, line and paragraph separators,
/// fillers, variation selectors, tags, and noncharacters.
pub const fn is_invisible(c: char) -> bool {
    matches!(c,
        '\0'..='\u{1F}' | '\u{7F}'..='\u{9F}' | '\u{AD}' | '\u{34F}' | '\u{600}'..='\u{605}' | '\u{61C}'
        | '\u{6DD}' | '\u{70F}' | '\u{890}'..='\u{891}' | '\u{8E2}' | '\u{115F}'..='\u{1160}'
        | '\u{17B4}'..='\u{17B5}' | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}'
        | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FDD0}'..='\u{FDEF}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{110BD}'
        | '\u{110CD}' | '\u{13430}'..='\u{1343F}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{E0FFF}')
        || (c as u32) & 0xFFFE == 0xFFFE
}

#[cfg(test)]
pub(crate) mod corpus;
#[cfg(test)]
mod tests;
