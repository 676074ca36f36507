//! The domain pane: the tasks of each domain, by state. Moving the cursor filters the table.
//!
//! A domain that is not fresh is no warning: Cloud Controller keeps `cf-tasks` fresh and never `cf-app-staging`.

use super::counts::{SidePane, SideRow};
use super::presence::{selected_row, sign, unknown_warning};
use crate::app::Standing;
use crate::present::Tone;
use crate::ui::Scene;

/// Returns the contents of the pane.
pub(crate) fn side_pane(scene: &Scene<'_>) -> SidePane {
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
    SidePane {
        title,
        rows,
        warning: unknown_warning(scene, "Freshness", scene.app.fresh_domains().trouble()),
    }
}

/// Explains the sign of the selected domain; none if it has none.
pub(super) fn explanation(scene: &Scene<'_>) -> Option<String> {
    let row = selected_row(scene.app.domain_rows(), |row| row.selected)?;
    let domain = row.domain.filter(|_| row.freshness == Standing::Absent)?;
    Some(format!(
        "No client keeps domain {domain} fresh. Tasks are not affected; Cloud Controller keeps only cf-tasks fresh."
    ))
}
