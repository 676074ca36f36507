//! How many writes the monkey has allowed, by what the questions on the screen said, and how many the network has seen.

use taskdeck::model::Call;

use crate::proxy::Proxy;

/// A question about tasks, as it stands on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Question {
    what: What,
    tasks: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Cancel,
    Resolve,
    Delete,
    Create,
}

impl Question {
    /// Returns how many tasks it is about.
    pub(crate) const fn tasks(self) -> usize {
        self.tasks
    }

    /// Reads the question of a screen: "Cancel task GUID?", "Delete 3 of 5 marked tasks?".
    pub(crate) fn on(screen: &str) -> Option<Self> {
        let verbs = [
            ("Cancel ", What::Cancel),
            ("Resolve ", What::Resolve),
            ("Delete ", What::Delete),
            ("Create ", What::Create),
        ];
        screen.lines().find_map(|line| {
            let (verb, what) =
                verbs.into_iter().find(|(verb, _)| line.contains(verb) && line.contains('?'))?;
            let (_, rest) = line.split_once(verb)?;
            let count = rest.split(' ').next()?.replace(',', "");
            let tasks = if rest.starts_with("task ") || rest.starts_with("this task") {
                1
            } else {
                count.parse().ok()?
            };
            Some(Self { what, tasks })
        })
    }
}

/// The writes that were allowed.
#[derive(Debug, Default)]
pub(crate) struct Writes {
    cancels: usize,
    claims: usize,
    deletes: usize,
    creations: usize,
}

impl Writes {
    /// Counts the calls that a yes allows.
    pub(crate) fn allow(&mut self, question: &Question) {
        let tasks = question.tasks;
        match question.what {
            What::Cancel => self.cancels += tasks,
            What::Resolve => self.claims += tasks,
            What::Delete => (self.claims, self.deletes) = (self.claims + tasks, self.deletes + tasks),
            What::Create => self.creations += tasks,
        }
    }

    /// Checks that no more has passed.
    pub(crate) fn check(&self, proxy: &Proxy) {
        let calls = [
            (Call::Cancel, self.cancels),
            (Call::Resolving, self.claims),
            (Call::Delete, self.deletes),
            (Call::Desire, self.creations),
        ];
        for (call, allowed) in calls {
            let passed = proxy.passed(call);
            assert!(passed <= allowed, "{passed} requests to {call}, {allowed} allowed");
        }
    }
}

#[test]
fn questions_are_read_from_the_screen() {
    let asked = |line| Question::on(line).map(|question| (question.what, question.tasks));
    assert_eq!(asked("│ Cancel task task-03?  │"), Some((What::Cancel, 1)));
    assert_eq!(asked("│ Cancel this task?  │"), Some((What::Cancel, 1)));
    assert_eq!(asked("│ Delete 1,034 of 1,100 marked tasks? │"), Some((What::Delete, 1_034)));
    assert_eq!(asked("│ Create task abc in domain operator? │"), Some((What::Create, 1)));
    assert_eq!(asked("C cancel  D delete  ? help"), None);
}
