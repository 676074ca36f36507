//! Objects and arrays, written field after field: what Go's field tags say, as calls.

use bytes::Bytes;

use super::writer::Writer;

/// An object that is being written.
pub(super) struct Object<'a> {
    out: &'a mut Writer,
    begun: bool,
}

/// Writes an object, whose fields `fill` gives.
pub(super) fn object(out: &mut Writer, fill: impl FnOnce(&mut Object<'_>)) {
    out.plain(b"{");
    fill(&mut Object { out, begun: false });
    out.plain(b"}");
}

/// Writes an array, each element by `write`.
pub(super) fn array<T>(out: &mut Writer, of: &[T], write: impl Fn(&mut Writer, &T)) {
    out.plain(b"[");
    for (at, element) in of.iter().enumerate() {
        if at > 0 {
            out.plain(b",");
        }
        write(out, element);
    }
    out.plain(b"]");
}

impl Object<'_> {
    /// Writes the key; whoever calls it writes the value.
    pub(super) fn key(&mut self, key: &str) -> &mut Writer {
        // Our own keys have nothing to escape.
        self.comma();
        self.out.plain(b"\"");
        self.out.plain(key.as_bytes());
        self.out.plain(b"\":");
        self.out
    }

    /// As [`Self::key`], for a key that comes from a tenant.
    pub(super) fn key_bytes(&mut self, key: &[u8]) -> &mut Writer {
        self.comma();
        self.out.key(key);
        self.out.plain(b":");
        self.out
    }

    fn comma(&mut self) {
        if self.begun {
            self.out.plain(b",");
        }
        self.begun = true;
    }

    pub(super) fn text(&mut self, key: &str, of: &[u8]) {
        self.key(key).text(of);
    }

    /// A text that is a secret as a whole.
    pub(super) fn secret(&mut self, key: &str, of: &[u8]) {
        self.key(key).secret(of);
    }

    pub(super) fn number(&mut self, key: &str, of: impl itoa::Integer) {
        self.key(key).number(of);
    }

    pub(super) fn flag(&mut self, key: &str, of: bool) {
        self.key(key).plain(if of { b"true" } else { b"false" });
    }

    pub(super) fn null(&mut self, key: &str) {
        self.key(key).plain(b"null");
    }

    pub(super) fn object(&mut self, key: &str, fill: impl FnOnce(&mut Object<'_>)) {
        object(self.key(key), fill);
    }

    /// `omitempty`.
    pub(super) fn text_if_any(&mut self, key: &str, of: &[u8]) {
        if !of.is_empty() {
            self.text(key, of);
        }
    }

    /// `omitempty`.
    pub(super) fn each_if_any<T>(&mut self, key: &str, of: &[T], write: impl Fn(&mut Writer, &T)) {
        if !of.is_empty() {
            array(self.key(key), of, write);
        }
    }

    /// `omitempty`.
    pub(super) fn texts_if_any(&mut self, key: &str, of: &[Bytes]) {
        self.each_if_any(key, of, |out, one| out.text(one));
    }

    /// A list that is always there; an empty one came as none, which Go prints as `null`.
    pub(super) fn each_or_null<T>(&mut self, key: &str, of: &[T], write: impl Fn(&mut Writer, &T)) {
        if of.is_empty() {
            self.null(key);
        } else {
            array(self.key(key), of, write);
        }
    }

    /// A map's entries, sorted by their keys; of two with the same key the later one counts.
    pub(super) fn entries<T>(
        &mut self,
        of: &[T],
        key: impl Fn(&T) -> &Bytes,
        write: impl Fn(&mut Writer, &T),
    ) {
        let mut sorted: Vec<&T> = of.iter().collect();
        // Backwards and stable, so that the last of each key is the first that is kept.
        sorted.reverse();
        sorted.sort_by(|one, other| key(one).cmp(key(other)));
        sorted.dedup_by(|later, kept| key(later) == key(kept));
        for entry in sorted {
            write(self.key_bytes(key(entry)), entry);
        }
    }
}
