//! Decoded task definitions, for the detail pane and for creating tasks. All texts are untrusted.
//!
//! Secrets (environment values, the image password, mount configurations, file contents) are in clear text here; `present`
//! masks them. Types that contain secrets must not derive `Debug`.

use std::borrow::Cow;

use super::{Action, RawDefinition};

/// A task definition with all fields of the API.
#[derive(Clone, PartialEq, Default)]
pub struct TaskDefinition {
    /// Root file system: a URL such as `preloaded:cflinuxfs4`.
    pub root_fs: String,
    /// Environment variables of the container.
    pub environment_variables: Vec<EnvironmentVariable>,
    /// Action to run; the server rejects a new task without one.
    pub action: Option<Action>,
    /// Disk limit in MiB.
    pub disk_mb: i32,
    /// Memory limit in MiB.
    pub memory_mb: i32,
    /// Relative CPU share, 1 to 100.
    pub cpu_weight: u32,
    /// Whether the container is privileged.
    pub privileged: bool,
    /// Source name of its log lines.
    pub log_source: String,
    /// Guid that its logs are filed under.
    pub log_guid: String,
    /// Guid that its metrics are filed under.
    pub metrics_guid: String,
    /// Path of the file whose content becomes the result.
    pub result_file: String,
    /// URL to notify when the task ends; the BBS then resolves and deletes the task itself.
    pub completion_callback_url: String,
    /// Annotation of the client, at most 10,240 bytes.
    pub annotation: String,
    /// Allowed outbound traffic.
    pub egress_rules: Vec<EgressRule>,
    /// Downloads that are cached on the cell and shared between containers.
    pub cached_dependencies: Vec<CachedDependency>,
    /// User that owns the files of image layers.
    pub legacy_download_user: String,
    /// Path of the platform's certificates.
    pub trusted_system_certificates_path: String,
    /// Mounted volumes.
    pub volume_mounts: Vec<VolumeMount>,
    /// Properties of the container's network, in the order received.
    pub network: Option<Vec<(String, String)>>,
    /// Tags that a cell must have.
    pub placement_tags: Vec<String>,
    /// Maximum number of processes; 0 means no limit.
    pub max_pids: i32,
    /// Organizational units of the instance identity certificate.
    pub certificate_properties: Option<Vec<String>>,
    /// User name for the image registry.
    pub image_username: String,
    /// Password for the image registry; a secret.
    pub image_password: String,
    /// Layers of the container image.
    pub image_layers: Vec<ImageLayer>,
    /// Log rate limit in bytes per second; -1 means no limit, `None` means not set.
    pub log_rate_limit: Option<i64>,
    /// Metric tags in the order received.
    pub metric_tags: Vec<(String, MetricTag)>,
    /// Files mounted into the container; contents are secrets.
    pub volume_mounted_files: Vec<File>,
}

/// The fields of a definition that columns show, read without decoding the rest. Untrusted; the URL may hold credentials.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DefinitionSummary<'a> {
    /// Memory limit in MiB.
    pub memory_mb: i32,
    /// Disk limit in MiB.
    pub disk_mb: i32,
    /// Guid that the task's logs are filed under.
    pub log_guid: Cow<'a, str>,
    /// URL to notify when the task ends.
    pub callback_url: Cow<'a, str>,
    /// Annotation of the client.
    pub annotation: Cow<'a, str>,
}

/// Reads the summary of an encoded definition. The encoding is known to `bbs` alone, so whoever shows summaries is given
/// this function.
pub type ReadSummary = for<'a> fn(&'a RawDefinition) -> DefinitionSummary<'a>;

/// An environment variable; its value is a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct EnvironmentVariable {
    /// Always shown.
    pub name: String,
    /// Masked until revealed.
    pub value: String,
}

/// A file in the container; its content is a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct File {
    /// Always shown.
    pub path: String,
    /// Masked until revealed.
    pub content: String,
}

/// A rule for outbound traffic.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EgressRule {
    /// `tcp`, `udp`, `icmp` or `all`.
    pub protocol: String,
    /// Addresses, ranges or CIDR blocks.
    pub destinations: Vec<String>,
    /// Single ports.
    pub ports: Vec<u32>,
    /// Port range, instead of single ports.
    pub port_range: Option<PortRange>,
    /// ICMP type and code, for `icmp`.
    pub icmp_info: Option<IcmpInfo>,
    /// Whether connections are logged.
    pub log: bool,
    /// Annotations of the client.
    pub annotations: Vec<String>,
}

/// An inclusive range of ports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PortRange {
    /// First port.
    pub start: u32,
    /// Last port.
    pub end: u32,
}

/// An ICMP type and code; -1 means any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IcmpInfo {
    /// ICMP type.
    pub kind: i32,
    /// ICMP code.
    pub code: i32,
}

/// A download into the container that the cell caches; runs before the action.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CachedDependency {
    /// Name for logs.
    pub name: String,
    /// URL; may contain credentials.
    pub from: String,
    /// Path in the container.
    pub to: String,
    /// Key in the cell's cache.
    pub cache_key: String,
    /// Source name of its log lines.
    pub log_source: String,
    /// Checksum algorithm.
    pub checksum_algorithm: String,
    /// Expected checksum.
    pub checksum_value: String,
}

/// A volume mounted into the container.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct VolumeMount {
    /// Volume driver.
    pub driver: String,
    /// Path in the container.
    pub container_dir: String,
    /// `r` or `rw`.
    pub mode: String,
    /// Device shared by several containers.
    pub shared: Option<Device>,
    /// Device of this container only.
    pub dedicated: Option<Device>,
}

/// Device of a volume; its configurations are secrets.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Device {
    /// Volume id if shared, mounter id if dedicated.
    pub id: String,
    /// Mount configuration: JSON, often with credentials.
    pub mount_config: String,
    /// Device configuration; dedicated devices only.
    pub device_config: String,
}

/// A layer of the container image.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImageLayer {
    /// Name for logs.
    pub name: String,
    /// URL; may contain credentials.
    pub url: String,
    /// Path in the container.
    pub destination_path: String,
    /// `SHARED` or `EXCLUSIVE`, or the number of an unknown type.
    pub layer_type: String,
    /// `TGZ`, `TAR` or `ZIP`, or the number of an unknown type.
    pub media_type: String,
    /// `SHA256` or `SHA512`, empty when unset, or the number of an unknown type.
    pub digest_algorithm: String,
    /// Expected digest.
    pub digest_value: String,
}

/// Value of a metric tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MetricTag {
    /// A fixed value.
    Static(String),
    /// `INDEX` or `INSTANCE_GUID`, filled in by the cell, or the number of an unknown type.
    Dynamic(String),
}
