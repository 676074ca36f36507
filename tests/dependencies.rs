//! Checks what can be checked of the dependencies without another program. `cargo deny check` checks licences, advisories and
//! duplicates against `deny.toml`.
#![expect(clippy::expect_used, reason = "test helpers")]

use std::fs;
use std::path::Path;
use std::process::Command;

const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

fn table(name: &str) -> toml::Table {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    fs::read_to_string(path).expect("a file").parse().expect("TOML")
}

#[test]
fn every_dependency_comes_from_crates_io_with_a_checksum() {
    let lock = table("Cargo.lock");
    let packages = lock["package"].as_array().expect("packages");
    let others = packages.iter().filter(|package| package["name"].as_str() != Some("taskdeck"));
    let others: Vec<_> = others.collect();
    assert!(others.len() > 200, "the lock file has all dependencies: {}", others.len());
    for package in others {
        let text = |key| package.get(key).and_then(toml::Value::as_str).unwrap_or_default();
        assert_eq!(text("source"), CRATES_IO, "{}", text("name"));
        assert_eq!(text("checksum").len(), 64, "{}", text("name"));
    }
}

#[test]
fn our_own_code_has_no_unsafe_block() {
    assert_eq!(table("Cargo.toml")["lints"]["rust"]["unsafe_code"].as_str(), Some("forbid"));
}

#[test]
fn each_exception_of_the_checks_has_a_reason() {
    let deny = table("deny.toml");
    for list in ["deny", "skip"] {
        for entry in deny["bans"][list].as_array().expect("a list") {
            let reason = entry.get("reason").and_then(toml::Value::as_str).unwrap_or_default();
            assert!(!reason.is_empty(), "{entry}");
        }
    }
}

/// Returns what a program prints.
fn printed(program: &str, arguments: &[&str]) -> String {
    let mut command = Command::new(program);
    let output = command.current_dir(env!("CARGO_MANIFEST_DIR")).args(arguments).output().expect("a program");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Returns a version such as 1.89 or 1.89.0 so that it can be compared.
fn comparable(version: &str) -> [u32; 3] {
    let mut parts = version.split('.').map(|part| part.parse().expect("a number"));
    [(); 3].map(|()| parts.next().unwrap_or(0))
}

/// The workflow builds with it; here the dependencies say what they need. Crates without `rust-version` say nothing.
#[test]
fn the_oldest_rust_is_the_one_that_the_dependencies_need() {
    let tool = |name: &str, default: &str| std::env::var(name).unwrap_or_else(|_| default.to_owned());
    let version = printed(&tool("RUSTC", "rustc"), &["-vV"]);
    // Those of other systems may not have been downloaded.
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).expect("a host");
    let arguments = ["metadata", "--locked", "--offline", "--format-version", "1", "--filter-platform", host];
    let metadata: serde_json::Value =
        serde_json::from_str(&printed(&tool("CARGO", "cargo"), &arguments)).expect("JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let needs = |package: &serde_json::Value| {
        let version = package["rust_version"].as_str()?;
        Some((comparable(version), package["name"].as_str()?.to_owned()))
    };
    let (ours, others): (Vec<_>, Vec<_>) =
        packages.iter().filter_map(needs).partition(|(_, name)| name == "taskdeck");
    assert!(others.len() > 150, "the crates say what they need: {}", others.len());
    let (needed, crate_name) = others.iter().max().expect("a crate");
    assert_eq!(ours[0].0, *needed, "`rust-version` in Cargo.toml is not what {crate_name} needs");
}
