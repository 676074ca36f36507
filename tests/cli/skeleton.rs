//! The least there is.

use crate::run::Bbs;

#[test]
fn a_simulated_bbs_is_asked() {
    let bbs = Bbs::start();
    bbs.desire("a-1", "cf-tasks");
    let ran = bbs.run(&["task", "a-1"]);
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""));
    assert!(ran.out.contains(r#""task_guid":"a-1""#), "{}", ran.out);
}
