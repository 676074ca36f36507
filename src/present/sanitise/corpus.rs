//! Hostile texts for the tests of everything that shows, prints or writes what tenants write.

use std::fs;
use std::path::Path;

/// Returns the texts in `tests/fixtures/hostile` with their names, decoded as a reply is, and a line of 1 MB.
pub(crate) fn hostile() -> Vec<(String, String)> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/hostile");
    let files = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.extension().is_some_and(|end| end == "bin"));
    let read = |path: &Path| String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned();
    let name = |path: &Path| path.file_stem().unwrap().to_str().unwrap().to_owned();
    let mut texts: Vec<_> = files.map(|path| (name(&path), read(&path))).collect();
    assert!(texts.len() >= 10, "{texts:?}");
    texts.push(("long".to_owned(), "\u{1b}[31m\u{202e}\u{6f22}a\u{301}".repeat(100_000)));
    texts
}
