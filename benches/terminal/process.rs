//! Reads the memory and CPU time of a process from `/proc`.

use std::fs;
use std::process::{Child, ExitStatus};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// A process by its id.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Process(pub(crate) u32);

impl Process {
    /// Returns the peak resident memory in bytes.
    pub(crate) fn peak(self) -> Option<u64> {
        self.status("VmHWM:")
    }

    /// Returns the resident memory in bytes.
    pub(crate) fn resident(self) -> Option<u64> {
        self.status("VmRSS:")
    }

    fn status(self, key: &str) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0)).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix(key))?;
        let kib: u64 = line.split_whitespace().next()?.parse().ok()?;
        Some(kib * 1_024)
    }

    /// Returns the CPU time used so far, in hundredths of a second (the kernel's clock tick).
    pub(crate) fn ticks(self) -> Option<u64> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.0)).ok()?;
        // The second field is a name in parentheses, which may contain spaces.
        let (_, rest) = stat.rsplit_once(')')?;
        let mut fields = rest.split_whitespace().skip(11);
        let user: u64 = fields.next()?.parse().ok()?;
        let system: u64 = fields.next()?.parse().ok()?;
        Some(user + system)
    }
}

/// Waits for a child to exit. Returns its status, the time since `begun`, and its peak memory in bytes.
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
