//! The file that holds the text of a task while the operator edits it, and the editor's command.
//!
//! The text has secrets, so the file has mode 0600, in a directory of its own with mode 0700, and is removed together with
//! what the editor leaves beside it: when the editor ends, when the program quits or panics, and at the next start if the
//! program was killed.

use std::ffi::OsString;
use std::fs::{self, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use tempfile::TempDir;

use crate::app::{DocumentText, EditorEnd, ForegroundRun, Pause, Program, ProgramEnd, Purpose};
use crate::platform::processes::has_ended;
use crate::platform::{files, user};

/// Before the process id in the name of a directory.
const PREFIX: &str = "taskdeck-edit-";
/// Name of the file. Editors know JSON with comments by its extension.
const NAME: &str = "task.jsonc";
/// The editor if the operator has chosen none.
const DEFAULT_EDITOR: &str = "vi";
/// The largest text that is read back. The largest definitions have some hundred kilobytes.
const MAX_BYTES: u64 = 8 * 1024 * 1024;

/// The file that is open.
static OPEN: OpenDirectory = OpenDirectory(Mutex::new(None));

/// The directory of the file that is open, for a panic: nothing is dropped then.
struct OpenDirectory(Mutex<Option<PathBuf>>);

impl OpenDirectory {
    fn set(&self, directory: Option<PathBuf>) {
        if let Ok(mut open) = self.0.lock() {
            *open = directory;
        }
    }

    fn remove(&self) {
        // A panic must not wait for itself.
        if let Ok(mut open) = self.0.try_lock()
            && let Some(directory) = open.take()
        {
            let _ = fs::remove_dir_all(directory);
        }
    }
}

/// The file with the text of a task. Dropping it removes it.
pub(super) struct EditedFile {
    // Removes itself and all that is in it.
    _directory: TempDir,
    path: PathBuf,
    /// The editor, for messages.
    editor: String,
}

impl EditedFile {
    /// Creates a file with this text. Returns it with the editor that is to open it.
    ///
    /// # Errors
    /// Says why there is none, as a fragment.
    pub(super) fn create(text: &DocumentText) -> Result<(Self, ForegroundRun), String> {
        let words = editor_words(&variable)?;
        Self::create_in(&base(&variable), text.as_str(), words)
            .map_err(|error| format!("could not create its file: {error}"))
    }

    fn create_in(base: &Path, text: &str, words: Vec<String>) -> io::Result<(Self, ForegroundRun)> {
        let prefix = format!("{PREFIX}{}-", std::process::id());
        let directory = files::temporary_directory(&prefix, base)?;
        OPEN.set(Some(directory.path().to_owned()));
        let path = directory.path().join(NAME);
        let file = files::private(OpenOptions::new().write(true).create_new(true)).open(&path);
        file.and_then(|mut file| file.write_all(text.as_bytes()))?;
        let mut words = words.into_iter();
        let editor = words.next().unwrap_or_else(|| DEFAULT_EDITOR.to_owned());
        let run = ForegroundRun {
            heading: Some(format!("Waiting for {editor} to close the task …")),
            program: Program {
                name: OsString::from(&editor),
                arguments: words.map(OsString::from).chain([path.clone().into_os_string()]).collect(),
            },
            pause: Pause::OnFailure,
            purpose: Purpose::EditTask,
        };
        Ok((Self { _directory: directory, path, editor }, run))
    }

    /// Returns how the editor ended, with the text that it left. Removes the file.
    pub(super) fn end(self, end: &ProgramEnd) -> EditorEnd {
        match (self.read().map(DocumentText::new), end.is_success()) {
            (Ok(text), true) => EditorEnd::Closed(text),
            (Err(why), true) => EditorEnd::Failed { why, text: None },
            (text, false) => EditorEnd::Failed { why: format!("{} {end}", self.editor), text: text.ok() },
        }
    }

    /// Reads the text back. The editor may have replaced the file by another.
    ///
    /// # Errors
    /// Says why there is no text, as a fragment.
    fn read(&self) -> Result<String, String> {
        let mut bytes = Vec::new();
        let file = fs::File::open(&self.path).map_err(|error| format!("could not read its file: {error}"))?;
        let read = file.take(MAX_BYTES + 1).read_to_end(&mut bytes);
        read.map_err(|error| format!("could not read its file: {error}"))?;
        if bytes.len() as u64 > MAX_BYTES {
            return Err(format!("its file is larger than {} MiB", MAX_BYTES / 1024 / 1024));
        }
        String::from_utf8(bytes).map_err(|_| "its file is not UTF-8 text".to_owned())
    }
}

impl Drop for EditedFile {
    fn drop(&mut self) {
        OPEN.set(None);
    }
}

/// Removes the file that is open, before the program ends without dropping it.
pub(super) fn remove_open() {
    OPEN.remove();
}

/// Removes the files of programs of this user that were killed while an editor was open.
pub fn remove_leftovers() {
    let (base, temporary) = (base(&variable), std::env::temp_dir());
    remove_leftovers_in(&base);
    if base != temporary {
        remove_leftovers_in(&temporary);
    }
}

fn remove_leftovers_in(base: &Path) {
    for entry in fs::read_dir(base).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let Some(pid) = name.to_str().and_then(|name| name.strip_prefix(PREFIX)?.split('-').next()) else {
            continue;
        };
        let is_ours =
            entry.metadata().is_ok_and(|metadata| metadata.is_dir() && owner(&metadata) == user::id());
        if is_ours && pid.parse().is_ok_and(has_ended) {
            let removed = fs::remove_dir_all(entry.path());
            tracing::info!(directory = ?entry.path(), ?removed, "removed the file of an editor");
        }
    }
}

