//! Several targets: what a session does that is not shown, how targets are opened and closed, and opened for writes.

use super::feed::Feed;
use super::*;
use crate::model::Access;
use crate::model::plan::Refusal;

fn named(name: &str) -> Target {
    Target { name: Some(name.into()), url: format!("https://{name}:8889"), ..Target::default() }
}

/// A harness on the first of these targets; the configuration has all of them.
fn with(targets: &[Target]) -> Harness {
    let known = |target: &Target| KnownTarget { name: target.label().to_owned(), target: Ok(target.clone()) };
    let settings = Settings { targets: targets.iter().map(known).collect(), ..Settings::default() };
    Harness { app: App::new(targets[0].clone(), settings), ..Harness::new() }
}

/// What the prompt says is wrong.
fn mistake(harness: &Harness) -> String {
    match harness.app.overlay() {
        Overlay::Command(prompt) => prompt.mistake.clone().unwrap_or_default(),
        other => panic!("{other:?}"),
    }
}

fn opening(effects: &[Effect]) -> Option<(SessionId, &str)> {
    effects.iter().find_map(|effect| match effect {
        Effect::OpenTarget { session, name } => Some((*session, name.as_str())),
        _ => None,
    })
}

/// Opens a session of a target by the command.
fn open(harness: &mut Harness, name: &str) -> SessionId {
    let effects = harness.press(&format!(":target {name}\n"));
    let (session, asked) = opening(&effects).expect("a target to open");
    assert_eq!(asked, name);
    harness.send(Msg::TargetOpened(session, Ok(())));
    session
}

/// Makes a session live, with these tasks.
fn feed(harness: &mut Harness, session: SessionId, tasks: Vec<Task>) {
    let subscribe = harness.wait(Duration::ZERO);
    let stream = subscribe.iter().find_map(|effect| match effect {
        Effect::Session(id, SessionEffect::Subscribe { stream }) if *id == session => Some(*stream),
        _ => None,
    });
    // It may have subscribed with the message that opened it.
    let stream = stream.unwrap_or(StreamId(1));
    let effects = harness.send(Msg::Session(session, SessionMsg::StreamOpened(stream)));
    let mark = mark_of(&effects).expect("a list");
    harness.send(Msg::Session(session, SessionMsg::ListPart { mark, tasks, received: 9 }));
    let filter = TaskFilter::default();
    harness.send(Msg::Session(session, SessionMsg::ListDone { mark, filter, received: 9 }));
}

#[test]
fn a_target_is_shown_once_it_has_a_client() {
    let mut harness = with(&[named("green"), named("blue")]);
    harness.go_live(vec![task("a", State::Running)]);
    let effects = harness.press(":target blue\n");
    let (session, _) = opening(&effects).unwrap();
    assert_eq!(harness.app.target().label(), "green", "the rows stay until then");
    assert!(effects.iter().all(|effect| !matches!(effect, Effect::Session(id, _) if *id == session)));
    assert_eq!(opening(&harness.press(":target blue\n")), None, "it is being opened already");
    let effects = harness.send(Msg::TargetOpened(session, Ok(())));
    assert_eq!((harness.app.target().label(), harness.app.other_sessions()), ("blue", 1));
    let subscribes = |effect: &Effect| matches!(effect, Effect::Session(id, SessionEffect::Subscribe { .. }) if *id == session);
    assert!(effects.iter().any(subscribes), "{effects:?}");
    assert_eq!(
        harness.press(":target green\n").iter().find(|effect| opening(&[(*effect).clone()]).is_some()),
        None
    );
    assert_eq!(harness.app.target().label(), "green", "the second time it is only shown");
    harness.press(":target bl\n");
    assert_eq!(harness.app.target().label(), "blue", "the beginning is enough");
}

#[test]
fn a_target_does_not_take_the_keys_of_what_is_open() {
    let mut harness = with(&[named("green"), named("blue")]);
    harness.go_live(vec![task("a", State::Running)]);
    let (session, _) = opening(&harness.press(":target blue\n")).unwrap();
    harness.press("C");
    harness.send(Msg::TargetOpened(session, Ok(())));
    assert_eq!(harness.app.target().label(), "green");
    assert_eq!(harness.notice(), "blue is open; :target blue shows it.");
    assert!(matches!(harness.app.overlay(), Overlay::Confirm(dialog) if dialog.session == FIRST));
}

