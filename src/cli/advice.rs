//! The getting-started page, shown when no BBS is configured.

use std::path::Path;

/// The shortest configuration that names a target.
const EXAMPLE: &str = "\
target = \"prod\"
[targets.prod]
url = \"https://bbs.service.cf.internal:8889\"";

/// Returns the page, with the path of this machine's configuration file.
pub(super) fn page(config_file: Option<&Path>) -> String {
    let file = config_file.map_or("the file given with --config".into(), Path::to_string_lossy);
    let example = EXAMPLE.lines().map(|line| ["  ", line].concat()).collect::<Vec<_>>().join("\n");
    format!(
        "\
To look around without a BBS:
  taskdeck --demo

To watch a BBS, add it to {file}:
{example}

An https:// URL also needs ca_cert, client_cert and client_key (PEM files).
Or use the same environment variables as cfdot:
  BBS_URL, CA_CERT_FILE, CLIENT_CERT_FILE, CLIENT_KEY_FILE

To check a connection step by step:
  taskdeck doctor"
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
    fn the_page_fits_a_standard_screen() {
        let page = page(Some(Path::new("/home/operator/.config/taskdeck/config.toml")));
        assert!(page.lines().count() <= 20 && page.lines().all(|line| line.len() <= 78), "{page}");
        assert!(page.contains("/home/operator/.config/taskdeck/config.toml"), "{page}");
    }
}
