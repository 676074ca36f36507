//! Buffers the output of a frame and sends it in one write, as a synchronized update: a terminal that supports these
//! shows the frame as a whole.

use std::io::{self, Write};

const BEGIN_SYNCHRONIZED_UPDATE: &[u8] = b"\x1b[?2026h";
const END_SYNCHRONIZED_UPDATE: &[u8] = b"\x1b[?2026l";

/// Buffers writes until it is flushed. Writes nothing if nothing was buffered.
pub(super) struct FrameWriter<W> {
    /// The frame so far, with the beginning of its synchronized update.
    pub(super) buffer: Vec<u8>,
    out: W,
}

impl<W> FrameWriter<W> {
    /// Returns a writer that sends its frames to `out`.
    pub(super) fn new(out: W) -> Self {
        Self { buffer: BEGIN_SYNCHRONIZED_UPDATE.to_vec(), out }
    }
}

impl<W> FrameWriter<W> {
    /// Returns where the frames go.
    pub(super) const fn output(&self) -> &W {
        &self.out
    }

    /// Returns where the frames go, for other output between two frames.
    pub(super) const fn output_mut(&mut self) -> &mut W {
        &mut self.out
    }
}

impl<W: Write> Write for FrameWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.buffer.len() > BEGIN_SYNCHRONIZED_UPDATE.len() {
            self.buffer.extend_from_slice(END_SYNCHRONIZED_UPDATE);
            self.out.write_all(&self.buffer)?;
            self.buffer.truncate(BEGIN_SYNCHRONIZED_UPDATE.len());
        }
        self.out.flush()
    }
}
