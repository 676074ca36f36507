//! Field tables of all messages, in output order.
//!
//! A field that is a secret must be a `Secret`; in a `Text` only the credentials of URLs are masked. Source: "The JSON form"
//! of the API, and Go's field tags as observed in the output of `cfdot`.

use super::field::Kind::{
    Bool, Enum, Inline, KnownEnum, Map, Number, Object, Objects, Secret, Text, Texts, Uint32s,
};
use super::field::Number::{Int32, Int64, Uint32, Uint64};
use super::field::{Message, fields};

/// `Task.State`, by number.
const STATES: &[&str] = &["Invalid", "Pending", "Running", "Completed", "Resolving"];
/// `ImageLayer.Type`, by number.
pub(super) const LAYER_TYPES: &[&str] = &["LayerTypeInvalid", "SHARED", "EXCLUSIVE"];
/// `ImageLayer.MediaType`, by number.
pub(super) const MEDIA_TYPES: &[&str] = &["MediaTypeInvalid", "TGZ", "TAR", "ZIP"];
/// `ImageLayer.DigestAlgorithm`, by number.
pub(super) const DIGEST_ALGORITHMS: &[&str] = &["DigestAlgorithmInvalid", "SHA256", "SHA512"];
/// `MetricTagValue.DynamicValue`, by number.
pub(super) const DYNAMIC_VALUES: &[&str] = &["DynamicValueInvalid", "INDEX", "INSTANCE_GUID"];

/// Data of `task_created` and `task_removed`.
pub(super) static TASK_EVENT: Message = Message::new(fields![IfPresent 1 "task" Object(&TASK);]);

/// Data of `task_changed`.
pub(super) static CHANGED_EVENT: Message = Message::new(fields![
    IfPresent 1 "before" Object(&TASK);
    IfPresent 2 "after" Object(&TASK);
]);

pub(super) static TASK: Message = Message::new(fields![
    IfPresent 1 "task_definition" Inline(&DEFINITION);
    Always 2 "task_guid" Text;
    Always 3 "domain" Text;
    Always 4 "created_at" Number(Int64);
    Always 5 "updated_at" Number(Int64);
    Always 6 "first_completed_at" Number(Int64);
    Always 7 "state" Enum(STATES);
    Always 8 "cell_id" Text;
    Always 9 "result" Text;
    Always 10 "failed" Bool;
    Always 11 "failure_reason" Text;
    Always 12 "rejection_count" Number(Int32);
    Always 13 "rejection_reason" Text;
]);

pub(super) static DEFINITION: Message = Message::new(fields![
    Always 1 "rootfs" Text;
    OmitEmpty 2 "env" Objects(&VARIABLE);
    IfPresent 3 "action" Object(&ACTION);
    Always 4 "disk_mb" Number(Int32);
    Always 5 "memory_mb" Number(Int32);
    Always 6 "cpu_weight" Number(Uint32);
    Always 7 "privileged" Bool;
    Always 8 "log_source" Text;
    Always 9 "log_guid" Text;
    Always 10 "metrics_guid" Text;
    Always 11 "result_file" Text;
    OmitEmpty 12 "completion_callback_url" Text;
    OmitEmpty 13 "annotation" Text;
    OmitEmpty 14 "egress_rules" Objects(&EGRESS_RULE);
    OmitEmpty 15 "cached_dependencies" Objects(&CACHED_DEPENDENCY);
    OmitEmpty 16 "legacy_download_user" Text;
    OmitEmpty 17 "trusted_system_certificates_path" Text;
    OmitEmpty 18 "volume_mounts" Objects(&VOLUME_MOUNT);
    IfPresent 19 "network" Object(&NETWORK);
    OmitEmpty 20 "placement_tags" Texts;
    Always 21 "max_pids" Number(Int32);
    IfPresent 22 "certificate_properties" Object(&CERTIFICATE_PROPERTIES);
    Always 23 "image_username" Text;
    Always 24 "image_password" Secret;
    OmitEmpty 25 "image_layers" Objects(&IMAGE_LAYER);
    IfPresent 26 "log_rate_limit" Object(&LOG_RATE_LIMIT);
    OmitEmpty 27 "metric_tags" Map(&METRIC_TAGS);
    OrNull 28 "volume_mounted_files" Objects(&FILE);
]);

