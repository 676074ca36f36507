//! Input that is not meant for the question on the screen: keys typed ahead, and the terminal's own replies.

use portable_pty::CommandBuilder;
use taskdeck::model::Call;
use taskdeck::sim::Sim;

use crate::confirm::three_tasks;
use crate::pty_session::{PtySession, TASKDECK, command};

const SIZE: (u16, u16) = (120, 30);

fn dashboard(sim: &Sim) -> CommandBuilder {
    let mut command = command(TASKDECK, &[]);
    command.env("BBS_URL", sim.url());
    command
}

/// Answers the question on the screen, again if the answer came too soon.
fn confirm(session: &mut PtySession) {
    while session.shows("Cancel task") {
        session.send_keys("y");
        session.wait_briefly_until(|screen| !screen.contents().contains("Cancel task"));
    }
}

#[test]
fn a_burst_does_not_answer_the_question_that_it_opens() {
    let (_runtime, sim) = three_tasks();
    let mut session = PtySession::start(dashboard(&sim), SIZE);
    session.wait_for_text("3/3");
    session.send_keys("Cy");
    session.wait_for_text("Too soon: key ignored");
    assert_eq!(sim.received(Call::Cancel), 0);
    confirm(&mut session);
    session.wait_for_text("is cancelled");
    assert_eq!(sim.received(Call::Cancel), 1);
    session.send_keys("q");
    session.wait_for_exit().assert_status(0);
}

#[test]
fn quitting_while_a_write_awaits_its_answer_asks_first() {
    let (_runtime, sim) = three_tasks();
    let mut session = PtySession::start(dashboard(&sim), SIZE);
    session.wait_for_text("3/3");
    session.send_keys("C");
    session.wait_for_text("Cancel task");
    sim.faults().hang(true);
    confirm(&mut session);
    session.send_keys("\x03");
    session.wait_for_text("Quit anyway?");
    session.wait_for_text("cancelling t-");
    // The second one always works.
    session.send_keys("\x03");
    let ended = session.wait_for_exit();
    ended.assert_status(0);
    ended.assert_terminal_restored();
}

/// Terminals reply to queries of this program or an earlier one. Each reply contains bytes that are keys.
#[test]
fn replies_of_the_terminal_are_no_keys() {
    const REPLIES: [&str; 10] = [
        "\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\",
        "\x1b]52;c;RGVsZXRlIERlc2lyZQ==\x07",
        "\x1bP>|qCy/XTerm(379)\x1b\\",
        "\x1b_Gi=31;qD:OK\x1b\\",
        "\x1b^?message\x1b\\",
        "\x1bXsome text: /qCDy\x1b\\",
        "\x1b[?62;1;22c",
        "\x1b[>41;379;0c",
        "\x1b[?2026;2$y",
        "\x1b[24;80R",
    ];
    let (_runtime, sim) = three_tasks();
    let mut session = PtySession::start(dashboard(&sim), SIZE);
    session.wait_for_text("3/3");
    session.send_keys(&REPLIES.concat());
    // A reply taken for keys would have changed the view or the filter, or opened an overlay.
    session.send_keys("/t-2");
    session.wait_until("the filter alone", |screen| {
        let said = screen.contents();
        said.lines().any(|line| line.starts_with("/t-2 ") && line.ends_with("1 of 3"))
    });
    session.send_keys("\x1b");
    session.wait_for_text("3/3 held");
    session.send_keys("q");
    session.wait_for_exit().assert_status(0);
    assert_eq!(sim.received(Call::Cancel) + sim.received(Call::Delete), 0);
}
