//! A naive reference implementation: random filters as trees, with their text and their result. Shares no code with
//! the implementation under test.

use proptest::prelude::*;
use proptest::sample::select;

use crate::filter::Subject;
use crate::model::{Cause, CellId, Entity, State, Stuck, TaskKind, Timestamp};

/// Terms that must all hold; `true` negates a term.
#[derive(Debug, Clone)]
pub(super) struct Tree(pub(super) Vec<(bool, Node)>);

#[derive(Debug, Clone)]
pub(super) enum Node {
    Word(Vec<Glob>),
    Field(&'static str, Vec<Glob>),
    Regex(&'static str, &'static str),
    State(Vec<State>, bool),
    Cause(Vec<Cause>),
    Kind(Vec<TaskKind>),
    Stuck(Vec<Stuck>),
    Flag(&'static str, bool),
    Number(&'static str, i64),
    Age(&'static str, &'static str, i64),
}

/// Literals with a wildcard between each pair.
#[derive(Debug, Clone)]
pub(super) struct Glob(Vec<String>);

impl Glob {
    fn write(&self) -> String {
        let special = |c: char| c.is_whitespace() || "\"|*!:~".contains(c);
        let literal = |text: &String| {
            if text.contains(special) || (text.is_empty() && self.0.len() == 1) {
                format!("\"{}\"", text.replace('"', "\\\""))
            } else {
                text.clone()
            }
        };
        self.0.iter().map(literal).collect::<Vec<_>>().join("*")
    }

    fn has_capital(&self) -> bool {
        self.0.iter().any(|text| text.chars().any(char::is_uppercase))
    }

    fn is_in(&self, text: &str) -> bool {
        if let [only] = self.0.as_slice()
            && only.is_empty()
        {
            return text.is_empty();
        }
        let folded = |text: &str| if self.has_capital() { text.to_owned() } else { text.to_lowercase() };
        let text = folded(text);
        let wild: Vec<_> = std::iter::once(String::new())
            .chain(self.0.iter().map(|literal| folded(literal)))
            .chain([String::new()])
            .collect();
        glob(&wild, &text)
    }

    fn is(&self, text: &str) -> bool {
        glob(&self.0, text)
    }
}

/// Tries every assignment.
fn glob(literals: &[String], text: &str) -> bool {
    match literals {
        [] => true,
        [only] => only == text,
        [first, rest @ ..] => text.strip_prefix(first.as_str()).is_some_and(|text| {
            let tails = (0..=text.len()).filter_map(|at| text.get(at..));
            tails.into_iter().any(|tail| glob(rest, tail))
        }),
    }
}

/// The texts of a field: an app, space or organization has a name and a guid.
fn texts(subject: &Subject<'_>, field: &str) -> Vec<String> {
    let owner = &subject.task.owner;
    let known = |entity: &Entity| {
        let texts = [&entity.name, &entity.guid].map(|text| String::from(&**text));
        if entity.is_unknown() {
            vec![String::new()]
        } else {
            texts.into_iter().filter(|text| !text.is_empty()).collect()
        }
    };
    match field {
        "app" => known(owner.app()),
        "space" => known(owner.space()),
        "org" => known(owner.org()),
        _ => vec![text(subject, field)],
    }
}

fn text(subject: &Subject<'_>, field: &str) -> String {
    let task = subject.task;
    match field {
        "guid" => task.guid.to_string(),
        "domain" => task.domain.to_string(),
        "lastcell" if task.state == State::Running && subject.cause.is_none() => String::new(),
        "cell" | "lastcell" => subject.cell.map(CellId::to_string).unwrap_or_default(),
        "rejection" => task.rejection_reason.to_string(),
        "result" => task.result.to_string(),
        "reason" if task.failure_reason.is_empty() => {
            let waits = !STATES.get(1..).unwrap_or_default().contains(&task.state);
            let has_failed = task.failed && task.state != State::Running;
            if waits || has_failed { task.rejection_reason.to_string() } else { String::new() }
        }
        "failure" | "reason" => task.failure_reason.to_string(),
        _ => panic!("{field}"),
    }
}

const NAMES: [&str; 7] = ["guid", "domain", "cell", "lastcell", "app", "space", "org"];
const TEXTS: [&str; 4] = ["reason", "failure", "rejection", "result"];
const STATES: [State; 4] = [State::Pending, State::Running, State::Completed, State::Resolving];

impl Node {
    fn write(&self) -> String {
        let either = |globs: &[Glob]| globs.iter().map(Glob::write).collect::<Vec<_>>().join("|");
        match self {
            Self::Word(globs) => either(globs),
            Self::Field(field, globs) => format!("{field}:{}", either(globs)),
            Self::Regex(field, source) => format!("{field}:~{source}"),
            Self::State(states, gone) => {
                let names = states.iter().map(ToString::to_string);
                let names: Vec<_> = names.chain(gone.then(|| "gone".to_owned())).collect();
                format!("state:{}", names.join("|"))
            }
            Self::Cause(causes) => {
                format!("cause:{}", causes.iter().map(|cause| cause.name()).collect::<Vec<_>>().join("|"))
            }
            Self::Kind(kinds) => {
                format!("kind:{}", kinds.iter().map(ToString::to_string).collect::<Vec<_>>().join("|"))
            }
            Self::Stuck(kinds) if kinds.len() == Stuck::ALL.len() => "stuck:any".to_owned(),
            Self::Stuck(kinds) => {
                format!("stuck:{}", kinds.iter().map(|kind| kind.name()).collect::<Vec<_>>().join("|"))
            }
            Self::Flag(field, value) => format!("{field}:{value}"),
            Self::Number(sign, value) => format!("rejections:{sign}{value}"),
            Self::Age(field, sign, seconds) => format!("{field}:{sign}{}m{}s", seconds / 60, seconds % 60),
        }
    }

    fn holds(&self, subject: &Subject<'_>) -> bool {
        let task = subject.task;
        match self {
            Self::Word(globs) => {
                let mut all: Vec<_> =
                    NAMES.into_iter().chain(TEXTS).flat_map(|of| texts(subject, of)).collect();
                if STATES.contains(&task.state) {
                    all.push(task.state.to_string());
                }
                if task.failed {
                    all.push("failed".to_owned());
                }
                globs.iter().any(|glob| all.iter().any(|text| glob.is_in(text)))
            }
            Self::Field(field, globs) => {
                let is = if NAMES.contains(field) { Glob::is } else { Glob::is_in };
                globs.iter().any(|glob| texts(subject, field).iter().any(|text| is(glob, text)))
            }
            Self::Regex(field, source) => texts(subject, field).iter().any(|text| found(source, text)),
            Self::State(states, gone) => states.contains(&task.state) || (*gone && subject.cause.is_some()),
            Self::Cause(causes) => causes.iter().any(|cause| subject.cause == Some(*cause)),
            Self::Kind(kinds) => kinds.contains(&match task.domain.as_str() {
                "cf-tasks" => TaskKind::Task,
                "cf-app-staging" => TaskKind::Staging,
                _ => TaskKind::Other,
            }),
            Self::Stuck(kinds) => subject.stuck.iter().any(|kind| kinds.contains(&kind)),
            Self::Flag("failed", value) => task.failed == *value,
            Self::Flag(_, value) => subject.cause.is_some() == *value,
            Self::Number(sign, value) => compare(sign, i128::from(task.rejection_count), i128::from(*value)),
            Self::Age(field, sign, seconds) => {
                let since = if *field == "age" { task.created_at } else { task.updated_at };
                let age = i128::from(subject.now.as_nanos()) - i128::from(since.as_nanos());
                since != Timestamp::UNSET && compare(sign, age.max(0), i128::from(*seconds) * 1_000_000_000)
            }
        }
    }
}

fn found(regex: &str, text: &str) -> bool {
    let folded = text.to_lowercase();
    match regex {
        "^a" => folded.starts_with('a'),
        "B$" => text.ends_with('B'),
        "a.b|ä" => {
            let chars: Vec<_> = folded.chars().collect();
            folded.contains('ä') || chars.windows(3).any(|three| three[0] == 'a' && three[2] == 'b')
        }
        _ => panic!("{regex}"),
    }
}

fn compare(sign: &str, value: i128, bound: i128) -> bool {
    match sign {
        "" => value == bound,
        "<" => value < bound,
        "<=" => value <= bound,
        ">" => value > bound,
        ">=" => value >= bound,
        _ => panic!("{sign}"),
    }
}

impl Tree {
    pub(super) fn write(&self) -> String {
        let terms = self.0.iter().map(|(negated, node)| {
            let sign = if *negated { "!" } else { "" };
            format!("{sign}{}", node.write())
        });
        terms.collect::<Vec<_>>().join("  ")
    }

    pub(super) fn admits(&self, subject: &Subject<'_>) -> bool {
        self.0.iter().all(|(negated, node)| node.holds(subject) != *negated)
    }
}

/// Short texts of few letters, so that many match.
pub(super) fn short_text() -> impl Strategy<Value = String> {
    "[abABäÄ *|:\"~!-]{0,4}"
}

fn a_glob() -> impl Strategy<Value = Glob> {
    prop::collection::vec("[abABäÄ *|:\"~!-]{0,2}", 1..4).prop_map(Glob)
}

fn a_word() -> impl Strategy<Value = Glob> {
    a_glob().prop_filter("a word is not empty", |glob| glob.0.len() > 1 || !glob.0[0].is_empty())
}

fn a_node() -> impl Strategy<Value = Node> {
    let globs = || prop::collection::vec(a_glob(), 1..3);
    let fields = || select(NAMES.into_iter().chain(TEXTS).collect::<Vec<_>>());
    let sign = || select(vec!["<", "<=", ">", ">="]);
    prop_oneof![
        3 => prop::collection::vec(a_word(), 1..3).prop_map(Node::Word),
        3 => (fields(), globs()).prop_map(|(field, globs)| Node::Field(field, globs)),
        1 => (fields(), select(vec!["^a", "B$", "a.b|ä"])).prop_map(|(field, source)| Node::Regex(field, source)),
        1 => (prop::collection::vec(select(STATES.to_vec()), 1..3), any::<bool>())
            .prop_map(|(states, gone)| Node::State(states, gone)),
        1 => prop::collection::vec(select(&Cause::ALL[..]), 1..3).prop_map(Node::Cause),
        1 => prop::collection::vec(select(TaskKind::ALL.to_vec()), 1..3).prop_map(Node::Kind),
        1 => prop_oneof![prop::collection::vec(select(&Stuck::ALL[..]), 1..3), Just(Stuck::ALL.to_vec())]
            .prop_map(Node::Stuck),
        1 => (select(vec!["failed", "ended"]), any::<bool>()).prop_map(|(field, value)| Node::Flag(field, value)),
        1 => (select(vec!["", "<", "<=", ">", ">="]), -1_i64..4).prop_map(|(sign, n)| Node::Number(sign, n)),
        1 => (select(vec!["age", "in-state"]), sign(), 0_i64..130)
            .prop_map(|(field, sign, seconds)| Node::Age(field, sign, seconds)),
    ]
}

/// A filter with a few terms.
pub(super) fn a_tree() -> impl Strategy<Value = Tree> {
    prop::collection::vec((any::<bool>(), a_node()), 0..4).prop_map(Tree)
}
