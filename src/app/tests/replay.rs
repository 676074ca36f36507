//! A recording is played in place of a BBS: the played time, places, and what is refused.

use super::*;
use crate::model::lifecycle::Step;
use crate::model::recording::{
    ActionEntry, Entry, GapEntry, Intent, Progress, Recorded, TaskEntry, WriteCall,
};
use crate::model::{End, Evidence, TaskAction};

const FIRST_AT: i64 = 1_780_315_200_000_000_000;

/// A time of the recording.
fn at(seconds: i64) -> Timestamp {
    Timestamp::from_nanos(FIRST_AT + seconds * 1_000_000_000)
}

fn told(seconds: i64, evidence: Evidence, before: Option<Task>, task: Task, end: Option<End>) -> Entry {
    let entry = TaskEntry { evidence, before, task, limits: None, end };
    Entry { at: at(seconds), what: Recorded::Task(Box::new(entry)) }
}

fn version(guid: &str, state: State, seconds: i64) -> Task {
    Task { updated_at: at(seconds), ..task(guid, state) }
}

/// An hour: `a` is there, `b` comes after a minute, runs, and is deleted by us after ten.
fn recording() -> Vec<Entry> {
    let [pending, running] = [(State::Pending, 60), (State::Running, 120)]
        .map(|(state, seconds)| Task { created_at: at(60), ..version("b", state, seconds) });
    let call = WriteCall::Step(Step::Delete);
    let sent = ActionEntry {
        guid: "b".into(),
        intent: Intent::Act(TaskAction::Delete),
        progress: Progress::Sent { call, request: RequestId(7) },
    };
    vec![
        told(0, Evidence::List, None, version("a", State::Running, 0), None),
        told(60, Evidence::Event, None, pending.clone(), None),
        told(120, Evidence::Event, Some(pending), running.clone(), None),
        Entry { at: at(599), what: Recorded::Action(sent) },
        told(600, Evidence::Event, Some(running.clone()), running, Some(End::DeletedByUs)),
        told(3_000, Evidence::Event, None, version("c", State::Pending, 3_000), None),
    ]
}

/// A replay, and a thread that reads at once.
struct Player {
    harness: Harness,
    entries: Vec<Entry>,
    read: usize,
}

impl Player {
    fn new(from: i64, entries: Vec<Entry>) -> Self {
        let speed = Speed::LIFE;
        let replay = ReplaySettings { first: at(0), last: at(3_600), from: at(from), speed };
        let target = Target { name: Some("prod".into()), ..Target::default() };
        let settings = Settings { replay: Some(replay), ..Settings::default() };
        // The real wall time is far from the recorded one.
        let now = Now { mono: Duration::from_secs(1), wall: at(900_000) };
        let mut player = Self { harness: Harness { app: App::new(target, settings), now }, entries, read: 0 };
        player.send(Msg::Tick);
        player
    }

    /// Sends a message and answers what is to be read, two entries at a time.
    fn send(&mut self, msg: Msg) -> Vec<Effect> {
        let mut all = self.harness.send(msg);
        let mut next = read_of(&all);
        while let Some(request) = next {
            let effects = self.answer(request);
            next = read_of(&effects);
            all.extend(effects);
        }
        all
    }

    fn answer(&mut self, request: ReadRequest) -> Vec<Effect> {
        let (ReadRequest::Seek(seek, _) | ReadRequest::Next(seek)) = request;
        if let ReadRequest::Seek(..) = request {
            // The lead-in reaches back to the beginning.
            self.read = 0;
        }
        let part: Vec<_> = self.entries.iter().skip(self.read).take(2).cloned().collect();
        self.read += part.len();
        let part = if part.is_empty() { ReadPart::End } else { ReadPart::Entries(part) };
        self.harness.send(Msg::Read(seek, part))
    }

    fn wait(&mut self, seconds: u64) -> Vec<Effect> {
        self.harness.now = self.harness.now.plus(Duration::from_secs(seconds));
        self.send(Msg::Tick)
    }

