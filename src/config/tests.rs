//! Precedence of the layers, and error messages.

mod bindings;
mod looks;
mod values;

use std::time::Duration;

use super::layer::DEFAULT_URL;
use super::*;
use crate::app::{ConfirmPolicy, GroupKey, TargetColour};
use crate::bbs::Access;
use crate::model::{Clocks, ReplyLimit, WriteRate};

const EXAMPLE: &str = include_str!("../../config.example.toml");

fn no_paths() -> Paths {
    Paths { config_file: None, state_dir: None, cfdot_job: PathBuf::from("/nonexistent") }
}

fn with_file(text: &str) -> (tempfile::TempDir, Flags) {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("config.toml");
    std::fs::write(&path, text).expect("the file is written");
    (dir, Flags { config: Some(path), ..Flags::default() })
}

fn no_environment(_: &str) -> Option<String> {
    None
}

const TWO_TARGETS: &str = r#"
target = "one"
[targets.one]
url = "http://one:1"
[targets.two]
url = "http://two:2"
read_only = true
timeout = "5s"
"#;

#[test]
fn flags_override_the_environment_which_overrides_the_file() {
    let (_dir, mut flags) = with_file(TWO_TARGETS);
    let url = |flags: &Flags, environment: &dyn Fn(&str) -> Option<String>| {
        load(flags, environment, &no_paths()).map(|config| config.connection.url)
    };
    let environment = |name: &str| (name == "BBS_URL").then(|| "http://env:3/".to_owned());
    assert_eq!(url(&flags, &no_environment), Ok("http://one:1".to_owned()));
    assert_eq!(url(&flags, &environment), Ok("http://env:3".to_owned()));
    flags.target = Some("two".to_owned());
    assert_eq!(
        url(&flags, &environment),
        Ok("http://two:2".to_owned()),
        "--target overrides the environment"
    );
    flags.url = Some("http://flag:4".to_owned());
    assert_eq!(url(&flags, &environment), Ok("http://flag:4".to_owned()));
}

#[test]
fn a_byte_order_mark_is_no_mistake() {
    let (_dir, flags) = with_file("\u{feff}target = \"lab\"\n[targets.lab]\nurl = \"http://lab:8889\"\n");
    assert_eq!(load(&flags, &no_environment, &no_paths()).unwrap().connection.url, "http://lab:8889");
}

#[test]
fn columns_and_sort_are_those_of_the_table_of_columns() {
    let settings = |text: &str| {
        let (_dir, flags) = with_file(&format!("[targets.a]\nurl = \"http://a:1\"\n[dashboard]\n{text}\n"));
        let flags = Flags { target: Some("a".to_owned()), ..flags };
        load(&flags, &no_environment, &no_paths())
    };
    let loaded =
        settings("columns = [\"state\", \"guid\", \"reason+20\"]\nsort = \"-last-cell\"").unwrap().settings;
    let visible: Vec<_> = loaded.columns.visible().map(|choice| (choice.key, choice.extra)).collect();
    assert_eq!(visible, [("state", 0), ("guid", 0), ("reason", 20)]);
    assert_eq!((loaded.sort.column, loaded.sort.reversed), ("last-cell", true));
    let problem = |text: &str| settings(text).unwrap_err().to_string();
    let unknown = problem("columns = [\"guid\", \"sate\"]");
    assert!(unknown.contains("line 4, key `dashboard.columns`: unknown column `sate`"), "{unknown}");
    assert!(unknown.ends_with("; did you mean `state`?"), "{unknown}");
    assert!(problem("sort = \"agee\"").ends_with("; did you mean `age`?"));
    assert!(problem("columns = []").contains("at least one column must be shown"));
    assert!(problem("columns = [\"guid\", \"guid\"]").contains("column `guid` is listed twice"));
}

#[test]
fn the_side_panes_group_by_two_known_properties() {
    let parsed = |groups: &str| file::parse(&format!("[dashboard]\ngroups = {groups}\n"));
    let groups = |text: &str| parsed(text).map(|file| file.settings().groups);
    assert_eq!(groups("[\"app\", \"reason\"]"), Ok([GroupKey::App, GroupKey::Reason]));
    let unknown = groups("[\"domain\", \"cel\"]").unwrap_err();
    assert!(
        unknown.starts_with("line 2, key `dashboard.groups`: unknown group `cel`, expected one of `domain`")
    );
    assert!(unknown.ends_with("; did you mean `cell`?"), "{unknown}");
    let few = groups("[\"app\"]").unwrap_err();
    assert!(
        few.ends_with("number of groups is 1, expected two, for the upper and the lower side pane"),
        "{few}"
    );
}

