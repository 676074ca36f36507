//! Objects and arrays, written field after field: what Go's field tags say, as calls.

use bytes::Bytes;

use super::text::text;

/// An object that is being written.
pub(super) struct Object<'a> {
    out: &'a mut Vec<u8>,
    begun: bool,
}

/// Writes an object, whose fields `fill` gives.
pub(super) fn object(out: &mut Vec<u8>, fill: impl FnOnce(&mut Object<'_>)) {
    out.push(b'{');
    fill(&mut Object { out, begun: false });
    out.push(b'}');
}

/// Writes an array, each element by `write`.
pub(super) fn array<T>(out: &mut Vec<u8>, of: &[T], write: impl Fn(&mut Vec<u8>, &T)) {
    out.push(b'[');
    for (at, element) in of.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        write(out, element);
    }
    out.push(b']');
}

impl Object<'_> {
    /// Writes the key; whoever calls it writes the value.
    pub(super) fn key(&mut self, key: &str) -> &mut Vec<u8> {
        // Our own keys have nothing to escape.
        self.comma();
        self.out.push(b'"');
        self.out.extend_from_slice(key.as_bytes());
        self.out.extend_from_slice(b"\":");
        self.out
    }

    /// As [`Self::key`], for a key that comes from a tenant.
    pub(super) fn key_bytes(&mut self, key: &[u8]) -> &mut Vec<u8> {
        self.comma();
        text(self.out, key);
        self.out.push(b':');
        self.out
    }

    fn comma(&mut self) {
        if self.begun {
            self.out.push(b',');
        }
        self.begun = true;
    }

    pub(super) fn text(&mut self, key: &str, of: &[u8]) {
        text(self.key(key), of);
    }

    pub(super) fn number(&mut self, key: &str, of: impl itoa::Integer) {
        let mut digits = itoa::Buffer::new();
        self.key(key).extend_from_slice(digits.format(of).as_bytes());
    }

    pub(super) fn flag(&mut self, key: &str, of: bool) {
        self.key(key).extend_from_slice(if of { b"true" } else { b"false" });
    }

    pub(super) fn null(&mut self, key: &str) {
        self.key(key).extend_from_slice(b"null");
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
    pub(super) fn each_if_any<T>(&mut self, key: &str, of: &[T], write: impl Fn(&mut Vec<u8>, &T)) {
        if !of.is_empty() {
            array(self.key(key), of, write);
        }
    }

    /// `omitempty`.
    pub(super) fn texts_if_any(&mut self, key: &str, of: &[Bytes]) {
        self.each_if_any(key, of, |out, one| text(out, one));
    }

    /// A list that is always there; an empty one came as none, which Go prints as `null`.
    pub(super) fn each_or_null<T>(&mut self, key: &str, of: &[T], write: impl Fn(&mut Vec<u8>, &T)) {
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
        write: impl Fn(&mut Vec<u8>, &T),
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
