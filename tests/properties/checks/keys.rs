//! Bytes of a terminal through the decoder into the dashboard: no sequence of keys, clicks and pastes stops it, writes without a
//! question, or leaves something on the screen that a terminal acts on.

use std::time::Instant;

use taskdeck::runtime::input::Decoder;

use super::chunked;
use super::dashboard::Dashboard;

/// The most inputs that are taken.
const MOST_INPUTS: usize = 200;

/// Takes the seed of the chunks, the width and the height of the screen, and what the terminal sends. A frame is drawn after
/// each chunk.
pub fn check(input: &[u8]) {
    let [seed, columns, lines, sent @ ..] = input else { return };
    let size = (u16::from(*columns).max(1), u16::from(*lines).clamp(1, 60));
    let sent = [&[*seed], sent].concat();
    let (_, chunks) = chunked(&sent);
    let (mut dashboard, mut decoder) = (Dashboard::live(), Decoder::default());
    dashboard.draw(size);
    let (mut inputs, mut taken) = (Vec::new(), 0);
    for chunk in chunks {
        decoder.feed(chunk, Instant::now(), &mut inputs);
        for input in inputs.drain(..) {
            dashboard.take(input);
            taken += 1;
            if dashboard.has_quit || taken == MOST_INPUTS {
                return;
            }
        }
        dashboard.draw(size);
    }
}
