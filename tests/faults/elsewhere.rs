//! The kinds of fault that other suites play. They are not repeated here; `RELIABILITY.md` names them.

/// A test of another suite.
pub(crate) struct Case {
    /// What goes wrong.
    pub(crate) fault: &'static str,
    /// What the user sees, or a script gets.
    pub(crate) sees: &'static str,
    /// What is kept.
    pub(crate) keeps: &'static str,
    /// The file below `tests/`.
    pub(crate) file: &'static str,
    /// The test's function.
    pub(crate) test: &'static str,
}

pub(crate) const CASES: &[Case] = &[
    Case {
        fault: "The server answers 503 while it migrates its database",
        sees: "`STALE`, and the reason",
        keeps: "All rows",
        file: "dashboard/feeding.rs",
        test: "a_server_that_dies_leaves_the_rows_and_is_found_again",
    },
    Case {
        fault: "The server hangs, with its connections open",
        sees: "`NOT RESPONDING`, and a notice",
        keeps: "All rows",
        file: "dashboard/feeding.rs",
        test: "a_server_that_hangs_with_its_stream_open_is_pinged_and_not_called_live",
    },
    Case {
        fault: "The server restarts without its tasks",
        sees: "`STALE`, then `live`",
        keeps: "The rows until a list shows that the tasks are gone",
        file: "dashboard/feeding.rs",
        test: "a_server_that_restarts_is_found_again_with_what_it_has_then",
    },
    Case {
        fault: "Events come in the wrong order within one call, and removals without their task",
        sees: "Nothing",
        keeps: "All rows",
        file: "dashboard/feeding.rs",
        test: "events_in_the_wrong_order_and_without_their_task_leave_no_wrong_row",
    },
    Case {
        fault: "Cells cannot be listed",
        sees: "`Presence unknown since`, and the reason",
        keeps: "All rows; no cell is marked as gone",
        file: "dashboard/feeding.rs",
        test: "cells_that_cannot_be_listed_do_not_disturb_the_tasks_and_are_not_marked_as_gone",
    },
    Case {
        fault: "A write is lost on its way",
        sees: "The outcome, from a look-up",
        keeps: "The task; the write is not sent again",
        file: "dashboard/acting.rs",
        test: "a_write_whose_connection_is_dropped_is_looked_up_and_sent_once",
    },
    Case {
        fault: "A reply breaks at any place: before, in and after its head",
        sees: "The fault with the request's id, and whether the request was sent",
        keeps: "Later calls work",
        file: "client/broken.rs",
        test: "a_broken_reply_is_unreachable_and_counts_as_sent",
    },
    Case {
        fault: "Another program answers: a router, a login page, a redirect, a plain HTTP server",
        sees: "What answered, with status and content type",
        keeps: "Nothing is taken for a reply of the BBS",
        file: "client/faults.rs",
        test: "every_call_detects_a_reply_that_is_not_from_a_bbs",
    },
    Case {
        fault: "A list ends within a task",
        sees: "The fault, and after how many tasks it came",
        keeps: "The complete tasks before it",
        file: "client/faults.rs",
        test: "a_list_that_ends_within_a_task_returns_the_complete_ones_first",
    },
    Case {
        fault: "The event stream breaks at any place",
        sees: "The fault",
        keeps: "The events before it",
        file: "client/events.rs",
        test: "a_break_is_a_fault_after_the_events_before_it_and_a_clean_end_is_not",
    },
    Case {
        fault: "A certificate has expired, on either side",
        sees: "Which one, and what to check",
        keeps: "Nothing is sent",
        file: "client/tls.rs",
        test: "an_expired_client_certificate_is_reported",
    },
    Case {
        fault: "A TLS session breaks after a write was sent",
        sees: "That the outcome is unknown",
        keeps: "The write is not sent again",
        file: "client/tls.rs",
        test: "a_session_that_breaks_after_the_request_has_an_unknown_outcome",
    },
    Case {
        fault: "A client certificate is replaced while a stream is open",
        sees: "Nothing",
        keeps: "The stream; new connections use the new files",
        file: "client/keys.rs",
        test: "an_open_stream_continues_when_the_files_are_replaced",
    },
    Case {
        fault: "A connection is silent and dead",
        sees: "That the stream broke",
        keeps: "The kernel probes it after 15 seconds and ends it",
        file: "client/connections.rs",
        test: "a_silent_connection_is_probed_within_15_seconds",
    },
    Case {
        fault: "A reply to any call is larger than `reply_limit_mb`, by its length or without one",
        sees: "The limit, and the key that raises it",
        keeps: "No more than the limit is read",
        file: "client/limits.rs",
        test: "a_reply_whose_length_exceeds_the_limit_is_given_up_at_once",
    },
    Case {
        fault: "A reply to any call is compressed",
        sees: "The encoding, which no request asks for",
        keeps: "Nothing is unpacked",
        file: "client/limits.rs",
        test: "a_compressed_reply_is_refused",
    },
    Case {
        fault: "New certificate files do not match each other yet",
        sees: "Which file does not match, beside the fault of the old files",
        keeps: "The old files, until the new ones can be used",
        file: "client/keys.rs",
        test: "new_files_that_cannot_be_used_are_named_in_the_fault",
    },
    Case {
        fault: "A list of a command is larger than `reply_limit_mb`",
        sees: "The limit, the key that raises it, and exit status 4",
        keeps: "The target's configuration says how much is read",
        file: "cli/limits.rs",
        test: "a_list_larger_than_the_limit_is_a_sentence_with_the_key_to_raise",
    },
    Case {
        fault: "The server stops",
        sees: "That the server ended the stream",
        keeps: "Events from before the end are delivered",
        file: "conformance/outages.rs",
        test: "a_server_that_stops_ends_its_streams_cleanly",
    },
    Case {
        fault: "A subscriber of the simulated BBS is slow",
        sees: "That the server ended the stream",
        keeps: "It gets a clean end after 1,024 pending events, as with a BBS",
        file: "conformance/stream.rs",
        test: "a_slow_consumer_is_disconnected_with_a_clean_end",
    },
];
