//! Code that the pages quote is in the sources.

use std::fs;

use crate::page::{self, root};

/// A block of Rust begins with a comment that names its file; the rest is in that file, as it stands.
#[test]
fn quoted_code_is_in_its_file() {
    let mut count = 0;
    for page in page::all() {
        for block in page.blocks().iter().filter(|block| block.language == "rust") {
            let (path, code) = block.text.split_once('\n').expect("a comment with the file's path");
            let path = path.strip_prefix("// ").expect("a comment with the file's path");
            let source = fs::read_to_string(root().join(path)).expect(path);
            assert!(source.contains(code), "{}: this is not in {path}:\n{code}", page.path.display());
            count += 1;
        }
    }
    assert!(count >= 8, "{count}");
}

/// Paths of sources that the pages name exist.
#[test]
fn named_files_exist() {
    let mut count = 0;
    for page in page::all() {
        for code in page.codes() {
            let is_path =
                ["src/", "tests/", "assets/", "benches/", "docs/"].iter().any(|top| code.starts_with(top));
            if is_path && !code.contains(['<', '…', '*', ' ']) {
                assert!(root().join(&code).exists(), "{}: there is no {code}", page.path.display());
                count += 1;
            }
        }
    }
    assert!(count > 40, "{count}");
}