#[test]
fn a_target_sets_access_and_timeout() {
    let (_dir, mut flags) = with_file(TWO_TARGETS);
    flags.target = Some("two".to_owned());
    let config = load(&flags, &no_environment, &no_paths()).expect("a valid configuration");
    assert_eq!(config.connection.access, Access::Locked);
    assert_eq!(config.connection.request_timeout, Some(Duration::from_secs(5)));
    flags.timeout = Some(Duration::ZERO);
    let config = load(&flags, &no_environment, &no_paths()).expect("a valid configuration");
    assert_eq!(config.connection.request_timeout, None, "zero means no timeout");
}

#[test]
fn errors_name_the_file_the_line_and_the_key() {
    for (text, error) in [
        ("a = 1", "line 1, key `a`: unknown field `a`"),
        (
            "[feed]\n\npoll = \"fast\"",
            "line 3, key `feed.poll`: invalid value: string \"fast\", expected a duration",
        ),
        ("[feed]\npoll = 3", "line 2, key `feed.poll`: invalid type: integer `3`, expected a duration like"),
        ("[feed]\npoll = \"0s\"", "line 2, key `feed.poll`: the interval must be \"1s\" or more"),
        (
            "[feed]\ncost_factor = -1",
            "line 2, key `feed.cost_factor`: invalid value: integer `-1`, expected a whole",
        ),
        (
            "[dashboard]\nevents_kept = \"all\"",
            "key `dashboard.events_kept`: invalid type: string \"all\", expected a whole",
        ),
        ("[dashboard]\ntimes = \"moon\"", "line 2, key `dashboard.times`: unknown variant `moon`"),
        ("[targets.x]\nurl = 5", "line 2, key `targets.x.url`: invalid type"),
        (
            "log = \"a\"\n[dashboard]\ncolumns = [\n  \"guid\",\n  5,\n]",
            "line 5, key `dashboard.columns`: invalid type: integer `5`",
        ),
        ("[fed]\npoll = \"3s\"", "line 1, key `fed`: unknown field `fed`"),
        ("[targets.x]\nuri = \"y\"", "line 2, key `targets.x.uri`: unknown field `uri`, expected one of"),
        ("[targets.x]\nuri = \"y\"", "; did you mean `url`?"),
        ("[dashboard]\ntimes = \"locol\"", "; did you mean `local`?"),
        ("[fed]\npoll = \"3s\"", "; did you mean `feed`?"),
        (
            "[filters]\na = \"b\"\nstuck = \"sate:pending\"",
            "line 3, key `filters.stuck`: Unknown field \"sate\". Did you mean \"state\"?",
        ),
        ("[filters]\nstuck = \"x sate:pending\"", "\nx sate:pending\n  ^^^^"),
        ("[filters]\nall = \" \"", "line 2, key `filters.all`: a filter must have at least one term"),
        (
            "[filters]\n\"two words\" = \"x\"",
            "line 2, key `filters.\"two words\"`: the name of a filter must",
        ),
        ("[filters]\nx = 1", "line 2, key `filters.x`: invalid type: integer `1`, expected a string"),
        ("target = \"prd\"\n[targets.prod]", "has no such target; did you mean `prod`? (it has prod)"),
        ("target = \"y\"\n[targets.x]", "config.toml: key `target` is `y`, and"),
        (
            "target = \"x\"\n[targets.x]\nurl = \"bbs:1\"",
            "config.toml: key `targets.x.url` is `bbs:1`; it must begin",
        ),
    ] {
        let (_dir, flags) = with_file(text);
        let mistake =
            load(&flags, &no_environment, &no_paths()).expect_err("an invalid configuration").to_string();
        assert!(mistake.contains("config.toml: ") && mistake.contains(error), "{mistake}");
    }
}