    fn press(&mut self, keys: &str) -> Vec<Effect> {
        let mut all = Vec::new();
        for c in keys.chars() {
            let code = if c == '\n' { KeyCode::Enter } else { KeyCode::Char(c) };
            let read_at = self.harness.now.mono;
            all.extend(self.send(Msg::Key(Key::plain(code), read_at)));
        }
        all
    }

    /// The second that is played.
    fn second(&self) -> i64 {
        let now = self.harness.app.now(self.harness.now);
        (now.wall.as_nanos() - FIRST_AT) / 1_000_000_000
    }

    fn end_of(&self, guid: &str) -> Option<End> {
        self.harness.app.store().get(&guid.into())?.end.as_ref().map(|end| end.how)
    }
}

fn read_of(effects: &[Effect]) -> Option<ReadRequest> {
    effects.iter().find_map(|effect| match effect {
        Effect::Read(request) => Some(*request),
        _ => None,
    })
}

#[test]
fn what_happened_happens_again_when_its_time_comes() {
    let mut player = Player::new(0, recording());
    assert_eq!((player.harness.guids(), player.second()), (vec!["a"], 0));
    player.wait(59);
    assert_eq!((player.harness.guids(), player.second()), (vec!["a"], 59));
    player.wait(1);
    assert_eq!(player.harness.guids().len(), 2);
    assert_eq!(player.harness.app.due(), Some(player.harness.now.mono + Duration::from_secs(60)));
    player.wait(540);
    assert_eq!(player.end_of("b"), Some(End::DeletedByUs));
    let b = player.harness.app.store().get(&"b".into()).unwrap();
    assert_eq!((b.last_cell.clone(), b.started_at), (Some("cell-1".into()), at(120)));
    let timeline = player.harness.app.session().recorder.timelines.of(b, 0);
    let sent = timeline
        .records
        .iter()
        .any(|record| matches!(record.what, crate::model::Happening::Sent(Step::Delete, RequestId(7))));
    assert!(sent, "{timeline:?}");
}

#[test]
fn nothing_is_asked_of_a_server_and_nothing_is_recorded() {
    let mut player = Player::new(0, recording());
    let mut effects = player.wait(600);
    effects.extend(player.press("rCDR:write 10m\n"));
    let is_read = |effect: &Effect| matches!(effect, Effect::Read(_) | Effect::SaveState(_));
    assert!(effects.iter().all(is_read), "{effects:?}");
    player.press("\u{1b}C");
    assert_eq!(player.harness.app.health(player.harness.now), Health::Replay);
}

#[test]
fn actions_are_refused_with_the_reason() {
    let mut player = Player::new(0, recording());
    player.press("C");
    assert_eq!(player.harness.notice(), "Cannot cancel a: This is a replay. Actions are disabled");
    player.press("N");
    assert_eq!(player.harness.notice(), "Cannot create a task: This is a replay. Actions are disabled");
    player.press("r");
    assert_eq!(player.harness.notice(), "This is a replay. Commands and calls to the BBS are disabled");
}

#[test]
fn keys_pause_and_change_the_speed() {
    let mut player = Player::new(0, recording());
    player.press("++");
    player.wait(10);
    assert_eq!(
        (player.second(), player.harness.app.replay().unwrap().speed()),
        (50, Speed::times(5).unwrap())
    );
    player.press("p");
    player.wait(100);
    assert_eq!(player.second(), 50);
    assert_eq!(player.harness.app.due(), None);
    player.press("p-");
    player.wait(5);
    assert_eq!(player.second(), 60);
    player.press(":speed 60\n");
    player.wait(1);
    assert_eq!(player.second(), 120);
}

