//! Every value and its origin; what a new file has.

use super::*;

/// Returns the value and the origin of a key.
fn found(
    flags: &Flags,
    environment: &dyn Fn(&str) -> Option<String>,
    paths: &Paths,
    key: &str,
) -> (String, Origin) {
    let groups = all_settings(flags, environment, paths).unwrap();
    let setting = groups.iter().flat_map(|group| &group.settings).find(|setting| setting.key == key);
    let setting = setting.unwrap_or_else(|| panic!("{key}: {groups:#?}"));
    (setting.value.as_ref().map_or_else(|instead| (*instead).to_owned(), ToString::to_string), setting.origin)
}

#[test]
fn every_key_of_the_table_has_a_value() {
    let text = "target = \"a b\"\n[targets.\"a b\"]\nurl = \"http://a:1\"\n[keys]\nquit = \"Q\"\n[filters]\nx = \"y\"\n\
                [commands.c]\nrun = [\"c\"]\n";
    let (_dir, flags) = with_file(text);
    let groups = all_settings(&flags, &no_environment, &no_paths()).unwrap();
    let keys: Vec<_> =
        groups.iter().flat_map(|group| &group.settings).map(|setting| setting.key.as_str()).collect();
    for section in keys::SECTIONS {
        for key in section.keys {
            let expected = match section.name {
                "" => key.name.to_owned(),
                "keys" => "keys.quit".to_owned(),
                "filters" => "filters.x".to_owned(),
                "commands.NAME" => format!("commands.c.{}", key.name),
                "targets.NAME" => format!("targets.\"a b\".{}", key.name),
                name => format!("{name}.{}", key.name),
            };
            assert!(keys.contains(&expected.as_str()), "{expected}: {keys:?}");
        }
    }
    assert_eq!(groups.last().unwrap().title, "Target a b, in use");
}

#[test]
fn defaults_are_those_of_the_table() {
    for key in keys::SECTIONS.iter().flat_map(|section| section.keys) {
        let default = key.default_value();
        assert_eq!(default.is_ok(), key.unset.is_empty(), "{}: {default:?}", key.name);
        assert_ne!(default, Err(""), "{}", key.name);
    }
}

#[test]
fn the_origin_is_that_of_the_value_in_force() {
    let text = "target = \"one\"\n[feed]\npoll = \"5s\"\n[targets.one]\nurl = \"http://one:1\"\ntimeout = \"5s\"\n\
                [targets.two]\nurl = \"http://two:2\"\nread_only = true\n";
    let (_dir, mut flags) = with_file(text);
    let paths = Paths { state_dir: Some("/state".into()), ..no_paths() };
    let environment = |name: &str| match name {
        "BBS_URL" => Some("http://env:3".to_owned()),
        "CFDOT_TIMEOUT" => Some("7".to_owned()),
        "SKIP_CERT_VERIFY" => Some("1".to_owned()),
        _ => None,
    };
    let get = |flags: &Flags, key: &str| found(flags, &environment, &paths, key);
    let quoted = |text: &str| format!("\"{text}\"");
    assert_eq!(get(&flags, "target"), (quoted("one"), Origin::Line(1)));
    assert_eq!(get(&flags, "feed.poll"), (quoted("5s"), Origin::Line(3)));
    assert_eq!(get(&flags, "feed.reconcile"), (quoted("30s"), Origin::Default));
    assert_eq!(get(&flags, "log"), (quoted("/state/taskdeck.log"), Origin::Default));
    assert_eq!(get(&flags, "targets.one.url"), (quoted("http://env:3"), Origin::Variable("BBS_URL")));
    assert_eq!(get(&flags, "targets.one.timeout"), (quoted("7s"), Origin::Variable("CFDOT_TIMEOUT")));
    assert_eq!(
        get(&flags, "targets.one.skip_cert_verify"),
        ("true".into(), Origin::Variable("SKIP_CERT_VERIFY"))
    );
    // The other target has its own URL.
    assert_eq!(get(&flags, "targets.two.url"), (quoted("http://two:2"), Origin::Line(8)));
    assert_eq!(get(&flags, "targets.two.read_only"), ("true".into(), Origin::Line(9)));
    flags.target = Some("one".to_owned());
    assert_eq!(get(&flags, "target"), (quoted("one"), Origin::Flag("--target")));
    assert_eq!(get(&flags, "targets.one.url"), (quoted("http://one:1"), Origin::Line(5)));
    flags.url = Some("http://u:secret@flag:4".to_owned());
    assert_eq!(get(&flags, "targets.one.url"), (quoted("http://••••••@flag:4"), Origin::Flag("--bbs-url")));
    let groups = all_settings(&flags, &environment, &paths).unwrap();
    assert!(!format!("{groups:?}").contains("targets.two"), "only the target that is asked for");
    // What is shown is what is used.
    assert_eq!(
        load(&flags, &environment, &paths).unwrap().connection.request_timeout,
        Some(Duration::from_secs(5))
    );
    assert_eq!(get(&flags, "targets.one.timeout"), (quoted("5s"), Origin::Line(6)));
}

#[test]
fn a_bbs_that_is_no_target_of_the_file_is_shown_too() {
    let job = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(job.path().join("config/certs/cfdot")).unwrap();
    let paths = Paths { cfdot_job: job.path().to_path_buf(), ..no_paths() };
    let found = |environment: &dyn Fn(&str) -> Option<String>, key| {
        found(&Flags::default(), environment, &paths, key)
    };
    assert_eq!(found(&no_environment, "url"), (format!("{DEFAULT_URL:?}"), Origin::CfdotJob));
    assert_eq!(found(&no_environment, "client_key").1, Origin::CfdotJob);
    let environment = |name: &str| (name == "BBS_URL").then(|| "http://env:3".to_owned());
    assert_eq!(found(&environment, "url"), ("\"http://env:3\"".into(), Origin::Variable("BBS_URL")));
    let groups = all_settings(&Flags::default(), &no_environment, &no_paths()).unwrap();
    assert!(groups.iter().all(|group| group.title.is_empty()), "without a URL there is no BBS: {groups:?}");
}

