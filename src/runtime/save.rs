//! Writes the files that the operator asks for: each as a whole or not at all, readable by the operator alone.
//!
//! A file is written under another name in its directory and then renamed, so a full disk or a crash leaves
//! neither a partial file nor a damaged old one. Nothing is written through a symbolic link, and no file is replaced unless asked.

use std::env;
use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::NamedTempFile;
use tokio::sync::mpsc::Sender;
use tokio::task::JoinSet;

use crate::app::{FileToSave, IfExists, Msg, SaveFault, SaveFaultCause, SaveReport, SavedFile};

/// The files that are being written.
pub(super) struct Saves {
    in_flight: JoinSet<()>,
    sender: Sender<Msg>,
}

impl Saves {
    /// Returns an empty set whose answers go to `sender`.
    pub(super) fn new(sender: Sender<Msg>) -> Self {
        Self { in_flight: JoinSet::new(), sender }
    }

    /// Starts to write a file.
    pub(super) fn start(&mut self, file: FileToSave) {
        let FileToSave { what, path, if_exists, contents } = file;
        self.fill(what, path, if_exists, move |out| out.write_all(contents.as_bytes()));
    }

    /// Starts to write a file with what `contents` writes. Both happen on a thread that may block.
    pub(super) fn fill(
        &mut self,
        what: String,
        path: PathBuf,
        if_exists: IfExists,
        contents: impl FnOnce(&mut dyn Write) -> io::Result<()> + Send + 'static,
    ) {
        while self.in_flight.try_join_next().is_some() {}
        let sender = self.sender.clone();
        self.in_flight.spawn_blocking(move || {
            let result = resolve(&path).and_then(|path| write(path, &if_exists, contents));
            tracing::info!(what, ?result, "file saved");
            // The event loop may have ended.
            let _ = sender.blocking_send(Msg::FileSaved(SaveReport { what, result }));
        });
    }

    /// Waits for the files that are being written: the operator has asked for them.
    pub(super) async fn finish(&mut self, timeout: Duration) {
        let writes = async { while self.in_flight.join_next().await.is_some() {} };
        if tokio::time::timeout(timeout, writes).await.is_err() {
            tracing::warn!("quit before a file was written; it was not saved");
        }
    }
}

/// Returns the absolute path for one that was typed.
fn resolve(typed: &Path) -> Result<PathBuf, SaveFault> {
    let current =
        env::current_dir().map_err(|error| SaveFault { path: typed.to_owned(), cause: cause_of(&error) })?;
    resolve_in(typed, &current, env::home_dir().as_deref())
}

/// Resolves a path as a shell does: `~` is the home directory, and a relative path is in the current one.
fn resolve_in(typed: &Path, current: &Path, home: Option<&Path>) -> Result<PathBuf, SaveFault> {
    let mut components = typed.components();
    let first = components.next().map(|first| first.as_os_str().to_owned()).unwrap_or_default();
    if !first.to_string_lossy().starts_with('~') {
        return Ok(current.join(typed));
    }
    match home.filter(|home| first == "~" && home.is_absolute()) {
        Some(home) => Ok(home.join(components)),
        None => Err(SaveFault { path: typed.to_owned(), cause: SaveFaultCause::NoHome }),
    }
}

