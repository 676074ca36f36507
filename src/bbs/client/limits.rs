//! Bounds on what a server may send: the length of a reply, the number of tasks, and no compression, which would hide any
//! length.

use bytes::{Bytes, BytesMut};
use reqwest::Response;
use reqwest::header::CONTENT_ENCODING;

use super::{Client, header};
use crate::model::{Call, Fault, FaultKind, ReplyLimit, RequestId};

/// The most bytes of a reply that is not a list of tasks. 10,000 cells take some 10 MB, 100,000 domains some 4 MB; a reply of
/// this size with the shortest of names takes a gigabyte once it is decoded.
const MAX_OTHER_REPLY: ReplyLimit = ReplyLimit::mebibytes(32);

/// A task of a list counts as at least so many bytes, because a held task takes more than an empty one on the wire.
const MIN_TASK_BYTES: u64 = 256;

impl Client {
    /// Reads the body of a reply, up to the limit.
    pub(super) async fn whole_body(
        &self,
        call: Call,
        request: RequestId,
        mut response: Response,
    ) -> Result<Bytes, Fault> {
        self.check_length(call, request, response.content_length().unwrap_or_default())?;
        let mut body = BytesMut::new();
        while let Some(part) =
            response.chunk().await.map_err(|error| self.transport_fault(call, request, &error))?
        {
            body.extend_from_slice(&part);
            self.check_length(call, request, u64::try_from(body.len()).unwrap_or(u64::MAX))?;
        }
        Ok(body.freeze())
    }

    /// Checks that a reply may have so many bytes.
    pub(in crate::bbs) fn check_length(
        &self,
        call: Call,
        request: RequestId,
        bytes: u64,
    ) -> Result<(), Fault> {
        let configured = self.shared.connection.reply_limit;
        let limit = if call == Call::ListTasks { configured } else { configured.min(MAX_OTHER_REPLY) };
        if !limit.is_exceeded_by(bytes) {
            return Ok(());
        }
        let remedy = if limit == configured { REMEDY } else { "" };
        let problem = format!("the reply is larger than {limit}{remedy}");
        Err(self.fault(call, Some(request), FaultKind::TooLarge { problem }))
    }

    /// Checks that a list may have so many tasks.
    pub(in crate::bbs) fn check_tasks(&self, request: RequestId, tasks: usize) -> Result<(), Fault> {
        let tasks = u64::try_from(tasks).unwrap_or(u64::MAX);
        let limit = self.shared.connection.reply_limit;
        if !limit.is_exceeded_by(tasks.saturating_mul(MIN_TASK_BYTES)) {
            return Ok(());
        }
        let problem = format!("the list has more than {} tasks{REMEDY}", limit.get() / MIN_TASK_BYTES);
        Err(self.fault(Call::ListTasks, Some(request), FaultKind::TooLarge { problem }))
    }
}

/// How to read more, after what is too large.
const REMEDY: &str = "; raise reply_limit_mb if the server holds that much";

/// Says what is wrong with a reply that is compressed: no request asks for that.
pub(super) fn compression_problem(response: &Response) -> Option<String> {
    let encoding = header(response, CONTENT_ENCODING.as_str());
    let is_plain = encoding.is_empty() || encoding.eq_ignore_ascii_case("identity");
    (!is_plain).then(|| format!("the reply is compressed ({encoding}), which taskdeck did not ask for"))
}
