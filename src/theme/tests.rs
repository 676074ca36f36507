//! Theme files, the choice of a theme, and the contrast of the built-in ones.

use super::set::BUILT_IN;
use super::*;

fn alone(text: &str) -> Result<Theme, String> {
    Theme::parse("mine", text, |name| Err(format!("no {name}")))
}

#[test]
fn every_built_in_theme_is_in_the_list() {
    let themes = Themes::default();
    let names: Vec<_> = themes.names().collect();
    assert_eq!(names.len(), BUILT_IN.len() + 1, "one that cannot be parsed would be missing: {names:?}");
    assert_eq!(names[0], AUTO);
    for theme in themes.all() {
        assert!(!theme.summary().is_empty(), "{}", theme.name());
    }
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/themes");
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), BUILT_IN.len(), "each file is built in");
}

#[test]
fn the_table_of_roles_is_in_the_order_of_the_variants() {
    for (at, (role, name, _)) in Role::TABLE.into_iter().enumerate() {
        assert_eq!((role as usize, Role::find(name)), (at, Some(role)));
    }
}

#[test]
fn a_theme_styles_the_roles_that_it_names() {
    let theme = alone(
        "summary = \"Mine\"\n[roles]\nbad = { fg = \"#ff0000\", bg = \"light-yellow\", modifiers = [\"bold\", \"italic\"] }\n\
         cursor = { fg = \"default\", bg = \"4\" }\nquiet = { fg = \"243\" }\n",
    )
    .unwrap();
    assert_eq!((theme.name(), theme.summary()), ("mine", "Mine"));
    let bad = Style::new().fg(Color::Rgb(255, 0, 0)).bg(Color::LightYellow);
    assert_eq!(theme.style(Role::Bad), bad.add_modifier(Modifier::BOLD | Modifier::ITALIC));
    assert_eq!(theme.style(Role::Cursor), Style::new().fg(Color::Reset).bg(Color::Indexed(4)));
    assert_eq!(theme.style(Role::Quiet), Style::new().fg(Color::Indexed(243)));
    assert_eq!(theme.style(Role::Warn), Theme::colourless().style(Role::Warn), "not named: without colour");
    assert_eq!(alone(""), Ok(Theme { name: "mine".into(), ..Theme::colourless() }));
}

#[test]
fn a_fault_is_named_with_its_line_and_key() {
    for (text, fault) in [
        (
            "[roles]\nbda = {}",
            "line 2, key `roles.bda`: unknown role `bda`, expected one of `normal`, `quiet`",
        ),
        ("[roles]\nbda = {}", "; did you mean `bad`?"),
        (
            "[roles]\n\nbad = { fg = \"#ff00\" }",
            "line 3, key `roles.bad.fg`: \"#ff00\" is not a colour; expected \"#rrggbb\"",
        ),
        ("[roles]\nbad = { fg = \"crimson\" }", "\"crimson\" is not a colour"),
        ("[roles]\nbad = { fg = \"256\" }", "\"256\" is not a colour"),
        ("[roles]\nbad = { fg = \"#ééé\" }", "\"#ééé\" is not a colour"),
        ("[roles]\nbad = { modifiers = [\"bolt\"] }", "unknown variant `bolt`, expected one of `bold`"),
        (
            "[roles]\nbad = { fgg = \"red\" }",
            "unknown field `fgg`, expected one of `fg`, `bg`, `modifiers`; did you mean `fg`?",
        ),
        (
            "[role]\n",
            "unknown field `role`, expected one of `summary`, `inherits`, `roles`; did you mean `roles`?",
        ),
        ("[roles]\nbad = \"red\"", "line 2, key `roles.bad`: invalid type"),
        ("inherits = \"drak\"", "no drak"),
    ] {
        let found = alone(text).unwrap_err();
        assert!(found.contains(fault), "{text}: {found}");
    }
}

