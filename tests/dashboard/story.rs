//! The fixture of the stories: the whole dashboard on a simulated BBS, with a screen that they read and keys that they send.

use std::collections::{BTreeMap, VecDeque};
use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use ratatui::backend::TestBackend;
use ratatui::{Frame, Terminal};
use taskdeck::app::key::{Key, KeyCode};
use taskdeck::app::{
    ANSWER_AFTER, App, ForegroundRun, MouseAction, Pace, Program, ProgramEnd, Purpose, Settings, Target,
};
use taskdeck::bbs::wire::{self, Action, RunAction, TaskDefinition, action::Kind};
use taskdeck::bbs::{Access, Client, Connection};
use taskdeck::clock::{Clock, Now, SystemClock};
use taskdeck::record::{Retention, WriterOptions};
use taskdeck::runtime::{self, Connections, Console, Input, MouseReport, Source};
use taskdeck::sim::{Options, Scenario, Sim};
use taskdeck::state::StateFile;
use taskdeck::ui::{Colours, ScrollHint};
use tokio::sync::{mpsc, watch};

/// The longest wait for a condition. Far more than any takes: a test that reaches it has failed.
pub(crate) const MAX_WAIT: Duration = Duration::from_secs(30);

/// A console without a terminal.
struct TestConsole {
    terminal: Terminal<TestBackend>,
    inputs: mpsc::UnboundedReceiver<Input>,
    screen: watch::Sender<String>,
    /// How the program in the foreground ended.
    ended: Option<ProgramEnd>,
    editor: Arc<Mutex<Editor>>,
}

/// The operator's editor. It makes its edits one after the other, one each time it is opened.
#[derive(Default)]
pub(crate) struct Editor {
    edits: VecDeque<Edit>,
    /// The files that were opened.
    files: Vec<PathBuf>,
    /// The modes that the last file and its directory had.
    modes: (u32, u32),
}

/// Changes a text, and says how the editor ends.
type Edit = Box<dyn FnOnce(&str) -> (String, ProgramEnd) + Send>;

impl Editor {
    fn open(&mut self, file: &Path) -> ProgramEnd {
        // Fails if the editor is opened once too often.
        let edit = self.edits.pop_front().unwrap();
        let (text, end) = edit(&fs::read_to_string(file).unwrap());
        fs::write(file, text).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
        self.modes = (mode(file.parent().unwrap()), mode(file));
        self.files.push(file.to_owned());
        end
    }
}

impl Console for TestConsole {
    fn draw(&mut self, paint: impl FnOnce(&mut Frame<'_>) -> Vec<ScrollHint>) -> io::Result<()> {
        self.terminal.draw(|frame| drop(paint(frame))).map_err(io::Error::other)?;
        self.screen.send_replace(self.terminal.backend().to_string());
        Ok(())
    }

    async fn next(&mut self) -> Input {
        match self.ended.take() {
            Some(end) => Input::ProgramEnded(end),
            None => self.inputs.recv().await.unwrap_or(Input::Ended),
        }
    }

    fn suspend(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// Runs the program to its end, without a terminal.
    fn run_in_foreground(&mut self, run: &ForegroundRun) -> io::Result<()> {
        let Program { name, arguments } = &run.program;
        if run.purpose == Purpose::EditTask {
            let file = Path::new(arguments.last().unwrap());
            self.ended = Some(self.editor.lock().unwrap().open(file));
            return Ok(());
        }
        let status = Command::new(name).args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).status();
        self.ended = Some(match status {
            Ok(status) => ProgramEnd::Exited(status.code().unwrap()),
            Err(error) => ProgramEnd::Failed(error.to_string()),
        });
        Ok(())
    }

    fn use_mouse(&mut self, _used: bool) -> io::Result<()> {
        Ok(())
    }

    fn repaint(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn copy(&mut self, _text: &str) -> io::Result<()> {
        Ok(())
    }
}

/// A clock, ahead by the time that the operator has taken to read questions, or has waited otherwise.
struct StoryClock<'a> {
    clock: &'a dyn Clock,
    ahead_ms: AtomicU64,
}

impl StoryClock<'_> {
    fn skip(&self, by: Duration) {
        self.ahead_ms.fetch_add(by.as_millis().try_into().unwrap(), Ordering::Relaxed);
    }
}

