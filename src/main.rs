//! Entry point: passes arguments and environment to [`taskdeck::cli`] and returns its exit status.

use std::process::ExitCode;

fn main() -> ExitCode {
    taskdeck::cli::main(std::env::args_os(), &|name| std::env::var(name).ok())
}
