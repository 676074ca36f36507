//! Text from elsewhere, made safe for a terminal and cut to a width.
//!
//! Tenants choose much of what a BBS holds. Nothing of it may move the cursor, reorder a line or hide itself:
//! every control and every invisible character becomes a visible mark. Whatever is drawn or printed for a person
//! passes through here; what is meant for a program (JSON) does not, though on a terminal it escapes what is unseen.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// What stands for a character that is not shown as it is.
const MARK: char = '\u{FFFD}';
/// What stands for the rest of a text.
const ELLIPSIS: &str = "…";
/// Marks that a letter may carry. Real scripts stay below; what stacks more only smears over its neighbours.
const MARKS_ON_A_LETTER: usize = 6;
/// Bytes that a cell of the screen can take, at the most: a letter and its marks.
const BYTES_OF_A_CELL: usize = 4 * (MARKS_ON_A_LETTER + 1);

/// The whole text on one line, safe to print.
pub fn clean(text: &str) -> Cow<'_, str> {
    if text.bytes().all(is_plain) { Cow::Borrowed(text) } else { Cow::Owned(Safe::whole(text)) }
}

/// The text on one line, safe to print, in at most `width` cells; `…` says that there is more.
///
/// Looks at no more of the text than the width can need.
pub fn cut(text: &str, width: usize) -> Cow<'_, str> {
    if width == 0 {
        return Cow::Borrowed("");
    }
    let fits_as_it_is = text.len() <= width;
    match text.as_bytes().get(..text.len().min(width + 1)) {
        Some(head) if head.iter().copied().all(is_plain) => {
            if fits_as_it_is {
                return Cow::Borrowed(text);
            }
            let kept = text.get(..width - 1).unwrap_or_default();
            Cow::Owned([kept, ELLIPSIS].concat())
        }
        _ => Cow::Owned(cut_clusters(text, width)),
    }
}

/// The end of a text on one line, safe to print, in at most `width` cells; `…` says that there is more before it.
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

/// How many cells the text takes, once it is safe.
pub fn width(safe: &str) -> usize {
    if safe.is_ascii() { safe.len() } else { safe.graphemes(true).map(cluster_width).sum() }
}

/// The text in lines of at most `width` cells, each safe to print: broken where it breaks lines itself, and
/// where it is too long: between words if they are plain, and then without the space. Lazy: what nobody asks for is not looked at.
pub fn wrap(text: &str, width: usize) -> impl Iterator<Item = String> {
    text.split('\n').flat_map(move |line| {
        let mut rest = Some(line.strip_suffix('\r').unwrap_or(line));
        std::iter::from_fn(move || {
            let text = rest.take()?;
            let (piece, left) = first_piece(text, width.max(2));
            rest = (!left.is_empty()).then_some(left);
            Some(piece)
        })
    })
}

/// The first cells of a text, and what is left of it.
fn first_piece(text: &str, width: usize) -> (String, &str) {
    if let Some(plain) = text.as_bytes().get(..text.len().min(width + 1))
        && plain.iter().copied().all(is_plain)
    {
        let (piece, _) = text.split_at_checked(width).unwrap_or((text, ""));
        let (piece, rest) = text.split_at_checked(break_of(text, piece)).unwrap_or((text, ""));
        // A space that carries a mark is no mere gap.
        let next = rest.strip_prefix(' ').filter(|next| next.bytes().next().is_none_or(is_plain));
        return (piece.to_owned(), next.unwrap_or(rest));
    }
    take_parts(text, text.grapheme_indices(true), width)
        // A cluster that is wider than the line is broken between its characters.
        .or_else(|| take_parts(text, characters(text), width))
        .unwrap_or_default()
}

/// Where a line ends that has room for `piece` of the text: between words, unless that wastes half of the room.
fn break_of(text: &str, piece: &str) -> usize {
    if piece.len() == text.len() || text.get(piece.len()..).is_some_and(|rest| rest.starts_with(' ')) {
        return piece.len();
    }
    piece.rfind(' ').filter(|at| *at > piece.len() / 2).unwrap_or(piece.len())
}

fn characters(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.char_indices().map(|(at, c)| (at, text.get(at..at + c.len_utf8()).unwrap_or_default()))
}

/// As many of the parts of a text as fit, and what is left of it; none if not even the first one fits.
fn take_parts<'a>(
    text: &'a str,
    parts: impl Iterator<Item = (usize, &'a str)>,
    width: usize,
) -> Option<(String, &'a str)> {
    let mut piece = Safe::default();
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
    let head = prefix(text, width.saturating_mul(BYTES_OF_A_CELL));
    let safe = Safe::whole(head);
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

/// `text` up to `end` and an ellipsis, which together never take more than `width`.
fn cut_at(mut text: String, end: usize, width: usize) -> String {
    text.truncate(end);
    while self::width(&text) >= width {
        let Some((at, _)) = text.grapheme_indices(true).next_back() else { break };
        text.truncate(at);
    }
    text.push_str(ELLIPSIS);
    text
}

/// At most `bytes` of the text, ended between two characters.
fn prefix(text: &str, bytes: usize) -> &str {
    let end = (0..=bytes.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    text.get(..end).unwrap_or_default()
}

/// The cells that a cluster takes, as the terminal library counts them: halfwidth sound marks stand alone.
fn cluster_width(cluster: &str) -> usize {
    cluster.width() + cluster.chars().filter(|c| matches!(c, '\u{FF9E}' | '\u{FF9F}')).count()
}

/// Builds a safe text.
#[derive(Default)]
struct Safe {
    text: String,
    marks: usize,
}

impl Safe {
    fn whole(text: &str) -> String {
        let mut safe = Self { text: String::with_capacity(text.len()), marks: MARKS_ON_A_LETTER };
        safe.push(text);
        safe.text
    }

    fn push(&mut self, text: &str) {
        if self.text.is_empty() {
            // Nothing is there to carry a mark.
            self.marks = MARKS_ON_A_LETTER;
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
        if self.marks <= MARKS_ON_A_LETTER {
            self.text.push(shown);
        } else if self.marks == MARKS_ON_A_LETTER + 1 {
            self.text.push(MARK);
        }
    }
}

const fn is_plain(byte: u8) -> bool {
    matches!(byte, 0x20..=0x7E)
}

/// The character, or what stands for it.
fn visible(c: char) -> char {
    match c {
        ' '..='~' => c,
        '\0'..='\u{1F}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or(MARK),
        '\u{7F}' => '\u{2421}',
        _ if is_unseen(c) => MARK,
        _ => c,
    }
}

/// Whether a character is a control or shows nothing of itself: C1, format characters, line and paragraph
/// separators, fillers, variation selectors, tags, and what is no character at all.
pub const fn is_unseen(c: char) -> bool {
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
mod tests;
