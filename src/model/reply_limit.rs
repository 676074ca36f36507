//! The most bytes of a reply that are read.

use std::fmt;

const MIB: u64 = 1 << 20;

/// The most bytes of a reply that are read. A longer one is given up, so that no server can exhaust this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReplyLimit(u64);

/// 1 GiB: a list of 100,000 tasks has some 140 MB.
impl Default for ReplyLimit {
    fn default() -> Self {
        Self::mebibytes(1024)
    }
}

impl ReplyLimit {
    /// Returns a limit of so many bytes.
    pub const fn bytes(bytes: u64) -> Self {
        Self(bytes)
    }

    /// Returns a limit of so many mebibytes.
    pub const fn mebibytes(mebibytes: u32) -> Self {
        Self(mebibytes as u64 * MIB)
    }

    /// Returns the bytes.
    pub const fn get(self) -> u64 {
        self.0
    }

    /// Returns whether a reply of so many bytes is longer than the limit.
    pub const fn is_exceeded_by(self, bytes: u64) -> bool {
        bytes > self.0
    }
}

impl fmt::Display for ReplyLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            bytes if bytes % MIB == 0 => write!(f, "{} MiB", bytes / MIB),
            bytes => write!(f, "{bytes} bytes"),
        }
    }
}
