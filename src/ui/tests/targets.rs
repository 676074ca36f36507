//! Several targets: the name and the colour of the one that is shown, and the questions about one.

use insta::assert_snapshot;
use ratatui::style::{Color, Modifier, Style};

use super::scenes::{live, live_on, mixed, noon, press, target, task};
use super::*;
use crate::app::{Effect, Target, TargetColour};
use crate::model::{Access, State};

/// Returns the style of the target's name in the header.
fn name_style(target: Target, colours: Colours) -> Style {
    let (app, _) = live_on(target, mixed());
    let buf = frame(&app, &mut UiState::new(colours), noon(), USUAL);
    let at = text(&buf).lines().next().unwrap().find("prod").unwrap();
    buf[(u16::try_from(at).unwrap(), 0)].style()
}

/// Opens the other target of the scenes.
fn open_staging(app: &mut App) {
    let mut effects = Vec::new();
    for c in ":target staging".chars() {
        press(app, &c.to_string());
    }
    app.frame_shown(noon());
    let enter = Key::plain(crate::app::key::KeyCode::Enter);
    effects.extend(app.update(Msg::Key(enter, noon().mono), noon()));
    let session = effects.iter().find_map(|effect| match effect {
        Effect::OpenTarget { session, .. } => Some(*session),
        _ => None,
    });
    app.update(Msg::TargetOpened(session.unwrap(), Ok(())), noon());
    app.before_frame();
}

#[test]
fn a_colour_marks_the_name_and_without_colours_the_name_is_marked_all_the_same() {
    let red = Target { colour: TargetColour::parse("red"), ..target() };
    let dark = Target { colour: TargetColour::parse("#902020"), ..target() };
    let light = Target { colour: TargetColour::parse("#ffd040"), ..target() };
    assert!(!name_style(target(), Colours::Full).add_modifier.contains(Modifier::REVERSED));
    for colours in [Colours::Full, Colours::Sixteen] {
        let style = name_style(red.clone(), colours);
        assert!(style.add_modifier.contains(Modifier::REVERSED) && style.fg == Some(Color::Red), "{style:?}");
    }
    let style = name_style(dark.clone(), Colours::Full);
    assert_eq!((style.bg, style.fg), (Some(Color::Rgb(0x90, 0x20, 0x20)), Some(Color::Rgb(255, 255, 255))));
    let style = name_style(light.clone(), Colours::Full);
    assert_eq!((style.bg, style.fg), (Some(Color::Rgb(255, 0xd0, 0x40)), Some(Color::Rgb(0, 0, 0))));
    assert_eq!(name_style(light, Colours::Sixteen).fg, Some(Color::Yellow));
    for target in [red, dark] {
        let style = name_style(target, Colours::None);
        assert!(style.add_modifier.contains(Modifier::REVERSED | Modifier::BOLD), "{style:?}");
    }
}

#[test]
fn the_header_has_the_name_and_how_many_other_targets_are_open() {
    let red = Target { colour: TargetColour::parse("red"), access: Access::Locked, ..target() };
    let (mut app, _) = live_on(red, mixed());
    let header = |app: &App, size| drawn(app, noon(), size).lines().next().unwrap().to_owned();
    open_staging(&mut app);
    assert!(header(&app, USUAL).starts_with("staging +1 https://staging:8889"), "{}", header(&app, USUAL));
    press(&mut app, ":target -\n:write 90s\ny");
    for size in [USUAL, LARGE] {
        assert!(header(&app, size).starts_with(" prod  +1 "), "{}", header(&app, size));
        assert!(header(&app, size).contains(" WRITES OPEN 1m30s  live"), "{}", header(&app, size));
    }
    assert!(header(&app, SMALL).starts_with(" prod  +1  WRITES OPEN"), "{}", header(&app, SMALL));
    assert_snapshot!("targets_usual", drawn(&app, noon(), USUAL));
}

#[test]
fn the_questions_about_a_target_name_it() {
    let locked = Target { access: Access::Locked, ..target() };
    let (mut app, _) = live_on(locked, vec![task(1, State::Running, 90, 30)]);
    press(&mut app, ":write 10m\n");
    assert_snapshot!("open_writes_usual", drawn(&app, noon(), USUAL));
    press(&mut app, "yCy");
    open_staging(&mut app);
    press(&mut app, ":close prod\n");
    assert_snapshot!("close_target_usual", drawn(&app, noon(), USUAL));
    assert_snapshot!("close_target_small", drawn(&app, noon(), SMALL));
}

#[test]
fn the_prompt_completes_targets_with_their_state() {
    let (mut app, _) = live(mixed());
    press(&mut app, ":target ");
    assert_snapshot!("prompt_targets_usual", drawn(&app, noon(), USUAL));
}