#[test]
fn errors_about_missing_settings_say_how_to_set_them() {
    let mut flags = Flags::default();
    let error = |flags: &Flags, environment: &dyn Fn(&str) -> Option<String>| {
        load(flags, environment, &no_paths()).expect_err("an invalid configuration").to_string()
    };
    assert!(error(&flags, &no_environment).contains("--demo"));
    flags.url = Some("bbs:8889".to_owned());
    assert!(error(&flags, &no_environment).contains("--bbs-url is `bbs:8889`; it must begin with https://"));
    flags.url = Some("https://bbs:8889".to_owned());
    assert!(error(&flags, &no_environment).contains("CA_CERT_FILE"));
    let odd = |name: &str| (name == "CFDOT_TIMEOUT").then(|| "soon".to_owned());
    assert!(error(&flags, &odd).contains("CFDOT_TIMEOUT is `soon`"));
    flags.target = Some("prod".to_owned());
    assert!(error(&flags, &no_environment).contains("[targets.prod]"));
}

#[test]
fn the_files_of_the_cfdot_job_are_found() {
    let job = tempfile::tempdir().expect("a directory");
    let certs = job.path().join("config/certs/cfdot");
    std::fs::create_dir_all(&certs).expect("the directory is created");
    let paths = Paths { cfdot_job: job.path().to_path_buf(), ..no_paths() };
    let config = load(&Flags::default(), &no_environment, &paths).expect("a valid configuration");
    assert_eq!(config.connection.url, DEFAULT_URL);
    assert_eq!(config.connection.tls.map(|tls| tls.cert), Some(certs.join("client.crt")));
}

/// Returns the example with its keys uncommented: lines with `#` and no space after it.
fn uncommented() -> String {
    EXAMPLE
        .lines()
        .map(|line| {
            line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')).unwrap_or(line).to_owned() + "\n"
        })
        .collect()
}

#[test]
fn filters_have_names() {
    let (_dir, flags) =
        with_file("[targets.a]\nurl = \"http://a:1\"\n[filters]\nstuck = \"state:pending age:>10m\"\n");
    let flags = Flags { target: Some("a".to_owned()), ..flags };
    let filters = load(&flags, &no_environment, &no_paths()).unwrap().settings.filters;
    assert_eq!(filters.get("stuck").map(crate::filter::Filter::text), Some("state:pending age:>10m"));
    assert_eq!(filters.iter().count(), 1);
    // The example in config.example.toml is in a comment, since there is no default one.
    let line = EXAMPLE.lines().find_map(|line| line.strip_prefix("# stuck = ")).unwrap();
    assert_eq!(line, "\"state:pending age:>10m\"");
}

#[test]
fn the_example_has_the_defaults() {
    let commented = file::parse(EXAMPLE).expect("the example is valid").settings();
    let uncommented = file::parse(&uncommented()).expect("the uncommented example is valid").settings();
    assert_eq!(format!("{commented:?}"), format!("{uncommented:?}"));
    assert_eq!(format!("{commented:?}"), format!("{:?}", Settings::default()));
}

/// `TASKDECK_DRAW=1 cargo test --lib config` regenerates the example.
#[test]
fn the_example_is_made_from_the_table_of_keys() {
    if std::env::var_os("TASKDECK_DRAW").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/config.example.toml"), keys::example()).unwrap();
        return;
    }
    assert_eq!(EXAMPLE, keys::example(), "regenerate with TASKDECK_DRAW=1 cargo test --lib config");
    assert!(EXAMPLE.lines().all(|line| line.len() <= 120));
}

/// The parser names the keys that it knows when it meets one that it does not.
#[test]
fn the_table_of_keys_has_exactly_the_keys_that_are_read() {
    let problem = |text: &str| file::parse(text).unwrap_err();
    let known = |problem: &str| -> Vec<String> {
        let (_, names) = problem.split_once(", expected one of ").expect(problem);
        names.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    };
    let mut top: Vec<String> = Vec::new();
    for section in keys::SECTIONS {
        let names: Vec<_> = section.keys.iter().map(|key| key.name.to_owned()).collect();
        if section.name.is_empty() {
            top.extend(names);
            continue;
        }
        let table = section.name.split('.').next().unwrap();
        top.push(table.to_owned());
        if section.keys.iter().any(keys::ConfigKey::is_chosen) {
            continue;
        }
        let text = format!("[{}]\nnope = 1", section.name);
        assert_eq!(known(&problem(&text)), names, "{}", section.name);
    }
    assert_eq!(known(&problem("nope = 1")), top);
    let all = keys::markdown();
    assert!(all.contains("| `targets.NAME.url` | URL | none | "), "{all}");
    assert!(all.contains("| `feed.poll` | duration of at least `\"1s\"` | `\"2s\"` | "), "{all}");
}