static VARIABLE: Message = Message::new(fields![
    Always 1 "name" Text;
    Always 2 "value" Secret;
]);

static FILE: Message = Message::new(fields![
    Always 1 "path" Text;
    Always 2 "content" Secret;
]);

static EGRESS_RULE: Message = Message::new(fields![
    OmitEmpty 1 "protocol" Text;
    OmitEmpty 2 "destinations" Texts;
    OmitEmpty 3 "ports" Uint32s;
    IfPresent 4 "port_range" Object(&PORT_RANGE);
    IfPresent 5 "icmp_info" Object(&ICMP_INFO);
    Always 6 "log" Bool;
    OmitEmpty 7 "annotations" Texts;
]);

static PORT_RANGE: Message = Message::new(fields![
    Always 1 "start" Number(Uint32);
    Always 2 "end" Number(Uint32);
]);

static ICMP_INFO: Message = Message::new(fields![
    Always 1 "type" Number(Int32);
    Always 2 "code" Number(Int32);
]);

static CACHED_DEPENDENCY: Message = Message::new(fields![
    Always 1 "name" Text;
    Always 2 "from" Text;
    Always 3 "to" Text;
    Always 4 "cache_key" Text;
    Always 5 "log_source" Text;
    OmitEmpty 6 "checksum_algorithm" Text;
    OmitEmpty 7 "checksum_value" Text;
]);

static VOLUME_MOUNT: Message = Message::new(fields![
    Always 1 "driver" Text;
    Always 3 "container_dir" Text;
    Always 6 "mode" Text;
    OrNull 7 "shared" Object(&SHARED_DEVICE);
    OrNull 8 "dedicated" Object(&DEDICATED_DEVICE);
]);

static SHARED_DEVICE: Message = Message::new(fields![
    Always 1 "volume_id" Text;
    Always 2 "mount_config" Secret;
]);

static DEDICATED_DEVICE: Message = Message::new(fields![
    Always 1 "mounter_id" Text;
    Always 2 "mount_config" Secret;
    Always 3 "device_config" Secret;
]);

static NETWORK: Message = Message::new(fields![OmitEmpty 1 "properties" Map(&TEXTS);]);

static CERTIFICATE_PROPERTIES: Message = Message::new(fields![OmitEmpty 1 "organizational_unit" Texts;]);

static IMAGE_LAYER: Message = Message::new(fields![
    OmitEmpty 1 "name" Text;
    Always 2 "url" Text;
    Always 3 "destination_path" Text;
    Always 4 "layer_type" Enum(LAYER_TYPES);
    Always 5 "media_type" Enum(MEDIA_TYPES);
    OmitEmpty 6 "digest_algorithm" Enum(DIGEST_ALGORITHMS);
    OmitEmpty 7 "digest_value" Text;
]);

static LOG_RATE_LIMIT: Message = Message::new(fields![OmitEmpty 1 "bytes_per_second" Number(Int64);]);

/// Entries of a string map.
static TEXTS: Message = Message::new(fields![Always 1 "key" Text; Always 2 "value" Text;]);

static METRIC_TAGS: Message =
    Message::new(fields![Always 1 "key" Text; OrNull 2 "value" Object(&METRIC_TAG);]);

static METRIC_TAG: Message = Message::new(fields![
    OmitEmpty 1 "static" Text;
    OmitEmpty 2 "dynamic" KnownEnum(DYNAMIC_VALUES);
]);