impl Clock for StoryClock<'_> {
    fn now(&self) -> Now {
        self.clock.now().plus(Duration::from_millis(self.ahead_ms.load(Ordering::Relaxed)))
    }
}

/// Reads the screen and presses keys.
pub(crate) struct Operator<'a> {
    clock: &'a StoryClock<'a>,
    keys: mpsc::UnboundedSender<Input>,
    screen: watch::Receiver<String>,
    editor: Arc<Mutex<Editor>>,
}

impl Operator<'_> {
    /// Waits for a question, and lets the time pass that reading it takes.
    pub(crate) async fn reads(&mut self, question: &str) {
        self.sees(question).await;
        self.clock.skip(2 * ANSWER_AFTER);
    }

    /// Lets time pass for the dashboard, and not for the server.
    pub(crate) fn waits(&self, by: Duration) {
        self.clock.skip(by);
    }

    /// Reads a question and answers it.
    pub(crate) async fn answers(&mut self, question: &str, key: &str) {
        self.reads(question).await;
        self.press(key);
    }

    /// Edits the text that the editor opens next, and closes the editor.
    pub(crate) fn will_edit(&self, edit: impl FnOnce(&str) -> String + Send + 'static) {
        self.will_end_editor(move |text| (edit(text), ProgramEnd::Exited(0)));
    }

    /// Edits the text that the editor opens next, and ends the editor in some way.
    pub(crate) fn will_end_editor(&self, edit: impl FnOnce(&str) -> (String, ProgramEnd) + Send + 'static) {
        self.editor.lock().unwrap().edits.push_back(Box::new(edit));
    }

    /// Returns the files that the editor has opened, and checks that it has made all its edits.
    pub(crate) fn edited_files(&self) -> Vec<PathBuf> {
        let editor = self.editor.lock().unwrap();
        assert!(editor.edits.is_empty(), "the editor was not opened again");
        editor.files.clone()
    }

    /// Returns the modes of the directory and of the file that the editor opened last.
    pub(crate) fn edited_modes(&self) -> (u32, u32) {
        self.editor.lock().unwrap().modes
    }

    pub(crate) fn press(&self, keys: &str) {
        for key in keys.chars() {
            self.keys.send(Input::key(Key::char(key))).unwrap();
        }
    }

    /// Presses a character with Alt.
    pub(crate) fn press_alt(&self, c: char) {
        self.keys.send(Input::key(Key { alt: true, ..Key::char(c) })).unwrap();
    }

    pub(crate) fn tab(&self) {
        self.keys.send(Input::key(Key::plain(KeyCode::Tab))).unwrap();
    }

    pub(crate) fn find(&self) {
        self.keys.send(Input::key(Key::ctrl('p'))).unwrap();
    }

    pub(crate) fn enter(&self) {
        self.keys.send(Input::key(Key::plain(KeyCode::Enter))).unwrap();
    }

    pub(crate) fn press_code(&self, code: KeyCode) {
        self.keys.send(Input::key(Key::plain(code))).unwrap();
    }

    /// Types a command after the colon.
    pub(crate) fn command(&self, line: &str) {
        self.press(&format!(":{line}"));
        self.enter();
    }

    /// Clicks on the first place that shows `text`.
    pub(crate) fn click_on(&self, text: &str) {
        let screen = self.screen();
        // Each line of the screen stands in quotes.
        let lines = screen.lines().map(|line| line.strip_prefix('"').unwrap_or(line)).enumerate();
        let mut found = lines.filter_map(|(line, shown)| Some((line, shown.split_once(text)?.0)));
        let (line, before) = found.next().unwrap();
        let column = before.chars().count();
        let report = MouseReport {
            action: MouseAction::Click,
            column: column.try_into().unwrap(),
            line: line.try_into().unwrap(),
        };
        self.keys.send(Input::Mouse(report, Instant::now())).unwrap();
    }

    /// Returns the text of the screen.
    pub(crate) fn screen(&self) -> String {
        self.screen.borrow().clone()
    }

    /// Waits until the screen shows `text`.
    pub(crate) async fn sees(&mut self, text: &str) {
        self.until(text, |screen| screen.contains(text)).await;
    }

    pub(crate) async fn until(&mut self, what: &str, holds: impl Fn(&str) -> bool) {
        let mut screen = self.screen.clone();
        let waited = tokio::time::timeout(MAX_WAIT, screen.wait_for(|screen| holds(screen))).await;
        assert!(waited.is_ok(), "never seen: {what}\n{}", *self.screen.borrow());
    }
}