#[test]
fn keys_go_back_and_forward() {
    let mut player = Player::new(300, recording());
    assert_eq!((player.harness.guids().len(), player.second()), (2, 300));
    player.press("{{{{");
    assert_eq!((player.harness.guids().len(), player.second()), (2, 60));
    player.press("{");
    assert_eq!((player.harness.guids(), player.second()), (vec!["a"], 0));
    player.press(":seek +10m\n");
    assert_eq!((player.end_of("b"), player.second()), (Some(End::DeletedByUs), 600));
    player.press(":seek -5m\n");
    assert_eq!((player.end_of("b"), player.second()), (None, 300));
    player.press(":seek 12:50\n");
    assert_eq!((player.harness.guids().len(), player.second()), (2, 3_000));
    player.press(":seek 14:00\n");
    assert_eq!(player.second(), 3_000, "the recording does not have it");
}

#[test]
fn filter_sort_and_selection_stay_when_another_time_is_shown() {
    let mut player = Player::new(300, recording());
    player.press("/cell:cell-1\n");
    player.press("jj");
    let chosen = player.harness.selected().to_owned();
    player.press("l{");
    assert_eq!(player.harness.selected(), chosen);
    assert_eq!(player.harness.app.filter().terms.text(), "cell:cell-1");
    assert_eq!(player.harness.app.detail().map(|detail| detail.of.to_string()), Some(chosen));
}

#[test]
fn the_end_is_said_and_the_time_stands_there() {
    let mut player = Player::new(3_000, recording());
    player.wait(700);
    assert_eq!((player.harness.notice(), player.second()), ("The recording ends here.", 3_600));
    player.wait(700);
    assert_eq!(player.second(), 3_600);
    let replay = player.harness.app.replay().unwrap();
    assert!(replay.is_over(player.harness.now));
    player.press("{");
    player.wait(1);
    assert_eq!(player.second(), 3_541);
}

#[test]
fn a_recording_that_grows_ends_where_it_was() {
    let mut entries = recording();
    entries.push(told(3_700, Evidence::Event, None, version("later", State::Pending, 3_700), None));
    let mut player = Player::new(3_500, entries);
    player.wait(600);
    assert_eq!((player.harness.notice(), player.second()), ("The recording ends here.", 3_600));
    assert!(player.harness.app.store().get(&"later".into()).is_none());
}

#[test]
fn what_is_read_for_an_earlier_place_is_dropped() {
    let mut player = Player::new(0, recording());
    let stale = player.harness.app.replay().unwrap().place();
    player.press("}");
    let late = told(1, Evidence::Event, None, version("late", State::Pending, 1), None);
    player.send(Msg::Read(stale, ReadPart::Known(vec![late])));
    assert!(player.harness.app.store().get(&"late".into()).is_none());
}

#[test]
fn a_gap_shows_until_a_list_has_made_up_for_it() {
    let mut entries = recording();
    for (seconds, closed) in [(200, false), (260, true)] {
        let gap = GapEntry { start: at(190), closed, why: "broken".into() };
        entries.push(Entry { at: at(seconds), what: Recorded::Gap(gap) });
    }
    entries.sort_by_key(|entry| entry.at);
    let mut player = Player::new(0, entries);
    player.wait(199);
    assert!(!player.harness.app.store().has_gap());
    player.wait(2);
    assert!(player.harness.app.store().has_gap());
    player.wait(60);
    assert!(!player.harness.app.store().has_gap());
}

#[test]
fn a_recording_that_cannot_be_read_further_ends_there() {
    let mut player = Player::new(0, recording());
    let place = player.harness.app.replay().unwrap().place();
    player.send(Msg::Read(place, ReadPart::Failed("the file is damaged".into())));
    let text = "The replay stops here because the recording cannot be read: the file is damaged.";
    assert_eq!(player.harness.notice(), text);
    assert_eq!(player.second(), 0);
}

#[test]
fn keys_of_the_replay_say_that_there_is_none() {
    let mut harness = Harness::live(vec![task("a", State::Running)]);
    harness.press("+");
    assert_eq!(harness.notice(), "Not in a replay");
    harness.press(":speed 5\n");
    let Overlay::Command(_) = harness.app.overlay() else { panic!("the prompt stays open") };
}
