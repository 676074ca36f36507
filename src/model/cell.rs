//! A cell's presence: that it is there, where, and how much it holds.

use super::CellId;

/// A cell as it registers itself with the BBS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Its identity.
    pub id: CellId,
    /// The old address of its rep.
    pub rep_address: String,
    /// The address of its rep with mutual TLS.
    pub rep_url: String,
    /// The availability zone.
    pub zone: String,
    /// What it can hold.
    pub capacity: Capacity,
    /// Which root file systems it offers.
    pub rootfs_providers: Vec<RootfsProvider>,
    /// Tags that a task must ask for to be placed here.
    pub placement_tags: Vec<String>,
    /// Tags that a task may ask for.
    pub optional_placement_tags: Vec<String>,
    /// Free notes, sorted by key; servers of 2026-06 on.
    pub annotations: Vec<(String, String)>,
}

/// What a cell can hold in all, used or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Capacity {
    /// MiB of memory.
    pub memory_mb: i32,
    /// MiB of disk.
    pub disk_mb: i32,
    /// Containers.
    pub containers: i32,
}

/// A kind of root file system that a cell offers, like `preloaded` with `cflinuxfs4`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RootfsProvider {
    /// The scheme of the root file system that it serves.
    pub name: String,
    /// The names that it has at hand.
    pub properties: Vec<String>,
}
