//! Cases from `cfdot`'s own test suite about tasks, cells and domains: connection flags before the verb, a scripted server,
//! and the expected result.

mod foundation;
mod tasks;

use std::thread;

use taskdeck::bbs::wire::{Error, TaskLifecycleResponse};

use crate::run::{cfdot, run};
use crate::scripted::{Reply, Request, Server};

struct Case {
    words: Vec<String>,
    /// Whether the connection flags are given.
    connected: bool,
    script: Vec<Reply>,
    status: i32,
    /// Texts in standard error, in this order.
    says: Vec<&'static str>,
    /// Text in standard output.
    prints: &'static str,
    asked: Option<Vec<Request>>,
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
        let asked = Request { line: format!("POST {path}"), body: body.encode_to_vec() };
        self.asked.get_or_insert_default().push(asked);
        self
    }

    fn check(&self) {
        // Without a script no request is expected; answer one with an error.
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
            Some(asked) => assert_eq!(server.requests(), *asked, "{line:?}"),
            None if self.script.is_empty() => assert!(server.requests().is_empty(), "{line:?}"),
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

/// A call that times out after a second, and one with a long timeout that the server answers.
fn limited(words: &[&str], in_time: impl Fn(Case) -> Case) -> [Case; 2] {
    let longer: Vec<_> = words.iter().map(|word| if *word == "1" { "60" } else { word }).collect();
    assert_ne!(words, longer);
    [case(words, 4).given(Reply::Silence).says(TIMEOUT), in_time(case(&longer, 0))]
}

fn without_connection(words: &[&str]) -> Case {
    case(words, 3).unconnected().says("Error: BBS URL not set").says("Usage:")
}

/// An extra argument: checks the status, then the usage text.
fn without_arguments(verb: &str, usage: &'static str) -> [Case; 2] {
    let case = || case(&[verb, "extra-arg"], 3);
    [case(), case().says(usage)]
}

/// Runs the cases in parallel: some wait for a timeout.
#[test]
fn every_case_of_cfdots_tests_passes() {
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
