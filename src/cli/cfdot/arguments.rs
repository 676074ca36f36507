//! Validates the arguments of a command.

use std::fs;
use std::time::Duration;

use super::command::Verb;
use super::exit::Exit;
use super::flags::FlagValues;
use super::go_values;
use super::parse::Line;
use crate::bbs::json::TaskSpec;
use crate::model::{CellId, Domain, TaskFilter, TaskGuid};

/// A validated command.
#[derive(Debug)]
pub(super) enum Request {
    Tasks(TaskFilter),
    Task(TaskGuid),
    Create(TaskSpec),
    Cancel(TaskGuid),
    Resolve(TaskGuid),
    Delete(TaskGuid),
    TaskEvents,
    Cells,
    Cell(CellId),
    Domains,
    SetDomain(Domain, Duration),
}

/// Validates the arguments. `words` are all words after the program's name.
pub(super) fn request(verb: Verb, line: &Line, words: &[String]) -> Result<Request, Exit> {
    let arguments = line.arguments.as_slice();
    match verb {
        Verb::Tasks => {
            only_one_of(words, "-d", "--domain")?;
            only_one_of(words, "-c", "--cell-id")?;
            no_argument(arguments)?;
            Ok(Request::Tasks(filter(&line.values)))
        }
        Verb::Task => guid(arguments).map(Request::Task),
        Verb::CreateTask => spec(arguments).map(Request::Create),
        Verb::CancelTask => guid(arguments).map(Request::Cancel),
        Verb::ResolveTask => guid(arguments).map(Request::Resolve),
        Verb::DeleteTask => match one_argument(arguments)? {
            "" => Err(Exit::usage("Process guid should be non empty string")),
            guid => Ok(Request::Delete(TaskGuid::from(guid))),
        },
        Verb::TaskEvents => no_argument(arguments).map(|()| Request::TaskEvents),
        Verb::Cells => no_argument(arguments).map(|()| Request::Cells),
        Verb::Cell => Ok(Request::Cell(CellId::from(one_argument(arguments)?))),
        Verb::Domains => no_argument(arguments).map(|()| Request::Domains),
        Verb::SetDomain => match one_argument(arguments)? {
            "" => Err(Exit::usage("No domain given")),
            domain => Ok(Request::SetDomain(Domain::from(domain), ttl(line.values.ttl)?)),
        },
    }
}

/// Checks that only one of two spellings of a flag is used.
fn only_one_of(words: &[String], short: &str, long: &str) -> Result<(), Exit> {
    if [short, long].iter().all(|flag| words.iter().any(|word| word == flag)) {
        return Err(Exit::usage(format!("Only one of {short} and {long} should be passed")));
    }
    Ok(())
}

fn filter(values: &FlagValues) -> TaskFilter {
    let given = |value: &str| Some(value.to_owned()).filter(|value| !value.is_empty());
    TaskFilter {
        domain: given(&values.domain).map(Domain::from),
        cell: given(&values.cell).map(CellId::from),
    }
}

fn no_argument(arguments: &[String]) -> Result<(), Exit> {
    if arguments.is_empty() { Ok(()) } else { Err(too_many()) }
}

fn one_argument(arguments: &[String]) -> Result<&str, Exit> {
    match arguments {
        [] => Err(missing()),
        [one] => Ok(one),
        _ => Err(too_many()),
    }
}

/// Returns the guid. As in `cfdot`, an empty one is missing even if further arguments follow.
fn guid(arguments: &[String]) -> Result<TaskGuid, Exit> {
    match arguments {
        [first, ..] if first.is_empty() => Err(missing()),
        _ => one_argument(arguments).map(TaskGuid::from),
    }
}

fn missing() -> Exit {
    Exit::usage("Missing arguments")
}

fn too_many() -> Exit {
    Exit::usage("Too many arguments specified")
}

fn spec(arguments: &[String]) -> Result<TaskSpec, Exit> {
    let [spec] = arguments else { return Err(Exit::usage("missing spec argument")) };
    let text = match spec.strip_prefix('@') {
        Some(path) => read_file(path)?,
        None => spec.clone(),
    };
    TaskSpec::parse(&text).map_err(|mistake| Exit::usage(format!("Invalid JSON: {mistake}")))
}

/// Reads the file. Replaces invalid UTF-8 by U+FFFD, like Go's JSON decoder.
fn read_file(path: &str) -> Result<String, Exit> {
    let error_of =
        |verb: &str, error: &_| Exit::usage(format!("{verb} {path}: {}", go_values::os_error(error)));
    fs::metadata(path).map_err(|error| error_of("stat", &error))?;
    let bytes = fs::read(path).map_err(|error| error_of("open", &error))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn ttl(nanoseconds: i64) -> Result<Duration, Exit> {
    u64::try_from(nanoseconds).map(Duration::from_nanos).map_err(|_| Exit::usage("ttl is negative"))
}
