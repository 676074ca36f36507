//! Provides a list reply of 100,000 tasks, as the simulated BBS sends it.

use taskdeck::bbs::list::ListDecoder;
use taskdeck::model::Task;
use taskdeck::sim::{Options, Sim};

/// Number of tasks in the reply.
pub(crate) const TASKS: usize = 100_000;
/// Bytes per read of a connection.
pub(crate) const PIECE: usize = 64 * 1_024;

/// Returns the bytes of the reply.
pub(crate) fn reply() -> Vec<u8> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let options = Options { tasks: TASKS, cells: 20, ..Options::default() };
    let sim = runtime.block_on(Sim::start(options)).unwrap();
    sim.with(|machine, _| machine.encoded_list("", "").concat())
}

/// Decodes the tasks of a reply in pieces.
pub(crate) fn decoded(reply: &[u8]) -> Vec<Task> {
    let (mut decoder, mut tasks) = (ListDecoder::default(), Vec::new());
    for piece in reply.chunks(PIECE) {
        decoder.push(piece, &mut tasks).unwrap();
    }
    decoder.finish().unwrap();
    tasks
}
