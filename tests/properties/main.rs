//! Properties of everything that taskdeck reads from outside, on random changes of recorded inputs and on inputs that once broke
//! something.
//!
//! `TASKDECK_FUZZ_INPUTS=1000000 cargo test --release --test properties` tries as many inputs for each property.
//! `TASKDECK_FUZZ_SEEDS=fuzz/corpus cargo test --test properties seeds` writes the recorded inputs for the targets in `fuzz/`, which
//! check the same properties guided by coverage.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test or a check panics if what it checks does not hold"
)]

mod changes;
#[expect(unreachable_pub, reason = "it is the library of the fuzz targets too")]
mod checks;
mod seeds;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs, panic};

use proptest::test_runner::{Config, TestRunner};

use seeds::Seeds;

/// Inputs for each property if the environment does not say otherwise. All properties together take some seconds.
const INPUTS: u32 = 200;
/// Properties that cost milliseconds an input, so that a tenth of the inputs must do.
const SLOW: [&str; 3] = ["command_line", "keys", "recording"];

/// One kind of input.
struct Property {
    name: &'static str,
    check: fn(&[u8]),
    seeds: fn() -> Seeds,
}

/// Declares the properties, and a test for each.
macro_rules! properties {
    ($($name:ident),* $(,)?) => {
        const PROPERTIES: &[Property] = &[
            $(Property { name: stringify!($name), check: checks::$name::check, seeds: seeds::$name }),*
        ];

        mod holds {
            $(
                #[test]
                fn $name() {
                    super::hold(stringify!($name));
                }
            )*
        }
    };
}

properties! {
    command_line, configuration, document, events, filter, http, key_name, keys, list, recording, sanitise, scenario, state, task,
    terminal, theme,
}

/// Checks a property on its seeds, on the inputs that once broke it, and on random changes of the seeds.
fn hold(name: &str) {
    let property = PROPERTIES.iter().find(|property| property.name == name).unwrap();
    let seeds = (property.seeds)();
    assert!(!seeds.inputs.is_empty());
    for (input, from) in
        seeds.inputs.iter().map(|seed| (seed.clone(), name.to_owned())).chain(once_broken(name))
    {
        let outcome = panic::catch_unwind(|| (property.check)(&input));
        assert!(outcome.is_ok(), "{from}: {:?}", String::from_utf8_lossy(&input));
    }
    let cases = env::var("TASKDECK_FUZZ_INPUTS").map_or(INPUTS, |inputs| inputs.parse().unwrap());
    let cases = if SLOW.contains(&name) { cases.div_ceil(10) } else { cases };
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let run = TestRunner::new(config).run(&changes::changed(seeds), |input| {
        (property.check)(&input);
        Ok(())
    });
    if let Err(failure) = run {
        panic!("{failure}");
    }
}

/// Returns the inputs in `tests/fixtures/fuzz` that once broke a property, with their files.
fn once_broken(name: &str) -> Vec<(Vec<u8>, String)> {
    let directory = root().join("tests/fixtures/fuzz").join(name);
    let Ok(files) = fs::read_dir(directory) else { return Vec::new() };
    let files = files.map(|file| file.unwrap().path());
    files.map(|path| (fs::read(&path).unwrap(), path.display().to_string())).collect()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Writes the seeds for the fuzz targets, if the environment names a directory.
#[test]
fn seeds_are_written_for_the_fuzz_targets() {
    let Some(corpus) = env::var_os("TASKDECK_FUZZ_SEEDS").map(PathBuf::from) else { return };
    for property in PROPERTIES {
        let directory = corpus.join(property.name);
        fs::create_dir_all(&directory).unwrap();
        let seeds = (property.seeds)();
        for (nth, seed) in seeds.inputs.iter().enumerate() {
            fs::write(directory.join(format!("seed-{nth:03}")), seed).unwrap();
        }
        let words: BTreeSet<_> = seeds.words.iter().map(|word| quoted(word)).collect();
        let dictionary: String = words.into_iter().collect();
        fs::write(corpus.join(format!("{}.dict", property.name)), dictionary).unwrap();
    }
}

/// Returns the line of a word in a dictionary of libFuzzer.
fn quoted(word: &[u8]) -> String {
    let escaped: Vec<_> = word.iter().map(|byte| format!("\\x{byte:02x}")).collect();
    format!("\"{}\"\n", escaped.concat())
}

#[test]
fn every_property_has_a_fuzz_target_and_a_row_and_every_fixture_a_property() {
    if !root().join("fuzz").exists() {
        // The published package has none.
        return;
    }
    let known: BTreeSet<_> = PROPERTIES.iter().map(|property| property.name.to_owned()).collect();
    let names = |directory: &str| -> BTreeSet<_> {
        let entries = fs::read_dir(root().join(directory)).into_iter().flatten();
        let names = entries.map(|entry| entry.unwrap().path().file_stem().unwrap().to_owned());
        names.map(|name| name.into_string().unwrap()).collect()
    };
    assert_eq!(names("fuzz/fuzz_targets"), known);
    let manifest = fs::read_to_string(root().join("fuzz/Cargo.toml")).unwrap();
    for name in &known {
        assert!(manifest.contains(&format!("path = \"fuzz_targets/{name}.rs\"")), "{name}");
        let target = fs::read_to_string(root().join(format!("fuzz/fuzz_targets/{name}.rs"))).unwrap();
        assert!(target.contains(&format!("taskdeck_properties::{name}::check")), "{name}");
    }
    let page = fs::read_to_string(root().join("RELIABILITY.md")).unwrap();
    let rows: Vec<_> = page.lines().filter(|line| line.starts_with("| `")).collect();
    for name in &known {
        let is_listed = rows
            .iter()
            .any(|row| row.split(" | ").next().is_some_and(|cell| cell.contains(&format!("`{name}`"))));
        assert!(is_listed, "RELIABILITY.md lacks `{name}`");
    }
    let strangers: Vec<_> = names("tests/fixtures/fuzz").difference(&known).cloned().collect();
    assert_eq!(strangers, [""; 0]);
}
