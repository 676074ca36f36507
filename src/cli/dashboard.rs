//! Starts the dashboard on a real or a simulated BBS.

use std::collections::HashMap;
use std::time::Duration;

use super::connect::unusable_files;
use super::failure::Failure;
use super::{log, recording};
use crate::app::{App, KnownTarget, Settings, Target};
use crate::bbs::{Access, Client, Connection};
use crate::clock::SystemClock;
use crate::config::{self, ConfigError, Flags, Looks, Paths, Resolved};
use crate::model::WriteRate;
use crate::record::{Program, WriterOptions};
use crate::runtime::{self, Connections, Reel, Source, TerminalConsole, terminal};
use crate::sim::{Options, Scenario, Sim};
use crate::state::{SavedState, StateFile};
use crate::theme::Background;

/// Watches the configured BBS.
pub(super) async fn run(
    flags: &Flags,
    environment: &dyn Fn(&str) -> Option<String>,
    paths: &Paths,
) -> Result<(), Failure> {
    let config =
        config::load(flags, environment, paths).map_err(|mistake| Failure::configuration(&mistake, paths))?;
    let (_log, warning) = log::start(config.log_file.as_deref(), environment);
    let (themes, fault) = config
        .looks
        .themes(background(environment))
        .map_err(|mistake| Failure::configuration(&mistake, paths))?;
    let state_file = StateFile::in_directory(paths.state_dir.as_deref());
    let warning = warning.or(fault).or_else(|| config.settings.warning.clone());
    let warning = match (warning, config.exposed_keys()) {
        (Some(warning), Some(exposed)) => Some(format!("{warning} Also: {exposed}")),
        (warning, exposed) => warning.or(exposed),
    };
    let mut settings = Settings { themes, warning, ..config.settings };
    settings.targets = config.targets.iter().map(known).collect();
    let connect = |(name, resolved): (String, Result<Resolved, _>)| Some((name, limited(resolved.ok()?)));
    let others = config.targets.into_iter().filter_map(connect).collect();
    let first = limited((config.target.clone(), config.connection));
    let file = recording::file(&config.record, paths).filter(|_| config.record.by_dashboard);
    let recording =
        file.map(|file| recording::options(file, Program::Dashboard, &config.record, environment));
    settings.record = recording.is_some();
    let files = Files { state: state_file, recording };
    watch(config.target, first, others, settings, files, config.looks.ascii).await
}

/// Returns a target as the dashboard lists it.
fn known((name, resolved): (&String, &Result<Resolved, ConfigError>)) -> KnownTarget {
    let target = resolved.as_ref().map(|(target, _)| target.clone()).map_err(ToString::to_string);
    KnownTarget { name: name.clone(), target }
}

/// Limits the rate of writes, also if the configuration does not: a mistake must not become a storm of writes.
fn limited((target, connection): Resolved) -> Connection {
    Connection { writes_per_second: Some(target.writes_per_second), ..connection }
}

/// Starts a simulated BBS in this process and watches it until the dashboard ends. Keys and looks are those of the
/// configuration.
pub(super) async fn demo(
    flags: &Flags,
    environment: &dyn Fn(&str) -> Option<String>,
    paths: &Paths,
) -> Result<(), Failure> {
    let mistaken = |mistake: ConfigError| Failure::configuration(&mistake, paths);
    let (settings, looks) = config::load_dashboard(flags, paths).map_err(mistaken)?;
    let (themes, fault) = looks.themes(background(environment)).map_err(mistaken)?;
    let state_dir = paths.state_dir.clone();
    let file = state_dir.as_deref().map(log::file);
    let (_log, warning) = log::start(file.as_deref(), environment);
    let foundation = Scenario::foundation().map_err(Failure::other)?;
    let sim = Sim::start(Options::for_scenario(foundation))
        .await
        .map_err(|error| Failure::other(format!("could not start the simulated BBS: {error:#}")))?;
    let connection = Connection {
        url: sim.url(),
        tls: None,
        connect_timeout: Duration::from_secs(10),
        request_timeout: Some(Duration::from_secs(10)),
        access: Access::ReadWrite,
        writes_per_second: Some(WriteRate::default()),
        reply_limit: crate::model::ReplyLimit::default(),
    };
    let target = Target { url: sim.url(), simulated: true, ..Target::default() };
    let state_file = StateFile::in_directory(state_dir.as_deref());
    let warning = warning.or(fault).or_else(|| settings.warning.clone());
    let settings = Settings { themes, warning, ..settings };
    // A simulated BBS is not worth a recording.
    let files = Files { state: state_file, recording: None };
    watch(target, connection, HashMap::new(), settings, files, looks.ascii).await
}

/// Returns the terminal's background, as far as the environment tells it.
fn background(environment: &dyn Fn(&str) -> Option<String>) -> Option<Background> {
    environment("COLORFGBG").and_then(|value| Background::parse(&value))
}

/// The files that the dashboard keeps.
struct Files {
    state: StateFile,
    recording: Option<WriterOptions>,
}

async fn watch(
    target: Target,
    connection: Connection,
    others: HashMap<String, Connection>,
    mut settings: Settings,
    files: Files,
    ascii: bool,
) -> Result<(), Failure> {
    settings.pace.jitter_seed = fastrand::u32(..);
    settings.guid_seed = fastrand::u64(..);
    let (saved, damage) = files.state.load();
    // Without a state directory the hint would come at every start.
    settings.welcome = files.state.is_kept() && saved == SavedState::default();
    settings.saved = saved;
    settings.warning = settings.warning.or(damage);
    terminal::check().map_err(Failure::usage)?;
    let first = Client::open(connection).await.map_err(|problem| unusable_files(&problem))?;
    show(App::new(target, settings), Connections { first, others }.into(), files, ascii).await
}

/// Plays a recording. Nothing is kept for the next run.
pub(super) async fn replay(
    target: Target,
    reel: Reel,
    mut settings: Settings,
    looks: &Looks,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<(), Failure> {
    let (themes, fault) =
        looks.themes(background(environment)).map_err(|mistake| Failure::usage(mistake.to_string()))?;
    settings.themes = themes;
    settings.warning = fault.or(settings.warning);
    terminal::check().map_err(Failure::usage)?;
    let files = Files { state: StateFile::default(), recording: None };
    show(App::new(target, settings), reel.into(), files, looks.ascii).await
}

/// Shows the dashboard until it ends.
async fn show(app: App, source: Source, files: Files, ascii: bool) -> Result<(), Failure> {
    let Files { state, recording } = files;
    terminal::install_panic_hook();
    runtime::remove_leftovers();
    let colours = terminal::colours();
    let mut console = TerminalConsole::enter(ascii).map_err(|error| Failure::other(error.to_string()))?;
    let clock = SystemClock::start();
    // The future holds the whole app.
    let run = runtime::run(app, source, &clock, &mut console, colours, state, recording);
    let ended = Box::pin(run).await;
    drop(console);
    ended.map_err(|error| Failure::other(format!("the terminal failed: {error}")))
}