#[test]
fn a_new_file_gives_the_target_that_it_was_made_from() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a/b/config.toml");
    let target = NewTarget {
        name: "odd \"name\" [x].y\n".to_owned(),
        url: Some("https://bbs:8889".to_owned()),
        ca: Some("/certs/ca \"1\".crt".into()),
        cert: Some("/certs/client\\.crt".into()),
        key: Some("relative.key".into()),
        skip_verify: false,
    };
    create(&path, &target.text().unwrap()).unwrap();
    let flags = Flags { config: Some(path.clone()), ..Flags::default() };
    let config = load(&flags, &no_environment, &no_paths()).unwrap();
    assert_eq!(config.target.name.as_deref(), Some(target.name.as_str()));
    let tls = config.connection.tls.unwrap();
    assert_eq!(tls.verify, crate::bbs::Verify::Ca("/certs/ca \"1\".crt".into()));
    assert_eq!(tls.cert, Path::new("/certs/client\\.crt"));
    assert!(tls.key.is_absolute() && tls.key.ends_with("relative.key"), "{:?}", tls.key);
    assert_eq!(format!("{:?}", config.settings.pace), format!("{:?}", Settings::default().pace));
    let again = create(&path, "x").unwrap_err().to_string();
    assert!(again.contains("exists already and was not changed"), "{again}");
    assert_ne!(std::fs::read_to_string(&path).unwrap(), "x");
    let names: Vec<_> =
        std::fs::read_dir(path.parent().unwrap()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["config.toml"], "nothing is left beside it");
}

#[cfg(unix)]
#[test]
fn a_new_file_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;

    let dir = tempfile::tempdir().unwrap();
    std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = dir.path().join("a/b/config.toml");
    create(&path, "").unwrap();
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(
        [mode(&path), mode(&dir.path().join("a/b")), mode(&dir.path().join("a"))],
        [0o600, 0o700, 0o700]
    );
    assert_eq!(mode(dir.path()), 0o755, "a folder that was there keeps its mode");
}

#[test]
fn without_a_url_a_new_file_selects_no_target() {
    let text = NewTarget { name: "lab".to_owned(), ..NewTarget::default() }.text().unwrap();
    let (_dir, flags) = with_file(&text);
    assert_eq!(load(&flags, &no_environment, &no_paths()).unwrap_err(), ConfigError::NoTarget);
    assert!(text.contains("\n#[targets.lab]\n# URL of the BBS"), "{text}");
}

/// An error without a next step leaves the operator alone with it.
#[test]
fn every_error_of_the_configuration_says_what_to_do() {
    const STEPS: &[&str] = &[
        "expected",
        "must",
        "did you mean",
        "add ",
        "pass ",
        "set ",
        "run `",
        "check ",
        "give ",
        "choose ",
        "save ",
        "remove ",
        " lists ",
        "needs at least",
    ];
    let folder = tempfile::tempdir().unwrap();
    let at = |path: &str| Flags { config: Some(folder.path().join(path)), ..Flags::default() };
    std::fs::write(folder.path().join("latin1.toml"), b"# \xe9\n").unwrap();
    let mut errors = vec![
        load(&at("nope.toml"), &no_environment, &no_paths()),
        load(&at(""), &no_environment, &no_paths()),
        load(&at("latin1.toml"), &no_environment, &no_paths()),
        load(&Flags::default(), &no_environment, &no_paths()),
    ];
    for (variable, value) in [
        ("BBS_URL", "bbs:1"),
        ("BBS_URL", "https://bbs:1"),
        ("SKIP_CERT_VERIFY", "x"),
        ("CFDOT_TIMEOUT", "x"),
    ] {
        let environment = |name: &str| (name == variable).then(|| value.to_owned());
        errors.push(load(&Flags::default(), &environment, &no_paths()));
    }
    for text in [
        "target = \"x\"",
        "target = \"x\"\n[targets.x]",
        "[targets.x]\nurl = \"http://x:1\"",
        "target = 1",
        "nope = 1",
        "[feed]\npoll = \"0s\"",
        "[dashboard]\ncolumns = []",
        "[dashboard]\nsort = \"x\"",
        "[dashboard]\ngroups = []",
        "[record]\nmax_size = \"1\"",
        "[keys]\nnope = \"j\"",
        "[keys]\nquit = []",
        "[keys]\ncancel = \"c\"",
        "[keys]\nmove-down = \"q\"",
        "[filters]\nx = \"\"",
        "[commands.x]\nrun = []",
        "[commands.x]\nrun = [\"{guid}\"]",
        "[commands.x]\nrun = [\"x\"]\nkey = \"q\"",
        "[commands.x]\nrun = [\"x\"]\nacts = true\nconfirm = false",
        "[commands.x]\nrun = [\"x\"]\noutput = \"pane\"\npause = \"never\"",
        "[commands.quit]\nrun = [\"x\"]",
    ] {
        let (_dir, flags) = with_file(text);
        errors.push(load(&flags, &no_environment, &no_paths()));
    }
    for error in errors {
        let error = error.unwrap_err().to_string();
        assert!(STEPS.iter().any(|step| error.contains(step)), "{error}");
    }
}