/// An object with one key, the kind of the action.
static ACTION: Message = Message::one_of(fields![
    IfPresent 1 "download" Object(&DOWNLOAD);
    IfPresent 2 "upload" Object(&UPLOAD);
    IfPresent 3 "run" Object(&RUN);
    IfPresent 4 "timeout" Object(&TIMEOUT);
    IfPresent 5 "emit_progress" Object(&EMIT_PROGRESS);
    IfPresent 6 "try" Object(&TRY);
    IfPresent 7 "parallel" Object(&GROUP);
    IfPresent 8 "serial" Object(&GROUP);
    IfPresent 9 "codependent" Object(&GROUP);
]);

static DOWNLOAD: Message = Message::new(fields![
    OmitEmpty 1 "artifact" Text;
    Always 2 "from" Text;
    Always 3 "to" Text;
    Always 4 "cache_key" Text;
    OmitEmpty 5 "log_source" Text;
    Always 6 "user" Text;
    OmitEmpty 7 "checksum_algorithm" Text;
    OmitEmpty 8 "checksum_value" Text;
]);

static UPLOAD: Message = Message::new(fields![
    OmitEmpty 1 "artifact" Text;
    Always 2 "from" Text;
    Always 3 "to" Text;
    OmitEmpty 4 "log_source" Text;
    Always 5 "user" Text;
]);

static RUN: Message = Message::new(fields![
    Always 1 "path" Text;
    OmitEmpty 2 "args" Texts;
    OmitEmpty 3 "dir" Text;
    OmitEmpty 4 "env" Objects(&VARIABLE);
    IfPresent 5 "resource_limits" Object(&RESOURCE_LIMITS);
    Always 6 "user" Text;
    OmitEmpty 7 "log_source" Text;
    Always 8 "suppress_log_output" Bool;
    OrNull 9 "volume_mounted_files" Objects(&FILE);
]);

static RESOURCE_LIMITS: Message = Message::new(fields![
    IfPresent 1 "nofile" Number(Uint64);
    IfPresent 2 "nproc" Number(Uint64);
]);

static TIMEOUT: Message = Message::new(fields![
    IfPresent 1 "action" Object(&ACTION);
    OmitEmpty 2 "timeout" Number(Int64);
    OmitEmpty 3 "log_source" Text;
    Always 4 "timeout_ms" Number(Int64);
]);

static EMIT_PROGRESS: Message = Message::new(fields![
    IfPresent 1 "action" Object(&ACTION);
    Always 2 "start_message" Text;
    Always 3 "success_message" Text;
    Always 4 "failure_message_prefix" Text;
    OmitEmpty 5 "log_source" Text;
]);

static TRY: Message = Message::new(fields![
    IfPresent 1 "action" Object(&ACTION);
    OmitEmpty 2 "log_source" Text;
]);

/// Shared by the actions that run several others.
static GROUP: Message = Message::new(fields![
    OmitEmpty 1 "actions" Objects(&ACTION);
    OmitEmpty 2 "log_source" Text;
]);

pub(super) static CELL: Message = Message::new(fields![
    Always 1 "cell_id" Text;
    Always 2 "rep_address" Text;
    Always 3 "zone" Text;
    IfPresent 4 "capacity" Object(&CAPACITY);
    OmitEmpty 5 "rootfs_provider_list" Objects(&PROVIDER);
    OmitEmpty 6 "placement_tags" Texts;
    OmitEmpty 7 "optional_placement_tags" Texts;
    Always 8 "rep_url" Text;
    OrNull 9 "annotations" Map(&TEXTS);
]);

static CAPACITY: Message = Message::new(fields![
    Always 1 "memory_mb" Number(Int32);
    Always 2 "disk_mb" Number(Int32);
    Always 3 "containers" Number(Int32);
]);

static PROVIDER: Message = Message::new(fields![
    Always 1 "name" Text;
    OmitEmpty 2 "properties" Texts;
]);