#[test]
fn a_theme_inherits_the_other_roles() {
    let mut themes = Themes::default();
    themes.add("mine", "inherits = \"dark\"\n[roles]\nbad = { fg = \"red\" }").unwrap();
    let (mine, dark) = (themes.named("mine").unwrap(), themes.named("dark").unwrap());
    assert_eq!(mine.style(Role::Good), dark.style(Role::Good));
    assert_eq!(mine.style(Role::Bad), Style::new().fg(Color::Red), "without the bold of the other one");
    let fault = themes.add("other", "inherits = \"drak\"").unwrap_err();
    assert!(fault.ends_with("; did you mean `dark`?"), "{fault}");
    themes.add("dark", "").unwrap();
    assert_eq!(
        themes.named("dark").unwrap().style(Role::Good),
        Style::new(),
        "one's own replaces a built-in one"
    );
    assert!(themes.add(AUTO, "").is_err());
}

#[test]
fn auto_follows_the_background() {
    for (value, background) in [
        ("15;0", Some(Background::Dark)),
        ("15;default;0", Some(Background::Dark)),
        ("7;8", Some(Background::Dark)),
        ("0;15", Some(Background::Light)),
        ("0;7", Some(Background::Light)),
        ("12;11", Some(Background::Light)),
        ("0;default", None),
        ("0;16", None),
        ("", None),
    ] {
        assert_eq!(Background::parse(value), background, "{value}");
    }
    for (background, name) in
        [(None, "neutral"), (Some(Background::Dark), "dark"), (Some(Background::Light), "light")]
    {
        let themes = Themes::built_in(background);
        let auto = themes.get(themes.kept());
        assert_eq!((auto.name(), auto.styles), (AUTO, themes.named(name).unwrap().styles));
        assert!(auto.summary().ends_with(&format!("here: {name}")), "{}", auto.summary());
    }
}

#[test]
fn sixteen_colours_are_those_of_the_terminal() {
    let mut themes = Themes::default();
    themes.add("ansi", "[roles]\nbad = { fg = \"red\" }").unwrap();
    themes.add("palette", "[roles]\nbad = { fg = \"196\" }").unwrap();
    for (name, drawn) in
        [("dark", "terminal"), ("palette", "terminal"), ("terminal", "terminal"), ("ansi", "ansi")]
    {
        assert_eq!(themes.for_sixteen(themes.named(name).unwrap()).name(), drawn, "{name}");
    }
}

/// Backgrounds of common terminals.
const DARK: &[&str] = &["#000000", "#1e1e1e", "#282c34"];
const LIGHT: &[&str] = &["#ffffff", "#fdf6e3", "#eeeeee"];

/// For each theme with colours of its own: the backgrounds that it is for, and the contrast that its texts have there.
const CONTRASTS: &[(&str, &[&str], f64)] = &[
    ("dark", DARK, 4.5),
    ("light", LIGHT, 4.5),
    ("high-contrast", &["#000000"], 7.0),
    ("colour-blind", DARK, 4.5),
    ("colour-blind-light", LIGHT, 4.5),
    // No colour has more on both: this is the bound for large text.
    ("neutral", &["#000000", "#1e1e1e", "#ffffff"], 3.0),
];

#[test]
fn texts_have_enough_contrast() {
    let themes = Themes::default();
    let all = || BUILT_IN.iter().map(|(name, _)| *name).filter(|name| *name != "terminal");
    assert!(all().all(|name| CONTRASTS.iter().any(|(known, ..)| *known == name)), "every theme is measured");
    for (name, backgrounds, enough) in CONTRASTS {
        let theme = themes.named(name).unwrap();
        let normal = theme.style(Role::Normal);
        for (role, of, _) in Role::TABLE {
            let style = theme.style(role);
            assert!(!style.add_modifier.contains(Modifier::DIM), "{name}: nobody knows how dim {of} is");
            let colour = |own: Option<Color>, other: Option<Color>| {
                own.filter(|colour| *colour != Color::Reset).or(other)
            };
            // The terminal's own text is legible on its own background.
            let Some(fg) = colour(style.fg, normal.fg) else { continue };
            for background in *backgrounds {
                let bg = colour(style.bg, normal.bg).unwrap_or_else(|| background.parse().unwrap());
                let contrast = contrast(fg, bg);
                assert!(contrast >= *enough, "{name}: {of} has {contrast:.2} on {background}");
            }
        }
    }
}

