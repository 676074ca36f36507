//! The log file in the state directory. Never writes to the terminal.

mod daily;

use std::ffi::OsStr;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tracing::Subscriber;
use tracing_appender::non_blocking::WorkerGuard;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, fmt};

use crate::present::json::escape_for_terminal;

use daily::DailyFile;

/// Returns the path of the log in a state directory.
pub(super) fn file(state: &Path) -> PathBuf {
    state.join("taskdeck.log")
}

/// Writes the log to `file`, rotated daily, until the returned guard is dropped.
///
/// If the file cannot be written, returns a warning instead of a guard: the dashboard shows it and runs without a log.
pub(super) fn start(
    file: Option<&Path>,
    environment: &dyn Fn(&str) -> Option<String>,
) -> (Option<WorkerGuard>, Option<String>) {
    let Some(file) = file else { return (None, None) };
    match open(file) {
        Ok(opened) => (write_to(opened, environment), None),
        Err(problem) => (
            None,
            Some(format!("The log {} cannot be written: {problem}. Running without a log.", file.display())),
        ),
    }
}

fn open(file: &Path) -> Result<DailyFile, String> {
    let directory = file.parent().filter(|directory| !directory.as_os_str().is_empty());
    let name = file.file_name().and_then(OsStr::to_str).ok_or("its name is not a file's")?;
    DailyFile::open(directory.unwrap_or(Path::new(".")), name).map_err(|error| error.to_string())
}

fn write_to(file: DailyFile, environment: &dyn Fn(&str) -> Option<String>) -> Option<WorkerGuard> {
    let (writer, guard) = tracing_appender::non_blocking(Escaped(file));
    let filter = environment("TASKDECK_LOG").unwrap_or_else(|| "taskdeck=info".to_owned());
    subscriber(writer, &filter).try_init().ok().map(|()| guard)
}

/// Returns what writes each event as a line of JSON.
fn subscriber(
    writer: impl for<'a> MakeWriter<'a> + Send + Sync + 'static,
    filter: &str,
) -> impl Subscriber + Send + Sync {
    let lines = fmt().json().with_env_filter(EnvFilter::new(filter)).with_writer(writer);
    lines.with_ansi(false).finish()
}

/// Escapes what a terminal would interpret or hide: a log is read there, and it has texts of tenants and servers. Must be
/// given whole lines.
struct Escaped<W>(W);

impl<W: Write> Write for Escaped<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.write_all(&escape_for_terminal(line))?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use serde_json::Value;

    use super::*;
    use crate::present::sanitise::{corpus, is_invisible};

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// Returns the line that is written of a text: in a field, as a debugged value, and in the message.
    fn logged(text: &str) -> String {
        let written = Written::default();
        let writer = written.clone();
        let subscriber = subscriber(move || Escaped(writer.clone()), "taskdeck=info");
        tracing::subscriber::with_default(subscriber, || {
            tracing::info!(guid = %text, reason = ?text, "of {text}");
        });
        String::from_utf8(written.0.lock().unwrap().clone()).unwrap()
    }

    #[test]
    fn each_text_of_the_corpus_is_one_value_without_control_characters() {
        for (name, text) in corpus::hostile() {
            let line = logged(&text);
            let hidden = line.chars().find(|c| *c != '\n' && is_invisible(*c));
            assert_eq!((hidden, line.lines().count()), (None, 1), "{name}");
            let event: Value = serde_json::from_str(&line).unwrap();
            let fields = event.get("fields").unwrap();
            assert_eq!(fields.get("guid").and_then(Value::as_str), Some(text.as_str()), "{name}");
            assert_eq!(
                fields.get("message").and_then(Value::as_str),
                Some(format!("of {text}").as_str()),
                "{name}"
            );
        }
    }
}
