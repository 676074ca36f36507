//! What a task was asked to do, decoded: for the detail pane and for desire. Texts are the tenant's.
//!
//! Secrets (environment values, the image password, mount configurations, file contents) are plain here and
//! masked by `present`; `Debug` is therefore not derived for the types that hold them.

use super::Action;

/// A task's definition, every field of it, by the names of the API.
#[derive(Clone, PartialEq, Default)]
pub struct TaskDefinition {
    /// The root file system, a URL like `preloaded:cflinuxfs4`.
    pub root_fs: String,
    /// The environment of the container.
    pub environment_variables: Vec<EnvironmentVariable>,
    /// What it does; none is refused by desire.
    pub action: Option<Action>,
    /// MiB.
    pub disk_mb: i32,
    /// MiB.
    pub memory_mb: i32,
    /// Share of a cell's CPU, 1 to 100.
    pub cpu_weight: u32,
    /// Whether the container is privileged.
    pub privileged: bool,
    /// The name in front of its log lines.
    pub log_source: String,
    /// Whose logs they are.
    pub log_guid: String,
    /// Whose metrics they are.
    pub metrics_guid: String,
    /// The file whose content becomes the task's result.
    pub result_file: String,
    /// Who is told of the end: the BBS itself then resolves and deletes the task.
    pub completion_callback_url: String,
    /// The client's own note, at most 10,240 bytes.
    pub annotation: String,
    /// What it may reach.
    pub egress_rules: Vec<EgressRule>,
    /// Brought in and shared between containers.
    pub cached_dependencies: Vec<CachedDependency>,
    /// Who owns what image layers bring.
    pub legacy_download_user: String,
    /// Where the platform's certificates are.
    pub trusted_system_certificates_path: String,
    /// Volumes.
    pub volume_mounts: Vec<VolumeMount>,
    /// Properties of the container's network, in the order received.
    pub network: Option<Vec<(String, String)>>,
    /// Where it may be placed.
    pub placement_tags: Vec<String>,
    /// Processes; 0 means no limit.
    pub max_pids: i32,
    /// Organizational units of the instance certificate.
    pub certificate_properties: Option<Vec<String>>,
    /// Of the image's registry.
    pub image_username: String,
    /// Of the image's registry; a secret.
    pub image_password: String,
    /// Layers of the container's image.
    pub image_layers: Vec<ImageLayer>,
    /// Bytes of log a second; -1 means no limit, none that it was not said.
    pub log_rate_limit: Option<i64>,
    /// Tags of its metrics, in the order received.
    pub metric_tags: Vec<(String, MetricTag)>,
    /// Files mounted into the container; their contents are secrets.
    pub volume_mounted_files: Vec<File>,
}

/// A variable of an environment; its value is a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct EnvironmentVariable {
    /// Shown always.
    pub name: String,
    /// Masked until revealed.
    pub value: String,
}

/// A file of a container; its content is a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct File {
    /// Shown always.
    pub path: String,
    /// Masked until revealed.
    pub content: String,
}

/// What a container may reach.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EgressRule {
    /// `tcp`, `udp`, `icmp` or `all`.
    pub protocol: String,
    /// Addresses, ranges or networks.
    pub destinations: Vec<String>,
    /// Single ports.
    pub ports: Vec<u32>,
    /// A range of ports instead.
    pub port_range: Option<PortRange>,
    /// For `icmp`.
    pub icmp_info: Option<IcmpInfo>,
    /// Whether connections are logged.
    pub log: bool,
    /// The client's notes.
    pub annotations: Vec<String>,
}

/// Ports from `start` to `end`, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PortRange {
    /// The first.
    pub start: u32,
    /// The last.
    pub end: u32,
}

/// An ICMP type and code; -1 means any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IcmpInfo {
    /// The type.
    pub kind: i32,
    /// The code.
    pub code: i32,
}

/// Something downloaded into the container before the action runs, and cached on the cell.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CachedDependency {
    /// What it is.
    pub name: String,
    /// A URL, which may hold credentials.
    pub from: String,
    /// A path.
    pub to: String,
    /// What it is cached under.
    pub cache_key: String,
    /// The name in front of its log lines.
    pub log_source: String,
    /// How it is checked.
    pub checksum_algorithm: String,
    /// What the check must give.
    pub checksum_value: String,
}

/// A volume of a container.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct VolumeMount {
    /// The volume driver.
    pub driver: String,
    /// Where it appears.
    pub container_dir: String,
    /// `r` or `rw`.
    pub mode: String,
    /// A device that many containers share.
    pub shared: Option<Device>,
    /// A device of one container.
    pub dedicated: Option<Device>,
}

/// A device of a volume; its configurations are secrets.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Device {
    /// The volume's id if shared, the mounter's id if dedicated.
    pub id: String,
    /// How to mount it: JSON, often with credentials.
    pub mount_config: String,
    /// How to reach it; of dedicated devices only.
    pub device_config: String,
}

/// A layer of a container's image.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImageLayer {
    /// What it is.
    pub name: String,
    /// Where it comes from; may hold credentials.
    pub url: String,
    /// Where it appears.
    pub destination_path: String,
    /// `SHARED` or `EXCLUSIVE`, or a number of a newer release.
    pub layer_type: String,
    /// `TGZ`, `TAR` or `ZIP`, or a number of a newer release.
    pub media_type: String,
    /// `SHA256` or `SHA512`, empty when unset, or a number of a newer release.
    pub digest_algorithm: String,
    /// What the digest must give.
    pub digest_value: String,
}

/// The value of a metric's tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MetricTag {
    /// A fixed text.
    Static(String),
    /// `INDEX` or `INSTANCE_GUID`, filled in where the task runs, or a number of a newer release.
    Dynamic(String),
}
