//! The domains, each with its tasks. The cursor is the filter.
//!
//! That a domain is not fresh is quiet: Cloud Controller keeps `cf-tasks` fresh and never `cf-app-staging`.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::counts::{SideRow, side_pane};
use super::presence::{draw_unknown, selected, sign};
use crate::app::{Pane, Standing};
use crate::present::Tone;
use crate::ui::Scene;

/// Draws the pane and returns how many rows it has room for.
pub(crate) fn draw(scene: &Scene<'_>, area: Rect, buf: &mut Buffer, top: &mut usize) -> usize {
    let domains = scene.app.domain_rows();
    let rows: Vec<_> = domains
        .iter()
        .map(|row| SideRow {
            name: match &row.domain {
                None => "  all".to_owned(),
                Some(domain) => format!("{} {domain}", sign(row.freshness)),
            },
            note: String::new(),
            style: scene.theme.tone(Tone::Normal),
            counts: row.counts,
            selected: row.selected,
        })
        .collect();
    let is_any_stale = domains.iter().any(|row| row.freshness == Standing::Absent);
    let title = if is_any_stale { "Domains (~ not fresh)" } else { "Domains" };
    let area = draw_unknown(scene, "Freshness", scene.app.fresh_domains().trouble(), area, buf);
    side_pane(buf, area, scene.theme, (title, scene.has_focus(Pane::Domains)), &rows, top)
}

/// What the sign of the selected domain means.
pub(super) fn explanation(scene: &Scene<'_>) -> Option<String> {
    let row = selected(scene.app.domain_rows(), |row| row.selected)?;
    let domain = row.domain.filter(|_| row.freshness == Standing::Absent)?;
    Some(format!(
        "No client keeps domain {domain} fresh. Tasks do not depend on it; Cloud Controller keeps only cf-tasks fresh."
    ))
}
