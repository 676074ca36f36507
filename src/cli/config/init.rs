//! `config init`: writes a configuration file and tests the connection.

use std::io::{self, Write as _};
use std::path::Path;

use super::questions;
use crate::cli::doctor;
use crate::cli::failure::{Failure, Status};
use crate::cli::prompt::Prompt;
use crate::config::{self, ConfigError, Flags, NewTarget, Paths};
use crate::present::sanitise;

/// Writes the file, and then tests the connection if `tests` says so.
pub(super) async fn run(
    flags: &Flags,
    tests: bool,
    environment: &dyn Fn(&str) -> Option<String>,
    paths: &Paths,
) -> Result<Status, Failure> {
    let mistaken = |mistake: ConfigError| Failure::configuration(&mistake, paths);
    let path = flags.config.clone().or_else(|| paths.config_file.clone());
    let path = path.ok_or_else(|| {
        Failure::usage(
            "no place for a configuration file is known, because HOME is not set; pass --config FILE",
        )
    })?;
    // Before the questions: nobody should answer them in vain.
    if path.symlink_metadata().is_ok() {
        return Err(Failure::usage(config::exists(&path)));
    }
    let known = NewTarget::known(flags, environment, paths).map_err(mistaken)?;
    let target = match Prompt::terminal() {
        Some(mut prompt) => {
            prompt.say(&format!("This writes {}. Enter takes what stands in brackets.", path.display()))?;
            let home = environment("HOME");
            questions::complete(known, flags, home.as_deref(), &mut prompt)?
                .ok_or_else(|| Failure::usage("not all questions were answered, so nothing was written; flags such as --bbs-url answer them too"))?
        }
        None => known,
    };
    config::create(&path, &target.text().map_err(mistaken)?).map_err(mistaken)?;
    println(&format!("Wrote {}", path.display()))?;
    if target.url.is_none() {
        println(&format!(
            "No BBS is known yet: set `target` and the `url` of [targets.{}] in the file, then run `taskdeck doctor`",
            target.name
        ))?;
        return Ok(Status::Done);
    }
    if !tests {
        println("The connection was not tested; run `taskdeck doctor`")?;
        return Ok(Status::Done);
    }
    test(&path, &target, flags, paths).await
}

/// Tests the connection with the file alone, as it is used from now on.
async fn test(path: &Path, target: &NewTarget, flags: &Flags, paths: &Paths) -> Result<Status, Failure> {
    println("")?;
    let written = Flags { config: Some(path.to_path_buf()), ..Flags::default() };
    let config = config::load(&written, &|_| None, paths);
    let status = doctor::diagnose(config.map_err(|mistake| Failure::configuration(&mistake, paths))).await?;
    let config = match &flags.config {
        Some(path) => format!(" --config {}", path.display()),
        None => String::new(),
    };
    println(&if status == Status::Done {
        format!("To watch {}: taskdeck{config}", target.name)
    } else {
        format!("Correct {}, then run `taskdeck doctor{config}` again", path.display())
    })?;
    Ok(status)
}

fn println(line: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{}", sanitise::clean(line))?;
    out.flush()
}