/// Writes a file with what `fill` writes, and mode 0600.
fn write(
    path: PathBuf,
    if_exists: &IfExists,
    fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<SavedFile, SaveFault> {
    let written = check(&path, if_exists).and_then(|replaced| Ok((replaced, put(&path, if_exists, fill)?)));
    match written {
        Ok((replaced, bytes)) => Ok(SavedFile { path, bytes, replaced }),
        Err(cause) => Err(SaveFault { path, cause }),
    }
}

/// Checks that a file may be written to this path. Returns whether it replaces another.
fn check(path: &Path, if_exists: &IfExists) -> Result<bool, SaveFaultCause> {
    let directory = directory_of(path);
    match fs::metadata(directory) {
        Ok(metadata) if metadata.is_dir() => {}
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(cause_of(&error)),
        Ok(_) | Err(_) => return Err(SaveFaultCause::NoDirectory(directory.to_owned())),
    }
    // Does not follow a link.
    let found = match fs::symlink_metadata(path) {
        Ok(metadata) => metadata.file_type(),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(cause_of(&error)),
    };
    match if_exists {
        _ if found.is_symlink() => Err(SaveFaultCause::IsLink),
        _ if found.is_dir() => Err(SaveFaultCause::IsDirectory),
        _ if !found.is_file() => Err(SaveFaultCause::IsSpecial),
        IfExists::Refuse { remedy } => Err(SaveFaultCause::Exists { remedy: remedy.clone() }),
        IfExists::Replace => Ok(true),
    }
}

/// Writes a temporary file, which has mode 0600, and gives it its name. Renaming follows no link, and a file that appeared
/// meanwhile is not replaced unless asked. Returns the size.
fn put(
    path: &Path,
    if_exists: &IfExists,
    fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<u64, SaveFaultCause> {
    // The error names the temporary file, which the operator does not know: only its kind is shown.
    let temporary = NamedTempFile::new_in(directory_of(path))
        .map_err(|error| SaveFaultCause::Failed(error.kind().to_string()))?;
    let bytes = fill_file(temporary.as_file(), fill).map_err(|error| cause_of(&error))?;
    let persisted = match if_exists {
        IfExists::Replace => temporary.persist(path),
        IfExists::Refuse { .. } => temporary.persist_noclobber(path),
    };
    match (persisted, if_exists) {
        (Ok(_), _) => Ok(bytes),
        (Err(error), IfExists::Refuse { remedy }) if error.error.kind() == ErrorKind::AlreadyExists => {
            Err(SaveFaultCause::Exists { remedy: remedy.clone() })
        }
        (Err(error), _) => Err(cause_of(&error.error)),
    }
}

fn fill_file(out: &File, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<u64> {
    let mut buffered = BufWriter::new(out);
    fill(&mut buffered)?;
    buffered.flush()?;
    out.sync_all()?;
    Ok(out.metadata()?.len())
}

fn cause_of(error: &io::Error) -> SaveFaultCause {
    SaveFaultCause::Failed(error.to_string())
}

fn directory_of(path: &Path) -> &Path {
    path.parent().filter(|directory| !directory.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn refuse() -> IfExists {
        IfExists::Refuse { remedy: "Replace it with :save! FILE".to_owned() }
    }

    fn save(path: &Path, if_exists: &IfExists, text: &str) -> Result<SavedFile, String> {
        write(path.to_owned(), if_exists, |out| out.write_all(text.as_bytes()))
            .map_err(|fault| fault.to_string())
    }

    fn names(directory: &Path) -> Vec<String> {
        let entries = fs::read_dir(directory).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[tokio::test]
    async fn the_answer_comes_as_a_message() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("outcomes.txt");
        let (sender, mut messages) = tokio::sync::mpsc::channel(1);
        let mut saves = Saves::new(sender);
        let file = FileToSave {
            what: "2 outcomes".to_owned(),
            path: path.clone(),
            if_exists: refuse(),
            contents: "a\nb\n".to_owned(),
        };
        saves.start(file);
        let Some(Msg::FileSaved(report)) = messages.recv().await else { panic!("an answer") };
        let file = SavedFile { path: path.clone(), bytes: 4, replaced: false };
        assert_eq!(report, SaveReport { what: "2 outcomes".to_owned(), result: Ok(file) });
        assert_eq!(fs::read_to_string(&path).unwrap(), "a\nb\n");
    }

    #[tokio::test]
    async fn quitting_waits_for_a_file_and_not_for_a_reader_of_the_answer() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("outcomes.txt");
        let (sender, messages) = tokio::sync::mpsc::channel(1);
        let mut saves = Saves::new(sender);
        let contents = "a line\n".repeat(100_000);
        let file = FileToSave { what: "lines".to_owned(), path: path.clone(), if_exists: refuse(), contents };
        saves.start(file);
        drop(messages);
        saves.finish(Duration::from_secs(60)).await;
        assert_eq!(fs::metadata(&path).unwrap().len(), 700_000);
    }

    #[test]
    fn a_file_is_readable_by_its_owner_alone() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("tasks.csv");
        let saved = save(&path, &refuse(), "guid\na\n").unwrap();
        assert_eq!(saved, SavedFile { path: path.clone(), bytes: 7, replaced: false });
        assert_eq!(fs::read_to_string(&path).unwrap(), "guid\na\n");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o7777, 0o600);
        assert_eq!(names(directory.path()), ["tasks.csv"], "no temporary file is left");
    }

    #[test]
    fn a_file_is_replaced_only_if_asked() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("tasks.csv");
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        let refused = save(&path, &refuse(), "new").unwrap_err();
        let expected = format!("{} exists and is unchanged. Replace it with :save! FILE", path.display());
        assert_eq!((refused, fs::read_to_string(&path).unwrap()), (expected, "old".to_owned()));
        let saved = save(&path, &IfExists::Replace, "new").unwrap();
        assert!(saved.replaced);
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o7777, 0o600);
    }

    #[test]
    fn a_file_that_appears_meanwhile_is_kept() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("tasks.csv");
        let fault = write(path.clone(), &refuse(), |out| {
            fs::write(&path, "somebody else's")?;
            out.write_all(b"ours")
        });
        assert!(matches!(fault.unwrap_err().cause, SaveFaultCause::Exists { .. }));
        assert_eq!(fs::read_to_string(&path).unwrap(), "somebody else's");
        assert_eq!(names(directory.path()), ["tasks.csv"]);
    }

    #[test]
    fn nothing_is_written_through_a_link() {
        let directory = tempfile::tempdir().unwrap();
        let (theirs, link) = (directory.path().join("theirs"), directory.path().join("link"));
        fs::write(&theirs, "theirs").unwrap();
        symlink(&theirs, &link).unwrap();
        symlink(directory.path().join("nowhere"), directory.path().join("dangling")).unwrap();
        for if_exists in [refuse(), IfExists::Replace] {
            for name in ["link", "dangling"] {
                let path = directory.path().join(name);
                let fault = save(&path, &if_exists, "ours").unwrap_err();
                assert_eq!(fault, format!("{} is a symbolic link. Name the file itself", path.display()));
            }
        }
        // One that appears between the check and the renaming is replaced itself.
        let late = directory.path().join("late");
        write(late.clone(), &IfExists::Replace, |out| {
            symlink(&theirs, &late)?;
            out.write_all(b"ours")
        })
        .unwrap();
        assert!(fs::symlink_metadata(&late).unwrap().is_file());
        assert_eq!(fs::read_to_string(&theirs).unwrap(), "theirs");
    }

    #[test]
    fn what_is_no_place_for_a_file_is_named() {
        let directory = tempfile::tempdir().unwrap();
        let missing = directory.path().join("missing");
        let cases = [
            (
                missing.join("a.csv"),
                format!("{} does not exist. Create the directory first", missing.display()),
            ),
            (
                directory.path().to_owned(),
                format!("{} is a directory. Name a file in it", directory.path().display()),
            ),
            ("/dev/null".into(), "/dev/null is not a regular file. Name another".to_owned()),
        ];
        for (path, expected) in cases {
            assert_eq!(save(&path, &IfExists::Replace, "x").unwrap_err(), expected);
        }
    }

    #[test]
    fn a_full_disk_harms_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("tasks.csv");
        fs::write(&path, "old").unwrap();
        let fault = write(path.clone(), &IfExists::Replace, |out| {
            out.write_all(b"half of it")?;
            // ENOSPC
            Err(io::Error::from_raw_os_error(28))
        });
        let expected = format!(
            "{}: No space left on device (os error 28). Nothing was written; try another directory",
            path.display()
        );
        assert_eq!(fault.unwrap_err().to_string(), expected);
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        assert_eq!(names(directory.path()), ["tasks.csv"]);
    }

    #[test]
    fn a_path_is_resolved_as_a_shell_does() {
        let (current, home) = (Path::new("/data"), Some(Path::new("/home/me")));
        let resolved = |typed: &str, home| resolve_in(Path::new(typed), current, home);
        for (typed, expected) in [
            ("tasks.csv", "/data/tasks.csv"),
            ("out/tasks.csv", "/data/out/tasks.csv"),
            ("/tmp/tasks.csv", "/tmp/tasks.csv"),
            ("~/tasks.csv", "/home/me/tasks.csv"),
            ("./~/tasks.csv", "/data/./~/tasks.csv"),
            ("a~/tasks.csv", "/data/a~/tasks.csv"),
        ] {
            assert_eq!(resolved(typed, home).unwrap(), Path::new(expected), "{typed}");
        }
        for (typed, home) in [("~/tasks.csv", None), ("~you/tasks.csv", home), ("~/x", Some(Path::new("")))] {
            let fault = resolved(typed, home).unwrap_err();
            assert_eq!(fault, SaveFault { path: typed.into(), cause: SaveFaultCause::NoHome });
        }
    }
}
