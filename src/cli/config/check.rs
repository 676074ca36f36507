//! `config check`: checks the configuration file and what it names. Connects to nothing.

use crate::bbs::Connection;
use crate::cli::doctor;
use crate::cli::failure::{Failure, Status};
use crate::cli::programs;
use crate::cli::steps::{Found, StepError, Steps, Verdict};
use crate::config::{self, Examination, Flags, Looks, Paths};
use crate::present::format;

/// Checks everything, and prints each result.
pub(super) fn run(
    flags: &Flags,
    environment: &dyn Fn(&str) -> Option<String>,
    paths: &Paths,
) -> Result<Status, Failure> {
    let examined = config::examine(flags, environment, paths);
    let examined = examined.map_err(|mistake| Failure::configuration(&mistake, paths))?;
    let mut steps = Steps::printed();
    if !examined.exists {
        let place = examined.path.map(|path| path.display().to_string()).unwrap_or_default();
        steps.step("file", Ok(((), format!("{place} does not exist, so the defaults apply"))))?;
        steps.print_paragraph("There is nothing to check. `taskdeck config init` writes a configuration.")?;
        return Ok(Status::Done);
    }
    values(&examined, &mut steps)?;
    steps.step("themes", themes(&examined.looks))?;
    own_commands(&examined, environment, &mut steps)?;
    for (name, target) in &examined.targets {
        let name = format!("target {name}");
        let resolved = target.as_ref().map_err(|mistake| StepError::setting(mistake.to_string()));
        let resolved = resolved.map(|(target, connection)| (connection, target.url.clone()));
        if let Some(connection) = steps.step(&name, resolved)? {
            files(connection, &mut steps)?;
        }
    }
    steps.print_paragraph(&conclusion(&steps))?;
    Ok(if steps.count(Verdict::Failed) > 0 { Status::Usage } else { Status::Done })
}

/// Reports the faults of the file.
fn values(examined: &Examination, steps: &mut Steps) -> Result<(), Failure> {
    let path = examined.path.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
    steps.step("file", Ok(((), path)))?;
    let selection = examined.selection.iter().map(ToString::to_string);
    let faults: Vec<_> = examined.faults.iter().cloned().chain(selection).collect();
    if faults.is_empty() {
        steps.step("keys and values", Ok(((), "all are valid".to_owned())))?;
    }
    for fault in faults {
        steps.step::<()>("keys and values", Err::<((), String), _>(StepError::setting(fault)))?;
    }
    Ok(())
}

fn themes(looks: &Looks) -> Result<((), Found), StepError> {
    match looks.themes(None) {
        Ok((_, None)) => Ok(((), "all can be used".to_owned().into())),
        Ok((_, Some(warning))) => {
            Ok(((), Found::doubtful(warning, "correct that file, or remove it from the folder")))
        }
        Err(mistake) => Err(StepError::setting(mistake.to_string())),
    }
}

fn own_commands(
    examined: &Examination,
    environment: &dyn Fn(&str) -> Option<String>,
    steps: &mut Steps,
) -> Result<(), Failure> {
    if let Some(why) = &examined.distrust {
        let found = Found::doubtful("own commands do not run", why.clone());
        steps.step("own commands", Ok(((), found)))?;
    }
    let path = environment("PATH").unwrap_or_default();
    for (command, program) in &examined.programs {
        let found = match programs::find(program, &path) {
            Some(file) => file.display().to_string().into(),
            None => Found::doubtful(
                format!("there is no program `{program}`"),
                "install it, add its folder to PATH, or write its whole path in `run`",
            ),
        };
        steps.step(&format!("command {command}"), Ok(((), found)))?;
    }
    Ok(())
}

fn files(connection: &Connection, steps: &mut Steps) -> Result<(), Failure> {
    if connection.tls.is_some() {
        doctor::check_files(steps, connection)?;
    }
    Ok(())
}

const AGAIN: &str = "Correct what failed, then run `taskdeck config check` again.";

fn conclusion(steps: &Steps) -> String {
    let counted = |verdict, noun| match steps.count(verdict) {
        0 => None,
        number => Some(format::counted(number, noun)),
    };
    match (counted(Verdict::Failed, "error"), counted(Verdict::Doubtful, "warning")) {
        (None, None) => "The configuration is valid. `taskdeck doctor` tests the connection.".to_owned(),
        (None, Some(warnings)) => format!("The configuration is valid, with {warnings}."),
        (Some(errors), None) => format!("The configuration has {errors}. {AGAIN}"),
        (Some(errors), Some(warnings)) => format!("The configuration has {errors} and {warnings}. {AGAIN}"),
    }
}
