//! Bounds on what a server may send: the length of a reply, and no compression, which would hide any length.

use bytes::{Bytes, BytesMut};
use reqwest::Response;
use reqwest::header::CONTENT_ENCODING;

use super::{Client, header};
use crate::model::{Call, Fault, FaultKind, ReplyLimit, RequestId};

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
        let limit = self.shared.connection.reply_limit;
        if limit.is_exceeded_by(bytes) {
            return Err(self.fault(call, Some(request), too_long(limit)));
        }
        Ok(())
    }
}

fn too_long(limit: ReplyLimit) -> FaultKind {
    let problem =
        format!("the reply is larger than {limit}; raise reply_limit_mb if the server holds that much");
    FaultKind::TooLarge { problem }
}

/// Says what is wrong with a reply that is compressed: no request asks for that.
pub(super) fn compression_problem(response: &Response) -> Option<String> {
    let encoding = header(response, CONTENT_ENCODING.as_str());
    let is_plain = encoding.is_empty() || encoding.eq_ignore_ascii_case("identity");
    (!is_plain).then(|| format!("the reply is compressed ({encoding}), which taskdeck did not ask for"))
}
