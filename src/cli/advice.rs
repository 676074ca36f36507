//! What can be done while no BBS is configured.

use std::path::Path;

/// The shortest configuration that names a target.
const EXAMPLE: &str = "\
target = \"prod\"
[targets.prod]
url = \"https://bbs.service.cf.internal:8889\"";

/// Returns what can be done without a BBS, with the path of this machine's configuration file.
pub(super) fn page(config_file: Option<&Path>) -> String {
    let file = config_file.map_or("the file given with --config".into(), Path::to_string_lossy);
    let has_file = config_file.is_some_and(Path::exists);
    let (writing, file) = if has_file {
        let example = EXAMPLE.lines().map(|line| ["    ", line].concat()).collect::<Vec<_>>().join("\n");
        (
            "check the configuration:            taskdeck config check",
            format!(
                "The configuration has no target. Add one to\n  {file}\n{example}\n\
                 An https:// URL also needs ca_cert, client_cert and client_key (PEM files)."
            ),
        )
    } else {
        (
            "write a configuration and test it:  taskdeck config init",
            format!("The configuration belongs in\n  {file}\nwhich does not exist yet."),
        )
    };
    format!(
        "\
You can
  look around without a BBS:          taskdeck --demo
  {writing}
  check a connection step by step:    taskdeck doctor

{file}

The environment variables of cfdot also apply:
  BBS_URL, CA_CERT_FILE, CLIENT_CERT_FILE, CLIENT_KEY_FILE"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{self, Flags, Paths};

    #[test]
    fn the_example_defines_a_target() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("config.toml");
        let paths =
            Paths { config_file: Some(path.clone()), state_dir: None, cfdot_job: dir.path().join("none") };
        let load = || config::load(&Flags::default(), &|_| None, &paths);
        assert_eq!(load().unwrap_err(), config::ConfigError::NoTarget);
        std::fs::write(&path, EXAMPLE).unwrap();
        let mistake = load().unwrap_err().to_string();
        assert!(mistake.starts_with("https://bbs.service.cf.internal:8889 needs the CA"), "{mistake}");
        let tls = "ca_cert = \"ca\"\nclient_cert = \"cert\"\nclient_key = \"key\"";
        std::fs::write(&path, [EXAMPLE, "\n", tls].concat()).unwrap();
        assert_eq!(load().unwrap().target.name.as_deref(), Some("prod"));
    }

    #[test]
    fn the_page_fits_a_standard_screen_and_depends_on_the_file() {
        let missing = Path::new("/home/operator/.config/taskdeck/config.toml");
        let existing = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/config.example.toml"));
        for (path, says, does_not_say) in [
            (missing, "taskdeck config init", "[targets.prod]"),
            (existing, "[targets.prod]", "taskdeck config init"),
        ] {
            let page = page(Some(path));
            assert!(page.lines().count() <= 18, "{page}");
            let shown = path.to_str().unwrap();
            assert!(page.lines().all(|line| line.len() <= 78 || line.contains(shown)), "{page}");
            assert!(page.contains(shown) && page.contains("taskdeck --demo"), "{page}");
            assert!(page.contains(says) && !page.contains(does_not_say), "{page}");
        }
    }
}
