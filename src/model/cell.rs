//! Presence of a cell: its address, capacity and tags.

use super::CellId;

/// A cell as it registers itself with the BBS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Id of the cell.
    pub id: CellId,
    /// Address of its rep without mutual TLS (deprecated).
    pub rep_address: String,
    /// URL of its rep with mutual TLS.
    pub rep_url: String,
    /// Availability zone.
    pub zone: String,
    /// Total capacity.
    pub capacity: Capacity,
    /// Root file systems that it supports.
    pub rootfs_providers: Vec<RootfsProvider>,
    /// Tags that a task must have to be placed on this cell.
    pub placement_tags: Vec<String>,
    /// Tags that a task may have.
    pub optional_placement_tags: Vec<String>,
    /// Annotations, sorted by key; since release 2026-06.
    pub annotations: Vec<(String, String)>,
}

/// Total capacity of a cell, used or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Capacity {
    /// Memory in MiB.
    pub memory_mb: i32,
    /// Disk in MiB.
    pub disk_mb: i32,
    /// Number of containers.
    pub containers: i32,
}

/// A root file system provider of a cell, such as `preloaded` with `cflinuxfs4`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RootfsProvider {
    /// URL scheme of the root file systems.
    pub name: String,
    /// Names of the available root file systems.
    pub properties: Vec<String>,
}