#[test]
fn what_is_wrong_with_a_target_is_said_and_the_rows_stay() {
    let mut harness = with(&[named("green"), named("blue")]);
    harness.go_live(vec![task("a", State::Running)]);
    let (session, _) = opening(&harness.press(":target blue\n")).unwrap();
    harness.send(Msg::TargetOpened(session, Err("/x/ca.crt cannot be read".into())));
    assert_eq!(harness.notice(), "Could not open blue: /x/ca.crt cannot be read. Still on green.");
    assert_eq!((harness.guids(), harness.app.other_sessions()), (vec!["a"], 0));
    assert!(opening(&harness.press(":target blue\n")).is_some(), "it can be tried again");
    harness.press(":target -\n");
    assert_eq!(mistake(&harness), "No other target is open");
}

/// A feed with an open stream whose first list ends now, shown or not.
fn listed_feed(is_shown: bool, now: Now) -> Feed {
    let mut feed = Feed::new(Pace::default());
    feed.set_shown(is_shown, now);
    let stream = match feed.due(now, &TaskFilter::default(), Mark::default).effects[..] {
        [SessionEffect::Subscribe { stream }] => stream,
        ref other => panic!("{other:?}"),
    };
    feed.stream_opened(stream, now);
    assert!(lists(&mut feed, now));
    feed.list_done(Mark::default(), 9, 0, now);
    feed
}

fn lists(feed: &mut Feed, now: Now) -> bool {
    let due = feed.due(now, &TaskFilter::default(), Mark::default);
    due.effects.iter().any(|effect| matches!(effect, SessionEffect::List { .. }))
}

#[test]
fn a_feed_that_is_not_shown_lists_less_often() {
    let now = Harness::new().now;
    let after = |seconds| now.plus(Duration::from_secs(seconds));
    let mut shown = listed_feed(true, now);
    assert!(!lists(&mut shown, after(29)) && lists(&mut shown, after(30)));
    let mut hidden = listed_feed(false, now);
    assert!(!lists(&mut hidden, after(299)) && lists(&mut hidden, after(300)));
}

#[test]
fn a_feed_that_is_shown_again_catches_up() {
    let now = Harness::new().now;
    let after = |seconds| now.plus(Duration::from_secs(seconds));
    let mut late = listed_feed(false, now);
    late.set_shown(true, after(100));
    assert!(lists(&mut late, after(100)), "its list was due long ago");
    let mut early = listed_feed(false, now);
    early.set_shown(true, after(10));
    assert!(
        !lists(&mut early, after(29)) && lists(&mut early, after(30)),
        "no sooner than if it had been shown"
    );
    let mut twice = listed_feed(true, now);
    twice.set_shown(false, after(1));
    twice.set_shown(true, after(2));
    assert!(!lists(&mut twice, after(29)), "going back and forth costs the server nothing");
}

fn answer_presence(harness: &mut Harness, session: SessionId) {
    harness.send(Msg::Session(session, SessionMsg::Cells(Ok(Vec::new()))));
    harness.send(Msg::Session(session, SessionMsg::Domains(Ok(Vec::new()))));
}

#[test]
fn the_domains_and_cells_of_a_target_that_is_not_shown_are_asked_for_less_often() {
    let mut harness = with(&[named("green"), named("blue")]);
    harness.go_live(vec![task("a", State::Running)]);
    let blue = open(&mut harness, "blue");
    feed(&mut harness, blue, vec![]);
    for id in [FIRST, blue] {
        answer_presence(&mut harness, id);
    }
    let mut asked = std::collections::BTreeMap::<SessionId, u32>::new();
    for _ in 0..600 {
        for effect in harness.wait(Duration::from_secs(1)) {
            if let Effect::Session(id, SessionEffect::ListCells) = effect {
                *asked.entry(id).or_default() += 1;
                answer_presence(&mut harness, id);
            }
        }
    }
    assert!((39..=41).contains(&asked[&blue]), "the shown one, every 15 s: {asked:?}");
    assert!((3..=5).contains(&asked[&FIRST]), "the other one, every 150 s: {asked:?}");
}

#[test]
fn a_session_keeps_its_view_and_its_detail() {
    let mut harness = with(&[named("green"), named("blue")]);
    harness.go_live(vec![task("a", State::Running), task("b", State::Pending)]);
    harness.press("/state:running\nS\n");
    assert!(harness.app.detail().is_some());
    let (sort, filter) = (harness.app.sort(), harness.app.filter().clone());
    let blue = open(&mut harness, "blue");
    feed(&mut harness, blue, vec![task("a", State::Pending)]);
    assert_eq!((harness.guids(), harness.app.detail().is_some()), (vec!["a"], false));
    assert_eq!(harness.app.focus(), Pane::Tasks);
    harness.press(":target -\n");
    assert_eq!((harness.app.sort(), harness.app.filter()), (sort, &filter));
    assert_eq!(harness.app.detail_entry().unwrap().task.state, State::Running);
}