#[test]
fn a_target_says_how_it_is_treated() {
    let loaded = |text: &str| {
        let (_dir, flags) =
            with_file(&format!("target = \"a\"\n[targets.a]\nurl = \"http://a:1\"\n{text}\n"));
        load(&flags, &no_environment, &no_paths())
    };
    let plain = loaded("").unwrap();
    assert_eq!(plain.target.confirm, ConfirmPolicy::Ask);
    assert_eq!((plain.target.writes_per_second.get(), plain.target.colour), (10, None));
    assert_eq!(plain.connection.writes_per_second, None, "scripts have no limit that nobody set");
    assert_eq!(plain.connection.reply_limit, ReplyLimit::mebibytes(1024));
    let set =
        loaded("confirm = \"type-name\"\nwrites_per_second = 3\ncolour = \"#d03030\"\nreply_limit_mb = 2")
            .unwrap();
    assert_eq!(set.connection.reply_limit, ReplyLimit::mebibytes(2));
    assert_eq!(set.target.confirm, ConfirmPolicy::TypeName);
    assert_eq!(set.connection.writes_per_second, WriteRate::per_second(3));
    assert_eq!(set.target.writes_per_second.interval(), Duration::from_secs(1) / 3);
    assert_eq!(set.target.colour, Some(TargetColour::Rgb(0xd0, 0x30, 0x30)));
    let problem = |text: &str| loaded(text).unwrap_err().to_string();
    for (text, part) in [
        ("confirm = \"type_name\"", "line 4, key `targets.a.confirm`: unknown variant `type_name`"),
        ("confirm = \"type_name\"", "; did you mean `type-name`?"),
        ("writes_per_second = 0", "line 4, key `targets.a.writes_per_second`: invalid value: integer `0`"),
        ("writes_per_second = 1001", "expected a whole number from 1 to 1000"),
        ("reply_limit_mb = 0", "line 4, key `targets.a.reply_limit_mb`: invalid value: integer `0`"),
        ("reply_limit_mb = 1048577", "expected a whole number from 1 to 1048576"),
        ("colour = \"rde\"", "line 4, key `targets.a.colour`: unknown colour `rde`, expected one of `red`"),
        ("colour = \"rde\"", "; did you mean `red`?"),
        ("colour = \"#12345\"", "or `#rrggbb`"),
        ("colour = \"#+12345\"", "unknown colour"),
    ] {
        assert!(problem(text).contains(part), "{}", problem(text));
    }
}

#[test]
fn each_target_has_the_clocks_of_its_server() {
    let (_dir, flags) = with_file(
        "target = \"a\"\n[targets.a]\nurl = \"http://a:1\"\npending_limit = \"10m\"\nrejection_limit = 5\n\
         [targets.b]\nurl = \"http://b:1\"\ncompleted_limit = \"5m\"\nresolving_limit = \"1m\"\n\
         sweep_interval = \"10s\"\n",
    );
    let config = load(&flags, &no_environment, &no_paths()).unwrap();
    let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
    assert_eq!(config.target.clocks, Clocks { pending: minutes(10), rejections: 5, ..Clocks::DEFAULT });
    let (other, _) = config.targets.get("b").unwrap().as_ref().unwrap();
    let expected = Clocks {
        completed: minutes(5),
        resolving: minutes(1),
        sweep: Duration::from_secs(10),
        ..Clocks::DEFAULT
    };
    assert_eq!(other.clocks, expected);
}

#[test]
fn only_the_flag_makes_a_target_read_only_for_good() {
    let (_dir, mut flags) = with_file(TWO_TARGETS);
    let access = |flags: &Flags| load(flags, &no_environment, &no_paths()).unwrap().target.access;
    assert_eq!(access(&flags), Access::ReadWrite);
    flags.target = Some("two".to_owned());
    assert_eq!(access(&flags), Access::Locked);
    flags.read_only = true;
    assert_eq!(access(&flags), Access::ReadOnly);
}

