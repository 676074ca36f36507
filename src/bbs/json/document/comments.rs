//! What the text of a task says about its fields.

/// Said at the top of every text.
pub(super) const OF_THE_FILE: &[&str] = &[
    "",
    "This is JSON with comments. A comma after the last element is allowed.",
    "The file holds the environment and other secrets in clear text. Only you can",
    "read it, and taskdeck deletes it when the editor ends.",
];

/// Said above the fields of the source that a clone does not have.
pub(super) const LEFT_OUT: &[&str] = &[
    "Not copied: the callback, which tells the source's creator that it ended,",
    "and the annotation that is sent along. Without a callback, a client must",
    "resolve and delete the task, or the BBS deletes it a while after its end.",
];

/// Every field of the outermost object in the order of the text, with what it means.
pub(super) const COMMENTS: &[(&str, &str)] = &[
    ("task_guid", "Identifies the task: letters, digits, - and _. Must not be in use."),
    ("domain", "Cloud Controller cancels tasks in cf-tasks that it did not create."),
    ("rootfs", "Root file system, such as preloaded:cflinuxfs4 or docker:///alpine."),
    ("env", "Environment of the container, in clear text."),
    ("action", "What to run: a run, download, timeout, try, serial or other action."),
    ("disk_mb", "Disk limit in MiB."),
    ("memory_mb", "Memory limit in MiB."),
    ("cpu_weight", "Share of the CPU, 1 to 100."),
    ("privileged", "Whether the container is privileged."),
    ("log_source", "Source name of its log lines."),
    ("log_guid", "Where its logs are filed: the guid of the app, for `cf logs`."),
    ("metrics_guid", "Where its metrics are filed."),
    ("result_file", "File in the container. Its content becomes the result."),
    ("completion_callback_url", "URL to post the end of the task to. The BBS then deletes the task."),
    ("annotation", "Free text, at most 10,240 bytes. Sent along with the callback."),
    ("egress_rules", "Allowed outbound traffic."),
    ("cached_dependencies", "Downloads that the cell caches."),
    ("legacy_download_user", "User that owns the files of image layers."),
    ("trusted_system_certificates_path", "Where the platform's certificates are mounted."),
    ("volume_mounts", "Mounted volumes."),
    ("network", "Properties of the container's network."),
    ("placement_tags", "Tags that a cell must have."),
    ("max_pids", "Maximum number of processes; 0 means no limit."),
    ("certificate_properties", "Organizational units of the instance identity certificate."),
    ("image_username", "User name for the image registry."),
    ("image_password", "Password for the image registry, in clear text."),
    ("image_layers", "Layers of the container image."),
    ("log_rate_limit", "Log rate limit; -1 bytes per second means no limit."),
    ("metric_tags", "Tags of its logs and metrics: {\"name\": {\"static\": \"value\"}}."),
    ("volume_mounted_files", "Files mounted into the container, in clear text."),
];

/// Returns what the field means.
pub(super) fn of(key: &str) -> Option<&'static str> {
    COMMENTS.iter().find(|(known, _)| *known == key).map(|(_, text)| *text)
}
