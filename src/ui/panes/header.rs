//! Draws the header: target, health of the feed, views, counts, and the cost of the last list.

use std::borrow::Cow;
use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Span;

use super::counts::{COUNTERS, Counter};
use super::views::{pulse_tab, tabs};
use crate::app::{Health, RecordingState, Replay, Target};
use crate::model::{Fault, FaultKind};
use crate::present::{Tone, format};
use crate::ui::Scene;
use crate::ui::theme::bold;
use crate::ui::{target, text};

/// Draws the header in one line or two, depending on the height of the area.
pub(crate) fn draw(scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
    let line = text::line_at(area, 0);
    let mut left = draw_target(scene, line, buf);
    left += text::put_spans(buf, text::skip_left(line, left), &health(scene));
    left += text::put_spans(buf, text::skip_left(line, left), &silence(scene));
    left += text::put_spans(buf, text::skip_left(line, left), recording(scene).as_slice());
    if area.height > 1 {
        let second = text::line_at(area, 1);
        draw_views(scene, second, buf);
        let ((list, tone), rest) = (list_status(scene), text::skip_left(line, left + 2));
        if text::width(&list) <= rest.width {
            text::put_right(buf, rest, &list, scene.theme.tone(tone));
        }
    } else if line.width > left + 2 {
        left += text::put_spans(buf, text::skip_left(line, left), &marks(scene));
        let rest = text::skip_left(line, left + 2);
        text::put_spans(buf, rest, &fitting(counts(scene), rest.width));
    }
}

/// Draws the tabs of the views, the marks and the counts by state.
fn draw_views(scene: &Scene<'_>, line: Rect, buf: &mut Buffer) {
    let (mut tabs, marks, (pulse, is_open)) = (tabs(scene), marks(scene), pulse_tab(scene));
    let states = count_spans(scene, counted_states(), |counter| counter.name);
    let taken = [&tabs, &marks, &states]
        .map(|spans| text::spans_width(spans))
        .into_iter()
        .fold(1, u16::saturating_add);
    if is_open || taken.saturating_add(text::width(&pulse.content)) <= line.width {
        tabs.push(pulse);
    }
    let used = text::put_spans(buf, line, &tabs);
    let used = used + text::put_spans(buf, text::skip_left(line, used), &marks) + 1;
    let rest = text::skip_left(line, used);
    text::put_spans(buf, rest, &fitting_states(scene, states, rest.width));
}

fn draw_target(scene: &Scene<'_>, line: Rect, buf: &mut Buffer) -> u16 {
    let target = scene.app.target();
    let mut spans = Vec::new();
    if let Some(name) = &target.name {
        let style = target::name_style(scene.theme, target);
        // A colour needs an edge.
        let text = if target.colour.is_some() { format!(" {name} ") } else { name.clone() };
        spans.push(Span::styled(text, style));
        spans.push(Span::styled(" ", bold()));
    }
    let others = scene.app.other_sessions();
    if others > 0 && target.name.is_some() {
        spans.push(Span::styled(format!("+{others} "), scene.theme.tone(Tone::Quiet)));
    }
    let flags: Vec<_> = flags(scene, target).collect();
    // On a narrow screen, the name alone must do. The played time of a replay takes the room of two flags.
    let crowd = flags.len() + if scene.app.replay().is_some() { 2 } else { 0 };
    if target.name.is_none() || line.width >= 80 + 20 * text::clamp_u16(crowd) {
        spans.push(Span::styled(target.url.as_str(), scene.theme.tone(Tone::Normal)));
    }
    if others > 0 && target.name.is_none() {
        spans.push(Span::styled(format!(" +{others}"), scene.theme.tone(Tone::Quiet)));
    }
    // Leave room for the health, however long the target's name is.
    let room = (line.width * 3 / 5).max(line.width.saturating_sub(60));
    let mut left = text::put_spans(buf, text::take_left(line, room), &spans);
    for flag in flags {
        let at = text::skip_left(line, left);
        left += text::put_spans(
            buf,
            at,
            &[Span::styled(" ", bold()), Span::styled(flag, scene.theme.tone(Tone::Warn))],
        );
    }
    left + text::put(buf, text::skip_left(line, left), "  ", bold())
}

