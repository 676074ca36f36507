//! Connections that cannot be made, or that lead nowhere.

use std::time::Duration;

use crate::harm::{Door, Harm, Scope};
use crate::namespace::{self, BAD_LOOPBACK, Place};
use crate::rig::Rig;
use crate::scenario::{Play, Scenario, scenarios};
use crate::tell;
use crate::user::User;

scenarios! {
    nothing_listens {
        "Connections break, and new ones are refused",
        sees ["STALE", "Connection refused"],
        keeps "All rows",
        Play::Door(Door::Closed)
    }
    connections_are_reset {
        "Connections break, and new ones are reset at once",
        sees ["STALE", "unreachable", "Connection reset by peer"],
        keeps "All rows",
        Play::Door(Door::Resets)
    }
    connections_lead_nowhere {
        "Connections break, and new ones get no answer",
        sees ["STALE", "no answer within 1.5 s"],
        keeps "All rows",
        Play::Door(Door::Silent)
    }
    cable_is_pulled {
        "Everything that is sent vanishes; all connections stay open, and stay dead when the network is back",
        sees ["NOT RESPONDING", "The server is not responding; showing the last known tasks."],
        keeps "All rows",
        Play::Replies(Scope::All, Harm::Vanishes)
    }
    link_is_slow_and_loses_packets {
        "Replies take 150 ms, and packets are lost and reordered on the way",
        sees ["live", "5 seen"],
        keeps "All rows; a slow link is no fault",
        Play::Story(|scenario| Box::pin(lossy_link(scenario)))
    }
    router_answers {
        "A router answers instead of the BBS",
        sees ["showing the last known tasks. Cause", "a router answered instead of the BBS: endpoint_failure"],
        keeps "All rows",
        Play::Replies(Scope::All, Harm::Replaced(
            b"HTTP/1.1 502 Bad Gateway\r\nX-Cf-Routererror: endpoint_failure\r\nContent-Length: 0\r\n\r\n"
        ))
    }
    another_protocol_answers {
        "Something that is no HTTP server answers",
        sees ["showing the last known tasks. Cause", "unreachable: invalid HTTP version parsed"],
        keeps "All rows",
        Play::Replies(Scope::All, Harm::Replaced(b"SSH-2.0-OpenSSH_9.2\r\n"))
    }
}

/// Every seventh packet is lost; TCP keeps back those behind it until it is sent again.
const LOSSY: Harm = Harm::Delay { by: Duration::from_millis(75), lost_every: Some(7) };

/// On a link of the kernel's network emulation, or else of the proxy.
async fn lossy_link(scenario: &Scenario) {
    let rig = Rig::start().await;
    let test = format!("{}::{}", module_path!().split_once("::").unwrap().1, scenario.name);
    match namespace::enter(&test, &BAD_LOOPBACK) {
        Place::Passed => return,
        Place::Inside(_) => {}
        Place::Unavailable(why) => {
            let instead = "NETEM IS NOT AVAILABLE here; the proxy delays packets and holds some back instead";
            tell(&format!("{}: {instead} ({why})", scenario.name));
            rig.proxy.harm(Scope::All, LOSSY);
        }
    }
    rig.play(async |user: &mut User<'_, '_>| {
        user.sees("live").await;
        rig.change();
        user.sees_all(scenario.sees).await;
        user.has_row("task-01");
        rig.change();
        user.is_well(&rig.sim).await;
    })
    .await;
}
