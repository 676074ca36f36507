//! Checks which module uses which, against one table.
//!
//! Reads the source text: a path `crate::x::` or `taskdeck::x::` is a use of our module `x`,
//! a name of a foreign crate before `::` is a use of that. Tests inside a module may use what they like.
#![expect(clippy::expect_used, reason = "test helpers")]

use std::fs;
use std::path::{Path, PathBuf};

/// For each module: the modules that it may use besides itself, and the crates that it must not use.
const RULES: &[(&str, &[&str], &[&str])] = &[
    ("model", &[], &["tokio", "ratatui", "crossterm", "reqwest", "prost", "rustls"]),
    ("platform", &[], &["ratatui", "reqwest", "prost", "rustls"]),
    ("clock", &["model"], &["tokio", "ratatui", "crossterm", "reqwest", "prost"]),
    ("bbs", &["model", "platform"], &["ratatui", "crossterm"]),
    ("state", &["platform"], &["tokio", "ratatui", "crossterm", "reqwest", "prost"]),
    ("suggest", &[], &["tokio", "ratatui", "crossterm", "reqwest", "prost"]),
    ("toml_fault", &["suggest"], &["tokio", "ratatui", "crossterm", "reqwest", "prost"]),
    ("theme", &["toml_fault"], &["tokio", "crossterm", "reqwest", "prost"]),
    ("filter", &["model", "suggest"], &["tokio", "ratatui", "crossterm", "reqwest", "prost"]),
    (
        "app",
        // `present` for the texts of notices and files, and for the columns' keys and sort rules.
        &["model", "clock", "filter", "present", "state", "suggest", "theme"],
        &["tokio", "ratatui", "crossterm", "reqwest", "prost"],
    ),
    ("present", &["model"], &["tokio", "ratatui", "crossterm", "reqwest", "prost"]),
    (
        "ui",
        &["app", "model", "present", "clock", "filter", "theme"],
        &["tokio", "crossterm", "reqwest", "prost"],
    ),
    (
        "record",
        &["filter", "model", "platform", "present", "state"],
        &["tokio", "ratatui", "crossterm", "reqwest", "prost", "rustls"],
    ),
    (
        "runtime",
        &["app", "bbs", "clock", "http", "model", "platform", "present", "record", "state", "ui"],
        &["prost"],
    ),
    (
        "cli",
        &["bbs", "clock", "config", "filter", "model", "platform", "present", "record", "suggest"],
        &["ratatui", "reqwest", "prost", "rustls"],
    ),
    (
        "config",
        &["app", "bbs", "model", "filter", "platform", "suggest", "theme", "toml_fault"],
        &["tokio", "ratatui", "crossterm", "prost"],
    ),
    ("http", &["model"], &["tokio", "ratatui", "crossterm", "reqwest", "prost"]),
    ("sim", &["bbs", "clock", "http", "model", "platform"], &["ratatui", "crossterm", "reqwest"]),
    ("main", &["cli"], &["tokio", "ratatui", "crossterm", "reqwest", "prost", "rustls"]),
];

/// Files that may use more than their module: the verbs that start a dashboard or a simulator.
const EXCEPTIONS: &[(&str, &[&str])] = &[
    ("cli/arguments.rs", &["sim"]),
    // The tables of keys and commands are in `app`, those of scenarios in `sim`.
    ("cli/docs/mod.rs", &["app", "sim"]),
    ("cli/dashboard.rs", &["app", "runtime", "sim", "state", "theme"]),
    ("cli/metrics.rs", &["runtime"]),
    ("cli/record.rs", &["app", "runtime"]),
    ("cli/replay.rs", &["app", "runtime"]),
    ("cli/simulate.rs", &["sim"]),
];

/// The modules that may name wire types, and those that may read the system clock.
const WIRE: &[&str] = &["bbs", "sim"];
const CLOCK: &[&str] = &["clock.rs", "bbs", "cli", "platform", "runtime", "sim"];

