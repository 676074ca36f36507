//! How the dashboard looks: in each theme, without colours, and in ASCII.

use std::fmt::Write as _;

use insta::assert_snapshot;
use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

use super::scenes::{live, mixed, noon, press};
use super::*;
use crate::app::key::{Key, KeyCode};
use crate::present::Tone;

/// Returns a scene with the given theme: a task in every state, a failure and a warning.
fn scene(theme: &str) -> App {
    let (mut app, _) = live(mixed());
    press(&mut app, &format!(":theme {theme}\njjjjj"));
    app
}

fn shown(app: &App, colours: Colours, size: (u16, u16)) -> Buffer {
    frame(app, &mut UiState::new(colours), noon(), size)
}

/// Returns the text of a frame, and below each line the styles that begin in it.
fn styled(buf: &Buffer) -> String {
    let mut out = String::new();
    let look = |cell: &Cell| (cell.fg, cell.bg, cell.modifier);
    for (line, y) in text(buf).lines().zip(0..) {
        writeln!(out, "{line}").unwrap();
        let mut before = (Color::Reset, Color::Reset, Modifier::empty());
        for x in 0..buf.area.width {
            let now = look(&buf[(x, y)]);
            if now != before {
                let (fg, bg, modifier) = now;
                writeln!(out, "    {x}: {fg} on {bg} {modifier:?}").unwrap();
            }
            before = now;
        }
    }
    out
}

#[test]
fn each_theme_styles_the_same_texts() {
    let plain = text(&shown(&scene("neutral"), Colours::None, USUAL));
    for theme in ["dark", "light", "high-contrast", "colour-blind", "colour-blind-light", "terminal"] {
        let buf = shown(&scene(theme), Colours::Full, USUAL);
        assert_eq!(text(&buf), plain, "{theme}");
        assert_snapshot!(format!("looks_{theme}"), styled(&buf));
    }
    assert_snapshot!("looks_without_colours", styled(&shown(&scene("dark"), Colours::None, USUAL)));
}

#[test]
fn without_colours_there_are_none() {
    for theme in ["dark", "high-contrast", "terminal"] {
        let buf = shown(&scene(theme), Colours::None, LARGE);
        assert!(buf.content.iter().all(|cell| (cell.fg, cell.bg) == (Color::Reset, Color::Reset)), "{theme}");
        assert!(buf.content.iter().any(|cell| cell.modifier.contains(Modifier::REVERSED)), "{theme}");
    }
}

#[test]
fn sixteen_colours_have_no_others() {
    for theme in ["dark", "light", "high-contrast", "colour-blind", "terminal", "neutral"] {
        let buf = shown(&scene(theme), Colours::Sixteen, LARGE);
        let has = |cell: &Cell, colour| cell.fg == colour || cell.bg == colour;
        let is_ansi = |cell: &Cell| ![cell.fg, cell.bg].iter().any(|colour| matches!(colour, Color::Rgb(..)));
        assert!(buf.content.iter().all(is_ansi), "{theme}");
        assert!(buf.content.iter().any(|cell| has(cell, Color::Red)), "{theme}: the failure is red");
    }
}

#[test]
fn a_theme_with_a_background_paints_every_cell() {
    let mut app = scene("high-contrast");
    for keys in ["", "?", "\n:"] {
        press(&mut app, keys);
        let buf = shown(&app, Colours::Full, LARGE);
        let black = Color::Rgb(0, 0, 0);
        assert!(buf.content.iter().all(|cell| cell.bg == black && cell.fg != Color::Reset), "{keys}");
    }
    let plain = shown(&scene("dark"), Colours::Full, LARGE);
    assert!(plain.content.iter().all(|cell| cell.bg == Color::Reset), "others leave the background alone");
}

#[test]
fn the_list_of_themes_draws_the_dashboard_in_the_highlighted_one() {
    let (mut app, _) = live(mixed());
    press(&mut app, ":theme\n");
    let quiet = |app: &App| Theme::of(app, Colours::Full).tone(Tone::Quiet).fg;
    assert_eq!(quiet(&app), Some(Color::Rgb(0x80, 0x80, 0x80)));
    press(&mut app, "j");
    let dark = Some(Color::Rgb(0x9a, 0xa0, 0xa8));
    assert_eq!(quiet(&app), dark);
    for size in [USUAL, LARGE] {
        let buf = shown(&app, Colours::Full, size);
        assert!(buf.content.iter().any(|cell| Some(cell.fg) == dark), "the table is drawn in it");
        assert_snapshot!(format!("themes_{}", size.0), text(&buf));
    }
    for (colours, words) in [(Colours::Sixteen, "16 colours"), (Colours::None, "NO_COLOR")] {
        assert!(text(&shown(&app, colours, USUAL)).contains(words), "{words}");
    }
    app.update(Msg::Key(Key::plain(KeyCode::Esc), noon().mono), noon());
    assert_eq!(quiet(&app), Some(Color::Rgb(0x80, 0x80, 0x80)), "Esc brings the theme before back");
}

#[test]
fn in_ascii_the_arrows_of_keys_are_spelled() {
    let mut app = scene("terminal");
    app.update(Msg::Key(Key::char('?'), noon().mono), noon());
    let mut ui = UiState::new(Colours::None).in_ascii(true);
    let mut buf = frame(&app, &mut ui, noon(), (160, 200));
    to_ascii(&mut buf);
    let drawn = text(&buf);
    let spelled = ["j Down ", "k Up ", "Left", "Right"];
    assert!(spelled.iter().all(|keys| drawn.contains(keys)), "{drawn}");
    assert!(drawn.is_ascii());
}

#[test]
fn ascii_keeps_the_states_apart() {
    for (size, name) in [(USUAL, "ascii_usual"), (LARGE, "ascii_large")] {
        let mut buf = shown(&scene("terminal"), Colours::None, size);
        to_ascii(&mut buf);
        let drawn = text(&buf);
        assert!(drawn.is_ascii());
        assert_snapshot!(name, drawn);
    }
}
