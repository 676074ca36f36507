//! The domains, each with its tasks. The cursor is the filter.
//!
//! That a domain is not fresh is quiet: Cloud Controller keeps `cf-tasks` fresh and never `cf-app-staging`.

use super::counts::{Side, SideRow};
use super::presence::{selected, sign, unknown};
use crate::app::Standing;
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
    Side { title, rows, foot: unknown(scene, "Freshness", scene.app.fresh_domains().trouble()) }
}

/// What the sign of the selected domain means.
pub(super) fn explanation(scene: &Scene<'_>) -> Option<String> {
    let row = selected(scene.app.domain_rows(), |row| row.selected)?;
    let domain = row.domain.filter(|_| row.freshness == Standing::Absent)?;
    Some(format!(
        "No client keeps domain {domain} fresh. Tasks do not depend on it; Cloud Controller keeps only cf-tasks fresh."
    ))
}
