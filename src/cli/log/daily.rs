//! A log file a day, for its owner alone. The rolling file of `tracing-appender` takes the mode that the umask leaves.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use jiff::{Timestamp, tz::TimeZone};

use crate::platform::files;

/// Number of daily log files to keep.
const KEPT_DAYS: usize = 5;

/// Writes to a file whose name ends in the day (UTC), and begins another one after midnight.
pub(super) struct DailyFile {
    directory: PathBuf,
    /// The name without the day.
    name: String,
    day: Date,
    file: File,
}

impl DailyFile {
    /// Opens today's file, and creates its directory for its owner alone if there is none.
    pub(super) fn open(directory: &Path, name: &str) -> io::Result<Self> {
        // The recording is in the same directory by default.
        files::create_private_directory(directory)?;
        let day = today();
        let file = begin(directory, name, day)?;
        Ok(Self { directory: directory.to_owned(), name: name.to_owned(), day, file })
    }

    fn write_on(&mut self, day: Date, line: &[u8]) -> io::Result<usize> {
        // If no new file can be begun, the log goes on in the old one.
        if day != self.day
            && let Ok(file) = begin(&self.directory, &self.name, day)
        {
            (self.day, self.file) = (day, file);
        }
        self.file.write(line)
    }
}

impl Write for DailyFile {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.write_on(today(), line)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn today() -> Date {
    Timestamp::now().to_zoned(TimeZone::UTC).date()
}

/// Opens the file of a day, and removes old ones.
fn begin(directory: &Path, name: &str, day: Date) -> io::Result<File> {
    let path = directory.join(format!("{name}.{day}"));
    let file = files::private(OpenOptions::new().append(true).create(true)).open(path)?;
    // An older taskdeck may have left it readable by others. Only the owner may change that.
    match files::close_to_others(&file) {
        Err(error) if error.kind() != ErrorKind::PermissionDenied => return Err(error),
        _ => {}
    }
    remove_old(directory, name);
    Ok(file)
}

/// Removes all but the newest files. A file that cannot be removed is no reason to run without a log.
fn remove_old(directory: &Path, name: &str) {
    let Ok(entries) = fs::read_dir(directory) else { return };
    let day = |file: &str| file.strip_prefix(name)?.strip_prefix('.')?.parse::<Date>().ok();
    let mut days: Vec<_> = entries.filter_map(|entry| day(entry.ok()?.file_name().to_str()?)).collect();
    days.sort_unstable();
    days.reverse();
    for old in days.iter().skip(KEPT_DAYS) {
        let _ = fs::remove_file(directory.join(format!("{name}.{old}")));
    }
}

#[cfg(test)]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt as _;

    use jiff::civil::date;

    use super::*;

    fn names(directory: &Path) -> Vec<String> {
        let name = |entry: io::Result<fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
        let mut names: Vec<_> = fs::read_dir(directory).unwrap().map(name).collect();
        names.sort();
        names
    }

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn each_day_has_a_file_of_the_owner_alone_and_five_are_kept() {
        let home = tempfile::tempdir().unwrap();
        let directory = home.path().join("state");
        let mut log = DailyFile::open(&directory, "log").unwrap();
        fs::write(directory.join("log.notes"), "").unwrap();
        // The first day is after today.
        for day in 1..=7 {
            log.write_on(date(9000, 1, day), b"line\n").unwrap();
        }
        let kept = ["log.9000-01-03", "log.9000-01-04", "log.9000-01-05", "log.9000-01-06", "log.9000-01-07"];
        let (last, files) = names(&directory).split_last().map(|(l, f)| (l.clone(), f.to_vec())).unwrap();
        assert_eq!((files, last.as_str()), (kept.map(str::to_owned).to_vec(), "log.notes"));
        assert_eq!(mode(&directory), 0o700);
        for file in kept {
            assert_eq!(mode(&directory.join(file)), 0o600);
            assert_eq!(fs::read(directory.join(file)).unwrap(), b"line\n");
        }
    }

    #[test]
    fn a_file_of_today_is_continued_and_closed_to_others() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join(format!("log.{}", today()));
        fs::write(&path, "before\n").unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
        let day = today();
        DailyFile::open(home.path(), "log").unwrap().write_on(day, b"after\n").unwrap();
        assert_eq!(mode(&path), 0o600);
        assert_eq!(fs::read(&path).unwrap(), b"before\nafter\n");
    }
}
