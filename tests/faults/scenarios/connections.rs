//! Connections that cannot be made, or that lead nowhere.

use std::time::Duration;

use crate::harm::{Door, Harm, Scope};
use crate::scenario::{Play, scenarios};

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
    link_is_slow {
        "Each packet takes 75 ms in each direction, and every seventh is lost and sent again",
        sees ["live", "5 seen"],
        keeps "All rows",
        Play::Replies(Scope::All, Harm::Delay { by: Duration::from_millis(75), lost_every: Some(7) })
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
