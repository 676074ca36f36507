//! What the system says of a process: memory and processor time.

use std::fs;
use std::process::{Child, ExitStatus};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// A process by its number.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Process(pub(crate) u32);

impl Process {
    /// The most memory that it ever held, in bytes.
    pub(crate) fn peak(self) -> Option<u64> {
        self.status("VmHWM:")
    }

    /// The memory that it holds, in bytes.
    pub(crate) fn resident(self) -> Option<u64> {
        self.status("VmRSS:")
    }

    fn status(self, key: &str) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0)).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix(key))?;
        let kib: u64 = line.split_whitespace().next()?.parse().ok()?;
        Some(kib * 1_024)
    }

    /// Processor time used so far, in hundredths of a second (the kernel's clock tick).
    pub(crate) fn ticks(self) -> Option<u64> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.0)).ok()?;
        // The second field is a name in brackets, which may hold blanks.
        let (_, rest) = stat.rsplit_once(')')?;
        let mut fields = rest.split_whitespace().skip(11);
        let user: u64 = fields.next()?.parse().ok()?;
        let system: u64 = fields.next()?.parse().ok()?;
        Some(user + system)
    }
}

/// Waits for the end of a child; says how long that took since `begun`, and the most memory it held.
pub(crate) fn wait(child: &mut Child, begun: Instant) -> (ExitStatus, Duration, u64) {
    let (process, mut peak) = (Process(child.id()), 0);
    loop {
        peak = process.peak().unwrap_or(0).max(peak);
        if let Some(status) = child.try_wait().unwrap() {
            return (status, begun.elapsed(), peak);
        }
        #[expect(clippy::disallowed_methods, reason = "there is no runtime here")]
        sleep(Duration::from_millis(4));
    }
}
