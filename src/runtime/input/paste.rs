//! A bracketed paste: all bytes up to `ESC [ 201 ~`, whatever they are.

const END: &[u8] = b"\x1b[201~";
/// What of a paste is kept, in bytes: it goes into one line. The rest is still no key.
const KEPT: usize = 64 * 1024;

/// What of a paste has come.
#[derive(Debug, Default)]
pub(super) struct Paste {
    kept: Vec<u8>,
    /// How much of the end has come.
    ending: usize,
}

impl Paste {
    /// Takes a byte; whether it is the last one of the end.
    pub(super) fn is_ended_by(&mut self, byte: u8) -> bool {
        if END.get(self.ending) == Some(&byte) {
            self.ending += 1;
            return self.ending == END.len();
        }
        // What looked like the end is text. The end begins with a byte that it has but once.
        let text = END.get(..self.ending).unwrap_or_default();
        self.ending = usize::from(END.first() == Some(&byte));
        let text = text.iter().copied().chain((self.ending == 0).then_some(byte));
        let room = KEPT.saturating_sub(self.kept.len());
        self.kept.extend(text.take(room));
        false
    }

    /// The text.
    pub(super) fn into_text(self) -> String {
        String::from_utf8_lossy(&self.kept).into_owned()
    }
}
