//! The monkey on the shipped event loop and client: random keys, pastes, mouse reports and sizes, while tasks with hostile texts come
//! and go and the network fails. In the end a few keys lead back to the table, its rows are the server's tasks, and `q` quits. The proxy
//! must not see more writes than questions were answered with yes.
//!
//! Uses the rig of `tests/faults`.

mod console;
mod writes;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use fastrand::Rng;
use serde_json::Value;
use taskdeck::app::key::{Key, KeyCode};
use taskdeck::app::{ANSWER_AFTER, App, Settings, Target};
use taskdeck::bbs::Client;
use taskdeck::runtime::{self, Connections, Input, MouseReport};
use taskdeck::state::StateFile;
use taskdeck::ui::Colours;
use tokio::sync::{mpsc, watch};

use crate::hand::{self, Open, Touch};
use crate::harm::{Door, EVENTS, Harm, LISTS, Scope};
use crate::rig::Rig;
use crate::story::MAX_WAIT;
use crate::user::{lines_of, written};
use crate::{MINUTES, first_seed, hostile, tell, variable};
use console::{MonkeyConsole, Seen, Sent};
use writes::{Question, Writes};

/// What the monkey does in a life of the dashboard, and how many lives it has without a variable.
const TOUCHES: usize = 220;
const LIVES: usize = 2;
/// An action on more tasks than this is confirmed by typing their number.
const TYPED_ABOVE: usize = 3;
/// Where it begins and ends.
const SIZE: (u16, u16) = (160, 40);
/// How often Esc is pressed in the end.
const ESCAPES: usize = 12;

#[derive(Debug, Default)]
struct Figures {
    lives: u64,
    touches: u64,
    keys: u64,
    sizes: u64,
    troubles: u64,
    tasks: u64,
    equal: u64,
}

/// On several threads, as the program is: proxy and server must not wait for the dashboard.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_on_a_bad_network() {
    let (minutes, seed) = (variable::<f64>(MINUTES), first_seed());
    let (begun, mut lives) = (Instant::now(), 0);
    let limit = Duration::from_secs_f64(minutes.unwrap_or_default() * 60.0);
    tell(&format!("monkey on the network, seed {seed}"));
    let rig = Rig::start().await;
    // Where the monkey saves files.
    std::env::set_current_dir(rig.directory.path()).unwrap();
    let mut monkey = Monkey {
        random: Rng::with_seed(seed),
        // A database stores no NUL.
        hostile: hostile().iter().map(|text| text.replace('\0', "")).collect(),
        writes: Writes::default(),
        figures: Figures::default(),
    };
    while if minutes.is_some() { begun.elapsed() < limit } else { lives < LIVES } {
        Box::pin(monkey.live(&rig)).await;
        monkey.writes.check(&rig.proxy);
        lives += 1;
        if lives % 20 == 0 {
            tell(&format!("monkey on the network, seed {seed}: {:?}, {:?}", monkey.figures, monkey.writes));
        }
    }
    tell(&format!("monkey on the network, seed {seed}: {:?}, {:?}", monkey.figures, monkey.writes));
    assert!(monkey.figures.equal > 0, "each life ended by a key of the monkey");
}

struct Monkey {
    random: Rng,
    hostile: Vec<String>,
    writes: Writes,
    figures: Figures,
}

/// The terminal as the monkey has it.
struct Hands<'a> {
    rig: &'a Rig,
    inputs: mpsc::UnboundedSender<Sent>,
    seen: watch::Receiver<Seen>,
    sent: u64,
    size: (u16, u16),
}

impl Monkey {
    /// Starts the dashboard, and does this and that until it quits or enough was done.
    async fn live(&mut self, rig: &Rig) {
        let connection = rig.connection(rig.proxy.address());
        let target = Target { url: connection.url.clone(), ..Target::default() };
        let connections = Connections::only(Client::open(connection).await.unwrap());
        let app = App::new(
            target,
            Settings { mouse: true, number_typed_above: TYPED_ABOVE, ..rig.settings.clone() },
        );
        let (inputs, received) = mpsc::unbounded_channel();
        let (frames, seen) = watch::channel(Seen::default());
        let state = StateFile::in_directory(Some(rig.directory.path()));
        let run = async move {
            // Dropped with the console, the sender of frames tells that the dashboard has quit.
            let mut console = MonkeyConsole::new(received, frames, SIZE);
            let run = runtime::run(app, connections, &rig.clock, &mut console, Colours::Full, state, None);
            Box::pin(run).await
        };
        let mut hands = Hands { rig, inputs, seen, sent: 0, size: SIZE };
        let (ended, ()) = tokio::join!(Box::pin(run), async move {
            self.figures.lives += 1;
            if self.play(&mut hands).await.is_ok() {
                rig.proxy.mend();
                rig.sim.faults().leave_writes_unanswered(false);
                if self.leave(&mut hands).await.is_ok() {
                    self.figures.equal += 1;
                }
            }
            rig.proxy.mend();
            rig.sim.faults().leave_writes_unanswered(false);
        });
        ended.unwrap();
    }