/// The roles that tell tasks apart.
const STATES: [Role; 5] = [Role::Quiet, Role::Good, Role::Warn, Role::Bad, Role::Accent];

#[test]
fn colour_blind_people_tell_the_states_apart() {
    let themes = Themes::default();
    for name in ["colour-blind", "colour-blind-light"] {
        let colours = STATES.map(|role| linear(themes.named(name).unwrap().style(role).fg.unwrap()));
        for (kind, matrix) in DICHROMACIES {
            let seen = colours.map(|colour| lab(simulated(colour, matrix)));
            for (at, one) in seen.iter().enumerate() {
                for (beside, other) in seen.iter().enumerate().skip(at + 1) {
                    let difference = difference(*one, *other);
                    let roles = (STATES[at], STATES[beside]);
                    assert!(difference >= 20.0, "{name}, {kind}: {roles:?} differ by {difference:.0}");
                }
            }
        }
    }
}

/// How colours look without one kind of cones. Source: Machado, Oliveira and Fernandes, 2009, severity 1.0.
const DICHROMACIES: [(&str, [[f64; 3]; 3]); 4] = [
    ("all cones", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
    (
        "protanopia",
        [
            [0.152_286, 1.052_583, -0.204_868],
            [0.114_503, 0.786_281, 0.099_216],
            [-0.003_882, -0.048_116, 1.051_998],
        ],
    ),
    (
        "deuteranopia",
        [
            [0.367_322, 0.860_646, -0.227_968],
            [0.280_085, 0.672_501, 0.047_413],
            [-0.011_820, 0.042_940, 0.968_881],
        ],
    ),
    (
        "tritanopia",
        [
            [1.255_528, -0.076_749, -0.178_779],
            [-0.078_411, 0.930_809, 0.147_602],
            [0.004_733, 0.691_367, 0.303_900],
        ],
    ),
];

/// Returns red, green and blue as amounts of light. Source: WCAG 2.2, "relative luminance".
fn linear(colour: Color) -> [f64; 3] {
    let Color::Rgb(red, green, blue) = colour else { panic!("{colour} has no fixed amount of light") };
    [red, green, blue].map(|byte| {
        let part = f64::from(byte) / 255.0;
        if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    })
}

fn dot(row: [f64; 3], colour: [f64; 3]) -> f64 {
    row.into_iter().zip(colour).map(|(weight, part)| weight * part).sum()
}

/// Source: WCAG 2.2, "contrast ratio".
fn contrast(one: Color, other: Color) -> f64 {
    let luminance = |colour| dot([0.212_6, 0.715_2, 0.072_2], linear(colour));
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn simulated(colour: [f64; 3], matrix: [[f64; 3]; 3]) -> [f64; 3] {
    matrix.map(|row| dot(row, colour).clamp(0.0, 1.0))
}

/// Source: CIE 1976 L*a*b* for illuminant D65.
fn lab(colour: [f64; 3]) -> [f64; 3] {
    let xyz = [[0.412_4, 0.357_6, 0.180_5], [0.212_6, 0.715_2, 0.072_2], [0.019_3, 0.119_2, 0.950_5]];
    let [x, y, z] = xyz.map(|row| dot(row, colour));
    let root = |part: f64| if part > 0.008_856 { part.cbrt() } else { 7.787 * part + 16.0 / 116.0 };
    let (x, y, z) = (root(x / 0.950_47), root(y), root(z / 1.088_83));
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

fn difference(one: [f64; 3], other: [f64; 3]) -> f64 {
    one.into_iter().zip(other).map(|(one, other)| (one - other).powi(2)).sum::<f64>().sqrt()
}

#[test]
fn contrast_is_that_of_the_standard() {
    let grey = contrast(Color::Rgb(0x76, 0x76, 0x76), Color::Rgb(255, 255, 255));
    assert!((contrast(Color::Rgb(0, 0, 0), Color::Rgb(255, 255, 255)) - 21.0).abs() < 0.001);
    assert!((4.5..4.6).contains(&grey), "the lightest grey with 4.5:1 on white: {grey}");
}