fn owner(metadata: &fs::Metadata) -> Option<u32> {
    files::access(metadata).map(|access| access.owner)
}

/// Returns the directory for temporary files: the user's own, in memory, if there is one.
fn base(variable: &dyn Fn(&str) -> Option<String>) -> PathBuf {
    let own = variable("XDG_RUNTIME_DIR").map(PathBuf::from);
    own.filter(|path| path.is_absolute() && path.is_dir()).unwrap_or_else(std::env::temp_dir)
}

/// Returns the words of the operator's editor. Quotes group words as in a shell, but no shell takes part: nothing is
/// expanded.
fn editor_words(variable: &dyn Fn(&str) -> Option<String>) -> Result<Vec<String>, String> {
    let chosen = ["VISUAL", "EDITOR"]
        .into_iter()
        .find_map(|name| variable(name).filter(|value| !value.trim().is_empty()).map(|value| (name, value)));
    let Some((name, value)) = chosen else { return Ok(vec![DEFAULT_EDITOR.to_owned()]) };
    shlex::split(&value).ok_or_else(|| format!("{name} has an unclosed quote: {value}"))
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o7777
    }

    fn create_in(base: &Path, text: &str) -> EditedFile {
        let words = vec!["ed".to_owned(), "-s".to_owned()];
        let (file, run) = EditedFile::create_in(base, text, words).unwrap();
        assert_eq!(run.program.name, "ed");
        assert_eq!(run.program.arguments, [OsString::from("-s"), file.path.clone().into_os_string()]);
        file
    }

    #[test]
    fn an_editor_that_fails_leaves_its_text() {
        let base = tempfile::tempdir().unwrap();
        let text = || DocumentText::new("secret".to_owned());
        let end = |end: ProgramEnd| create_in(base.path(), "secret").end(&end);
        assert_eq!(end(ProgramEnd::Exited(0)), EditorEnd::Closed(text()));
        let failed = |why: &str| EditorEnd::Failed { why: why.to_owned(), text: Some(text()) };
        assert_eq!(end(ProgramEnd::Exited(1)), failed("ed exited with status 1"));
        assert_eq!(end(ProgramEnd::Failed("not found".into())), failed("ed could not be run: not found"));
        let file = create_in(base.path(), "secret");
        fs::remove_file(&file.path).unwrap();
        assert!(matches!(file.end(&ProgramEnd::Exited(0)), EditorEnd::Failed { text: None, .. }));
        assert_eq!(fs::read_dir(base.path()).unwrap().count(), 0);
    }

    #[test]
    fn only_the_owner_reads_the_file_and_it_goes_with_all_beside_it() {
        let base = tempfile::tempdir().unwrap();
        let file = create_in(base.path(), "secret");
        let directory = file.path.parent().unwrap().to_owned();
        assert_eq!((mode(&directory), mode(&file.path)), (0o700, 0o600));
        assert_eq!(file.read().unwrap(), "secret");
        fs::write(directory.join(".task.jsonc.swp"), "secret").unwrap();
        // Some editors write a new file and give it the name of the old one.
        fs::write(directory.join("new"), "edited").unwrap();
        fs::rename(directory.join("new"), &file.path).unwrap();
        assert_eq!(file.read().unwrap(), "edited");
        drop(file);
        assert_eq!(fs::read_dir(base.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_panic_removes_the_file_that_is_open_and_no_other() {
        let base = tempfile::tempdir().unwrap();
        let (first, second) = (create_in(base.path(), "secret"), create_in(base.path(), "secret"));
        let open = OpenDirectory(Mutex::new(None));
        open.remove();
        open.set(Some(first.path.parent().unwrap().to_owned()));
        open.remove();
        assert!(!first.path.parent().unwrap().exists() && second.path.exists());
        open.set(Some(second.path.parent().unwrap().to_owned()));
        open.set(None);
        open.remove();
        assert!(second.path.exists(), "its editor has ended");
    }

    #[test]
    fn a_text_that_cannot_be_read_back_is_said() {
        let base = tempfile::tempdir().unwrap();
        let file = create_in(base.path(), "");
        fs::write(&file.path, b"\xff").unwrap();
        assert_eq!(file.read().unwrap_err(), "its file is not UTF-8 text");
        fs::File::create(&file.path).unwrap().set_len(MAX_BYTES + 1).unwrap();
        assert_eq!(file.read().unwrap_err(), "its file is larger than 8 MiB");
        fs::remove_file(&file.path).unwrap();
        assert!(file.read().unwrap_err().starts_with("could not read its file: "));
    }

    #[test]
    fn leftovers_of_dead_processes_are_removed_and_nothing_else() {
        let base = tempfile::tempdir().unwrap();
        let mut child = std::process::Command::new("true").spawn().unwrap();
        let dead = child.id();
        child.wait().unwrap();
        let kept = [format!("{PREFIX}{}-a", std::process::id()), format!("{PREFIX}x-a"), "other".to_owned()];
        let gone = format!("{PREFIX}{dead}-a");
        for name in kept.iter().chain([&gone]) {
            fs::create_dir(base.path().join(name)).unwrap();
            fs::write(base.path().join(name).join(NAME), "secret").unwrap();
        }
        remove_leftovers_in(base.path());
        assert!(!base.path().join(gone).exists());
        for name in kept {
            assert!(base.path().join(&name).join(NAME).exists(), "{name}");
        }
    }

    #[test]
    fn visual_comes_before_editor_and_no_shell_takes_part() {
        let words = |visual: Option<&str>, editor: Option<&str>| {
            editor_words(&|name| match name {
                "VISUAL" => visual.map(str::to_owned),
                "EDITOR" => editor.map(str::to_owned),
                _ => None,
            })
        };
        assert_eq!(words(None, None).unwrap(), ["vi"]);
        assert_eq!(words(Some(" "), Some("nano")).unwrap(), ["nano"]);
        assert_eq!(words(Some("code --wait"), Some("nano")).unwrap(), ["code", "--wait"]);
        assert_eq!(
            words(None, Some("'/opt/my editor' -w; $HOME *")).unwrap(),
            ["/opt/my editor", "-w;", "$HOME", "*"]
        );
        assert_eq!(words(None, Some("'vi")).unwrap_err(), "EDITOR has an unclosed quote: 'vi");
    }

    #[test]
    fn the_users_own_directory_is_taken_if_it_is_there() {
        let own = tempfile::tempdir().unwrap();
        let base_of = |value: String| base(&move |name| (name == "XDG_RUNTIME_DIR").then(|| value.clone()));
        assert_eq!(base_of(own.path().display().to_string()), own.path());
        assert_eq!(base_of("relative".to_owned()), std::env::temp_dir());
        assert_eq!(base_of("/nowhere/at/all".to_owned()), std::env::temp_dir());
    }
}
