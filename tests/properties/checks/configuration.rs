//! The configuration file: it is read, or the message names the line, and the key too if the text is TOML.

use std::io::Write as _;
use std::path::PathBuf;

use taskdeck::config::{ConfigError, Flags, Paths, load, load_dashboard, load_recording};

use super::{assert_names_a_line, text};

/// Takes a file.
pub fn check(input: &[u8]) {
    let text = text(input);
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    let flags = Flags { config: Some(file.path().to_owned()), ..Flags::default() };
    let paths = Paths { config_file: None, state_dir: None, cfdot_job: PathBuf::from("/nonexistent") };
    let dashboard = load_dashboard(&flags, &paths).map(drop);
    assert_eq!(load_recording(&flags, &paths).map(drop), dashboard);
    if let Err(error) = dashboard {
        check_message(&error, &flags, &text);
        return;
    }
    // What is left are faults of targets, which may lie in several layers.
    match load(&flags, &|_| None, &paths) {
        Ok(config) => {
            for error in config.targets.values().filter_map(|target| target.as_ref().err()) {
                assert!(error.to_string().contains("targets."), "{error}");
            }
        }
        Err(ConfigError::NoTarget) => {}
        Err(ConfigError::Wrong(message)) => {
            let names_key = message.contains("key `target")
                || message.contains("] has no `url`")
                || message.starts_with("no target is selected");
            assert!(names_key, "{message}");
        }
    }
}

fn check_message(error: &ConfigError, flags: &Flags, text: &str) {
    let message = error.to_string();
    let path = flags.config.as_ref().unwrap().display().to_string();
    let message =
        message.strip_prefix(&path).and_then(|rest| rest.strip_prefix(": ")).expect("the file's name");
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    assert_names_a_line(message, text);
    if toml::from_str::<toml::Table>(text).is_ok() {
        assert!(message.contains(", key `"), "{message:?} on {text:?}");
    }
}
