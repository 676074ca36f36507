//! A run: a seed decides what the monkey and its world do, step by step. In the end everything is mended, and a few keys must lead back
//! to the main view and out. A run that fails is made shorter before it is reported.

use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use fastrand::Rng;
use taskdeck::app::key::{Key, KeyCode};
use taskdeck::app::{ANSWER_AFTER, App, Form, Msg, Overlay, ReplaySettings, Settings, Speed};
use taskdeck::clock::Now;
use taskdeck::model::Timestamp;
use taskdeck::model::recording::{Entry, RecorderNews};
use taskdeck::ui::Colours;

use crate::bbs::{Bbs, Trouble};
use crate::figures::Figures;
use crate::hand::{self, Open, Touch};
use crate::player::Player;
use crate::stage::Stage;
use crate::{leaving, ledger, targets};

/// How long a failing run is made shorter.
const SHORTENED_FOR: Duration = Duration::from_secs(40);
/// The targets that a run begins with, those that can be written to more often.
const OFTEN: [&str; 7] = ["lab", "lab", "lab", "prod", "prod", "locked", "view"];
const STARTED_AT: Timestamp = Timestamp::from_nanos(1_780_315_200_000_000_000);

/// One thing that happens.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    Touch(Touch),
    Draw,
    Peek(u16, u16),
    /// Time passes, in milliseconds.
    Pass(u64),
    /// The machine sleeps, for minutes.
    Sleep(u64),
    /// Something happens on a server.
    Server(usize, u32, u8),
    /// Events arrive.
    Deliver(usize, u8),
    /// A part of an answer arrives.
    Answer(usize),
    /// Most of what is under way arrives.
    Arrive(usize),
    EndStream(usize, bool),
    Trouble(usize, Trouble),
    /// Something else comes further: a target, a file, a program.
    GoOn(usize),
    /// The editor, or the program that has the terminal, ends.
    TakeBack(u8),
    Recorder(u8),
}

/// What a run is about.
#[derive(Clone)]
pub(crate) struct Plan {
    pub(crate) seed: u64,
    pub(crate) steps: usize,
    /// What is played, in place of servers.
    pub(crate) recording: Vec<Entry>,
}

impl Plan {
    fn any_stage(&self, hostile: &[String]) -> Stage {
        let name = Rng::with_seed(self.seed).choice(OFTEN).unwrap();
        self.stage(hostile, name)
    }

    /// Returns a dashboard that begins with a target.
    pub(crate) fn stage(&self, hostile: &[String], target: &str) -> Stage {
        let mut random = Rng::with_seed(self.seed);
        let now = Now { mono: Duration::from_secs(1), wall: STARTED_AT };
        let server = |nth| {
            Bbs::new(&format!("https://{}:8889", targets::NAMES[nth]), targets::skew(nth), hostile, now.wall)
        };
        let servers = (0..targets::NAMES.len()).map(server).collect();
        let looks =
            (random.choice([Colours::Full, Colours::Sixteen, Colours::None]).unwrap(), random.u8(..4) == 0);
        let settings = Settings { replay: self.replay(), ..targets::settings(self.seed) };
        let player = settings.replay.map(|_| Player::of(self.recording.clone()));
        Stage::new(settings, targets::target(target), looks, servers, player, now)
    }

    fn replay(&self) -> Option<ReplaySettings> {
        let (first, last) = (self.recording.first()?.at, self.recording.last()?.at);
        Some(ReplaySettings { first, last, from: first, speed: Speed::times(10).unwrap() })
    }
}

/// Plays a run. A failure is reported with a shorter run that fails in the same way.
pub(crate) fn play(plan: &Plan, hostile: &[String]) -> (Figures, Vec<Entry>) {
    let mut trace = Vec::new();
    match catch_unwind(AssertUnwindSafe(|| invent(plan, hostile, &mut trace))) {
        Ok(played) => played,
        Err(panic) => {
            let why = message(&*panic);
            let trace = shorten(plan, hostile, trace, &why);
            let steps = trace.iter().fold(String::new(), |mut all, step| {
                writeln!(all, "  {step:?}").unwrap();
                all
            });
            panic!(
                "seed {}: {why}\n{} steps lead to it:\n{steps}Repeat with TASKDECK_MONKEY_SEED={}",
                plan.seed,
                trace.len(),
                plan.seed
            );
        }
    }
}

