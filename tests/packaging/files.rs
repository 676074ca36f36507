//! Versions, formula, flake and workflows.

use std::process::Command;

use crate::{TASKDECK, manifest, path, printed, text};

fn version() -> String {
    manifest()["package"]["version"].as_str().unwrap().to_owned()
}

/// Returns the headings of the changelog's releases: `0.2.0`, its date.
fn releases() -> Vec<(String, String)> {
    let changelog = text("CHANGELOG.md");
    let headings = changelog.lines().filter_map(|line| line.strip_prefix("## [")?.split_once(']'));
    headings
        .map(|(version, date)| (version.to_owned(), date.strip_prefix(" - ").unwrap_or_default().to_owned()))
        .collect()
}

#[test]
fn every_file_names_the_same_version() {
    let version = version();
    assert_eq!(printed(Command::new(TASKDECK).arg("--version")).trim(), format!("taskdeck {version}"));
    assert!(text("packaging/homebrew/taskdeck.rb").contains(&format!("  version \"{version}\"\n")));
    let mut releases = releases();
    assert_eq!(releases.remove(0).0, "Unreleased", "changes have a place");
    assert_eq!(releases[0].0, version);
}

#[test]
fn the_changelog_keeps_to_its_form() {
    let changelog = text("CHANGELOG.md");
    assert!(changelog.starts_with("# Changelog\n"), "{changelog}");
    for (version, date) in releases().iter().filter(|(version, _)| version != "Unreleased") {
        assert_eq!(version.split('.').filter(|part| part.parse::<u32>().is_ok()).count(), 3, "{version}");
        assert!(date.parse::<jiff::civil::Date>().is_ok(), "{version}: {date}");
    }
    // https://keepachangelog.com names these.
    let sections = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"];
    let headings: Vec<_> = changelog.lines().filter_map(|line| line.strip_prefix("### ")).collect();
    assert!(
        !headings.is_empty() && headings.iter().all(|heading| sections.contains(heading)),
        "{headings:?}"
    );
}

#[test]
fn the_crate_has_what_it_is_built_from_and_is_small() {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let listed = printed(Command::new(cargo).current_dir(path("")).args([
        "package",
        "--list",
        "--allow-dirty",
        "--offline",
        "--locked",
    ]));
    let files: Vec<_> = listed.lines().collect();
    for file in [
        "Cargo.lock",
        "LICENSE-APACHE",
        "LICENSE-MIT",
        "README.md",
        "CHANGELOG.md",
        "build.rs",
        "src/main.rs",
    ] {
        assert!(files.contains(&file), "{file}: {files:?}");
    }
    let is_own =
        |name: &&&str| ["proto/", "src/", "config.example.toml"].iter().any(|part| name.starts_with(part));
    assert!(files.iter().filter(is_own).count() > 300, "{files:?}");
    for part in ["tests/", "docs/", "packaging/", ".github/", ".ci/", "fuzz/"] {
        assert!(!files.iter().any(|file| file.starts_with(part)), "{part} is in the crate: {files:?}");
    }
    let size: u64 = files.iter().filter_map(|file| path(file).metadata().ok()).map(|file| file.len()).sum();
    assert!(size < 8_000_000, "the crate has {size} bytes");
}

#[test]
fn workflows_pin_their_actions_and_run_what_the_machine_here_runs() {
    let mut actions = 0;
    for name in ["ci", "release"] {
        let workflow = text(&format!(".github/workflows/{name}.yml"));
        assert!(workflow.contains("bash .ci/run\n") && workflow.contains("packaging/build\n"), "{name}");
        assert!(
            workflow.contains("\npermissions:\n  contents: read\n"),
            "{name} begins with the least rights"
        );
        for line in
            workflow.lines().filter_map(|line| line.trim_start_matches(['-', ' ']).strip_prefix("uses: "))
        {
            let (action, version) =
                line.split_once(" # v").expect("an action with the version of its commit");
            let (_, commit) = action.split_once('@').expect("an action with a commit");
            let is_commit = commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
            assert!(is_commit && version.split('.').count() == 3, "{name}: {line}");
            actions += 1;
        }
    }
    assert!(actions > 5, "{actions}");
}

#[test]
fn the_workflow_builds_with_the_oldest_rust() {
    let workflow = text(".github/workflows/ci.yml");
    let command =
        workflow.lines().find(|line| line.contains("rust-version")).expect("the line that reads it");
    let command = command.trim().strip_prefix("version=").unwrap();
    let read = printed(Command::new("bash").current_dir(path("")).args(["-c", &format!("echo {command}")]));
    let version = read.trim();
    assert_eq!(Some(version), manifest()["package"]["rust-version"].as_str());
    for file in ["README.md", "docs/install.md"] {
        assert!(text(file).contains(&format!("needs Rust {version} or newer")), "{file}");
    }
}
