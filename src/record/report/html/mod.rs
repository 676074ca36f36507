//! Writes a document as one HTML file: no script, no other file, light and dark, on a screen and on paper.
//!
//! `maud` escapes every value; markup comes from the templates alone. The file's own content security policy forbids scripts
//! and requests, should a text ever get out of its place.

mod chart;
#[cfg(test)]
mod tests;

use maud::{DOCTYPE, Markup, PreEscaped, Render, html};

use super::document::{Block, Cell, Column, Document, Figure, Layout, Section, Table};
use super::phrase::{Phrase, Piece, percent};

/// The style sheet, which stands in the file. Its colours are checked for contrast by a test.
const STYLE: &str = include_str!("style.css");
/// The longest name that is kept on one line, in characters.
const MAX_ON_ONE_LINE: usize = 20;
/// What the file may load and run: its own styles and nothing else.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// Returns the document as HTML.
pub(super) fn write(document: &Document) -> String {
    let page = html! {
        (DOCTYPE) "\n"
        html lang="en" {
            head {
                "\n" meta charset="utf-8";
                "\n" meta http-equiv="Content-Security-Policy" content=(POLICY);
                "\n" meta name="viewport" content="width=device-width, initial-scale=1";
                "\n" meta name="color-scheme" content="light dark";
                "\n" meta name="generator" content=(concat!("taskdeck ", env!("CARGO_PKG_VERSION")));
                "\n" title { (plain(&document.name)) }
                "\n" style { "\n" (PreEscaped(STYLE)) }
                "\n"
            }
            "\n"
            body { "\n" main { (body(document)) "\n" } "\n" }
        }
        "\n"
    };
    page.into_string()
}

fn body(document: &Document) -> Markup {
    html! {
        "\n" header {
            "\n" p.kicker { (document.kicker) }
            "\n" h1 { (document.title) }
            "\n" p.span { (document.span) }
            "\n"
        }
        @for sentence in &document.lead { "\n" p.lead { (sentence) } }
        @if !document.figures.is_empty() {
            "\n" dl.figures { @for figure in &document.figures { (figure) } "\n" }
        }
        @for section in &document.sections { (section) }
        "\n" footer { p { (document.colophon) } }
    }
}

/// Returns a phrase without markup, for the title of the window.
fn plain(phrase: &Phrase) -> String {
    let text = |piece: &Piece| match piece {
        Piece::Words(words) => (*words).to_owned(),
        Piece::Value(text) | Piece::Foreign(text) => text.to_string(),
    };
    phrase.pieces().iter().map(text).collect()
}

/// Returns the name of a heading for links to it.
fn anchor(title: &str) -> String {
    title.to_lowercase().replace(' ', "-")
}

impl Render for Phrase {
    fn render(&self) -> Markup {
        html! { @for piece in self.pieces() { (piece) } }
    }
}

impl Render for Piece {
    fn render(&self) -> Markup {
        match self {
            Self::Words(words) => html! { (words) },
            // A number stays on one line with its unit.
            Self::Value(value) => html! { (value.replace(' ', "\u{A0}")) },
            // Text from right to left must not reorder what is around it.
            Self::Foreign(text) => html! { code.name[is_short(text)] dir="auto" { (text) } },
        }
    }
}

/// Returns whether a text is short enough to stay on one line in a table.
fn is_short(text: &str) -> bool {
    text.chars().nth(MAX_ON_ONE_LINE).is_none()
}

impl Render for Figure {
    fn render(&self) -> Markup {
        html! {
            "\n" div {
                dt { (self.name) }
                dd { (self.value) }
                @if !self.note.is_empty() { dd.note { (self.note) } }
            }
        }
    }
}

impl Render for Section {
    fn render(&self) -> Markup {
        let anchor = anchor(self.title);
        html! {
            "\n" section aria-labelledby=(anchor) {
                "\n" h2 id=(anchor) { (self.title) }
                @for block in &self.blocks { (block) }
                "\n"
            }
        }
    }
}

impl Render for Block {
    fn render(&self) -> Markup {
        match self {
            Self::Heading(phrase) => html! { "\n" h3 { (phrase) } },
            Self::Paragraph(phrase) => html! { "\n" p { (phrase) } },
            Self::Caution(phrase) => html! { "\n" p.caution { strong { "Unknown: " } (phrase) } },
            Self::Quotation(phrase) => html! { "\n" blockquote { p { (phrase) } } },
            Self::List(points) => html! { "\n" ul { @for point in points { "\n" li { (point) } } "\n" } },
            Self::Table(table) => table.render(),
            Self::Folded(table) => html! {
                "\n" details { "\n" summary { (table.caption) } (table) "\n" }
            },
            Self::Chart(chart) => chart::figure(chart),
        }
    }
}

impl Render for Table {
    fn render(&self) -> Markup {
        match self.layout {
            // It may be wider than a narrow page: then it scrolls, also by keys.
            Layout::Numbers => html! {
                "\n" section.scroll aria-label=(self.caption) tabindex="0" {
                    "\n" table { (rows(self)) } "\n"
                }
            },
            Layout::Records => html! { "\n" table.records { (rows(self)) } },
        }
    }
}

fn rows(table: &Table) -> Markup {
    html! {
        "\n" caption { (table.caption) }
        "\n" thead { tr { @for column in &table.columns {
            th scope="col" class=[class(*column)] { (column.title()) }
        } } }
        "\n" tbody { @for cells in &table.rows {
            "\n" tr { @for (nth, (cell, column)) in cells.iter().zip(&table.columns).enumerate() {
                @if nth == 0 {
                    th scope="row" class=[class(*column)] { (cell) }
                } @else {
                    td class=[class(*column)] data-label=[label(table, *column)] { (cell) }
                }
            } }
        } "\n" }
        "\n"
    }
}

const fn class(column: Column) -> Option<&'static str> {
    match column {
        Column::Text(_) => None,
        Column::Number(_) => Some("n"),
    }
}

/// Returns the heading to repeat in each cell, for a narrow page.
fn label(table: &Table, column: Column) -> Option<&'static str> {
    (table.layout == Layout::Records).then(|| column.title())
}

impl Render for Cell {
    fn render(&self) -> Markup {
        match self {
            Self::Text(phrase) => phrase.render(),
            Self::Share(share) => {
                html! { span.share { (chart::bar(*share)) (percent(*share).replace(' ', "\u{A0}")) } }
            }
            Self::Course(counts) => chart::course(counts),
            Self::None => html! { span.none { "–" } },
        }
    }
}
