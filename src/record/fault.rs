//! Why a recording cannot be written or read.

use std::io;

use rusqlite::ErrorCode;

/// A problem with a recording.
#[derive(Debug, thiserror::Error)]
pub enum RecordFault {
    /// A newer taskdeck wrote the file.
    #[error("a newer taskdeck wrote it (schema {found}, and this one knows up to {known})")]
    Newer {
        /// The schema of the file.
        found: i64,
        /// The newest schema that we know.
        known: i64,
    },
    /// The file is a database of another program.
    #[error("it is a database of another program")]
    Foreign,
    /// The file is no database: another file, or a damaged one.
    #[error("it is not a recording")]
    NoDatabase,
    /// The file is damaged.
    #[error("it is damaged ({0})")]
    Damaged(String),
    /// Another program has locked the file for too long.
    #[error("another program has locked it")]
    Locked,
    /// There is no room on the disk.
    #[error("the disk is full")]
    Full,
    /// The file or its directory may not be written to.
    #[error("no permission to write to it")]
    ReadOnly,
    /// The file could not be opened, read or written.
    #[error("{0}")]
    Io(String),
}

/// The result of an operation on a recording.
pub type Result<T> = std::result::Result<T, RecordFault>;

impl From<io::Error> for RecordFault {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly,
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Io(error.to_string()),
        }
    }
}

impl From<rusqlite::Error> for RecordFault {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => Self::NoDatabase,
            Some(ErrorCode::DatabaseCorrupt) => Self::Damaged(error.to_string()),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked,
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Self::ReadOnly,
            _ => Self::Io(error.to_string()),
        }
    }
}
