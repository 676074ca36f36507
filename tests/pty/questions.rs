//! What arrives on the terminal without being meant for the question on the screen, or for the dashboard at all.

use portable_pty::CommandBuilder;
use taskdeck::model::Call;
use taskdeck::sim::Sim;

use crate::confirm::three_tasks;
use crate::session::{Session, TASKDECK, command};

const SIZE: (u16, u16) = (120, 30);

fn dashboard(sim: &Sim) -> CommandBuilder {
    let mut command = command(TASKDECK, &[]);
    command.env("BBS_URL", sim.url());
    command
}

/// Answers the question on the screen as often as it takes: an answer too soon is dropped.
fn confirm(session: &mut Session) {
    while session.shows("Cancel task") {
        session.types("y");
        session.settles(|screen| !screen.contents().contains("Cancel task"));
    }
}

#[test]
fn a_burst_does_not_answer_the_question_that_it_opens() {
    let (_runtime, sim) = three_tasks();
    let mut session = Session::start(dashboard(&sim), SIZE);
    session.sees("3/3");
    session.types("Cy");
    session.sees("Too soon: key ignored");
    assert_eq!(sim.received(Call::Cancel), 0);
    confirm(&mut session);
    session.sees("is cancelled");
    assert_eq!(sim.received(Call::Cancel), 1);
    session.types("q");
    session.ends().with_status(0);
}

#[test]
fn quitting_while_a_write_awaits_its_answer_asks_first() {
    let (_runtime, sim) = three_tasks();
    let mut session = Session::start(dashboard(&sim), SIZE);
    session.sees("3/3");
    session.types("C");
    session.sees("Cancel task");
    sim.faults().hang(true);
    confirm(&mut session);
    session.types("\x03");
    session.sees("Quit anyway?");
    session.sees("cancelling t-");
    // The second one always works.
    session.types("\x03");
    let ended = session.ends();
    ended.with_status(0);
    ended.gave_the_terminal_back();
}

/// What terminals answer to questions that this program, or the one before it, asked. Each holds keys.
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
    let mut session = Session::start(dashboard(&sim), SIZE);
    session.sees("3/3");
    session.types(&REPLIES.concat());
    // Had any of it been a key, the view, the filter or what lies over the panes would be another now.
    session.types("/t-2");
    session.until("the filter alone", |screen| {
        let said = screen.contents();
        said.lines().any(|line| line.starts_with("/t-2 ") && line.ends_with("1/3"))
    });
    session.types("\x1b");
    session.sees("3/3 held");
    session.types("q");
    session.ends().with_status(0);
    assert_eq!(sim.received(Call::Cancel) + sim.received(Call::Delete), 0);
}
