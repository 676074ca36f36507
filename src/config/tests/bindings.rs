//! The keys of commands in the configuration.

use super::*;
use crate::app::commands::{COMMANDS, Command};
use crate::app::key::{Key, KeyCode};
use crate::app::keymap::Keymap;
use crate::model::TaskAction;

fn keymap(keys: &str) -> Result<Keymap, String> {
    file::parse(&format!("[keys]\n{keys}\n")).map(|file| file.settings().keymap)
}

fn keys(keymap: &Keymap, command: Command) -> Vec<Key> {
    keymap.keys(command).collect()
}

#[test]
fn a_command_gets_other_keys_or_none() {
    let keymap = keymap(
        "cancel-task = \"X\"\nmove-down = [\"j\", \"down\", \"ctrl-n\"]\nrefresh = []\ntheme = \"Alt-t\"\n",
    )
    .unwrap();
    assert_eq!(keys(&keymap, Command::Act(TaskAction::Cancel)), [Key::char('X')]);
    let down = [Key::char('j'), Key::plain(KeyCode::Down), Key::ctrl('n')];
    assert_eq!(keys(&keymap, Command::MoveDown), down);
    assert_eq!(keys(&keymap, Command::Refresh), []);
    assert_eq!(keys(&keymap, Command::ChooseTheme), [Key { alt: true, ..Key::char('t') }]);
    assert_eq!(keymap.command(Key::char('C')), None, "the default key is free again");
    assert_eq!(keys(&keymap, Command::MoveUp), keys(&Keymap::default(), Command::MoveUp));
}

#[test]
fn the_default_keys_can_be_written_down() {
    let lines = COMMANDS.iter().map(|spec| {
        let keys: Vec<_> = spec.default_keys.iter().map(|key| format!("{:?}", key.label())).collect();
        format!("{} = [{}]\n", spec.name, keys.join(", "))
    });
    assert_eq!(keymap(&lines.collect::<String>()), Ok(Keymap::default()));
}

#[test]
fn two_commands_can_exchange_their_keys() {
    let keymap = keymap("sort-by-next = \"<\"\nsort-by-previous = \">\"").unwrap();
    assert_eq!(keymap.command(Key::char('<')), Some(Command::SortByNext));
    assert_eq!(keymap.command(Key::char('>')), Some(Command::SortByPrevious));
}

#[test]
fn mistakes_are_named() {
    for (keys, parts) in [
        (
            "cancel = \"X\"",
            &[
                "line 2, key `keys.cancel`: no command is named `cancel` (`taskdeck docs commands` lists the names); did you mean `cancel-task`?",
            ][..],
        ),
        (
            "refesh = \"X\"",
            &[
                "no command is named `refesh` (`taskdeck docs commands` lists the names); did you mean `refresh`?",
            ],
        ),
        (
            "refresh = \"Entr\"",
            &["line 2, key `keys.refresh`: unknown key `Entr`", "; did you mean `Enter`?"],
        ),
        (
            "refresh = [\"r\", \"ctrl-\"]",
            &["unknown key `ctrl-`, expected one of `Space`", "a single character"],
        ),
        ("refresh = \"Ctrl-m\"", &["terminals send Enter for Ctrl-m"]),
        (
            "refresh = 5",
            &["invalid type: integer `5`, expected a key such as \"j\", \"Ctrl-n\" or \"PgDn\", or a list"],
        ),
        (
            "refresh = \"x\"",
            &[
                "line 2, key `keys.refresh`: key x is bound to both clear-filters and refresh; x is a default key of \
                 clear-filters: give clear-filters another one, or none with `clear-filters = []`",
            ],
        ),
        (
            "refresh = \"Z\"\n\nsuspend = \"Z\"",
            &["line 4, key `keys.suspend`: key Z is bound to both refresh and suspend"],
        ),
        (
            "suspend = \"Z\"\n\nrefresh = \"Z\"",
            &["line 4, key `keys.refresh`: key Z is bound to both refresh and suspend"],
        ),
        (
            "delete-task = \"Ctrl-x\"",
            &["line 2, key `keys.delete-task`: key ^x cannot run delete-task", "take capital letters only"],
        ),
        ("delete-task = \"f\"", &["key f cannot run delete-task"]),
        ("quit = []", &["line 2, key `keys.quit`: quit needs at least one key"]),
    ] {
        let problem = keymap(keys).unwrap_err();
        for part in parts {
            assert!(problem.contains(part), "{keys}: {problem}");
        }
    }
    let clash = keymap("refresh = \"Z\"\nsuspend = \"Z\"").unwrap_err();
    assert!(!clash.contains("default"), "both were chosen: {clash}");
}

#[test]
fn the_dashboard_needs_no_target_for_its_keys() {
    let (_dir, flags) = with_file("[keys]\nrefresh = \"F\"\n[dashboard]\ntheme = \"dark\"\n");
    let (settings, looks) = load_dashboard(&flags, &no_paths()).unwrap();
    assert_eq!(keys(&settings.keymap, Command::Refresh), [Key::char('F')]);
    assert!(looks.themes(None).unwrap().0.is_configured());
    assert!(load_dashboard(&Flags::default(), &no_paths()).is_ok());
}