#[test]
fn trouble_of_a_target_that_is_not_shown_names_it() {
    let mut harness = with(&[named("green"), named("blue")]);
    harness.go_live(vec![task("a", State::Running)]);
    open(&mut harness, "blue");
    harness.send(SessionMsg::StreamEnded(StreamId(1), None));
    assert!(harness.notice().starts_with("green: The server ended the event stream"), "{}", harness.notice());
}

#[test]
fn closing_shows_the_target_that_was_shown_before() {
    let mut harness = with(&[named("green"), named("blue"), named("red")]);
    harness.go_live(vec![task("a", State::Running)]);
    harness.press(":close\n");
    assert_eq!(mistake(&harness), "green is the only open target. To quit taskdeck, type :quit");
    harness.press("\u{1b}");
    let (blue, red) = (open(&mut harness, "blue"), open(&mut harness, "red"));
    harness.press(":target green\n");
    let closes = |effects: &[Effect], id| effects.contains(&Effect::CloseSession(id));
    assert!(closes(&harness.press(":close\n"), FIRST));
    assert_eq!((harness.app.target().label(), harness.notice()), ("red", "Closed green."));
    harness.press(":close gren\n");
    assert_eq!(mistake(&harness), "\"gren\" is not open.");
    harness.press("\u{1b}");
    assert!(closes(&harness.press(":close blue\n"), blue));
    assert_eq!((harness.app.shown_session(), harness.app.other_sessions()), (red, 0));
    assert_eq!(harness.send(SessionMsg::Pinged(Ok(()))), [], "a late answer is dropped");
    assert!(open(&mut harness, "green") > red, "opened anew, it is another session");
}

#[test]
fn closing_asks_while_an_action_is_under_way() {
    let mut harness = with(&[named("green"), named("blue")]);
    harness.go_live(vec![task("a", State::Running)]);
    harness.press("Cy");
    open(&mut harness, "blue");
    assert_eq!(harness.press(":close green\n").len(), 1, "only the history is saved");
    let is_asked = |harness: &Harness| matches!(harness.app.overlay(), Overlay::Target(question) if question.asks == Asks::Close);
    assert!(is_asked(&harness));
    harness.press("n");
    assert_eq!(harness.app.other_sessions(), 1);
    harness.press(":close green\n");
    assert_eq!(harness.press("y"), [Effect::CloseSession(FIRST)]);
    assert_eq!((harness.app.other_sessions(), harness.app.actions_in_flight()), (0, 0));
}

fn locked() -> Harness {
    let mut harness = with(&[Target { access: Access::Locked, ..named("prod") }]);
    harness.go_live(vec![task("a", State::Running)]);
    harness
}

#[test]
fn a_locked_target_is_open_for_writes_until_its_time_is_over() {
    let mut harness = locked();
    assert_eq!(harness.press("C"), []);
    assert!(harness.notice().ends_with("The target is read-only. :write 10m opens it for ten minutes"));
    harness.press(":write 10m\n");
    harness.press("n");
    assert_eq!(harness.app.writes_open_for(harness.now), None);
    harness.press(":write 10m\n");
    let opens = Effect::Session(FIRST, SessionEffect::OpenWrites(Duration::from_secs(600)));
    assert_eq!(harness.press("y"), [opens]);
    harness.wait(Duration::from_secs(599));
    assert_eq!(harness.app.writes_open_for(harness.now), Some(Duration::from_secs(1)));
    harness.press("C");
    let effects = harness.wait(Duration::from_secs(1));
    assert!(effects.contains(&Effect::Session(FIRST, SessionEffect::CloseWrites)), "{effects:?}");
    assert_eq!(harness.notice(), "The time for actions is over; prod is read-only again.");
    harness.press("y");
    assert!(harness.app.pending(&TaskGuid::from("a")).is_none(), "the question was older than the deadline");
    assert!(harness.notice().contains("The target is read-only"), "{}", harness.notice());
}

/// The key comes before the next tick, which would have closed the target.
#[test]
fn a_key_after_the_time_for_writes_finds_the_target_closed() {
    let mut harness = locked();
    harness.press(":write 10m\n");
    harness.press("y");
    harness.now = harness.now.plus(Duration::from_secs(600));
    let effects = harness.press("C");
    assert!(effects.contains(&Effect::Session(FIRST, SessionEffect::CloseWrites)), "{effects:?}");
    assert!(harness.notice().contains("The target is read-only"), "{}", harness.notice());
    assert!(matches!(harness.app.overlay(), Overlay::None));
}