/// What only some systems have, and what chooses between systems.
const OF_A_SYSTEM: &[&str] = &[
    "std::os::",
    "::unix::",
    "::windows::",
    "rustix::",
    "signal_hook::",
    ".process_group(",
    "cfg(unix",
    "cfg(windows",
    "cfg!(",
    "cfg(not(",
    "cfg_attr(",
    "target_os",
];

/// The only places that may name it, besides `platform`, with what differs there.
const SYSTEMS: &[(&str, &[&str])] = &[
    // Keys are decoded from bytes, or come as events.
    ("runtime/keyboard.rs", &["#[cfg(unix)]", "#[cfg(windows)]"]),
    ("runtime/mod.rs", &["#[cfg(unix)]"]),
    // Windows has no TERM and no locale.
    ("runtime/terminal.rs", &["None if cfg!(windows) => Ok(()),"]),
    ("runtime/environment.rs", &["if cfg!(windows) {"]),
    ("runtime/clipboard.rs", &["let macos = cfg!(target_os = \"macos\").then_some(PBCOPY);"]),
];

struct Source {
    path: PathBuf,
    module: String,
    lines: Vec<String>,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    collect(&root, &root, &mut found);
    assert!(found.len() > 60, "the sources are where they were: {}", found.len());
    found
}

fn collect(root: &Path, dir: &Path, found: &mut Vec<Source>) {
    for entry in fs::read_dir(dir).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(root, &path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") && !is_test(&path) {
            let text = fs::read_to_string(&path).expect("a source");
            let first = path.strip_prefix(root).expect("below src").iter().next().expect("a name");
            let module = first.to_string_lossy().trim_end_matches(".rs").to_owned();
            // What follows the first inner test module is tests.
            let lines = text.lines().take_while(|line| *line != "mod tests {").map(str::to_owned).collect();
            found.push(Source { path, module, lines });
        }
    }
}

fn is_test(path: &Path) -> bool {
    path.iter().any(|part| part == "tests") || path.to_string_lossy().ends_with("tests.rs")
}

/// Returns every line of code with its location, without comments.
fn code(source: &Source) -> impl Iterator<Item = (String, &str)> {
    source
        .lines
        .iter()
        .zip(1..)
        .filter(|(line, _)| !line.trim_start().starts_with("//"))
        .map(|(line, number): (_, usize)| (format!("{}:{number}", source.path.display()), line.as_str()))
}

fn names<'a>(line: &'a str, before: &'a str) -> impl Iterator<Item = &'a str> {
    line.split(before)
        .skip(1)
        .filter_map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next())
}

fn uses_crate(line: &str, name: &str) -> bool {
    let path = format!("{name}::");
    let longer_name = |before: &str| before.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
    line.match_indices(&path).any(|(at, _)| line.get(..at).is_some_and(|before| !longer_name(before)))
}