    async fn play(&mut self, hands: &mut Hands<'_>) -> Result<(), HasQuit> {
        hands.until("a header", |text| text.contains("live")).await?;
        let begun = self.figures.touches;
        while self.figures.touches < begun + TOUCHES as u64 {
            match self.random.u8(..) {
                0..20 => self.let_tasks_go_on(hands.rig),
                20..28 => self.make_trouble(hands.rig),
                28..36 => hands.rig.proxy.mend(),
                36..40 => hands.rig.clock.skip(Duration::from_secs(self.random.u64(1..8))),
                _ => self.touch(hands).await?,
            }
        }
        Ok(())
    }

    /// Does one thing at the terminal, and watches what is asked and answered.
    async fn touch(&mut self, hands: &mut Hands<'_>) -> Result<(), HasQuit> {
        for touch in hand::choose(&mut self.random, &open(&hands.text()), hands.size, &self.hostile) {
            self.figures.touches += 1;
            let asked = Question::on(&hands.text());
            // A question that does not fit on the screen is not answered.
            let is_small = hands.size.0 < 80 || hands.size.1 < 24;
            let may_answer =
                matches!(&touch, Touch::Key(key) if matches!(key.code, KeyCode::Enter | KeyCode::Char('y')));
            if is_small && may_answer {
                continue;
            }
            self.figures.keys += u64::from(matches!(touch, Touch::Key(_)));
            self.figures.sizes += u64::from(matches!(touch, Touch::Resize(..)));
            let sent = hands.send(touch).await;
            if let Some(asked) = asked.filter(|_| may_answer)
                && (sent.is_err() || Question::on(&hands.text()).as_ref() != Some(&asked))
            {
                self.writes.allow(&asked);
            }
            sent?;
        }
        Ok(())
    }

    /// Lets tasks with a tenant's texts come, start, and end.
    fn let_tasks_go_on(&mut self, rig: &Rig) {
        self.figures.tasks += 1;
        let (text, nth) = (self.random.choice(&self.hostile).unwrap(), self.figures.tasks);
        rig.churn(1);
        rig.sim.with(|machine, now| {
            let guid = format!("monkey-{nth}");
            let mut definition = crate::story::definition();
            definition.annotation = text.clone().into();
            machine.desire(&guid, text, definition, now).unwrap();
            if nth.is_multiple_of(2) {
                machine.start(&guid, text, now).unwrap();
            }
            if nth.is_multiple_of(4) {
                machine.complete(&guid, text, Err(text.as_bytes()), now).unwrap();
            }
            // Others act, too, so that there are not too many.
            let old = format!("monkey-{}", nth.saturating_sub(20));
            let _ = machine.cancel(&old, now);
            let _ = machine.resolving(&old, now).and_then(|()| machine.delete(&old));
        });
    }

    fn make_trouble(&mut self, rig: &Rig) {
        self.figures.troubles += 1;
        match self.random.u8(..12) {
            0 => rig.proxy.harm(LISTS, Harm::CutAt(3_000)),
            1 => rig.proxy.harm(LISTS, Harm::Corrupt { at: 0, to: 0xff }),
            2 => rig.proxy.harm(EVENTS, Harm::ResetAt(20)),
            3 => rig.proxy.harm(EVENTS, Harm::StallAt(20)),
            4 => rig.proxy.harm(EVENTS, Harm::Swapped),
            5 => rig.proxy.harm(EVENTS, Harm::Twice),
            6 => rig.proxy.harm(Scope::All, Harm::Vanishes),
            7 => rig.proxy.door(Door::Closed),
            8 => rig.proxy.break_all(),
            9 => rig.sim.end_streams(),
            10 => rig.sim.faults().drop_streams(),
            _ => rig.sim.faults().leave_writes_unanswered(true),
        }
    }

    /// Goes back to the table, compares its rows with the server's tasks, and quits.
    async fn leave(&mut self, hands: &mut Hands<'_>) -> Result<(), HasQuit> {
        hands.send(Touch::Resize(SIZE.0, SIZE.1)).await?;
        go_home(hands).await?;
        hands
            .until("a live header", |text| {
                let troubles = ["STALE", "NOT RESPONDING", "polling", "onnecting"];
                text.contains("live") && !troubles.iter().any(|trouble| text.contains(trouble))
            })
            .await?;
        if hands.text().contains("  paused") {
            hands.send(Touch::Key(Key::char('p'))).await?;
        }
        self.compare(hands).await?;
        go_home(hands).await?;
        if hands.send(Touch::Key(Key::char('q'))).await.is_err() {
            return Ok(());
        }
        // A write of before may still await its answer, on a connection that is dead for good.
        assert!(hands.text().contains("Quit anyway?"), "q does not quit:\n{}", hands.text());
        hands.send(Touch::Read).await?;
        let quit = hands.send(Touch::Key(Key::char('y'))).await;
        assert!(quit.is_err(), "y does not quit:\n{}", hands.text());
        Ok(())
    }

