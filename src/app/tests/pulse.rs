//! A silent server: it is asked for a sign of life, it is not called live, and what was said of it is taken back.

use super::*;
use crate::model::RefusedType;

const STEP: Duration = Duration::from_millis(250);

/// A server that answers pings, or does not.
struct Server {
    /// What a ping meets, and after how long.
    answers: fn() -> Result<(), Fault>,
    after: Duration,
    asked: Option<Duration>,
    pings: usize,
}

impl Server {
    fn new(answers: fn() -> Result<(), Fault>, after: Duration) -> Self {
        Self { answers, after, asked: None, pings: 0 }
    }

    fn quiet() -> Self {
        Self::new(|| Ok(()), Duration::ZERO)
    }

    /// Takes connections and requests, and answers nothing.
    fn frozen() -> Self {
        Self::new(|| Err(timed_out()), Pace::default().ping)
    }

    /// One step further; the effects that are not its business.
    fn step(&mut self, harness: &mut Harness) -> Vec<Effect> {
        let mut effects = harness.wait(STEP);
        if effects.iter().any(|effect| matches!(effect, Effect::Session(_, SessionEffect::Ping { .. }))) {
            assert_eq!(self.asked, None, "two pings at once");
            self.asked = Some(harness.now.mono);
            self.pings += 1;
            effects.retain(|effect| !matches!(effect, Effect::Session(_, SessionEffect::Ping { .. })));
        }
        if self.asked.is_some_and(|asked| harness.now.mono >= asked + self.after) {
            self.asked = None;
            effects.extend(harness.send(SessionMsg::Pinged((self.answers)())));
        }
        effects
    }

    fn run(&mut self, harness: &mut Harness, span: Duration) -> Vec<Effect> {
        let end = harness.now.mono + span;
        std::iter::from_fn(|| (harness.now.mono < end).then(|| self.step(harness))).flatten().collect()
    }
}

fn timed_out() -> Fault {
    fault(Call::Ping, FaultKind::TimedOut { after: Duration::from_secs(3) })
}

