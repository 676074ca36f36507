//! The tokio runtime of a command.

/// Runs the future to completion. Fails if the threads cannot be started.
pub(super) fn block_on<T>(work: impl Future<Output = T>) -> Result<T, String> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| format!("could not start threads: {error}"))?;
    let done = runtime.block_on(work);
    // A name lookup that hangs must not keep the shell waiting.
    runtime.shutdown_background();
    Ok(done)
}
