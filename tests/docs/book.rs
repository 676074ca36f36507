//! The book has each page once, and is built without a complaint.

use std::collections::BTreeSet;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::page::{self, Page, root};

#[test]
fn the_summary_has_each_page_once() {
    let summary = Page::read("docs/SUMMARY.md");
    let listed: Vec<_> = summary.links().iter().map(|link| Path::new("docs").join(link)).collect();
    let pages: BTreeSet<PathBuf> = page::book().into_iter().map(|page| page.path).collect();
    let pages: BTreeSet<_> = pages.into_iter().filter(|path| *path != summary.path).collect();
    assert_eq!(listed.iter().cloned().collect::<BTreeSet<_>>(), pages);
    assert_eq!(listed.len(), pages.len(), "a page is listed twice");
}

#[test]
fn a_page_has_the_title_that_the_summary_says() {
    let summary = Page::read("docs/SUMMARY.md");
    let items = summary.text.lines().filter_map(|line| line.trim_start_matches(['-', ' ']).strip_prefix('['));
    for (title, path) in items.filter_map(|item| item.split_once("](")) {
        let page = Page::read(Path::new("docs").join(path.trim_end_matches(')')));
        // An included page has its own title.
        let own = page.text.lines().next().and_then(|line| line.strip_prefix("# "));
        assert_eq!(own, Some(title), "{}", page.path.display());
    }
}

/// `mdbook build docs` writes to a directory that Git ignores.
#[test]
fn the_book_is_built_outside_of_the_sources() {
    let settings = std::fs::read_to_string(root().join("docs/book.toml")).unwrap();
    let settings: toml::Table = settings.parse().unwrap();
    assert_eq!(settings["book"]["src"].as_str(), Some("."));
    assert_eq!(settings["build"]["build-dir"].as_str(), Some("../target/book"));
    let ignored = std::fs::read_to_string(root().join(".gitignore")).unwrap();
    assert!(ignored.lines().any(|line| line == "/target"), "{ignored}");
}

/// Without `mdbook` nothing is built, which is said past the capture of the tests' output.
#[test]
fn mdbook_builds_the_book() {
    let out = tempfile::tempdir().unwrap();
    let mut mdbook = Command::new("mdbook");
    let ran = match mdbook.arg("build").arg(root().join("docs")).arg("--dest-dir").arg(out.path()).output() {
        Ok(ran) => ran,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let message = "MDBOOK: not installed, the book was NOT BUILT (cargo install mdbook)";
            return writeln!(io::stderr(), "{message}").unwrap();
        }
        Err(error) => panic!("mdbook: {error}"),
    };
    let said = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert!(ran.status.success() && !said.contains("WARN") && !said.contains("ERROR"), "{said}");
    assert!(out.path().join("tutorial.html").is_file(), "{said}");
}
