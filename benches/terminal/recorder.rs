//! Measures the memory of what is recorded: ended tasks, their definitions and their timelines, beside the tasks that live.

use std::time::Duration;

use crate::server::Server;
use crate::stats::mb;
use crate::tty::Tty;

/// How many ended tasks the dashboard keeps by default.
const KEPT: &str = " 3 Ended 20,000 ";
/// How often the memory of the full record is read again, and after which time: each ended task is replaced meanwhile.
const READINGS: u64 = 4;
const LATER: Duration = Duration::from_secs(30);
/// Operations a second; about a fifth of them end a task.
const CHURN: usize = 5_000;

/// Prints how much memory the dashboard has with nothing recorded, with a full record, and later.
pub(crate) fn print(tasks: usize) {
    let server = Server::start(tasks, CHURN);
    let (_, size) = server.download();
    let mut tty = Tty::dashboard(&server, "");
    tty.until_listed();
    println!("| {tasks} tasks, reply {} | memory |\n| --- | --- |", mb(size));
    println!("| the list alone | {} |", mb(tty.process().resident().unwrap()));
    tty.until("20,000 ended tasks", |screen| screen.contents().contains(KEPT));
    println!("| with 20,000 ended tasks and their timelines | {} |", mb(tty.process().resident().unwrap()));
    for nth in 1..=READINGS {
        tty.rest(LATER);
        println!("| {} s later | {} |", nth * LATER.as_secs(), mb(tty.process().resident().unwrap()));
    }
    println!("| peak | {} |", mb(tty.process().peak().unwrap()));
}
