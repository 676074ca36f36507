//! The targets of a run: one that wants its name typed, one that asks, one that is locked, one that is read-only, and one that is
//! not configured as it should be. Each has a server of its own.

use std::time::Duration;

use taskdeck::app::key::Key;
use taskdeck::app::keymap::Keymap;
use taskdeck::app::own_commands::{OutputTo, OwnCommand, OwnCommands, Template};
use taskdeck::app::{ConfirmPolicy, KnownTarget, NamedFilters, Pause, Settings, Target};
use taskdeck::filter::Filter;
use taskdeck::model::{Access, WriteRate};

/// The names of the targets that can be opened.
pub(crate) const NAMES: [&str; 4] = ["prod", "lab", "locked", "view"];
/// The second target's clock is hours ahead.
const SKEWS: [i64; 4] = [0, 5 * 3_600, -3, 0];

pub(crate) fn server_named(name: &str) -> usize {
    NAMES.iter().position(|known| *known == name).unwrap()
}

pub(crate) fn server_of(target: &Target) -> usize {
    server_named(target.label())
}

pub(crate) fn skew(server: usize) -> i64 {
    SKEWS[server]
}

pub(crate) fn target(name: &str) -> Target {
    let access = match name {
        "locked" => Access::Locked,
        "view" => Access::ReadOnly,
        _ => Access::ReadWrite,
    };
    Target {
        name: Some(name.to_owned()),
        url: format!("https://{name}:8889"),
        access,
        confirm: if name == "prod" { ConfirmPolicy::TypeName } else { ConfirmPolicy::Ask },
        writes_per_second: WriteRate::per_second(if name == "lab" { 50 } else { 5 }).unwrap(),
        ..Target::default()
    }
}

/// Returns settings with small bounds, so that they are reached.
pub(crate) fn settings(seed: u64) -> Settings {
    let known = |name: &str| KnownTarget { name: name.to_owned(), target: Ok(target(name)) };
    let broken = KnownTarget { name: "broken".into(), target: Err("no certificate".into()) };
    let filter = |text: &str| Filter::parse(text).unwrap();
    Settings {
        targets: NAMES.into_iter().map(known).chain([broken]).collect(),
        ended_kept: 30,
        ended_for: Duration::from_secs(300),
        events_kept: 60,
        number_typed_above: 3,
        mouse: seed.is_multiple_of(2),
        welcome: seed.is_multiple_of(5),
        record: seed.is_multiple_of(3),
        guid_seed: seed,
        filters: [("failing".to_owned(), filter("failed:yes")), ("old".to_owned(), filter("age>1h"))]
            .into_iter()
            .collect::<NamedFilters>(),
        own_commands: own_commands(),
        ..Settings::default()
    }
}

fn own_commands() -> OwnCommands {
    let mut commands = OwnCommands::default();
    let keymap = Keymap::default();
    let own = |name: &str, key: Option<Key>, words: [&str; 2], output, (confirms, acts)| OwnCommand {
        name: name.to_owned(),
        key,
        help: "Do it".to_owned(),
        template: Template::parse(&words.map(str::to_owned)).unwrap(),
        output,
        confirms,
        acts,
    };
    let terminal = OutputTo::Terminal(Pause::OnFailure);
    let alt = |c| Some(Key { alt: true, ..Key::char(c) });
    for command in [
        own("logs", alt('l'), ["logs", "{guid}"], OutputTo::Pane, (false, false)),
        own("ssh", None, ["ssh", "{cell}"], terminal, (false, false)),
        own("evict", Some(Key::char('K')), ["evict", "{guid}"], OutputTo::Pane, (true, true)),
        own("note", Some(Key::char('W')), ["note", "app-{app}"], terminal, (true, true)),
    ] {
        commands.add(command, &keymap).unwrap();
    }
    commands
}
