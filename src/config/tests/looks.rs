//! Themes of the configuration, and ASCII.

use super::*;
use crate::theme::Themes;

/// Loads a configuration with this `[dashboard]` and these files in `themes`.
fn looks(dashboard: &str, files: &[(&str, &str)]) -> Result<(Themes, Option<String>), String> {
    let (dir, flags) = with_file(&format!("[targets.a]\nurl = \"http://a:1\"\n[dashboard]\n{dashboard}\n"));
    std::fs::create_dir(dir.path().join("themes")).unwrap();
    for (name, text) in files {
        std::fs::write(dir.path().join("themes").join(name), text).unwrap();
    }
    let flags = Flags { target: Some("a".to_owned()), ..flags };
    let config = load(&flags, &no_environment, &no_paths()).map_err(|error| error.to_string())?;
    let loaded = config.looks.themes(None).map_err(|error| error.to_string());
    loaded.map_err(|error| error.replace(&dir.path().display().to_string(), "DIR"))
}

#[test]
fn the_theme_is_a_built_in_one_or_ones_own() {
    let mine = ("mine.toml", "summary = \"Mine\"\ninherits = \"dark\"\n[roles]\nbad = { fg = \"red\" }\n");
    for (dashboard, name) in [
        ("", "auto"),
        ("theme = \"light\"", "light"),
        ("theme = \"mine\"", "mine"),
        ("theme = \"themes/mine.toml\"", "mine"),
    ] {
        let (themes, warning) = looks(dashboard, &[mine]).unwrap();
        assert_eq!((themes.get(themes.kept()).name(), warning), (name, None), "{dashboard}");
        assert_eq!(themes.is_configured(), !dashboard.is_empty());
        assert!(themes.names().any(|name| name == "mine"), "it can be chosen");
    }
}

#[test]
fn a_fault_of_the_configured_theme_is_an_error_and_of_another_one_a_warning() {
    let broken = ("mine.toml", "[roles]\nbda = { fg = \"red\" }\n");
    let fault = "DIR/themes/mine.toml: line 2, key `roles.bda`: unknown role `bda`";
    for dashboard in ["theme = \"mine\"", "theme = \"./themes/mine.toml\""] {
        let error = looks(dashboard, &[broken]).unwrap_err().replace("/./", "/");
        assert!(error.starts_with(&format!("DIR/config.toml: key `dashboard.theme`: {fault}")), "{error}");
        assert!(error.ends_with("; did you mean `bad`?"), "{error}");
    }
    let (themes, warning) = looks("", &[broken]).unwrap();
    assert!(warning.unwrap().starts_with("Theme not loaded: "));
    assert!(themes.named("mine").is_none());
    let error = looks("theme = \"drak\"", &[]).unwrap_err();
    assert!(error.ends_with("; did you mean `dark`?"), "{error}");
    let error = looks("theme = \"gone.toml\"", &[]).unwrap_err();
    assert!(error.contains("could not read DIR/gone.toml: "), "{error}");
}

#[test]
fn ascii_is_a_flag_and_a_key() {
    let (_dir, flags) = with_file("[targets.a]\nurl = \"http://a:1\"\n[dashboard]\nascii = true\n");
    let ascii = |flags: &Flags| load(flags, &no_environment, &no_paths()).unwrap().looks.ascii;
    let flags = Flags { target: Some("a".to_owned()), ..flags };
    assert!(ascii(&flags));
    let flags = Flags { config: None, url: Some("http://a:1".to_owned()), target: None, ..flags };
    assert!(!ascii(&flags));
    assert!(ascii(&Flags { ascii: true, ..flags }));
}
