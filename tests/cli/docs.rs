//! `docs`: the tables as Markdown.

use crate::run::{command, run};

/// Returns the table that is printed.
fn table(name: &str) -> String {
    let ran = run(command(&["docs", name]));
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""), "{name}");
    ran.out
}

#[test]
fn every_table_is_markdown() {
    for name in [
        "keys",
        "columns",
        "filters",
        "commands",
        "config",
        "metrics",
        "statuses",
        "environment",
        "placeholders",
        "roles",
        "scenarios",
    ] {
        let printed = table(name);
        for part in printed.split("\n\n") {
            let mut lines = part.lines();
            let head = lines.next().unwrap();
            let cells = |line: &str| line.replace("\\|", "").matches('|').count();
            assert!(lines.next().unwrap().starts_with("| --- |"), "{name}: {printed}");
            let uneven: Vec<_> = lines.filter(|line| cells(line) != cells(head)).collect();
            assert!(uneven.is_empty(), "{name}: {uneven:?}");
        }
    }
}

#[test]
fn the_tables_have_a_row_for_each_entry() {
    for (name, row) in [
        ("keys", "| `/` | Filter by words and fields; in groups and failures, search |"),
        ("columns", "| `in-state` | the time since the state changed |"),
        ("filters", "| `A\\|B` | either value | `state:pending\\|running` |"),
        ("filters", "| `in-state` | time since the state changed |"),
        ("commands", "| `copy-guid` | `^y` | Copy the guid at once | no | if a task is selected |"),
        ("commands", "| `:domain` | `DOMAIN or *` | Filter by a domain |"),
        ("commands", "| `:apps` | `:groups app` |"),
        ("config", "| `targets.NAME.timeout` | duration | `\"30s\"` | Timeout of a call; \"0s\" for none. |"),
        ("statuses", "| 255 | Unknown command or flag |"),
        ("environment", "| `VISUAL` `EDITOR` | Your editor; the first that is set, else `vi` |"),
        ("placeholders", "| `{guid}` | The task's guid |"),
        ("roles", "| `bad` | Failures |"),
        ("scenarios", "| `storm` | 1,000 staging tasks within seconds"),
        ("recording", "### `gaps`"),
        ("recording", "| `end_at` | when a list reconciled it; NULL if no list did |"),
        ("cli", "## `taskdeck set-domain`\n\n```text\nMark a domain as fresh\n"),
        ("metrics", "| `taskdeck_tasks` | gauge | `target` `domain` `state` | Tasks that the BBS holds |"),
    ] {
        assert!(table(name).contains(row), "{name}: {row}");
    }
}

#[test]
fn keys_are_those_of_the_configuration() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("config.toml");
    std::fs::write(&file, "[keys]\nrefresh = [\"F\", \"|\"]\n").unwrap();
    let table = |name: &str| run(command(&["docs", name, "--config", file.to_str().unwrap()]));
    assert!(table("keys").out.contains("| `F` `\\|` | Refresh the list now |\n"));
    assert!(table("commands").out.contains("| `refresh` | `F` `\\|` | "));
    std::fs::write(&file, "[keys]\nrefesh = \"F\"\n").unwrap();
    let broken = table("keys");
    assert_eq!((broken.status, broken.out.as_str()), (Some(3), ""));
    assert!(broken.err.contains("line 2, key `keys.refesh`: no command is named"), "{}", broken.err);
    assert!(broken.err.contains("did you mean `refresh`?"), "{}", broken.err);
    assert_eq!(table("columns").status, Some(0), "the other tables need no configuration");
}

#[test]
fn an_unknown_table_is_refused_with_the_known_ones() {
    let ran = run(command(&["docs", "colums"]));
    assert_eq!(ran.status, Some(3));
    assert_eq!(ran.out, "");
    assert!(
        ran.err.contains("possible values: keys, columns, filters, commands, config, metrics, cli, statuses"),
        "{}",
        ran.err
    );
    assert!(ran.err.contains("'columns'"), "{}", ran.err);
}