/// Returns settings with short intervals, so that tests need not wait for the next list.
pub(crate) fn settings() -> Settings {
    let pace = Pace {
        reconcile: Duration::from_millis(200),
        poll: Duration::from_millis(50),
        cost_factor: 0,
        backoff_ceiling: Duration::from_millis(100),
        ..Pace::default()
    };
    Settings { pace, ..Settings::default() }
}

pub(crate) async fn story(sim: &Sim, access: Access, script: impl AsyncFnOnce(&mut Operator<'_>)) {
    story_at(&sim.url(), access, script).await;
}

pub(crate) async fn story_at(url: &str, access: Access, script: impl AsyncFnOnce(&mut Operator<'_>)) {
    story_with(settings(), url, access, script).await;
}

pub(crate) async fn story_with(
    settings: Settings,
    url: &str,
    access: Access,
    script: impl AsyncFnOnce(&mut Operator<'_>),
) {
    story_keeping(StateFile::default(), settings, url, access, script).await;
}

/// A story whose state is kept in a file.
pub(crate) async fn story_keeping(
    state_file: StateFile,
    settings: Settings,
    url: &str,
    access: Access,
    script: impl AsyncFnOnce(&mut Operator<'_>),
) {
    let target = Target { url: url.to_owned(), access, ..Target::default() };
    play_on(state_file, settings, target, script).await;
}

/// A story on a target with a configuration of its own.
pub(crate) async fn story_on(
    settings: Settings,
    target: Target,
    script: impl AsyncFnOnce(&mut Operator<'_>),
) {
    play_on(StateFile::default(), settings, target, script).await;
}

async fn play_on(
    state_file: StateFile,
    settings: Settings,
    target: Target,
    script: impl AsyncFnOnce(&mut Operator<'_>),
) {
    let connections = Connections::only(Client::open(connection(&target)).await.unwrap());
    play(App::new(target, settings), connections, state_file, script).await;
}

pub(crate) fn connection(target: &Target) -> Connection {
    Connection {
        url: target.url.clone(),
        tls: None,
        connect_timeout: Duration::from_secs(5),
        request_timeout: Some(Duration::from_secs(5)),
        access: target.access,
        writes_per_second: Some(target.writes_per_second),
        reply_limit: taskdeck::model::ReplyLimit::default(),
    }
}

/// A story that is recorded to this file.
pub(crate) async fn story_recorded(path: &Path, url: &str, script: impl AsyncFnOnce(&mut Operator<'_>)) {
    let settings = Settings { record: true, ..settings() };
    let target = Target { url: url.to_owned(), access: Access::ReadWrite, ..Target::default() };
    let connections = Connections::only(Client::open(connection(&target)).await.unwrap());
    let recording = WriterOptions {
        path: path.to_owned(),
        replace_foreign: true,
        retention: Retention { max_bytes: 1 << 30, max_age: Duration::from_secs(3_600) },
        program: taskdeck::record::Program::Dashboard,
        user: "vcap".to_owned(),
        host: "jumpbox".to_owned(),
        interval: WriterOptions::INTERVAL,
    };
    let files = Files { state: StateFile::default(), recording: Some(recording) };
    let clock = SystemClock::start();
    let played = Box::pin(play_with(&clock, App::new(target, settings), connections, files, script));
    tokio::time::timeout(2 * MAX_WAIT, played).await.unwrap();
}

/// Plays a story on an app and the connections of its targets.
pub(crate) async fn play(
    app: App,
    connections: Connections,
    state_file: StateFile,
    script: impl AsyncFnOnce(&mut Operator<'_>),
) {
    let clock = SystemClock::start();
    let files = Files { state: state_file, recording: None };
    let played = Box::pin(play_with(&clock, app, connections, files, script));
    tokio::time::timeout(2 * MAX_WAIT, played).await.unwrap();
}

/// The files that a dashboard keeps.
pub(crate) struct Files {
    pub(crate) state: StateFile,
    pub(crate) recording: Option<WriterOptions>,
}

pub(crate) async fn play_with(
    clock: &dyn Clock,
    app: App,
    source: impl Into<Source>,
    Files { state, recording }: Files,
    script: impl AsyncFnOnce(&mut Operator<'_>),
) {
    let (keys, inputs) = mpsc::unbounded_channel();
    let (screen, seen) = watch::channel(String::new());
    let editor = Arc::new(Mutex::new(Editor::default()));
    let mut console = TestConsole {
        terminal: Terminal::new(TestBackend::new(160, 40)).unwrap(),
        inputs,
        screen,
        ended: None,
        editor: Arc::clone(&editor),
    };
    let clock = StoryClock { clock, ahead_ms: AtomicU64::new(0) };
    let run = runtime::run(app, source, &clock, &mut console, Colours::Full, state, recording);
    let run = Box::pin(run);
    let play = async {
        let mut operator = Operator { clock: &clock, keys, screen: seen, editor };
        script(&mut operator).await;
        operator.press("q");
        operator
    };
    let (ended, _operator) = tokio::join!(run, play);
    ended.unwrap();
}

pub(crate) fn definition() -> TaskDefinition {
    let run = RunAction { path: "/bin/true".into(), user: "vcap".into(), ..RunAction::default() };
    let action = Action { kind: Some(Kind::RunAction(run)) };
    TaskDefinition {
        root_fs: "preloaded:cflinuxfs4".into(),
        action: Some(action),
        ..TaskDefinition::default()
    }
}

pub(crate) fn desire(sim: &Sim, guid: &str, domain: &str) {
    sim.with(|machine, now| machine.desire(guid, domain, definition(), now)).unwrap();
}

pub(crate) fn start(sim: &Sim, guid: &str, cell: &str) {
    sim.with(|machine, now| machine.start(guid, cell, now)).unwrap();
}

/// A simulated foundation of a built-in scenario, in which time passes only by [`Sim::pass`].
pub(crate) async fn foundation(scenario: &str) -> Sim {
    let scenario = Scenario::BUILT_IN.into_iter().find(|built_in| built_in.name == scenario).unwrap();
    let options = Options::for_scenario(scenario.read().unwrap());
    Sim::start(Options { churn: 0.0, ..options }).await.unwrap()
}

/// What the server holds, by guid.
pub(crate) fn held(sim: &Sim) -> BTreeMap<String, wire::Task> {
    let tasks = sim.with(|machine, _| machine.list("", "")).unwrap();
    tasks.into_iter().map(|task| (wire::text(&task.task_guid), task)).collect()
}

pub(crate) async fn quiet_bbs() -> Sim {
    let sim = Sim::start(Options::default()).await.unwrap();
    desire(&sim, "task-a", "cf-tasks");
    desire(&sim, "task-b", "batch");
    start(&sim, "task-b", "cell-01");
    sim
}