#[test]
fn the_other_targets_take_the_flags_that_are_not_about_the_first_one() {
    let (_dir, mut flags) = with_file(TWO_TARGETS);
    let loaded = |flags: &Flags| load(flags, &no_environment, &no_paths()).unwrap();
    let others = |config: &Config, name: &str| config.targets.get(name).cloned().unwrap().unwrap();
    let config = loaded(&flags);
    assert_eq!(config.target.name.as_deref(), Some("one"));
    let (two, connection) = others(&config, "two");
    assert_eq!((two.url.as_str(), two.access), ("http://two:2", Access::Locked));
    assert_eq!(connection.request_timeout, Some(Duration::from_secs(5)));
    flags.url = Some("http://flag:4".to_owned());
    flags.read_only = true;
    flags.timeout = Some(Duration::from_secs(9));
    let config = loaded(&flags);
    assert_eq!((config.connection.url.as_str(), config.target.name), ("http://flag:4", None));
    for (name, url) in [("one", "http://one:1"), ("two", "http://two:2")] {
        let (target, connection) = config.targets.get(name).cloned().unwrap().unwrap();
        assert_eq!((target.url.as_str(), target.access), (url, Access::ReadOnly));
        assert_eq!((connection.access, connection.request_timeout), (Access::ReadOnly, flags.timeout));
    }
}

#[test]
fn a_target_whose_url_is_replaced_loses_its_name_but_not_its_protection() {
    let text = TWO_TARGETS.replace("target = \"one\"", "target = \"two\"");
    let (_dir, flags) = with_file(&text);
    let named =
        |environment: &dyn Fn(&str) -> Option<String>| load(&flags, environment, &no_paths()).unwrap().target;
    let elsewhere = named(&|name: &str| (name == "BBS_URL").then(|| "http://env:3".to_owned()));
    assert_eq!((elsewhere.name, elsewhere.access), (None, Access::Locked));
    let same = named(&|name: &str| (name == "BBS_URL").then(|| "http://two:2/".to_owned()));
    assert_eq!(same.name.as_deref(), Some("two"));
}

#[test]
fn a_wrong_target_is_no_error_until_it_is_used() {
    let text =
        [TWO_TARGETS, "[targets.half]\nurl = \"https://half:3\"\n[targets.odd]\nurl = \"odd:4\"\n"].concat();
    let (_dir, flags) = with_file(&text);
    let config = load(&flags, &no_environment, &no_paths()).unwrap();
    let problem = |name: &str| config.targets.get(name).cloned().unwrap().unwrap_err().to_string();
    assert!(problem("half").contains("add `ca_cert` to the target"), "{}", problem("half"));
    assert!(problem("odd").contains("config.toml: key `targets.odd.url` is `odd:4`"), "{}", problem("odd"));
}

#[cfg(unix)]
#[test]
fn own_commands_are_locked_in_a_file_that_others_can_write() {
    use std::os::unix::fs::PermissionsExt as _;

    let (_dir, mut flags) =
        with_file("target = \"a\"\n[targets.a]\nurl = \"http://a:1\"\n[commands.x]\nrun = [\"x\"]\n");
    let path = flags.config.clone().unwrap();
    let loaded = |flags: &Flags| load(flags, &no_environment, &no_paths()).unwrap().settings;
    let set_mode = |mode| std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
    set_mode(0o600);
    assert_eq!(loaded(&flags).own_commands.lock(), None);
    assert_eq!(loaded(&flags).warning, None);
    set_mode(0o620);
    let settings = loaded(&flags);
    let why = settings.own_commands.lock().unwrap();
    assert!(why.starts_with("own commands are off, because others can change "), "{why}");
    assert!(why.ends_with("config.toml`, or start taskdeck with --allow-commands"), "{why}");
    assert_eq!(settings.warning.as_deref(), Some(why));
    let (settings, _) = load_dashboard(&flags, &no_paths()).unwrap();
    assert_eq!(settings.own_commands.lock(), Some(why), "the demo runs them no more than the dashboard");
    flags.allow_commands = true;
    assert_eq!(loaded(&flags).own_commands.lock(), None);
}
