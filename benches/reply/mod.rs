//! A list's reply of a hundred thousand tasks, as the simulated BBS sends it, and the tasks in it.

use taskdeck::bbs::list::ListDecoder;
use taskdeck::model::Task;
use taskdeck::sim::{Options, Sim};

/// The tasks of the reply.
pub(crate) const TASKS: usize = 100_000;
/// As much as is read of a connection at once.
pub(crate) const PIECE: usize = 64 * 1_024;

/// The reply, byte for byte.
pub(crate) fn reply() -> Vec<u8> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let options = Options { tasks: TASKS, cells: 20, ..Options::default() };
    let sim = runtime.block_on(Sim::start(options)).unwrap();
    sim.with(|machine, _| machine.encoded_list("", "").concat())
}

/// The tasks of a reply, decoded piece by piece.
pub(crate) fn decoded(reply: &[u8]) -> Vec<Task> {
    let (mut decoder, mut tasks) = (ListDecoder::default(), Vec::new());
    for piece in reply.chunks(PIECE) {
        decoder.push(piece, &mut tasks).unwrap();
    }
    decoder.finish().unwrap();
    tasks
}
