//! The domains, each with its live tasks. The cursor is the filter.

use super::counts::{Side, SideRow};
use crate::present::Tone;
use crate::ui::Scene;

/// What the pane shows.
pub(crate) fn side(scene: &Scene<'_>) -> Side {
    let domains = scene.app.domain_rows();
    let rows: Vec<_> = domains
        .iter()
        .map(|row| SideRow {
            name: match &row.domain {
                None => "  all".to_owned(),
                Some(domain) => format!("{} {domain}", if row.fresh { " " } else { "~" }),
            },
            note: String::new(),
            style: scene.theme.tone(if row.fresh { Tone::Normal } else { Tone::Warn }),
            counts: row.counts,
            selected: row.selected,
        })
        .collect();
    let title = if domains.iter().all(|row| row.fresh) { "Domains" } else { "Domains (~ not fresh)" };
    Side { title, rows }
}
