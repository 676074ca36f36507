//! The environment variables that taskdeck reads, as Markdown.

/// Variables with one purpose.
struct Row {
    names: &'static [&'static str],
    meaning: &'static str,
}

const fn row(names: &'static [&'static str], meaning: &'static str) -> Row {
    Row { names, meaning }
}

/// Every variable: those of the connection first, then those of files, and then those of the terminal.
const TABLE: &[Row] = &[
    row(&["BBS_URL"], "URL of the BBS"),
    row(&["CA_CERT_FILE"], "CA certificate used to verify the server (PEM)"),
    row(&["CLIENT_CERT_FILE", "CLIENT_KEY_FILE"], "Client certificate and its private key (PEM)"),
    row(&["SKIP_CERT_VERIFY"], "`true` skips verification of the server's certificate (insecure)"),
    row(&["CFDOT_TIMEOUT"], "Timeout of a call in seconds; `0` disables it"),
    row(&["TASKDECK_LOG"], "What is logged, such as `taskdeck=debug` [default: `taskdeck=info`]"),
    row(&["XDG_CONFIG_HOME"], "Where `taskdeck/config.toml` is on Linux [default: `~/.config`]"),
    row(
        &["XDG_STATE_HOME"],
        "Where the directory `taskdeck` with the state, the log and the recording is on Linux [default: `~/.local/state`]",
    ),
    row(
        &["XDG_RUNTIME_DIR", "TMPDIR"],
        "Where the file for your editor is; the first that is set, else `/tmp`",
    ),
    row(&["HOME"], "Your home directory, also for `~` in the name of a file to save"),
    row(&["VISUAL", "EDITOR"], "Your editor; the first that is set, else `vi`"),
    row(&["USER", "LOGNAME"], "Your name in recordings; the first that is set, else your user id"),
    row(
        &["TERM"],
        "Type of the terminal. The dashboard does not start with `dumb` or without it, and draws ASCII with `linux` and `vt…`",
    ),
    row(
        &["LC_ALL", "LC_CTYPE", "LANG"],
        "Locale; the first that is set. Without UTF-8 the dashboard draws ASCII",
    ),
    row(&["COLUMNS", "LINES"], "Size of a terminal that reports none [default: 80 and 24]"),
    row(&["NO_COLOR"], "If not empty, the dashboard has no colours"),
    row(
        &["COLORTERM", "TERM_PROGRAM", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE"],
        "Number of colours that the terminal has, beside `TERM`",
    ),
    row(&["COLORFGBG"], "Background of the terminal, for the theme `auto`"),
    row(&["SSH_CONNECTION", "SSH_TTY"], "Set over SSH: text is copied through the terminal only"),
    row(
        &["WAYLAND_DISPLAY", "DISPLAY", "WSL_DISTRO_NAME"],
        "If set, copies also go to the desktop's clipboard (`wl-copy`, `xclip` or `xsel`, `clip.exe`)",
    ),
];

/// Returns the variables as a Markdown table.
pub(super) fn markdown() -> String {
    let head = "| variable | meaning |\n| --- | --- |\n".to_owned();
    let line = |row: &Row| {
        let names: Vec<_> = row.names.iter().map(|name| format!("`{name}`")).collect();
        format!("| {} | {} |\n", names.join(" "), row.meaning)
    };
    std::iter::once(head).chain(TABLE.iter().map(line)).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use regex::Regex;

    use super::*;

    /// Read by libraries: `directories`, `tempfile`, `termprofile`.
    const OF_LIBRARIES: [&str; 9] = [
        "XDG_CONFIG_HOME",
        "XDG_STATE_HOME",
        "TMPDIR",
        "HOME",
        "COLORTERM",
        "TERM_PROGRAM",
        "FORCE_COLOR",
        "CLICOLOR",
        "CLICOLOR_FORCE",
    ];

    /// Adds the literals in capitals, such as `"LC_ALL"`, of the code in a directory.
    fn read_literals(directory: &Path, found: &mut BTreeSet<String>) {
        // Those of the compiler, in `env!("…")`, are others.
        let literal = Regex::new(r#"(env!\()?"([A-Z]+(?:_[A-Z]+)*)""#).unwrap();
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy();
            let is_test = ["tests", "tests.rs"].contains(&&*name) || name.ends_with("_tests.rs");
            if is_test || path.ends_with("docs/environment.rs") {
                continue;
            }
            if path.is_dir() {
                read_literals(&path, found);
            } else {
                let source = fs::read_to_string(&path).unwrap();
                let code = source.split("#[cfg(test)]").next().unwrap_or_default();
                let read = literal.captures_iter(code).filter(|captures| captures.get(1).is_none());
                found.extend(read.map(|captures| captures[2].to_owned()));
            }
        }
    }

    #[test]
    fn the_table_has_the_variables_that_the_code_names() {
        let mut named = BTreeSet::new();
        for module in ["cli", "config", "runtime"] {
            read_literals(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(module), &mut named);
        }
        let listed: BTreeSet<_> = TABLE.iter().flat_map(|row| row.names).copied().collect();
        // A single word in capitals is mostly the name of a value in a help text.
        for name in named.iter().filter(|name| name.contains('_')) {
            assert!(listed.contains(name.as_str()), "{name} is not in the table");
        }
        for name in listed.into_iter().filter(|name| !OF_LIBRARIES.contains(name)) {
            assert!(named.contains(name), "no code reads {name}");
        }
    }
}
