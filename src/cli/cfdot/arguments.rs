//! What a command is asked to do: its arguments, checked.

use std::ffi::OsString;
use std::fs;
use std::time::Duration;

use super::command::{Command, Tasks};
use super::ending::Ending;
use super::go;
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

/// What the command asks for. `words` is the whole line, `ttl` the value of that flag in nanoseconds.
pub(super) fn request(command: &Command, words: &[OsString], ttl: i64) -> Result<Request, Ending> {
    let arguments = command.arguments();
    match command {
        Command::Tasks(tasks) => {
            either(words, "-d", "--domain")?;
            either(words, "-c", "--cell-id")?;
            none(arguments)?;
            Ok(Request::Tasks(filter(tasks)))
        }
        Command::Task(_) => guid(arguments).map(Request::Task),
        Command::CreateTask(_) => spec(arguments).map(Request::Create),
        Command::CancelTask(_) => guid(arguments).map(Request::Cancel),
        Command::ResolveTask(_) => guid(arguments).map(Request::Resolve),
        Command::DeleteTask(_) => match one(arguments)? {
            "" => Err(Ending::usage("Process guid should be non empty string")),
            guid => Ok(Request::Delete(TaskGuid::from(guid))),
        },
        Command::TaskEvents(_) => none(arguments).map(|()| Request::TaskEvents),
        Command::Cells(_) => none(arguments).map(|()| Request::Cells),
        Command::Cell(_) => Ok(Request::Cell(CellId::from(one(arguments)?))),
        Command::Domains(_) => none(arguments).map(|()| Request::Domains),
        Command::SetDomain(_) => match one(arguments)? {
            "" => Err(Ending::usage("No domain given")),
            domain => Ok(Request::SetDomain(Domain::from(domain), span(ttl)?)),
        },
    }
}

/// Of two spellings of one flag only one may be used.
fn either(words: &[OsString], short: &str, long: &str) -> Result<(), Ending> {
    if [short, long].iter().all(|flag| words.iter().any(|word| word == flag)) {
        return Err(Ending::usage(format!("Only one of {short} and {long} should be passed")));
    }
    Ok(())
}

fn filter(tasks: &Tasks) -> TaskFilter {
    let given = |flag: &Option<String>| flag.clone().filter(|value| !value.is_empty());
    TaskFilter {
        domain: given(&tasks.domain).map(|domain| Domain::from(&*domain)),
        cell: given(&tasks.cell_id).map(|cell| CellId::from(&*cell)),
    }
}

fn none(arguments: &[String]) -> Result<(), Ending> {
    if arguments.is_empty() { Ok(()) } else { Err(too_many()) }
}

fn one(arguments: &[String]) -> Result<&str, Ending> {
    match arguments {
        [] => Err(missing()),
        [one] => Ok(one),
        _ => Err(too_many()),
    }
}

/// An empty guid counts as none, before further arguments are counted.
fn guid(arguments: &[String]) -> Result<TaskGuid, Ending> {
    match arguments {
        [first, ..] if first.is_empty() => Err(missing()),
        _ => one(arguments).map(TaskGuid::from),
    }
}

fn missing() -> Ending {
    Ending::usage("Missing arguments")
}

fn too_many() -> Ending {
    Ending::usage("Too many arguments specified")
}

fn spec(arguments: &[String]) -> Result<TaskSpec, Ending> {
    let [spec] = arguments else { return Err(Ending::usage("missing spec argument")) };
    let text = match spec.strip_prefix('@') {
        Some(path) => file(path)?,
        None => spec.clone(),
    };
    TaskSpec::parse(&text).map_err(|mistake| Ending::usage(format!("Invalid JSON: {mistake}")))
}

/// The file's text; what is not UTF-8 in it reads as U+FFFD.
fn file(path: &str) -> Result<String, Ending> {
    let says = |verb: &str, error: &_| Ending::usage(format!("{verb} {path}: {}", go::words(error)));
    fs::metadata(path).map_err(|error| says("stat", &error))?;
    let bytes = fs::read(path).map_err(|error| says("open", &error))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn span(ttl: i64) -> Result<Duration, Ending> {
    u64::try_from(ttl).map(Duration::from_nanos).map_err(|_| Ending::usage("ttl is negative"))
}
