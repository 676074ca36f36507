//! The figures that matter most.

use std::time::Duration;

use super::Writer;
use crate::record::report::document::Figure;
use crate::record::report::incident::Incident;
use crate::record::report::phrase::Phrase;

pub(super) fn figures(writer: &Writer<'_>) -> Vec<Figure> {
    let account = &writer.report.account;
    let counts = writer.described_counts();
    let mut figures = match writer.incident() {
        Some(incident) => begin_and_end(writer, incident),
        None => vec![
            figure("Desired", Phrase::number(counts.desired)),
            figure("Completed", Phrase::number(counts.completed)),
        ],
    };
    let of_completed =
        |share| Phrase::default().percent(share).say(" of ").count(counts.completed).say(" completed");
    let note = counts.failed_share().map(of_completed).unwrap_or_default();
    figures.push(Figure { note, ..figure("Failed", Phrase::number(counts.failed)) });
    figures.push(figure("Rejections", Phrase::number(counts.rejected)));
    let unknown = writer.unknown_in(&writer.report.scope.span);
    if unknown > Duration::ZERO {
        let note = Phrase::words("of the recording");
        figures.push(Figure { note, ..figure("Unknown", Phrase::default().took(unknown)) });
    }
    figures.push(figure("Our actions", Phrase::number(account.actions.count())));
    figures
}

fn begin_and_end(writer: &Writer<'_>, incident: &Incident) -> Vec<Figure> {
    let minutes = &incident.episode.minutes;
    let (start, end) = (minutes.start.start(), minutes.end.start());
    let words_if = |is_so, words| if is_so { Phrase::words(words) } else { Phrase::default() };
    vec![
        Figure {
            name: "Began",
            value: Phrase::default().minute(minutes.start, &writer.times),
            note: words_if(incident.begin_unseen, "or earlier"),
        },
        Figure {
            name: "Ended",
            value: Phrase::default().minute(minutes.end, &writer.times),
            note: words_if(incident.end_unseen, "or later, ").say("after ").lasted(end.since(start)),
        },
    ]
}

fn figure(name: &'static str, value: Phrase) -> Figure {
    Figure { name, value, note: Phrase::default() }
}
