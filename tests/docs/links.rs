//! Links lead to what is there, on GitHub and in the book.

use std::path::{Component, Path, PathBuf};

use crate::page::{self, Page, root};

/// Returns the file that a link of a page leads to, from the root of the repository, and its anchor.
fn destination(page: &Page, link: &str) -> (PathBuf, Option<String>) {
    let (path, anchor) = match link.split_once('#') {
        Some((path, anchor)) => (path, Some(anchor.to_owned())),
        None => (link, None),
    };
    let from = if path.is_empty() { page.path.clone() } else { page.path.with_file_name("").join(path) };
    (normal(&from), anchor)
}

/// Resolves `..` without asking the file system.
fn normal(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => assert!(plain.pop(), "{} leaves the repository", path.display()),
            part => plain.push(part),
        }
    }
    plain
}

/// Returns the file and the part that each include of a page names.
fn includes(page: &Page) -> Vec<(Page, String)> {
    let names = page.text.split("{{#include ").skip(1).filter_map(|rest| rest.split("}}").next());
    let parted = names.map(|name| name.split_once(':').unwrap_or((name, "")));
    let read = |(path, part): (&str, &str)| {
        (Page::read(normal(&page.path.with_file_name("").join(path))), part.to_owned())
    };
    parted.map(read).collect()
}

fn has_anchor(page: &Page, anchor: &String) -> bool {
    let included = includes(page).into_iter().map(|(page, _)| page.anchors());
    included.chain([page.anchors()]).any(|anchors| anchors.contains(anchor))
}

#[test]
fn local_links_and_anchors_exist() {
    let mut count = 0;
    for page in page::all() {
        for link in page.links().iter().filter(|link| !link.contains("://")) {
            let (path, anchor) = destination(&page, link);
            let from = page.path.display();
            assert!(root().join(&path).is_file(), "{from}: {link} leads nowhere");
            if let Some(anchor) = anchor {
                assert!(has_anchor(&Page::read(path), &anchor), "{from}: {link} has no such heading");
            }
            count += 1;
        }
    }
    assert!(count > 150, "{count}");
}

/// The book has only what is in `docs`; what is outside is named, not linked.
#[test]
fn pages_of_the_book_link_within_the_book() {
    for page in page::book() {
        for link in page.links().iter().filter(|link| !link.contains("://")) {
            let (path, _) = destination(&page, link);
            assert!(path.starts_with("docs"), "{}: {link} is outside of the book", page.path.display());
        }
    }
}

/// A page that is included in the book cannot link by paths of its own place.
#[test]
fn included_pages_link_nowhere() {
    for (included, part) in page::book().iter().flat_map(includes) {
        let path = included.path.display();
        let local: Vec<_> = included.links().into_iter().filter(|link| !link.contains("://")).collect();
        assert_eq!(local, [""; 0], "{path}");
        let is_line = part.trim_end_matches(':').chars().all(|c| c.is_ascii_digit());
        let anchor = format!("<!-- ANCHOR: {part} -->");
        assert!(is_line || included.text.contains(&anchor), "{path} has no {anchor}");
    }
}
