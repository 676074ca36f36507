//! Who can write a file: modes, folders, links, owners.
#![cfg(unix)]

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, symlink};

use super::*;

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

#[test]
fn file_and_folders_must_be_the_owners_alone() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().canonicalize().unwrap().join("taskdeck");
    fs::create_dir(&folder).unwrap();
    let file = folder.join("config.toml");
    fs::write(&file, "").unwrap();
    for (folder_mode, file_mode, is_trusted) in [
        (0o700, 0o600, true),
        (0o755, 0o644, true),
        (0o755, 0o664, false),
        (0o755, 0o646, false),
        (0o775, 0o600, false),
        (0o757, 0o600, false),
        (0o1777, 0o600, true),
        (0o1777, 0o602, false),
    ] {
        set_mode(&folder, folder_mode);
        set_mode(&file, file_mode);
        let why = distrust(&file);
        assert_eq!(why.is_none(), is_trusted, "{folder_mode:o} {file_mode:o}: {why:?}");
    }
    set_mode(&folder, 0o755);
    set_mode(&file, 0o666);
    let shown = file.display();
    assert_eq!(distrust(&file), Some(format!("others can change {shown}; run `chmod go-w {shown}`")));
}

#[test]
fn a_link_is_checked_where_it_is_and_where_it_leads() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path().canonicalize().unwrap();
    let (links, files) = (root.join("links"), root.join("files"));
    fs::create_dir(&links).unwrap();
    fs::create_dir(&files).unwrap();
    fs::write(files.join("real.toml"), "").unwrap();
    set_mode(&files.join("real.toml"), 0o600);
    let link = links.join("config.toml");
    symlink(files.join("real.toml"), &link).unwrap();
    for (links_mode, files_mode, is_trusted) in
        [(0o755, 0o755, true), (0o777, 0o755, false), (0o755, 0o777, false)]
    {
        set_mode(&links, links_mode);
        set_mode(&files, files_mode);
        assert_eq!(distrust(&link).is_none(), is_trusted, "{links_mode:o} {files_mode:o}");
    }
}

#[test]
fn a_file_of_another_user_is_not_trusted() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let us = fs::metadata(file.path()).map(|metadata| {
        use std::os::unix::fs::MetadataExt as _;
        metadata.uid()
    });
    let somebody = us.unwrap() + 1;
    let why = writable_by_others(file.path(), somebody);
    // Root's files are trusted whoever asks.
    assert_eq!(why.is_none(), somebody == 1, "{why:?}");
}

#[test]
fn a_file_that_is_gone_is_not_trusted() {
    let why = distrust(Path::new("/nonexistent/config.toml")).unwrap();
    assert!(why.starts_with("could not check who can write to /nonexistent/config.toml"), "{why}");
}
