//! Where the form is written, and whether the secrets in it are.
//!
//! A text is masked unless somebody wants it shown, so a field that is added later is masked too.

use std::borrow::Cow;

use super::text::text;
use crate::model::secret::{MASK, mask_urls};

/// What becomes of the values of environment variables, passwords, mount configurations, the content of files, and
/// of what lets somebody in within a URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Secrets {
    /// They are written, as `cfdot` does.
    Shown,
    /// A mask is written in their place.
    Masked,
}

/// Bytes that are written, and the rule for the secrets among them.
pub(super) struct Writer {
    out: Vec<u8>,
    secrets: Secrets,
}

impl Writer {
    /// Appends to `out` what `write` writes.
    pub(super) fn on(out: &mut Vec<u8>, secrets: Secrets, write: impl FnOnce(&mut Self)) {
        let mut writer = Self { out: std::mem::take(out), secrets };
        write(&mut writer);
        *out = writer.out;
    }

    /// What is no text: brackets, commas, names of our own.
    pub(super) fn plain(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
    }

    pub(super) fn number(&mut self, of: impl itoa::Integer) {
        self.plain(itoa::Buffer::new().format(of).as_bytes());
    }

    /// A key, which is never masked.
    pub(super) fn key(&mut self, of: &[u8]) {
        text(&mut self.out, of);
    }

    pub(super) fn text(&mut self, of: &[u8]) {
        match self.masked(of) {
            Some(masked) => text(&mut self.out, masked.as_bytes()),
            None => text(&mut self.out, of),
        }
    }

    /// A text that is a secret as a whole; that there is none is no secret.
    pub(super) fn secret(&mut self, of: &[u8]) {
        match self.secrets {
            Secrets::Masked if !of.is_empty() => text(&mut self.out, MASK.as_bytes()),
            Secrets::Masked | Secrets::Shown => text(&mut self.out, of),
        }
    }

    fn masked(&self, of: &[u8]) -> Option<String> {
        let read = || -> Cow<'_, str> { String::from_utf8_lossy(of) };
        (self.secrets == Secrets::Masked).then(read).and_then(|of| mask_urls(&of))
    }
}