/// The client does in this order what the app says.
#[test]
fn a_target_that_is_opened_again_as_its_time_ends_is_closed_before() {
    let mut harness = locked();
    harness.press(":write 10m\n");
    harness.press("y");
    harness.press(":write 20m\n");
    harness.now = harness.now.plus(Duration::from_secs(600));
    let effects = harness.press("y");
    let at =
        |wanted: SessionEffect| effects.iter().position(|of| *of == Effect::Session(FIRST, wanted.clone()));
    let (closed, opened) =
        (at(SessionEffect::CloseWrites), at(SessionEffect::OpenWrites(Duration::from_secs(1200))));
    assert!(closed.is_some() && closed < opened, "{effects:?}");
}

#[test]
fn writes_are_closed_by_the_operator_too() {
    let mut harness = locked();
    harness.press(":write off\n");
    assert_eq!(mistake(&harness), "prod is read-only already");
    harness.press("\u{1b}:write 1h\n");
    harness.press("y");
    let effects = harness.press(":write off\n");
    assert_eq!(effects.first(), Some(&Effect::Session(FIRST, SessionEffect::CloseWrites)), "{effects:?}");
    assert_eq!(harness.app.session().refuses_writes(), Some(Refusal::Locked));
}

#[test]
fn only_a_locked_target_can_be_opened_for_writes() {
    for (access, why) in [
        (Access::ReadWrite, "prod is not read-only"),
        (
            Access::ReadOnly,
            "taskdeck was started with --read-only. Restart it without the flag to allow actions",
        ),
    ] {
        let mut harness = with(&[Target { access, ..named("prod") }]);
        harness.press(":write 10m\n");
        assert_eq!(mistake(&harness), why);
    }
    for (time, why) in [
        ("10", "\"10\" is not a time; expected one like 10m or 1h30m, or off"),
        ("0s", "\"0s\" is not a time; expected one like 10m or 1h30m, or off"),
        ("-5m", "\"-5m\" is not a time; expected one like 10m or 1h30m, or off"),
        ("5h", "The longest time is 4h. For longer, set read_only = false in the configuration"),
    ] {
        let mut harness = locked();
        harness.press(&format!(":write {time}\n"));
        assert_eq!(mistake(&harness), why);
    }
}

#[test]
fn a_name_is_typed_where_the_target_wants_it() {
    let target = Target { confirm: ConfirmPolicy::TypeName, access: Access::Locked, ..named("prod") };
    let mut harness = with(&[target]);
    harness.go_live(vec![task("a", State::Running)]);
    harness.press(":write 10m\n");
    assert_eq!(harness.press("y\n"), [], "for writes, too");
    harness.press("\u{1b}:write 10m\n");
    assert_eq!(harness.press("prod\n").len(), 1);
    harness.press("C");
    assert_eq!(harness.press("y\n"), []);
    harness.press("\u{1b}C");
    let step = crate::model::lifecycle::Step::Cancel;
    let acts = Effect::Session(FIRST, SessionEffect::Act { guid: TaskGuid::from("a"), step });
    assert!(harness.press("prod\n").contains(&acts));
}

#[test]
fn the_names_of_targets_come_with_their_state() {
    let mut harness = with(&[named("green"), named("blue")]);
    harness.go_live(vec![]);
    let notes = |harness: &Harness| -> Vec<_> {
        let help = |candidate: Candidate| match candidate.note {
            Note::Help(help) => help,
            other => panic!("{other:?}"),
        };
        harness.app.target_candidates().into_iter().map(help).collect()
    };
    assert_eq!(notes(&harness), ["live, shown  https://green:8889", "not open  https://blue:8889"]);
    open(&mut harness, "blue");
    assert_eq!(notes(&harness), ["live  https://green:8889", "connecting, shown  https://blue:8889"]);
}

#[test]
fn a_long_sort_is_put_off_when_its_session_is_left() {
    let mut harness = with(&[named("green"), named("blue")]);
    let tasks = (0..40_000).map(|nth| task(&format!("{nth:05}"), State::Running)).collect();
    let stream = harness.go_live(tasks);
    // A sort by a field of the definition takes several frames.
    harness.press(":sort memory\n");
    assert!(harness.app.work().is_some(), "the sort is in progress");
    open(&mut harness, "blue");
    // Messages are not held back for it: the store changes.
    let after = Task { updated_at: harness.now.wall, ..task("00007", State::Completed) };
    harness.send(SessionMsg::StreamItems(stream, vec![changed(task("00007", State::Running), after)]));
    harness.press(":target -\n");
    while harness.app.work().is_some() {
        harness.app.before_frame();
    }
    assert_eq!(harness.app.shown_of_total(), (40_000, 40_000));
    let row = (0..).map_while(|at| harness.app.row(at)).find(|entry| entry.task.guid.as_str() == "00007");
    assert_eq!(row.unwrap().task.state, State::Completed);
}