fn is_called_live(harness: &Harness) -> bool {
    harness.app.health(harness.now) == Health::Live
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// One list took so long; what follows is quick.
fn after_a_slow_list(took: Duration) -> Harness {
    let mut harness = Harness::live(vec![task("a", State::Running)]);
    let mark = mark_of(&harness.press("r")).unwrap();
    Server::quiet().run(&mut harness, took);
    harness.list(mark, vec![task("a", State::Running)]);
    harness
}

#[test]
fn a_frozen_server_is_not_called_live_ten_seconds_later() {
    let one = || Harness::live(vec![task("a", State::Running)]);
    let starts: [fn() -> Harness; 3] =
        [one, || after_a_slow_list(seconds(9)), || after_a_slow_list(seconds(29))];
    for start in starts {
        let mut harness = start();
        assert!(is_called_live(&harness));
        Server::frozen().run(&mut harness, seconds(8));
        assert!(!is_called_live(&harness), "{:?}", harness.app.health(harness.now));
        assert!(matches!(harness.app.health(harness.now), Health::Silent { cause: Some(_), .. }));
        assert!(
            harness.notice().contains("is not responding; showing the last known tasks"),
            "{}",
            harness.notice()
        );
        assert_eq!(harness.guids(), ["a"]);
    }
}

#[test]
fn that_it_is_silent_does_not_depend_on_an_answer_to_the_ping() {
    let mut harness = Harness::live(vec![task("a", State::Running)]);
    let effects: Vec<_> = (0..32).flat_map(|_| harness.wait(STEP)).collect();
    let pings =
        effects.iter().filter(|effect| matches!(effect, Effect::Session(_, SessionEffect::Ping { .. })));
    assert_eq!(
        pings.collect::<Vec<_>>(),
        [&Effect::Session(FIRST, SessionEffect::Ping { within: seconds(3) })],
        "one in flight at most"
    );
    assert!(matches!(harness.app.health(harness.now), Health::Silent { cause: None, .. }));
}

#[test]
fn a_frozen_server_without_a_stream_does_not_count_as_polled() {
    let mut harness = Harness::polling(vec![task("a", State::Running)]);
    Server::frozen().run(&mut harness, seconds(8));
    assert!(
        matches!(harness.app.health(harness.now), Health::Silent { .. }),
        "{:?}",
        harness.app.health(harness.now)
    );
}

#[test]
fn a_quiet_server_that_answers_is_live_and_is_asked_every_few_seconds_at_most() {
    let mut harness = Harness::live(vec![task("a", State::Running)]);
    let mut server = Server::quiet();
    for _ in 0..4 * 20 {
        server.step(&mut harness);
        assert!(is_called_live(&harness));
        assert_eq!(harness.app.silence(harness.now), None, "nothing to say");
    }
    assert!((5..=7).contains(&server.pings), "{}", server.pings);
}

#[test]
fn a_stream_that_tells_needs_no_ping() {
    let mut harness = Harness::new();
    let stream = harness.go_live(Vec::new());
    let mut server = Server::frozen();
    for nth in 0..10 {
        server.run(&mut harness, seconds(2));
        let news = StreamItem::Event(TaskEvent::Created(task(&format!("new-{nth}"), State::Pending)));
        harness.send(SessionMsg::StreamItems(stream, vec![news]));
    }
    assert_eq!(server.pings, 0);
    assert!(is_called_live(&harness));
}

#[test]
fn when_it_was_last_heard_is_said_before_it_counts_as_silent() {
    let mut harness = Harness::live(Vec::new());
    Server::frozen().run(&mut harness, seconds(5));
    assert_eq!(harness.app.silence(harness.now), Some(seconds(5)));
    assert!(is_called_live(&harness));
}

#[test]
fn a_server_that_refuses_a_ping_or_does_not_know_it_is_there() {
    let refused = || {
        let (kind, message) = (RefusedType::UNKNOWN, String::new());
        Err(fault(Call::Ping, FaultKind::Refused { kind, message }))
    };
    for answers in [refused, || Err(not_found())] {
        let mut harness = Harness::live(Vec::new());
        Server::new(answers, Duration::ZERO).run(&mut harness, seconds(20));
        assert!(is_called_live(&harness));
    }
    let mut harness = Harness::live(Vec::new());
    Server::new(|| Err(fault(Call::Ping, refused_connection())), Duration::ZERO)
        .run(&mut harness, seconds(8));
    let Health::Silent { cause: Some(cause), .. } = harness.app.health(harness.now) else {
        panic!("not silent")
    };
    assert!(cause.to_string().contains("connection refused"), "{cause}");
}

fn refused_connection() -> FaultKind {
    refused()
}

#[test]
fn after_a_silence_a_list_follows_at_once_and_the_notice_says_how_long_it_lasted() {
    let mut harness = Harness::live(vec![task("a", State::Running)]);
    Server::frozen().run(&mut harness, seconds(12));
    let effects = harness.send(SessionMsg::Pinged(Ok(())));
    assert!(is_called_live(&harness));
    assert!(harness.notice().contains("is not responding"), "until a list has come: {}", harness.notice());
    harness.list(mark_of(&effects).unwrap(), vec![task("a", State::Running)]);
    assert_eq!(harness.notice(), "Live again after 12 s.");
}

#[test]
fn that_the_program_itself_was_stopped_says_nothing_about_the_server() {
    let mut harness = Harness::live(Vec::new());
    let effects = harness.wait(seconds(600));
    assert!(
        effects.contains(&Effect::Session(FIRST, SessionEffect::Ping { within: seconds(3) })),
        "{effects:?}"
    );
    assert!(is_called_live(&harness));
    Server::frozen().run(&mut harness, seconds(8));
    assert!(!is_called_live(&harness));
}

#[test]
fn the_pause_after_a_slow_list_is_two_minutes_at_most_and_a_quick_list_ends_it() {
    for (took, pause) in [(4, 40), (12, 120), (29, 120)] {
        let mut harness = after_a_slow_list(seconds(took));
        let (waited, effect) = harness.until(is_list).unwrap();
        assert_eq!(waited, seconds(pause), "after {took} s");
        harness.list(mark_of(&[effect]).unwrap(), Vec::new());
        assert_eq!(harness.until(is_list).unwrap().0, seconds(30));
    }
    let mut harness = Harness::polling(Vec::new());
    let (_, effect) = harness.until(is_list).unwrap();
    Server::quiet().run(&mut harness, seconds(20));
    harness.list(mark_of(&[effect]).unwrap(), Vec::new());
    let (waited, effect) = harness.until(is_list).unwrap();
    assert_eq!(waited, seconds(120));
    harness.list(mark_of(&[effect]).unwrap(), Vec::new());
    assert_eq!(harness.until(is_list).unwrap().0, seconds(2));
}

#[test]
fn the_notice_of_a_failed_list_goes_when_the_next_one_comes() {
    let mut harness = Harness::polling(vec![task("a", State::Running)]);
    let (_, effect) = harness.until(is_list).unwrap();
    harness.send(SessionMsg::ListFailed {
        mark: mark_of(&[effect]).unwrap(),
        fault: fault(Call::ListTasks, refused()),
    });
    assert!(harness.notice().contains("Could not refresh the list"), "{}", harness.notice());
    let (_, effect) = harness.until(is_list).unwrap();
    let stream = stream_of(&harness.list(mark_of(&[effect]).unwrap(), Vec::new())).unwrap();
    // It may be another release now; this one has no stream either.
    let effects = harness.send(SessionMsg::StreamEnded(stream, Some(not_found())));
    harness.list(mark_of(&effects).unwrap(), Vec::new());
    assert!(harness.notice().starts_with("Polling again after "), "{}", harness.notice());
}

#[test]
fn the_notice_of_a_lost_stream_goes_once_it_is_back_and_a_list_has_come() {
    let mut harness = Harness::new();
    let stream = harness.go_live(vec![task("a", State::Running)]);
    let stream = stream_of(&harness.send(SessionMsg::StreamEnded(stream, None))).unwrap();
    assert!(harness.notice().contains("ended the event stream"), "{}", harness.notice());
    harness.now = harness.now.plus(seconds(1));
    let effects = harness.send(SessionMsg::StreamOpened(stream));
    assert!(harness.notice().contains("ended the event stream"), "{}", harness.notice());
    harness.list(mark_of(&effects).unwrap(), vec![task("a", State::Running)]);
    assert_eq!(harness.notice(), "Live again after 1 s.");
}

#[test]
fn what_was_said_of_something_else_meanwhile_stays() {
    let mut harness = Harness::live(vec![task("a", State::Running)]);
    Server::frozen().run(&mut harness, seconds(8));
    harness.send(Msg::Note("Copied a.".to_owned()));
    let effects = harness.send(SessionMsg::Pinged(Ok(())));
    harness.list(mark_of(&effects).unwrap(), vec![task("a", State::Running)]);
    assert_eq!(harness.notice(), "Copied a.");
}
