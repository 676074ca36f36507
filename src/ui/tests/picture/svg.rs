//! Draws cells as SVG, each phrase at its own place and with its width, so that columns align in any font.

use std::fmt::Write as _;

use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier};

/// Width and height of a cell, in pixels.
pub(super) const CELL: (f32, f32) = (8.4, 18.0);
/// From the top of a cell to the base line of its text.
pub(super) const BASE_LINE: f32 = 13.5;
pub(super) const MARGIN: f32 = 12.0;
pub(super) const BACKGROUND: &str = "#15181e";
pub(super) const FOREGROUND: &str = "#d5d9e0";
/// Attributes of the whole picture.
pub(super) const FONT: &str = "font-family=\"ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace\" font-size=\"14\" fill=\"#d5d9e0\"";

/// Draws a frame.
pub(super) fn picture(buf: &Buffer) -> String {
    let (width, height) = (f32::from(buf.area.width) * CELL.0, f32::from(buf.area.height) * CELL.1);
    let (width, height) = (width + 2.0 * MARGIN, height + 2.0 * MARGIN);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" {FONT}>\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{BACKGROUND}\"/>\n"
    );
    for y in 0..buf.area.height {
        write_row(&mut out, buf, y, (MARGIN, MARGIN + f32::from(y) * CELL.1));
    }
    out + "</svg>\n"
}

/// Draws the cells of a row, the first one at this place.
pub(super) fn write_row(out: &mut String, buf: &Buffer, y: u16, place: (f32, f32)) {
    let mut x = 0;
    while x < buf.area.width {
        let end = (x..buf.area.width)
            .find(|at| style_at(buf, *at, y) != style_at(buf, x, y))
            .unwrap_or(buf.area.width);
        write_run(out, buf, (x, end), y, place);
        x = end;
    }
}

fn style_at(buf: &Buffer, x: u16, y: u16) -> (Color, Color, Modifier) {
    let cell = &buf[(x, y)];
    (cell.fg, cell.bg, cell.modifier)
}

/// Writes cells of one style as a rectangle and their phrases.
fn write_run(out: &mut String, buf: &Buffer, (from, to): (u16, u16), y: u16, (left, top): (f32, f32)) {
    let text: String = (from..to).map(|x| buf[(x, y)].symbol()).collect();
    let (fg, bg, modifier) = style_at(buf, from, y);
    let (mut fg, mut bg) = (colour(fg, FOREGROUND), colour(bg, BACKGROUND));
    if modifier.contains(Modifier::REVERSED) {
        std::mem::swap(&mut fg, &mut bg);
    }
    let left = left + f32::from(from) * CELL.0;
    let wide = f32::from(to - from) * CELL.0;
    if bg != BACKGROUND {
        let high = CELL.1;
        let rect = format!("<rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{wide:.1}\" height=\"{high:.1}\"");
        writeln!(out, "{rect} fill=\"{bg}\"/>").unwrap();
    }
    let bold = if modifier.contains(Modifier::BOLD) { " font-weight=\"bold\"" } else { "" };
    let italic = if modifier.contains(Modifier::ITALIC) { " font-style=\"italic\"" } else { "" };
    let fill = if fg == FOREGROUND { String::new() } else { format!(" fill=\"{fg}\"") };
    let base = top + BASE_LINE;
    let y = if base == 0.0 { String::new() } else { format!(" y=\"{base:.1}\"") };
    for (at, phrase) in phrases(&text) {
        let x = left + pixels(at);
        let length = match phrase.chars().count() {
            1 => String::new(),
            cells => format!(" textLength=\"{:.1}\"", pixels(cells)),
        };
        let phrase = escaped(&phrase);
        writeln!(out, "<text x=\"{x:.1}\"{y}{length}{fill}{bold}{italic}>{phrase}</text>").unwrap();
    }
}

pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

fn pixels(cells: usize) -> f32 {
    f32::from(u16::try_from(cells).unwrap()) * CELL.0
}

/// Splits a text where it has more than one space, and returns each phrase with its first cell. Every character of the
/// picture takes one cell; a sign such as ✓ may be wider in some fonts, so a phrase does not go on behind it.
fn phrases(text: &str) -> Vec<(usize, String)> {
    let mut phrases: Vec<(usize, String)> = Vec::new();
    let mut spaces = 2;
    for (at, c) in text.chars().enumerate() {
        match (c == ' ', spaces, phrases.last_mut()) {
            (true, ..) => {}
            (false, 0, Some((_, phrase))) => phrase.push(c),
            (false, 1, Some((_, phrase))) if phrase.is_ascii() => phrase.extend([' ', c]),
            (false, ..) => phrases.push((at, c.to_string())),
        }
        spaces = if c == ' ' { spaces + 1 } else { 0 };
    }
    phrases
}

fn colour(colour: Color, default: &str) -> String {
    match colour {
        Color::Rgb(r, g, b) => format!("#{r:02x}{g:02x}{b:02x}"),
        _ => default.to_owned(),
    }
}
