//! Checks what can be checked of the dependencies without another program. `cargo deny check` checks licences, advisories and
//! duplicates against `deny.toml`.
#![expect(clippy::expect_used, reason = "test helpers")]

use std::fs;
use std::path::Path;

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