#[test]
fn a_module_uses_only_what_its_row_allows() {
    let mut wrong = Vec::new();
    for source in sources().into_iter().filter(|source| source.module != "lib") {
        let row = RULES.iter().find(|(name, ..)| *name == source.module);
        let (module, allowed, forbidden) = row.expect("a row");
        for (place, line) in code(&source) {
            let more =
                EXCEPTIONS.iter().filter(|(file, _)| source.path.ends_with(file)).flat_map(|(_, more)| *more);
            let allowed: Vec<_> = allowed.iter().chain(more).collect();
            let ours = ["crate::", "taskdeck::"].into_iter().flat_map(|before| names(line, before));
            let ours = ours.filter(|used| RULES.iter().any(|(name, ..)| name == used));
            for used in ours.filter(|used| used != module && !allowed.contains(&used)) {
                wrong.push(format!("{place}: {module} may not use {used}"));
            }
            for name in forbidden.iter().filter(|name| uses_crate(line, name)) {
                wrong.push(format!("{place}: {module} may not touch {name}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_module_has_a_row_and_a_line_in_the_map() {
    let map = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).expect("the map");
    for Source { module, path, .. } in sources().iter().filter(|source| source.module != "lib") {
        assert!(RULES.iter().any(|(name, ..)| name == module), "{}: {module} has no row", path.display());
        let is_mapped = module == "main" || map.contains(&format!("//! - [`{module}`]: "));
        assert!(is_mapped, "{module} is not in the map of src/lib.rs");
    }
}

#[test]
fn wire_types_stay_where_they_belong() {
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| !WIRE.contains(&source.module.as_str())) {
        for (place, line) in code(source) {
            if line.contains("wire::") {
                wrong.push(format!("{place}: {} names a wire type", source.module));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nobody_reads_the_clock_who_is_handed_the_time() {
    let mut wrong = Vec::new();
    let pure = |source: &&Source| !CLOCK.iter().any(|name| name.trim_end_matches(".rs") == source.module);
    for source in sources().iter().filter(pure) {
        for (place, line) in code(source) {
            if ["SystemTime::now", "Instant::now", "Timestamp::now", "Zoned::now"]
                .iter()
                .any(|call| line.contains(call))
            {
                wrong.push(format!("{place}: {} reads the clock", source.module));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_module_says_what_it_is_for() {
    for source in sources() {
        let first = source.lines.first().map(String::as_str).unwrap_or_default();
        assert!(first.starts_with("//!"), "{}: {first}", source.path.display());
    }
}

#[test]
fn what_only_some_systems_have_stays_in_platform() {
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| source.module != "platform") {
        let mut allowed: Vec<_> = SYSTEMS
            .iter()
            .filter(|(file, _)| source.path.ends_with(file))
            .flat_map(|(_, lines)| lines.iter().copied())
            .collect();
        for (place, line) in code(source) {
            let line = line.trim();
            let is_test = line.contains("cfg(test)");
            if is_test || !OF_A_SYSTEM.iter().any(|name| line.contains(name)) {
                continue;
            }
            match allowed.iter().position(|allowed| *allowed == line) {
                Some(index) => drop(allowed.swap_remove(index)),
                None => wrong.push(format!("{place}: only platform knows systems: {line}")),
            }
        }
        wrong.extend(allowed.iter().map(|line| format!("{}: no longer has `{line}`", source.path.display())));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Returns the signatures' beginnings in a file of `platform`: functions and types with their names.
fn items(system: &str, file: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/platform").join(system).join(file);
    let text = fs::read_to_string(&path).expect("the same file for each system");
    let item = |line: &str| {
        let line = line.trim().strip_prefix("pub(crate) ")?;
        let words: Vec<_> = line.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
        let at = words.iter().position(|word| ["fn", "struct", "type", "enum", "mod"].contains(word))?;
        Some(words.get(at..=at + 1)?.join(" "))
    };
    let mut items: Vec<_> = text.lines().filter_map(item).collect();
    items.sort();
    items
}

#[test]
fn each_system_has_the_same_functions() {
    let files = ["mod.rs", "files.rs", "output.rs", "processes.rs", "signals.rs", "terminal.rs", "user.rs"];
    for file in files.iter().skip(1) {
        assert!(items("unix", "mod.rs").contains(&format!("mod {}", file.trim_end_matches(".rs"))), "{file}");
    }
    for file in files {
        let (unix, windows) = (items("unix", file), items("windows", file));
        assert!(unix.len() >= 3, "{file}: {unix:?}");
        // What reads bytes has no use where keys come as events.
        let only_bytes = |item: &&String| !["fn wait_for_input", "fn read_input"].contains(&item.as_str());
        assert_eq!(
            unix.iter().filter(only_bytes).collect::<Vec<_>>(),
            windows.iter().collect::<Vec<_>>(),
            "{file}"
        );
    }
}
