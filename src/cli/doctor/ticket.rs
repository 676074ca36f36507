//! The report to paste into a ticket: version, time, conclusion and steps, as Markdown. Has no secrets.

use jiff::tz::TimeZone;

use super::verdict::Conclusion;
use crate::cli::steps::Steps;
use crate::model::Timestamp;
use crate::present::{format, sanitise};
use crate::record::report::code_span;

/// Returns the report.
pub(super) fn markdown(steps: &Steps, conclusion: &Conclusion, now: Timestamp) -> String {
    let advice = match &*conclusion.advice {
        "" => String::new(),
        advice => format!(" → {}", code_span(&sanitise::clean(advice))),
    };
    let (version, system, machine) =
        (env!("CARGO_PKG_VERSION"), std::env::consts::OS, std::env::consts::ARCH);
    format!(
        "### taskdeck doctor\n\n**{}**{advice}\n\ntaskdeck {version} on {system} ({machine}), {} UTC\n\n{}",
        conclusion.text,
        format::timestamp(now, &TimeZone::UTC),
        steps.markdown()
    )
}
