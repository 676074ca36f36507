//! The form of each message: one row for a field, in the order of the object's keys. Source: "The JSON form" of the API,
//! and Go's field tags as they show in what `cfdot` prints.
//!
//! A text is masked unless somebody wants it shown; what is a secret as a whole is a `Secret`.

use super::field::Kind::{
    Fields, Flag, KnownName, Map, Name, Number, Object, Objects, Secret, Text, Texts, Uint32s,
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

/// The data of `task_created` and of `task_removed`.
pub(super) static TASK_EVENT: Message = Message::of(fields![IfSent 1 "task" Object(&TASK);]);

/// The data of `task_changed`.
pub(super) static CHANGED_EVENT: Message = Message::of(fields![
    IfSent 1 "before" Object(&TASK);
    IfSent 2 "after" Object(&TASK);
]);

pub(super) static TASK: Message = Message::of(fields![
    IfSent 1 "task_definition" Fields(&DEFINITION);
    Always 2 "task_guid" Text;
    Always 3 "domain" Text;
    Always 4 "created_at" Number(Int64);
    Always 5 "updated_at" Number(Int64);
    Always 6 "first_completed_at" Number(Int64);
    Always 7 "state" Name(STATES);
    Always 8 "cell_id" Text;
    Always 9 "result" Text;
    Always 10 "failed" Flag;
    Always 11 "failure_reason" Text;
    Always 12 "rejection_count" Number(Int32);
    Always 13 "rejection_reason" Text;
]);

static DEFINITION: Message = Message::of(fields![
    Always 1 "rootfs" Text;
    IfAny 2 "env" Objects(&VARIABLE);
    IfSent 3 "action" Object(&ACTION);
    Always 4 "disk_mb" Number(Int32);
    Always 5 "memory_mb" Number(Int32);
    Always 6 "cpu_weight" Number(Uint32);
    Always 7 "privileged" Flag;
    Always 8 "log_source" Text;
    Always 9 "log_guid" Text;
    Always 10 "metrics_guid" Text;
    Always 11 "result_file" Text;
    IfAny 12 "completion_callback_url" Text;
    IfAny 13 "annotation" Text;
    IfAny 14 "egress_rules" Objects(&EGRESS_RULE);
    IfAny 15 "cached_dependencies" Objects(&CACHED_DEPENDENCY);
    IfAny 16 "legacy_download_user" Text;
    IfAny 17 "trusted_system_certificates_path" Text;
    IfAny 18 "volume_mounts" Objects(&VOLUME_MOUNT);
    IfSent 19 "network" Object(&NETWORK);
    IfAny 20 "placement_tags" Texts;
    Always 21 "max_pids" Number(Int32);
    IfSent 22 "certificate_properties" Object(&CERTIFICATE_PROPERTIES);
    Always 23 "image_username" Text;
    Always 24 "image_password" Secret;
    IfAny 25 "image_layers" Objects(&IMAGE_LAYER);
    IfSent 26 "log_rate_limit" Object(&LOG_RATE_LIMIT);
    IfAny 27 "metric_tags" Map(&METRIC_TAGS);
    OrNull 28 "volume_mounted_files" Objects(&FILE);
]);

static VARIABLE: Message = Message::of(fields![
    Always 1 "name" Text;
    Always 2 "value" Secret;
]);

static FILE: Message = Message::of(fields![
    Always 1 "path" Text;
    Always 2 "content" Secret;
]);

static EGRESS_RULE: Message = Message::of(fields![
    IfAny 1 "protocol" Text;
    IfAny 2 "destinations" Texts;
    IfAny 3 "ports" Uint32s;
    IfSent 4 "port_range" Object(&PORT_RANGE);
    IfSent 5 "icmp_info" Object(&ICMP_INFO);
    Always 6 "log" Flag;
    IfAny 7 "annotations" Texts;
]);

static PORT_RANGE: Message = Message::of(fields![
    Always 1 "start" Number(Uint32);
    Always 2 "end" Number(Uint32);
]);

static ICMP_INFO: Message = Message::of(fields![
    Always 1 "type" Number(Int32);
    Always 2 "code" Number(Int32);
]);

static CACHED_DEPENDENCY: Message = Message::of(fields![
    Always 1 "name" Text;
    Always 2 "from" Text;
    Always 3 "to" Text;
    Always 4 "cache_key" Text;
    Always 5 "log_source" Text;
    IfAny 6 "checksum_algorithm" Text;
    IfAny 7 "checksum_value" Text;
]);

static VOLUME_MOUNT: Message = Message::of(fields![
    Always 1 "driver" Text;
    Always 3 "container_dir" Text;
    Always 6 "mode" Text;
    OrNull 7 "shared" Object(&SHARED_DEVICE);
    OrNull 8 "dedicated" Object(&DEDICATED_DEVICE);
]);

static SHARED_DEVICE: Message = Message::of(fields![
    Always 1 "volume_id" Text;
    Always 2 "mount_config" Secret;
]);

static DEDICATED_DEVICE: Message = Message::of(fields![
    Always 1 "mounter_id" Text;
    Always 2 "mount_config" Secret;
    Always 3 "device_config" Secret;
]);

static NETWORK: Message = Message::of(fields![IfAny 1 "properties" Map(&TEXTS);]);

static CERTIFICATE_PROPERTIES: Message = Message::of(fields![IfAny 1 "organizational_unit" Texts;]);

static IMAGE_LAYER: Message = Message::of(fields![
    IfAny 1 "name" Text;
    Always 2 "url" Text;
    Always 3 "destination_path" Text;
    Always 4 "layer_type" Name(LAYER_TYPES);
    Always 5 "media_type" Name(MEDIA_TYPES);
    IfAny 6 "digest_algorithm" Name(DIGEST_ALGORITHMS);
    IfAny 7 "digest_value" Text;
]);

static LOG_RATE_LIMIT: Message = Message::of(fields![IfAny 1 "bytes_per_second" Number(Int64);]);

/// A map's entries: of each, what is printed is the value, and its key instead of ours.
static TEXTS: Message = Message::of(fields![Always 1 "key" Text; Always 2 "value" Text;]);

static METRIC_TAGS: Message =
    Message::of(fields![Always 1 "key" Text; OrNull 2 "value" Object(&METRIC_TAG);]);

static METRIC_TAG: Message = Message::of(fields![
    IfAny 1 "static" Text;
    IfAny 2 "dynamic" KnownName(DYNAMIC_VALUES);
]);

/// An object whose one key is the action's kind.
static ACTION: Message = Message::one_of(fields![
    IfSent 1 "download" Object(&DOWNLOAD);
    IfSent 2 "upload" Object(&UPLOAD);
    IfSent 3 "run" Object(&RUN);
    IfSent 4 "timeout" Object(&TIMEOUT);
    IfSent 5 "emit_progress" Object(&EMIT_PROGRESS);
    IfSent 6 "try" Object(&TRY);
    IfSent 7 "parallel" Object(&GROUP);
    IfSent 8 "serial" Object(&GROUP);
    IfSent 9 "codependent" Object(&GROUP);
]);

static DOWNLOAD: Message = Message::of(fields![
    IfAny 1 "artifact" Text;
    Always 2 "from" Text;
    Always 3 "to" Text;
    Always 4 "cache_key" Text;
    IfAny 5 "log_source" Text;
    Always 6 "user" Text;
    IfAny 7 "checksum_algorithm" Text;
    IfAny 8 "checksum_value" Text;
]);

static UPLOAD: Message = Message::of(fields![
    IfAny 1 "artifact" Text;
    Always 2 "from" Text;
    Always 3 "to" Text;
    IfAny 4 "log_source" Text;
    Always 5 "user" Text;
]);

static RUN: Message = Message::of(fields![
    Always 1 "path" Text;
    IfAny 2 "args" Texts;
    IfAny 3 "dir" Text;
    IfAny 4 "env" Objects(&VARIABLE);
    IfSent 5 "resource_limits" Object(&RESOURCE_LIMITS);
    Always 6 "user" Text;
    IfAny 7 "log_source" Text;
    Always 8 "suppress_log_output" Flag;
    OrNull 9 "volume_mounted_files" Objects(&FILE);
]);

static RESOURCE_LIMITS: Message = Message::of(fields![
    IfSent 1 "nofile" Number(Uint64);
    IfSent 2 "nproc" Number(Uint64);
]);

static TIMEOUT: Message = Message::of(fields![
    IfSent 1 "action" Object(&ACTION);
    IfAny 2 "timeout" Number(Int64);
    IfAny 3 "log_source" Text;
    Always 4 "timeout_ms" Number(Int64);
]);

static EMIT_PROGRESS: Message = Message::of(fields![
    IfSent 1 "action" Object(&ACTION);
    Always 2 "start_message" Text;
    Always 3 "success_message" Text;
    Always 4 "failure_message_prefix" Text;
    IfAny 5 "log_source" Text;
]);

static TRY: Message = Message::of(fields![
    IfSent 1 "action" Object(&ACTION);
    IfAny 2 "log_source" Text;
]);

/// What runs several at once, or one after the other.
static GROUP: Message = Message::of(fields![
    IfAny 1 "actions" Objects(&ACTION);
    IfAny 2 "log_source" Text;
]);

pub(super) static CELL: Message = Message::of(fields![
    Always 1 "cell_id" Text;
    Always 2 "rep_address" Text;
    Always 3 "zone" Text;
    IfSent 4 "capacity" Object(&CAPACITY);
    IfAny 5 "rootfs_provider_list" Objects(&PROVIDER);
    IfAny 6 "placement_tags" Texts;
    IfAny 7 "optional_placement_tags" Texts;
    Always 8 "rep_url" Text;
    OrNull 9 "annotations" Map(&TEXTS);
]);

static CAPACITY: Message = Message::of(fields![
    Always 1 "memory_mb" Number(Int32);
    Always 2 "disk_mb" Number(Int32);
    Always 3 "containers" Number(Int32);
]);

static PROVIDER: Message = Message::of(fields![
    Always 1 "name" Text;
    IfAny 2 "properties" Texts;
]);
