//! Messages, events, requests and recordings.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{RELEASES, Seeds, bodies, field, fixture, lines};

pub(crate) fn list() -> Seeds {
    let mut replies = bodies("/v1/tasks/list", "reply_hex");
    // Fields of a newer release around the tasks, one of each wire type.
    let newer =
        [&b"\x98\x06\x07"[..], b"\x91\x06\x07\0\0\0\0\0\0\0", b"\x8d\x06\x07\0\0\0", b"\x82\x06\x03new"]
            .concat();
    replies.extend(replies.clone().iter().map(|reply| [&newer, reply.as_slice(), &newer].concat()));
    let split = replies.iter().map(|reply| [&[9], reply.as_slice()].concat()).collect::<Vec<_>>();
    let mut seeds = Seeds::new(replies, "\x0a\x02 \x12\x00 \u{7f} \x08\x01").after(&[0]);
    seeds.inputs.extend(split);
    seeds
}

pub(crate) fn task() -> Seeds {
    let replies = bodies("/v1/tasks/get_by_task_guid", "reply_hex");
    let tasks = replies.iter().filter_map(|reply| field(reply, 2));
    Seeds::new(tasks, "\x0a\x00 \x12\x01a \x1a\x01d app_id space_name \x38\x02 \x50\x01")
}

pub(crate) fn events() -> Seeds {
    let words = "event:␣task_created\n event:task_changed\n event:␣task_removed\r\n event \
        data:␣Cq0GCvo=\n data:␣␣two␣blanks data data: id:␣7 :␣a␣comment unknown:␣field dätä:␣ü \n \
        \r\n \r \n\n \r\n\r\n \u{feff}";
    let streams = RELEASES.map(|release| fixture(&format!("{release}/events.raw")));
    let single = streams.iter().flat_map(|stream| events_of(stream)).collect::<Vec<_>>();
    let payloads = single.iter().filter_map(|event| payload(event)).collect::<Vec<_>>();
    let mut seeds = Seeds::new(single, words).after(&[5]);
    seeds.inputs.extend(payloads);
    seeds.inputs.extend(streams.iter().map(|stream| [&[0], stream.as_slice()].concat()));
    seeds
}

/// Returns the events of a stream, as they were sent.
fn events_of(stream: &[u8]) -> Vec<Vec<u8>> {
    let text = String::from_utf8_lossy(stream);
    text.split_inclusive("\n\n").map(|event| event.as_bytes().to_vec()).collect()
}

/// Returns an event as an input without base64.
fn payload(event: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(event).ok()?;
    let data = text.lines().find_map(|line| line.strip_prefix("data: "))?;
    let name =
        ["task_created", "task_changed", "task_removed"].iter().position(|name| text.contains(name))?;
    Some([vec![0xFF, u8::try_from(name).ok()?], STANDARD.decode(data).ok()?].concat())
}

pub(crate) fn recording() -> Seeds {
    let value = |table: u8, column: u8, row: u8, value: i64| {
        [&[1, table, column, row], &value.to_le_bytes()[..]].concat()
    };
    let columns = (0..5).flat_map(|table| (0..12).map(move |column| (table, column)));
    let values =
        columns.flat_map(|(table, column)| [0, i64::MAX].map(|number| value(table, column, 0, number)));
    let damages = [vec![0], vec![0, 16, 0, 1, 100, 0, 5], vec![0, 255, 255, 0]];
    Seeds::new(damages.into_iter().chain(values), "\0\0\0 \x7f")
}
pub(crate) fn http() -> Seeds {
    let words = "Content-Length:␣ Transfer-Encoding:␣chunked Connection:␣close \r\n \r\n\r\n POST␣ \
        ␣HTTP/1.1 ? 67108865 -1 5";
    let requests = [
        "POST /v1/ping HTTP/1.1\r\nHost: bbs\r\nContent-Length: 0\r\n\r\nPOST /v1/tasks/list.r3 HTTP/1.1\r\nContent-Length: 5\r\n\r\nabcdePOST",
        "GET /v1/events/tasks.r1?x=1 HTTP/1.1\r\nConnection: close\r\nAccept: */*\r\n\r\n",
    ];
    Seeds::new(lines(&requests), words).after(&[7])
}
