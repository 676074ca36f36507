//! Reads and decodes the bytes that a terminal sends. Waits for them and for the stop signal in one `poll`.

use std::io::{self, PipeReader};
use std::time::{Duration, Instant};

use tokio::sync::mpsc::Sender;

use super::Batch;
use crate::platform::terminal::{read_input, wait_for_input};
use crate::runtime::console_input::Input;
use crate::runtime::input::{Decoded, Decoder};

/// The size of a read, in bytes: that of a terminal's buffer on Linux.
const READ_SIZE: usize = 4096;

/// Reads until the terminal is gone or the keyboard is dropped.
pub(super) fn read(sender: &Sender<Batch>, stopped: &PipeReader) {
    let mut decoder = Decoder::default();
    let mut batch = Vec::new();
    while let Some(is_readable) = wait_for_input(stopped, left(&decoder)) {
        let read = if is_readable { read_into(&mut decoder, &mut batch) } else { Ok(()) };
        let now = Instant::now();
        decoder.expire(now, &mut batch);
        let inputs: Batch = batch.drain(..).map(|decoded| input(decoded, now)).collect();
        if read.is_err() || (!inputs.is_empty() && sender.blocking_send(inputs).is_err()) {
            return;
        }
    }
}

/// Returns how long an incomplete sequence may wait for the rest.
fn left(decoder: &Decoder) -> Option<Duration> {
    decoder.deadline().map(|deadline| deadline.saturating_duration_since(Instant::now()))
}

fn input(decoded: Decoded, now: Instant) -> Input {
    match decoded {
        Decoded::Key(key) => Input::Key(key, now),
        Decoded::Mouse(report) => Input::Mouse(report, now),
        Decoded::Paste(text) => Input::Paste(text),
    }
}

/// Reads available input. Returns an error if the terminal is gone.
fn read_into(decoder: &mut Decoder, batch: &mut Vec<Decoded>) -> io::Result<()> {
    let mut buffer = [0; READ_SIZE];
    let length @ 1.. = read_input(&mut buffer)? else { return Ok(()) };
    decoder.feed(buffer.get(..length).unwrap_or_default(), Instant::now(), batch);
    Ok(())
}