/// Plays a run while it is invented.
fn invent(plan: &Plan, hostile: &[String], trace: &mut Vec<Step>) -> (Figures, Vec<Entry>) {
    let mut stage = plan.any_stage(hostile);
    let mut random = Rng::with_seed(plan.seed);
    while trace.len() < plan.steps {
        for step in next(&mut random, &stage, hostile) {
            trace.push(step.clone());
            apply(&mut stage, step, hostile);
        }
    }
    end(stage, hostile)
}

/// Plays given steps.
fn replay(plan: &Plan, hostile: &[String], steps: &[Step]) {
    let mut stage = plan.any_stage(hostile);
    for step in steps {
        apply(&mut stage, step.clone(), hostile);
    }
    end(stage, hostile);
}

fn end(mut stage: Stage, hostile: &[String]) -> (Figures, Vec<Entry>) {
    leaving::leave(&mut stage, hostile);
    let (confirmed, writes) = (stage.ledger.confirmed, stage.ledger.sent);
    (Figures { runs: 1, confirmed, writes, ..stage.figures }, stage.recording)
}

/// Leaves out as many steps as it can, so that the run still fails in the same way.
fn shorten(plan: &Plan, hostile: &[String], mut trace: Vec<Step>, why: &str) -> Vec<Step> {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let until = Instant::now() + SHORTENED_FOR;
    let mut size = trace.len() / 2;
    while size > 0 && Instant::now() < until {
        let mut at = 0;
        while at < trace.len() && Instant::now() < until {
            let shorter: Vec<_> =
                trace.iter().take(at).chain(trace.iter().skip(at + size)).cloned().collect();
            let played = catch_unwind(AssertUnwindSafe(|| replay(plan, hostile, &shorter)));
            if played.is_err_and(|panic| kind(&message(&*panic)) == kind(why)) {
                trace = shorter;
            } else {
                at += size;
            }
        }
        size /= 2;
    }
    std::panic::set_hook(hook);
    trace
}

/// Returns the part of a message that tells its kind: guids and numbers differ.
fn kind(message: &str) -> String {
    message.chars().filter(|c| c.is_alphabetic()).take(24).collect()
}

fn message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
}

/// Returns what is open, as the hand sees it.
fn open(app: &App) -> Open {
    if let Some((_, confirmation)) = ledger::asked(app) {
        return match confirmation.form() {
            Form::YesNo(_) => Open::Question,
            Form::Typed(typed) => Open::Word(typed.wanted().to_owned()),
        };
    }
    match app.overlay() {
        Overlay::None => Open::Panes,
        Overlay::Filter(_)
        | Overlay::Command(_)
        | Overlay::Find(_)
        | Overlay::GroupSearch(_)
        | Overlay::FailureSearch(_) => Open::Prompt,
        _ => Open::List,
    }
}

/// Invents what happens next.
fn next(random: &mut Rng, stage: &Stage, hostile: &[String]) -> Vec<Step> {
    if stage.is_lent() && random.bool() {
        return vec![Step::TakeBack(random.u8(..)), Step::Draw];
    }
    let (pick, server) = (random.usize(..1_000_000), random.usize(..stage.servers.len()));
    match random.u8(..) {
        0..130 => {
            let touches = hand::choose(random, &open(&stage.app), stage.size, hostile);
            let draws = random.u8(..5) > 0;
            touches.into_iter().flat_map(|touch| draws_after(touch, draws)).collect()
        }
        130..170 => vec![Step::Server(server, random.u32(..), random.u8(..))],
        170..185 => vec![Step::Answer(pick), Step::Draw],
        185..200 => vec![Step::Deliver(pick, random.u8(..)), Step::Draw],
        200..218 => vec![Step::Arrive(pick), Step::Draw],
        218..232 => vec![Step::Pass(random.u64(1..1_500)), Step::Draw],
        232..238 => vec![Step::GoOn(pick), Step::Draw],
        238..242 => {
            let (width, height) = hand::size(random);
            vec![Step::Peek(width, height)]
        }
        242..245 => vec![Step::Trouble(server, random.choice(Trouble::ALL).unwrap())],
        245..251 => vec![Step::Trouble(server, Trouble::None)],
        251..253 => vec![Step::EndStream(pick, random.bool())],
        253 => vec![Step::Sleep(random.u64(1..600)), Step::Draw],
        254 => vec![Step::Recorder(random.u8(..))],
        255 => vec![Step::Pass(random.u64(5_000..40_000)), Step::Draw],
    }
}

