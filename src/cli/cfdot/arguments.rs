//! What a command is asked to do: its arguments, checked.

use std::fs;
use std::time::Duration;

use super::command::Verb;
use super::exit::Exit;
use super::flags::FlagValues;
use super::go_values;
use super::parse::Line;
use crate::bbs::json::TaskSpec;
use crate::model::{CellId, Domain, TaskFilter, TaskGuid};

/// What to do.
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

/// What the command asks for. `words` are all that stand behind the program's name.
pub(super) fn request(verb: Verb, line: &Line, words: &[String]) -> Result<Request, Exit> {
    let arguments = line.arguments.as_slice();
    match verb {
        Verb::Tasks => {
            either(words, "-d", "--domain")?;
            either(words, "-c", "--cell-id")?;
            none(arguments)?;
            Ok(Request::Tasks(filter(&line.values)))
        }
        Verb::Task => guid(arguments).map(Request::Task),
        Verb::CreateTask => spec(arguments).map(Request::Create),
        Verb::CancelTask => guid(arguments).map(Request::Cancel),
        Verb::ResolveTask => guid(arguments).map(Request::Resolve),
        Verb::DeleteTask => match one(arguments)? {
            "" => Err(Exit::usage("Process guid should be non empty string")),
            guid => Ok(Request::Delete(TaskGuid::from(guid))),
        },
        Verb::TaskEvents => none(arguments).map(|()| Request::TaskEvents),
        Verb::Cells => none(arguments).map(|()| Request::Cells),
        Verb::Cell => Ok(Request::Cell(CellId::from(one(arguments)?))),
        Verb::Domains => none(arguments).map(|()| Request::Domains),
        Verb::SetDomain => match one(arguments)? {
            "" => Err(Exit::usage("No domain given")),
            domain => Ok(Request::SetDomain(Domain::from(domain), span(line.values.ttl)?)),
        },
    }
}

/// Of two spellings of one flag only one may be used.
fn either(words: &[String], short: &str, long: &str) -> Result<(), Exit> {
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

fn none(arguments: &[String]) -> Result<(), Exit> {
    if arguments.is_empty() { Ok(()) } else { Err(too_many()) }
}

fn one(arguments: &[String]) -> Result<&str, Exit> {
    match arguments {
        [] => Err(missing()),
        [one] => Ok(one),
        _ => Err(too_many()),
    }
}

/// An empty guid counts as none, before further arguments are counted.
fn guid(arguments: &[String]) -> Result<TaskGuid, Exit> {
    match arguments {
        [first, ..] if first.is_empty() => Err(missing()),
        _ => one(arguments).map(TaskGuid::from),
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
        Some(path) => file(path)?,
        None => spec.clone(),
    };
    TaskSpec::parse(&text).map_err(|mistake| Exit::usage(format!("Invalid JSON: {mistake}")))
}

/// The file's text; what is not UTF-8 in it reads as U+FFFD.
fn file(path: &str) -> Result<String, Exit> {
    let says = |verb: &str, error: &_| Exit::usage(format!("{verb} {path}: {}", go_values::os_error(error)));
    fs::metadata(path).map_err(|error| says("stat", &error))?;
    let bytes = fs::read(path).map_err(|error| says("open", &error))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn span(ttl: i64) -> Result<Duration, Exit> {
    u64::try_from(ttl).map(Duration::from_nanos).map_err(|_| Exit::usage("ttl is negative"))
}
