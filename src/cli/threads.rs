//! The threads under a command.

/// Runs the work to its end. The error is that no thread could be started.
pub(super) fn block_on<T>(work: impl Future<Output = T>) -> Result<T, String> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| format!("no thread could be started: {error}"))?;
    let done = runtime.block_on(work);
    // A name lookup that hangs must not keep the shell waiting.
    runtime.shutdown_background();
    Ok(done)
}