/// Returns a touch and the frame that follows. Some follow one another too fast for frames.
fn draws_after(touch: Touch, draws: bool) -> Vec<Step> {
    if draws || touch == Touch::Read {
        vec![Step::Draw, Step::Touch(touch)]
    } else {
        vec![Step::Touch(touch)]
    }
}

fn apply(stage: &mut Stage, step: Step, hostile: &[String]) {
    match step {
        Step::Touch(touch) => apply_touch(stage, touch),
        Step::Draw => stage.draw(),
        Step::Peek(width, height) => stage.peek((width, height)),
        Step::Pass(millis) => stage.pass(Duration::from_millis(millis)),
        Step::Sleep(minutes) => stage.sleep(Duration::from_secs(60 * minutes)),
        Step::Server(server, pick, kind) => {
            stage.servers[server].go_on(pick, kind, stage.now.wall);
            stage.publish(server);
        }
        Step::Deliver(pick, luck) => stage.deliver(pick, luck),
        Step::Answer(pick) => stage.answer(pick),
        Step::Arrive(pick) => stage.arrive(pick, hostile),
        Step::EndStream(pick, is_clean) => stage.end_stream(pick, is_clean),
        Step::Trouble(server, trouble) => {
            stage.servers[server].trouble = trouble;
            stage.figures.troubles += u64::from(trouble != Trouble::None);
        }
        Step::GoOn(pick) => stage.go_on(pick, hostile),
        Step::TakeBack(luck) => stage.take_back(luck),
        Step::Recorder(kind) => stage.handle(Msg::Recorder(news(kind))),
    }
    if stage.has_quit {
        stage.start_again();
    }
}

fn apply_touch(stage: &mut Stage, touch: Touch) {
    if let Touch::Resize(width, height) = touch {
        return stage.resize((width, height));
    }
    if stage.is_lent() {
        return;
    }
    match touch {
        Touch::Key(key) => stage.press(key),
        Touch::Read => stage.pass(2 * ANSWER_AFTER),
        Touch::Paste(text) => {
            stage.figures.pastes += 1;
            stage.handle(Msg::Paste(text));
        }
        Touch::Mouse(action, column, line) => {
            stage.figures.mouse += 1;
            let msg = stage.pointed(action, column, line);
            stage.handle(msg);
        }
        Touch::Resize(..) => {}
    }
}

fn news(kind: u8) -> RecorderNews {
    let path = "/x\u{1b}[2J".to_owned();
    match kind % 6 {
        0 => RecorderNews::Works,
        1 => RecorderNews::SetAside { path, aside: "/y".into() },
        2 => RecorderNews::Waits { path },
        3 => RecorderNews::Fails { path, why: "no space left".into() },
        4 => RecorderNews::Lost(7),
        _ => RecorderNews::BeginAgain,
    }
}

impl Stage {
    /// Presses a key now.
    pub(crate) fn press(&mut self, key: Key) {
        self.figures.keys += 1;
        self.handle(Msg::Key(key, self.now.mono));
    }

    pub(crate) fn press_code(&mut self, code: KeyCode) {
        self.press(Key::plain(code));
    }

    /// Lets most of what is under way arrive.
    pub(crate) fn arrive(&mut self, pick: usize, hostile: &[String]) {
        for nth in 0..12 {
            for line in 0..self.lines.len() {
                self.answer(pick + nth * 31 + line);
                self.deliver(line, 8);
            }
            self.go_on(pick + nth, hostile);
        }
    }
}
