//! The story of a cell that dies: its tasks are stuck, the sweep fails them, and their rows keep its name.

use std::time::Duration;

use taskdeck::bbs::Access;
use taskdeck::bbs::wire::Task;
use taskdeck::model::State;
use taskdeck::sim::Sim;

use crate::story::{Operator, foundation, held, story};

const REASON: &str = "cell disappeared before completion";
/// More than the time between two requests for the cells.
const PRESENCE: Duration = Duration::from_secs(20);

/// Lets time pass until a cell has disappeared. Returns its name.
fn lose_cell(sim: &Sim) -> String {
    let present = || sim.with(|machine, _| machine.cells()).unwrap().into_iter().map(|cell| cell.cell_id);
    let before: Vec<_> = present().collect();
    loop {
        sim.pass(Duration::from_millis(250));
        let now: Vec<_> = present().collect();
        if let Some(lost) = before.iter().find(|cell| !now.contains(cell)) {
            return String::from_utf8(lost.to_vec()).unwrap();
        }
    }
}

fn count(sim: &Sim, is: impl Fn(&Task) -> bool) -> usize {
    held(sim).values().filter(|task| is(task)).count()
}

#[tokio::test]
async fn a_cell_that_dies_takes_its_tasks_along_and_each_says_so() {
    let sim = foundation("lost-cell").await;
    story(&sim, Access::ReadOnly, async |operator: &mut Operator<'_>| {
        operator.sees("live").await;
        let cell = lose_cell(&sim);
        let stuck = count(&sim, |task| task.state == State::Running.number() && task.cell_id == cell);
        assert!(stuck > 3, "{stuck} run on {cell}");
        operator.waits(PRESENCE);
        operator.sees(&format!("stuck: {stuck} on absent cells")).await;
        operator.press("/stuck:cell");
        operator.enter();
        operator.sees(&format!("{stuck}/{} held /stuck:cell", held(&sim).len())).await;
        operator.enter();
        operator.sees("its cell is not present; the BBS").await;
        operator.press("qx");
        // The next sweep fails them. Their callbacks come with the one after it.
        while count(&sim, |task| task.failure_reason == REASON) == 0 {
            sim.pass(Duration::from_secs(1));
        }
        operator.until("nothing is stuck", |screen| !screen.contains("on absent cells")).await;
        operator.press("/reason:\"cell disappeared before completion\"");
        operator.enter();
        operator.sees(&format!("{stuck}/{} held /reason:", held(&sim).len())).await;
        operator.enter();
        operator.sees(&cell).await;
        operator.press("qx");
        // In the end all are gone: by their callback, or because nobody resolved them.
        while count(&sim, |task| task.failure_reason == REASON) > 0 {
            sim.pass(Duration::from_secs(5));
            operator.sees(&format!("1 Held {} ", held(&sim).len())).await;
        }
        operator.press(&format!("3/cause:cell-gone lastcell:{cell}"));
        operator.enter();
        operator.sees(&format!("{stuck}/")).await;
        operator
            .until("all of them", |screen| {
                screen.contains(&format!(" ended /cause:cell-gone lastcell:{cell}"))
            })
            .await;
        operator.enter();
        operator.sees("its cell disappeared, so the").await;
        operator.press("l");
        operator.sees("[timeline]").await;
        operator.sees("cell disappeared before complet").await;
        operator.press("qx/cause:cell-gone");
        operator.enter();
        operator.sees(&format!("{stuck}/")).await;
        operator.until("no other cell's", |screen| screen.contains(" ended /cause:cell-gone ")).await;
    })
    .await;
}
