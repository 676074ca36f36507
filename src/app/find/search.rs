//! Fuzzy search of names and guids. Pure.
//!
//! Names are few, and all are scored. Of 100,000 guids a first letter matches nearly all: a quick test for the letters in
//! their order leaves out the others, a longer pattern looks only at what matched before, and at most [`MAX_SCORED`] are
//! scored, those that start with the pattern or contain it first.

use std::ops::Range;

use memchr::memmem::Finder;
use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use unicode_segmentation::UnicodeSegmentation;

use crate::model::TaskGuid;

/// How many guids are scored at most: about two milliseconds of work.
pub(super) const MAX_SCORED: usize = 4_000;

/// A pattern, with the buffers to match it.
pub(super) struct Search {
    pattern: Pattern,
    words: Vec<Word>,
    matcher: Matcher,
    buffer: Vec<char>,
}

/// A word of the pattern, to test guids for.
struct Word {
    /// Its letters in lower case.
    letters: Vec<u8>,
    finder: Finder<'static>,
}

/// How well a guid matches before it is scored, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Closeness {
    Prefix,
    Part,
    Letters,
}

impl Search {
    pub(super) fn new(text: &str) -> Self {
        let pattern = Pattern::new(text, CaseMatching::Smart, Normalization::Smart, AtomKind::Fuzzy);
        let words = text.split_whitespace().map(Word::new).collect();
        Self { pattern, words, matcher: Matcher::new(Config::DEFAULT), buffer: Vec::new() }
    }

    /// Returns how well a text matches; none if it does not.
    pub(super) fn score(&mut self, text: &str) -> Option<u32> {
        self.pattern.score(Utf32Str::new(text, &mut self.buffer), &mut self.matcher)
    }

    /// Returns the bytes of a text that match, character by character.
    pub(super) fn matched(&mut self, text: &str) -> Vec<Range<usize>> {
        let mut indices = Vec::new();
        let haystack = Utf32Str::new(text, &mut self.buffer);
        self.pattern.indices(haystack, &mut self.matcher, &mut indices);
        // The matcher counts graphemes.
        let graphemes = text.grapheme_indices(true).zip(0..);
        let matched = graphemes.filter(|(_, index)| indices.contains(index));
        matched.map(|((start, grapheme), _)| start..start + grapheme.len()).collect()
    }

    /// Returns the items whose guids may match, the closest first.
    pub(super) fn prefilter<'a, T>(&self, items: impl Iterator<Item = (T, &'a TaskGuid)>) -> Vec<T> {
        let (mut prefixes, mut parts, mut letters) = (Vec::new(), Vec::new(), Vec::new());
        for (item, guid) in items {
            match self.closeness(guid.as_str().as_bytes()) {
                Some(Closeness::Prefix) => prefixes.push(item),
                Some(Closeness::Part) => parts.push(item),
                Some(Closeness::Letters) => letters.push(item),
                None => {}
            }
        }
        prefixes.extend(parts);
        prefixes.extend(letters);
        prefixes
    }

    /// Returns how close an ASCII text is to the word that it is least close to; none if it lacks one.
    fn closeness(&self, text: &[u8]) -> Option<Closeness> {
        self.words.iter().try_fold(Closeness::Prefix, |worst, word| Some(word.closeness(text)?.max(worst)))
    }
}

impl Word {
    fn new(word: &str) -> Self {
        let letters = word.to_lowercase().into_bytes();
        Self { finder: Finder::new(&letters).into_owned(), letters }
    }

    /// Returns how close an ASCII text is to the word; none if it lacks its letters in this order. Only the test for a part
    /// minds the case: BBS guids are in lower case.
    fn closeness(&self, text: &[u8]) -> Option<Closeness> {
        let is_prefix =
            text.get(..self.letters.len()).is_some_and(|start| start.eq_ignore_ascii_case(&self.letters));
        if is_prefix {
            return Some(Closeness::Prefix);
        }
        if self.finder.find(text).is_some() {
            return Some(Closeness::Part);
        }
        let mut rest = text.iter();
        let has = |wanted: &u8| rest.any(|byte| byte.to_ascii_lowercase() == *wanted);
        self.letters.iter().all(has).then_some(Closeness::Letters)
    }
}
