//! Writes a document as Markdown that GitHub, GitLab and pandoc read the same.
//!
//! Foreign text stands in code spans only: there, nothing is markup, a mention, a link or an emoji. What could end a code
//! span or a table's cell is dealt with in [`code_span`].

use super::document::{Block, Cell, Chart, Column, Document, Figure, Table};
use super::phrase::{Phrase, Piece, percent};

/// Bars of a small chart, from nothing to the highest.
const LEVELS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Returns the document as Markdown.
pub(super) fn write(document: &Document) -> String {
    let mut out = Markdown::default();
    out.block(&["# ", &inline(&document.title)].concat());
    out.block(&[&inline(&document.kicker), ", ", &inline(&document.span)].concat());
    for sentence in &document.lead {
        out.block(&inline(sentence));
    }
    out.figures(&document.figures);
    for section in &document.sections {
        out.block(&["## ", section.title].concat());
        for block in &section.blocks {
            out.put(block);
        }
    }
    out.block("---");
    out.block(&inline(&document.colophon));
    out.0
}

#[derive(Default)]
struct Markdown(String);

impl Markdown {
    /// Adds lines, separated from what is before them by an empty line.
    fn block(&mut self, lines: &str) {
        if !self.0.is_empty() {
            self.0.push('\n');
        }
        self.0.push_str(lines);
        self.0.push('\n');
    }

    fn put(&mut self, block: &Block) {
        match block {
            Block::Heading(phrase) => self.block(&["### ", &inline(phrase)].concat()),
            Block::Paragraph(phrase) => self.block(&inline(phrase)),
            Block::Caution(phrase) => self.block(&["> **Unknown:** ", &inline(phrase)].concat()),
            Block::Quotation(phrase) => self.block(&["> ", &inline(phrase)].concat()),
            Block::List(points) => {
                let points: Vec<_> = points.iter().map(|point| ["- ", &inline(point)].concat()).collect();
                self.block(&points.join("\n"));
            }
            Block::Table(table) => self.table(table),
            Block::Folded(_) => {}
            Block::Chart(chart) => self.chart(chart),
        }
    }

    fn figures(&mut self, figures: &[Figure]) {
        let lines: Vec<_> = figures
            .iter()
            .map(|Figure { name, value, note }| {
                let note = if note.is_empty() { String::new() } else { [" (", &inline(note), ")"].concat() };
                ["- ", name, ": **", &inline(value), "**", &note].concat()
            })
            .collect();
        if !lines.is_empty() {
            self.block(&lines.join("\n"));
        }
    }

    fn table(&mut self, table: &Table) {
        let row = |cells: Vec<String>| ["| ", &cells.join(" | "), " |"].concat();
        let rule = |column: &Column| match column {
            Column::Text(_) => "---".to_owned(),
            Column::Number(_) => "---:".to_owned(),
        };
        let mut lines = vec![
            row(table.columns.iter().map(|column| column.title().to_owned()).collect()),
            row(table.columns.iter().map(rule).collect()),
        ];
        lines.extend(table.rows.iter().map(|cells| row(cells.iter().map(cell).collect())));
        self.block(&["**", table.caption, "**"].concat());
        self.block(&lines.join("\n"));
    }

    /// A chart of characters, in a code block.
    fn chart(&mut self, chart: &Chart) {
        let width = chart.strips.iter().map(|strip| strip.kind.title().len()).max().unwrap_or(0);
        let mut lines = vec!["```text".to_owned()];
        for strip in &chart.strips {
            let counts: Vec<_> = chart.bars.iter().map(|(_, counts)| strip.kind.of(counts)).collect();
            lines.push(format!("{:width$}  {}", strip.kind.title(), course(&counts)));
        }
        if let (Some((first, _)), Some((last, _))) = (chart.bars.first(), chart.bars.last()) {
            let room = chart.bars.len().saturating_sub(last.chars().count());
            lines.push(format!("{:width$}  {first:room$}{last}", ""));
        }
        lines.push("```".to_owned());
        self.block(&lines.join("\n"));
        self.block(&inline(&chart.summary));
    }
}

fn cell(cell: &Cell) -> String {
    match cell {
        // A code span may not have a bar in a table: it would end the cell, and a backslash before it is not read the same
        // everywhere.
        Cell::Text(phrase) => inline(phrase).replace('|', "¦"),
        Cell::Share(share) => percent(*share),
        Cell::Course(counts) => course(counts),
        Cell::None => "–".to_owned(),
    }
}

/// Returns a row of bars.
pub(super) fn course(counts: &[u64]) -> String {
    let most = counts.iter().copied().max().unwrap_or(0);
    let level = |count: u64| {
        // What is not nothing is higher than nothing.
        let steps = count.saturating_mul(7).div_ceil(most.max(1));
        LEVELS.get(usize::try_from(steps).unwrap_or(0)).copied().unwrap_or('▁')
    };
    counts.iter().map(|count| level(*count)).collect()
}

fn inline(phrase: &Phrase) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Words(words) => (*words).to_owned(),
        Piece::Value(value) => value.replace('<', "&lt;").replace('>', "&gt;"),
        Piece::Foreign(text) => code_span(text),
    };
    phrase.pieces().iter().map(piece).collect()
}

/// Returns a text on one line as a code span. Its fence is longer than any run of backticks in the text.
pub fn code_span(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    // A renderer takes one space from each side if both have one.
    let is_edge = |c: Option<char>| matches!(c, Some('`' | ' '));
    let space = if is_edge(text.chars().next()) || is_edge(text.chars().next_back()) { " " } else { "" };
    [&fence, space, text, space, &fence].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_ends_its_code_span() {
        let cases = [
            ("plain", "`plain`"),
            ("a`b", "``a`b``"),
            ("`", "`` ` ``"),
            ("``x", "``` ``x ```"),
            ("x``", "``` x`` ```"),
            (" x ", "`  x  `"),
        ];
        for (text, span) in cases {
            assert_eq!(code_span(text), span);
        }
    }

    #[test]
    fn no_text_ends_its_cell() {
        let text = Phrase::foreign("a | b \\| `c` <script> | @all");
        assert_eq!(cell(&text.into()), "``a ¦ b \\¦ `c` <script> ¦ @all``");
    }

    #[test]
    fn a_small_count_is_not_nothing() {
        assert_eq!(course(&[0, 1, 500, 1_000, 0]), "▁▂▅█▁");
        assert_eq!(course(&[0, 0]), "▁▁");
        assert_eq!(course(&[]), "");
    }

    #[test]
    fn values_are_not_taken_for_tags() {
        assert_eq!(inline(&Phrase::default().percent(0.001)), "&lt; 1 %");
    }
}
