//! Filters, commands of the dashboard and configuration in the pages are what the program takes.

use std::collections::BTreeSet;

use taskdeck::app;
use taskdeck::app::commands;
use taskdeck::app::keymap::Keymap;
use taskdeck::config::{self, Flags, Paths};
use taskdeck::filter::Filter;
use taskdeck::sim::Scenario;
use taskdeck::theme::Themes;

use crate::page::{self, Page};

/// Returns the filter that a piece of code shows: `state:pending`, but neither `cell:`, which names a field, nor
/// `stuck: 6 pending`, which the dashboard says, nor a URL.
fn filter(code: &str) -> Option<String> {
    let text = code.trim_start_matches('/').replace("\\|", "|");
    let (name, value) = text.trim_start_matches('!').split_once(':')?;
    let is_name = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    (is_name && !value.is_empty() && !value.starts_with([' ', '/', ':'])).then_some(text)
}

#[test]
fn filters_within_lines_parse() {
    let mut count = 0;
    for page in page::all() {
        for text in page.codes().iter().filter_map(|code| filter(code)) {
            let mistake = Filter::parse(&text).err().map(|mistake| mistake.to_string());
            assert_eq!(mistake, None, "{}: {text}", page.path.display());
            count += 1;
        }
    }
    assert!(count > 30, "{count}");
}

/// Returns the names in the first column of a table of the dashboard's commands.
fn names(table: &str) -> BTreeSet<String> {
    let cells = table.lines().filter_map(|line| line.split('|').nth(1));
    let names = cells.flat_map(|cell| cell.split('`').skip(1).step_by(2));
    names.map(|name| name.trim_start_matches(':').to_owned()).collect()
}

/// Returns the command that a piece of code types after `:`, and whether an argument follows.
fn typed(code: &str) -> Option<(&str, bool)> {
    let mut words = code.strip_prefix(':')?.split(' ');
    let word = words.next().filter(|word| word.starts_with(|c: char| c.is_ascii_lowercase()))?;
    Some((word, words.next().is_some_and(|word| !word.is_empty())))
}

#[test]
fn commands_of_the_dashboard_exist() {
    let with_argument = names(&app::argument_commands_markdown());
    let mut all = names(&[commands::markdown(&Keymap::default()), app::aliases_markdown()].concat());
    all.extend(with_argument.iter().cloned());
    assert!(all.len() > 80, "{all:?}");
    let mut count = 0;
    for page in page::all() {
        let codes = page.codes();
        let blocks = page.blocks();
        let plain = blocks.iter().filter(|block| block.language.is_empty());
        let lines = plain.flat_map(|block| block.text.lines());
        for (name, takes) in codes.iter().map(String::as_str).chain(lines).filter_map(typed) {
            let among = if takes { &with_argument } else { &all };
            let begun = among.iter().filter(|known| known.starts_with(name)).count();
            assert!(all.contains(name) || begun == 1, "{}: there is no :{name}", page.path.display());
            count += 1;
        }
    }
    assert!(count > 60, "{count}");
}

/// Says what is wrong with a TOML text of a page: a theme, a scenario or a part of a configuration.
fn mistake(text: &str) -> Option<String> {
    if text.contains("[roles]") {
        return Themes::built_in(None).add("example", text).err();
    }
    if text.contains("[[work]]") {
        return Scenario::parse(text).err();
    }
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("config.toml");
    std::fs::write(&file, text).unwrap();
    let paths = Paths { config_file: Some(file), state_dir: None, cfdot_job: home.path().join("none") };
    let dashboard = config::load_dashboard(&Flags::default(), &paths).map(drop);
    let recording = config::load_recording(&Flags::default(), &paths).map(drop);
    let whole = match config::load(&Flags::default(), &|_| None, &paths) {
        Ok(loaded) => loaded.targets.into_values().find_map(Result::err).map_or(Ok(()), Err),
        Err(config::ConfigError::NoTarget) => Ok(()),
        // A part shows a target without its URL, or without selecting it.
        Err(mistake) if mistake.to_string().contains("has no `url`") => Ok(()),
        Err(mistake) if mistake.to_string().starts_with("no target is selected") => Ok(()),
        Err(mistake) => Err(mistake),
    };
    [dashboard, recording, whole].into_iter().find_map(Result::err).map(|mistake| mistake.to_string())
}

#[test]
fn configurations_load() {
    let mut count = 0;
    for page in page::all() {
        for block in page.blocks().iter().filter(|block| block.language == "toml") {
            assert_eq!(mistake(&block.text), None, "{}:\n{}", page.path.display(), block.text);
            count += 1;
        }
    }
    assert!(count > 8, "{count}");
    assert!(mistake("[dashboard]\nsorted = \"age\"\n").is_some());
}

#[test]
fn the_protocol_names_every_path() {
    let page = Page::read("docs/protocol.md");
    for call in taskdeck::model::Call::ALL {
        for path in taskdeck::bbs::routes::route(call).paths {
            assert!(page.text.contains(&format!("`{path}`")), "{path}");
        }
    }
}
