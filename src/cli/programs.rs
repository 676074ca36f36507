//! Finds programs as the system does when it starts one. Starts none.

use std::path::PathBuf;

use crate::platform::files::is_executable;

/// Returns the file of a program: of one with a slash itself, of another one in the folders of `path`.
pub(super) fn find(program: &str, path: &str) -> Option<PathBuf> {
    if program.contains(std::path::MAIN_SEPARATOR) {
        return Some(PathBuf::from(program)).filter(|file| is_executable(file));
    }
    std::env::split_paths(path).map(|folder| folder.join(program)).find(|file| is_executable(file))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_program_is_an_executable_file() {
        let dir = tempfile::tempdir().unwrap();
        let (empty, file) = (dir.path().join("empty"), dir.path().join("tool"));
        fs::create_dir(&empty).unwrap();
        fs::write(&file, "").unwrap();
        let path = format!("{}:{}", empty.display(), dir.path().display());
        assert_eq!(find("tool", &path), None, "not executable");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(find("tool", &path), Some(file.clone()));
        assert_eq!(find(file.to_str().unwrap(), ""), Some(file));
        assert_eq!(find("empty", &path), None, "a folder");
        assert_eq!(find("tool", ""), None);
    }
}
