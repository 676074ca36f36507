//! A reply that is larger than the target's `reply_limit_mb`.

use std::fs;

use taskdeck::bbs::wire::TaskDefinition;

use crate::run::{Bbs, definition, run};

const SENTENCE: &str = "the reply is larger than 1 MiB; raise reply_limit_mb if the server holds that much";

#[test]
fn a_list_larger_than_the_limit_is_a_sentence_with_the_key_to_raise() {
    let bbs = Bbs::start();
    let large = TaskDefinition { annotation: vec![b'a'; 9_000].into(), ..definition() };
    for nth in 0..120 {
        bbs.with(|machine, now| machine.desire(format!("task-{nth}"), "d", large.clone(), now)).unwrap();
    }
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("config.toml");
    fs::write(&file, "target = \"a\"\n[targets.a]\nreply_limit_mb = 1\n").unwrap();
    let config = ["--config", file.to_str().unwrap()];
    let tasks = run(bbs.command(&[&["tasks"], config.as_slice()].concat()));
    assert_eq!((tasks.status, tasks.out.as_str()), (Some(4), ""));
    assert!(tasks.err.contains(SENTENCE), "{}", tasks.err);
    let filtered = run(bbs.command(&[&["tasks", "--filter", "task-1"], config.as_slice()].concat()));
    assert!(filtered.err.contains(SENTENCE), "{}", filtered.err);
    let doctor = run(bbs.command(&[&["doctor"], config.as_slice()].concat()));
    assert_eq!(doctor.status, Some(4));
    for text in [SENTENCE, "-> if this is the BBS, raise reply_limit_mb of the target"] {
        assert!(doctor.out.contains(text), "{}", doctor.out);
    }
    fs::write(&file, "target = \"a\"\n[targets.a]\nreply_limit_mb = 2\n").unwrap();
    let tasks = run(bbs.command(&[&["tasks"], config.as_slice()].concat()));
    assert_eq!((tasks.status, tasks.out.lines().count()), (Some(0), 120), "{}", tasks.err);
}
