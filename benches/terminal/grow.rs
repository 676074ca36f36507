//! Measures how cost grows with the number of tasks.

use std::time::Duration;

use crate::keys::{Answers, INSIDE, Keys, LETTER, SORT};
use crate::server::Server;
use crate::stats::{mb, ms};
use crate::tty::{SILENCE, Tty};

/// Silence that ends a long sort or filter: its slices draw frames more often than this.
const LONG_SILENCE: Duration = Duration::from_millis(60);
const ROUNDS: usize = 5;
/// Lists a minute while the stream is live: one every 30 seconds, or fewer if lists are slow.
const LISTS_A_MINUTE: u64 = 2;

/// Prints a table row for each number of tasks.
pub(crate) fn print(sizes: impl Iterator<Item = usize>) {
    println!(
        "| tasks | whole list on the screen | peak memory | Down p50 | filter letter p50, max (first sign of it) | sort p50, max (first sign of it) | a list | lists a minute |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- |");
    for tasks in sizes {
        println!("{}", line(tasks));
    }
}

fn line(tasks: usize) -> String {
    let server = Server::start(tasks, 0);
    let (_, size) = server.download();
    let mut tty = Tty::dashboard(&server, "");
    let listed = tty.until_listed();
    tty.rest(Duration::from_secs(1));
    let down = pressed(&INSIDE, &mut tty, SILENCE);
    let letter = pressed(&LETTER, &mut tty, LONG_SILENCE);
    let sort = pressed(&SORT, &mut tty, LONG_SILENCE);
    let peak = tty.process().peak().unwrap();
    format!(
        "| {tasks} | {} | {} | {} | {} | {} | {} | ≤ {LISTS_A_MINUTE} |",
        ms(listed),
        mb(peak),
        ms(down.done.median()),
        spread(&letter),
        spread(&sort),
        mb(size),
    )
}

fn pressed(keys: &Keys, tty: &mut Tty, silence: Duration) -> Answers {
    let mut answers = Answers::default();
    (0..ROUNDS).for_each(|_| keys.press(tty, silence, &mut answers));
    answers
}

fn spread(answers: &Answers) -> String {
    let Answers { done, first, .. } = answers;
    format!("{}, {} ({})", ms(done.median()), ms(done.percentile(100)), ms(first.percentile(100)))
}