    async fn compare(&mut self, hands: &mut Hands<'_>) -> Result<(), HasQuit> {
        let server = hands.rig.straight_to(&hands.rig.sim).await;
        let path = hands.rig.directory.path().join("rows.jsonl");
        let deadline = Instant::now() + MAX_WAIT;
        loop {
            // A task that ends under the cursor stays among the held ones until the view is another.
            for touch in hand::keys(&format!("31:save {}\n", path.display())) {
                hands.send(touch).await?;
            }
            let rows = written(&path).await.unwrap_or_default();
            let (rows, held) =
                (by_guid(rows.lines()), by_guid(lines_of(&server).await.iter().map(String::as_str)));
            if rows == held {
                return Ok(());
            }
            if Instant::now() > deadline {
                let without = |of: &Tasks, from: &Tasks| {
                    let differs = |(guid, task): &(&String, &Value)| from.get(*guid) != Some(*task);
                    of.iter().filter(differs).map(|(_, task)| task.to_string()).collect::<Vec<_>>()
                };
                let (extra, missing) = (without(&rows, &held), without(&held, &rows));
                panic!(
                    "rows differ from the server: extra {extra:#?}, missing {missing:#?}\n{}",
                    hands.text()
                );
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// Presses Esc until nothing can be open any more.
async fn go_home(hands: &mut Hands<'_>) -> Result<(), HasQuit> {
    for _ in 0..ESCAPES {
        hands.send(Touch::Read).await?;
        hands.send(Touch::Key(Key::plain(KeyCode::Esc))).await?;
    }
    Ok(())
}

type Tasks = BTreeMap<String, Value>;

/// Reads lines of JSON. A file has invisible characters escaped.
fn by_guid<'a>(lines: impl Iterator<Item = &'a str>) -> Tasks {
    let task = |line: &str| {
        let task: Value = serde_json::from_str(line).unwrap();
        let guid = task["task_guid"].as_str().unwrap_or_else(|| panic!("no task: {line}"));
        (guid.to_owned(), task)
    };
    lines.map(task).collect()
}

/// Returns what a screen shows.
fn open(screen: &str) -> Open {
    let last = screen.trim_end().lines().rev().take(2);
    match Question::on(screen) {
        Some(question) if question.tasks() > TYPED_ABOVE => Open::Word(question.tasks().to_string()),
        Some(_) => Open::Question,
        None if last.into_iter().any(|line| line.starts_with([':', '/'])) => Open::Prompt,
        None if screen.contains('┘') => Open::List,
        None => Open::Panes,
    }
}

/// The dashboard has quit.
#[derive(Debug)]
struct HasQuit;

impl Hands<'_> {
    fn text(&self) -> String {
        self.seen.borrow().text.clone()
    }

    /// Does something, and waits until a frame has taken it in.
    async fn send(&mut self, touch: Touch) -> Result<(), HasQuit> {
        let now = Instant::now();
        let sent = match touch {
            Touch::Read => {
                self.rig.clock.skip(2 * ANSWER_AFTER);
                return Ok(());
            }
            Touch::Key(key) => Sent::Input(Input::Key(key, now)),
            Touch::Paste(text) => Sent::Input(Input::Paste(text)),
            Touch::Mouse(action, column, line) => {
                Sent::Input(Input::Mouse(MouseReport { action, column, line }, now))
            }
            Touch::Resize(width, height) => {
                self.size = (width, height);
                Sent::Size(width, height)
            }
        };
        self.sent += 1;
        self.inputs.send(sent).map_err(|_| HasQuit)?;
        let wanted = self.sent;
        self.wait("a frame after an input", |seen| seen.inputs >= wanted).await
    }

    async fn until(&mut self, what: &str, holds: impl Fn(&str) -> bool) -> Result<(), HasQuit> {
        self.wait(what, |seen| holds(&seen.text)).await
    }

    async fn wait(&mut self, what: &str, holds: impl FnMut(&Seen) -> bool) -> Result<(), HasQuit> {
        let waited =
            tokio::time::timeout(MAX_WAIT, self.seen.wait_for(holds)).await.map(|seen| seen.map(drop));
        let Ok(seen) = waited else { panic!("never: {what}\n{}", self.text()) };
        seen.map_err(|_| HasQuit)
    }
}