fn flags(scene: &Scene<'_>, target: &Target) -> impl Iterator<Item = Cow<'static, str>> {
    let writes = scene.app.writes_open_for(scene.now);
    let access = match writes {
        Some(left) => Some(format!("WRITES OPEN {}", format::wait(left)).into()),
        // A replay says so itself.
        None if scene.app.replay().is_some() => None,
        None => target.access.is_read_only().then_some("read-only".into()),
    };
    let simulated = target.simulated.then_some("simulated".into());
    let unverified = target.unverified.then_some("TLS UNVERIFIED".into());
    [simulated, access, unverified].into_iter().flatten()
}

fn health(scene: &Scene<'_>) -> Vec<Span<'static>> {
    let tone = |tone| scene.theme.tone(tone);
    if let Some(replay) = scene.app.replay() {
        return replay_spans(scene, replay);
    }
    match scene.app.health(scene.now) {
        Health::Connecting { cause: None, .. } => vec![Span::styled("connecting…", tone(Tone::Accent))],
        Health::Connecting { cause: Some(cause), tries, next_in } => vec![
            Span::styled(
                format!("not connected, try {} in {}", tries + 1, format::wait(next_in)),
                tone(Tone::Bad),
            ),
            Span::styled(format!(": {}", cause.kind), tone(Tone::Normal)),
        ],
        Health::Replay => Vec::new(),
        Health::Live => match scene.app.list_fault() {
            None => vec![Span::styled("live", tone(Tone::Good))],
            Some(fault) => vec![
                Span::styled("live, lists failing", tone(Tone::Warn)),
                Span::styled(format!(": {}", fault.kind), tone(Tone::Normal)),
            ],
        },
        Health::Polling { every, unsupported } => {
            let why = if unsupported { "event stream not supported" } else { "event stream lost" };
            let tone = tone(if unsupported { Tone::Normal } else { Tone::Warn });
            vec![Span::styled(format!("polling every {}, {why}", format::wait(every)), tone)]
        }
        Health::Silent { since, cause } => {
            let mut spans =
                vec![Span::styled(format!("NOT RESPONDING for {}", format::age(since)), tone(Tone::Bad))];
            let why = |cause: Fault| Span::styled(format!(": {}", cause.kind), tone(Tone::Normal));
            // A timeout adds nothing to "not responding".
            spans.extend(cause.filter(|cause| !matches!(cause.kind, FaultKind::TimedOut { .. })).map(why));
            spans
        }
        Health::Stale { since, cause, tries, next_in } => vec![
            Span::styled(
                format!("STALE for {}, try {} in {}", format::age(since), tries + 1, format::wait(next_in)),
                tone(Tone::Bad),
            ),
            Span::styled(format!(": {}", cause.kind), tone(Tone::Normal)),
        ],
    }
}

/// Returns the time that is played, how fast, and what must be known to read the rest of the screen.
fn replay_spans(scene: &Scene<'_>, replay: &Replay) -> Vec<Span<'static>> {
    let tone = |tone| scene.theme.tone(tone);
    let state = match () {
        () if replay.is_seeking() => Some("  seeking…"),
        () if replay.is_over(scene.now) => Some("  end"),
        () if replay.is_paused() => Some("  paused"),
        () => None,
    };
    let lost = scene.app.store().has_gap().then_some("  EVENTS LOST");
    let at = format::timestamp(scene.now.wall, scene.zone);
    [
        Some(Span::styled("REPLAY", tone(Tone::Accent).patch(bold()))),
        Some(Span::styled(format!(" {at}"), bold())),
        Some(Span::styled(format!(" {}", replay.speed()), tone(Tone::Normal))),
        state.map(|state| Span::styled(state, tone(Tone::Warn))),
        lost.map(|lost| Span::styled(lost, tone(Tone::Warn))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Returns how long the server has been silent, if that is unusual but the feed still counts as healthy.
fn silence(scene: &Scene<'_>) -> Vec<Span<'static>> {
    let is_fresh = matches!(scene.app.health(scene.now), Health::Live | Health::Polling { .. });
    let silence = scene.app.silence(scene.now).filter(|_| is_fresh);
    let span = |silence| {
        Span::styled(format!(", last heard {} ago", format::age(silence)), scene.theme.tone(Tone::Warn))
    };
    silence.map(span).into_iter().collect()
}

/// Says whether what happens is recorded, if it is to be.
fn recording(scene: &Scene<'_>) -> Option<Span<'static>> {
    let (words, tone) = match scene.app.recording() {
        RecordingState::Off | RecordingState::Starts => return None,
        RecordingState::Works => ("  REC", Tone::Quiet),
        RecordingState::Waits => ("  REC waits", Tone::Warn),
        RecordingState::Fails => ("  NOT RECORDING", Tone::Warn),
    };
    Some(Span::styled(words, scene.theme.tone(tone)))
}

/// Returns how many tasks are marked, whether or not their rows are shown, and how many the open range has.
fn marks(scene: &Scene<'_>) -> Vec<Span<'static>> {
    let accent = scene.theme.tone(Tone::Accent);
    let (marked, range) = (scene.app.mark_count(), scene.app.range_len());
    let mut spans = Vec::new();
    if marked > 0 {
        spans.push(Span::styled(format!("  ● {} marked", format::len(marked)), accent));
    }
    if let Some(rows) = range {
        spans.push(Span::styled(format!("  · range of {}", format::len(rows)), accent));
    }
    spans
}

/// Returns the counts by state, as many as fit: with their full names if they all do.
fn fitting_states(scene: &Scene<'_>, full: Vec<Span<'static>>, room: u16) -> Vec<Span<'static>> {
    if text::spans_width(&full) <= room {
        full
    } else {
        fitting(count_spans(scene, counted_states(), |counter| counter.short), room)
    }
}

/// Returns the counters of states: the tabs already count the failed tasks.
fn counted_states() -> impl Iterator<Item = &'static Counter> {
    COUNTERS.iter().filter(|counter| counter.name != "failed")
}

/// Returns the first spans, as many as fit: half a count would look like another number.
fn fitting(spans: Vec<Span<'static>>, room: u16) -> Vec<Span<'static>> {
    let mut used = 0;
    let fits = |span: &Span<'_>| {
        used += text::width(&span.content);
        used <= room
    };
    spans.into_iter().take_while(fits).collect()
}

/// Returns the number of tasks and all counts. Failed tasks come first, because the last ones may not fit.
fn counts(scene: &Scene<'_>) -> Vec<Span<'static>> {
    let total = scene.app.store().counts().total();
    let mut counters: Vec<_> = COUNTERS.iter().collect();
    counters.rotate_right(1);
    let mut spans = count_spans(scene, counters.into_iter(), |counter| counter.short);
    if !spans.is_empty() {
        spans.insert(0, Span::styled(format::counted(total, "task"), bold()));
    }
    spans
}

/// Returns a span for each counter; none before the first list, when 0 would look like a count.
fn count_spans<'a>(
    scene: &Scene<'_>,
    counters: impl Iterator<Item = &'a Counter>,
    name: fn(&Counter) -> &'static str,
) -> Vec<Span<'static>> {
    let all = scene.app.store().counts();
    if all.total() == 0 && matches!(scene.app.health(scene.now), Health::Connecting { .. }) {
        return Vec::new();
    }
    let is_wanted = |counter: &&Counter| counter.name != "unknown" || all.other > 0;
    counters
        .filter(is_wanted)
        .map(|counter| {
            let number = (counter.count)(all);
            let text = format!("  {} {}", name(counter), format::len(number));
            Span::styled(text, counter.style(scene.theme, number))
        })
        .collect()
}

/// How long a list may wait for its first byte before the header says so.
const SLOW_LIST: Duration = Duration::from_secs(2);

/// Returns the progress of the list in flight, or the cost of the last one; of a replay, what the recording has.
fn list_status(scene: &Scene<'_>) -> (String, Tone) {
    if let Some(replay) = scene.app.replay() {
        let (first, last) = replay.stretch();
        let [first, last] = [first, last].map(|at| format::time_of_day(at, scene.zone));
        return (format!("recorded {first} to {last}"), Tone::Quiet);
    }
    if let Some(silent) = scene.app.list_silent_for(scene.now).filter(|silent| *silent >= SLOW_LIST) {
        return (format!("list: requested {} ago", format::age(silent)), Tone::Warn);
    }
    let text = match (scene.app.list_progress(), scene.app.list_cost()) {
        (Some((got, Some(all))), _) if got > 0 => {
            format!("list: {} of {}", format::bytes(got), format::bytes(all))
        }
        (Some((got, None)), _) if got > 0 => format!("list: {} so far", format::bytes(got)),
        (_, Some(cost)) => format!("last list: {} in {}", format::bytes(cost.bytes), format::took(cost.took)),
        (Some(_), None) => "list: requested".to_owned(),
        (None, None) => String::new(),
    };
    (text, Tone::Quiet)
}
