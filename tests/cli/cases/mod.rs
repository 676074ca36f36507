//! The situations in which scripts meet `cfdot`, about tasks, cells and domains: connection flags before the verb, a server
//! that says one thing, and what the command makes of it. A case for each of those that `cfdot` is itself tested with.

mod foundation;
mod tasks;

use std::thread;

use taskdeck::bbs::wire::{Error, TaskLifecycleResponse};

use crate::run::{cfdot, run};
use crate::scripted::{Asked, Reply, Server};

struct Case {
    words: Vec<String>,
    /// The connection's flags are there.
    connected: bool,
    script: Vec<Reply>,
    status: i32,
    /// In standard error, in this order.
    says: Vec<&'static str>,
    /// In standard output.
    prints: &'static str,
    asked: Option<Vec<Asked>>,
}

fn case(words: &[&str], status: i32) -> Case {
    Case {
        words: words.iter().map(ToString::to_string).collect(),
        connected: true,
        script: Vec::new(),
        status,
        says: Vec::new(),
        prints: "",
        asked: None,
    }
}

impl Case {
    fn unconnected(self) -> Self {
        Self { connected: false, ..self }
    }

    fn given(mut self, reply: Reply) -> Self {
        self.script.push(reply);
        self
    }

    fn says(mut self, text: &'static str) -> Self {
        self.says.push(text);
        self
    }

    fn prints(self, prints: &'static str) -> Self {
        Self { prints, ..self }
    }

    fn asks(mut self, path: &str, body: &impl prost::Message) -> Self {
        let asked = Asked { line: format!("POST {path}"), body: body.encode_to_vec() };
        self.asked.get_or_insert_default().push(asked);
        self
    }

    fn check(&self) {
        // A reply that must not be needed.
        let script = if self.script.is_empty() { vec![Reply::of(500, "", b"")] } else { self.script.clone() };
        let server = Server::start(script);
        let connection = [
            "--bbsURL",
            &server.url,
            "--caCertFile",
            "/ca",
            "--clientCertFile",
            "/cert",
            "--clientKeyFile",
            "/key",
        ];
        let connection = if self.connected { &connection[..] } else { &[] };
        let words = self.words.iter().map(String::as_str);
        let line: Vec<_> = connection.iter().copied().chain(words).collect();
        let ran = run(cfdot(&line));
        assert_eq!(ran.status, Some(self.status), "{line:?}: {}", ran.err);
        let mut rest = ran.err.as_str();
        for text in &self.says {
            let (_, after) = rest.split_once(text).unwrap_or_else(|| panic!("{line:?}: {text}: {}", ran.err));
            rest = after;
        }
        assert!(ran.out.contains(self.prints), "{line:?}: {}", ran.out);
        match &self.asked {
            Some(asked) => assert_eq!(server.asked(), *asked, "{line:?}"),
            None if self.script.is_empty() => assert!(server.asked().is_empty(), "{line:?}"),
            None => {}
        }
    }
}

const TIMEOUT: &str = "Timeout exceeded";

fn done() -> Reply {
    Reply::message(200, &TaskLifecycleResponse::default())
}

fn refused(status: u16, kind: i32, message: &'static str) -> Reply {
    let error = Some(Error { r#type: kind, message: message.into() });
    Reply::message(status, &TaskLifecycleResponse { error })
}

/// A call with a limit of a second, and with one that no slow machine comes near: the server is silent, or answers.
fn limited(words: &[&str], in_time: impl Fn(Case) -> Case) -> [Case; 2] {
    let longer: Vec<_> = words.iter().map(|word| if *word == "1" { "60" } else { word }).collect();
    assert_ne!(words, longer);
    [case(words, 4).given(Reply::Silence).says(TIMEOUT), in_time(case(&longer, 0))]
}

fn without_connection(words: &[&str]) -> Case {
    case(words, 3).unconnected().says("Error: BBS URL not set").says("Usage:")
}

/// A word too many: as a status, and as a usage text.
fn without_arguments(verb: &str, usage: &'static str) -> [Case; 2] {
    let case = || case(&[verb, "extra-arg"], 3);
    [case(), case().says(usage)]
}

/// They are run side by side: some wait for a silent server.
#[test]
fn every_situation_ends_as_scripts_expect() {
    let all: Vec<_> = [
        tasks::cancel_task(),
        tasks::create_task(),
        tasks::delete_task(),
        foundation::set_domain(),
        tasks::task_events(),
        tasks::one_task(),
        tasks::tasks(),
        foundation::one_cell(),
        foundation::cells(),
        foundation::domains(),
    ]
    .into_iter()
    .flatten()
    .collect();
    assert_eq!(all.len(), 82, "cfdot's own number");
    thread::scope(|scope| {
        for part in all.chunks(all.len().div_ceil(8)) {
            scope.spawn(|| part.iter().for_each(Case::check));
        }
    });
}
