//! Draws screens that follow each other as one animated SVG: a strip of screens that moves by one at each change.
//!
//! A row that several screens share is drawn once. The animation needs no script, so it also runs in a page that
//! only embeds the file. Readers who prefer no motion see one screen.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::time::Duration;

use ratatui::buffer::Buffer;

use super::svg::{BACKGROUND, BASE_LINE, CELL, FONT, MARGIN, escaped, write_row};

/// What is seen from a moment on.
pub(super) struct Screen {
    /// Time since the start.
    pub(super) at: Duration,
    pub(super) cells: Buffer,
    /// The key that was pressed last, and what for. Stands below the screen; it is not a part of it.
    pub(super) caption: Caption,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Caption {
    pub(super) keys: &'static str,
    pub(super) text: &'static str,
}

/// Height of the caption, with the space above it.
const CAPTION: f32 = 40.0;
const KEY_COLOUR: &str = "#ffd866";

/// Draws the screens, which take `length` in all. `still` is the one for readers who prefer no motion.
pub(super) fn film(title: &str, screens: &[Screen], length: Duration, still: usize) -> String {
    let area = screens[0].cells.area;
    let (wide, high) = (f32::from(area.width) * CELL.0, f32::from(area.height) * CELL.1);
    let step = (wide + 40.0).ceil();
    let mut rows = Parts::default();
    let mut strip = String::new();
    for (nth, screen) in screens.iter().enumerate() {
        let x = step * f32::from(u16::try_from(nth).unwrap());
        writeln!(strip, "<g transform=\"translate({x})\">").unwrap();
        for y in 0..area.height {
            let mut row = String::new();
            write_row(&mut row, &screen.cells, y, (0.0, -BASE_LINE));
            rows.place(&mut strip, row, f32::from(y) * CELL.1 + BASE_LINE);
        }
        rows.place(&mut strip, caption(screen.caption), high + CAPTION - MARGIN / 2.0);
        strip += "</g>\n";
    }
    let still = step * f32::from(u16::try_from(still).unwrap());
    let (seconds, moves) = (length.as_secs_f32(), moves(screens, length, step));
    let (width, height) = (wide + 2.0 * MARGIN, high + CAPTION + 2.0 * MARGIN);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" {FONT}>\n\
         <title>{title}</title>\n\
         <style>\n#strip {{ animation: film {seconds}s step-end infinite }}\n\
         @keyframes film {{\n{moves}}}\n\
         @media (prefers-reduced-motion: reduce) {{ #strip {{ animation: none; transform: translateX(-{still}px) }} }}\n\
         </style>\n<defs>\n{definitions}</defs>\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{BACKGROUND}\"/>\n\
         <svg x=\"{MARGIN}\" y=\"{MARGIN}\" width=\"{wide:.1}\" height=\"{all:.1}\">\n<g id=\"strip\">\n{strip}</g>\n</svg>\n</svg>\n",
        title = escaped(title),
        definitions = rows.definitions,
        all = high + CAPTION,
    )
}

/// Returns the keyframes: where the strip is from which part of the time on.
fn moves(screens: &[Screen], length: Duration, step: f32) -> String {
    let mut moves = String::new();
    for (nth, screen) in screens.iter().enumerate() {
        let percent = 100.0 * screen.at.as_secs_f32() / length.as_secs_f32();
        let x = step * f32::from(u16::try_from(nth).unwrap());
        writeln!(moves, "{percent:.2}% {{ transform: translateX(-{x}px) }}").unwrap();
    }
    moves
}

fn caption(Caption { keys, text }: Caption) -> String {
    let (keys, text) = (escaped(keys), escaped(text));
    let gap = if keys.is_empty() { "" } else { "  " };
    format!(
        "<text xml:space=\"preserve\" font-size=\"16\"><tspan fill=\"{KEY_COLOUR}\" \
         font-weight=\"bold\">{keys}</tspan>{gap}{text}</text>\n"
    )
}

/// Parts of screens, each drawn once however many screens have it.
#[derive(Default)]
struct Parts {
    numbers: HashMap<String, usize>,
    definitions: String,
}

impl Parts {
    /// Uses a part at a height. Nothing is drawn for an empty one.
    fn place(&mut self, strip: &mut String, part: String, y: f32) {
        if part.is_empty() {
            return;
        }
        let next = self.numbers.len();
        let number = *self.numbers.entry(part).or_insert_with_key(|part| {
            writeln!(self.definitions, "<g id=\"r{next}\">\n{part}</g>").unwrap();
            next
        });
        writeln!(strip, "<use href=\"#r{number}\" y=\"{y}\"/>").unwrap();
    }
}
