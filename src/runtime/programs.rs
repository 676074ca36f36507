//! Runs programs without a terminal, and passes on what they write.
//!
//! Each has a process group of its own, which ends as a whole. Standard output and standard error are one pipe, so that
//! their lines keep their order. Standard input is empty.

use std::collections::HashMap;
use std::io;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::Child;
use tokio::sync::mpsc::Sender;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use super::process::{command, end_of, failure};
use crate::app::own_commands::RunId;
use crate::app::{Msg, Program, ProgramEnd};
use crate::platform::processes::{Group, output_pipe};

/// How long a program that was asked to end may take before it is killed.
const END_TIMEOUT: Duration = Duration::from_secs(3);
/// How long to read on after a program has ended. What it has started may hold the pipe open for ever.
const DRAIN_TIMEOUT: Duration = Duration::from_millis(300);
/// The most bytes in one message: what a pipe holds on Linux.
const READ_SIZE: usize = 64 * 1024;
/// The pause after that many bytes. A program that writes faster has to wait, and leaves time for the dashboard.
const READ_PAUSE: Duration = Duration::from_millis(20);

/// The programs that run.
pub(super) struct Programs {
    tasks: JoinSet<()>,
    stops: HashMap<RunId, CancellationToken>,
    sender: Sender<Msg>,
}

impl Programs {
    /// Returns an empty set whose messages go to `sender`.
    pub(super) fn new(sender: Sender<Msg>) -> Self {
        Self { tasks: JoinSet::new(), stops: HashMap::new(), sender }
    }

    /// Starts a program.
    pub(super) fn start(&mut self, run: RunId, program: Program) {
        while self.tasks.try_join_next().is_some() {}
        self.stops.retain(|_, stop| !stop.is_cancelled());
        let (sender, stop) = (self.sender.clone(), CancellationToken::new());
        self.stops.insert(run, stop.clone());
        self.tasks.spawn(async move {
            let end = attend(run, &program, &stop, &sender).await;
            tracing::info!(program = ?program.name, %end, "program ended");
            stop.cancel();
            // The event loop may have ended.
            let _ = sender.send(Msg::ProgramFinished { run, end }).await;
        });
    }

    /// Asks a program to end, and kills it if it does not.
    pub(super) fn stop(&self, run: RunId) {
        if let Some(stop) = self.stops.get(&run) {
            stop.cancel();
        }
    }

    /// Ends all programs: none outlives the dashboard.
    pub(super) async fn finish(&mut self) {
        self.stops.values().for_each(CancellationToken::cancel);
        while self.tasks.join_next().await.is_some() {}
    }
}

/// Runs a program to its end, or until it is to stop.
async fn attend(run: RunId, program: &Program, stop: &CancellationToken, sender: &Sender<Msg>) -> ProgramEnd {
    let (mut child, output) = match spawn(program) {
        Ok(spawned) => spawned,
        Err(error) => return failure(&error),
    };
    let mut reading = AbortOnDropHandle::new(tokio::spawn(pass_on(output, run, sender.clone())));
    let status = wait(&mut child, stop).await;
    // Ends early only if something else has the pipe.
    let _ = timeout(DRAIN_TIMEOUT, &mut reading).await;
    status.map_or_else(|error| failure(&error), end_of)
}

fn spawn(program: &Program) -> io::Result<(Child, impl AsyncRead + Unpin + use<>)> {
    let (output, writer) = output_pipe()?;
    let mut command = command(program);
    command.stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer);
    // The command holds the pipe's other end, and is dropped here.
    let child = Group::create(&mut command).kill_on_drop(true).spawn()?;
    Ok((child, output))
}

/// Waits for a program's end. If it is to stop, ends its whole process group.
async fn wait(child: &mut Child, stop: &CancellationToken) -> io::Result<std::process::ExitStatus> {
    let group = Group::of(child);
    tokio::select! {
        biased;
        status = child.wait() => return status,
        () = stop.cancelled() => {}
    }
    group.iter().for_each(Group::ask_to_end);
    let ended = timeout(END_TIMEOUT, child.wait()).await;
    group.iter().for_each(Group::kill);
    if let Ok(status) = ended {
        return status;
    }
    let _ = child.start_kill();
    child.wait().await
}

/// Passes on all that is written to a pipe.
async fn pass_on(mut output: impl AsyncRead + Unpin, run: RunId, sender: Sender<Msg>) {
    let mut buffer = vec![0; READ_SIZE];
    while let Ok(length @ 1..) = output.read(&mut buffer).await {
        let bytes = buffer.get(..length).unwrap_or_default().to_vec();
        if sender.send(Msg::ProgramOutput { run, bytes }).await.is_err() {
            return;
        }
        if length == READ_SIZE {
            sleep(READ_PAUSE).await;
        }
    }
}
