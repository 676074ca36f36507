//! The thin end: arguments and environment in, exit status out.

use std::process::ExitCode;

fn main() -> ExitCode {
    taskdeck::cli::main(std::env::args_os(), &|name| std::env::var(name).ok())
}
