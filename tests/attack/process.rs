//! CPU time and memory of the server, from `/proc`.

use std::fs;

/// A process of this machine.
#[derive(Clone, Copy)]
pub(crate) struct Process {
    pub(crate) id: u32,
}

impl Process {
    /// Returns the CPU time of its running threads in milliseconds.
    pub(crate) fn cpu_ms(self) -> f64 {
        let threads = fs::read_dir(format!("/proc/{}/task", self.id)).into_iter().flatten().flatten();
        let times = threads.filter_map(|thread| {
            let text = fs::read_to_string(thread.path().join("schedstat")).ok()?;
            text.split(' ').next()?.parse::<f64>().ok()
        });
        times.sum::<f64>() / 1e6
    }

    /// Returns whether the process exists.
    pub(crate) fn is_alive(self) -> bool {
        fs::metadata(format!("/proc/{}/exe", self.id)).is_ok()
    }

    /// Returns the most memory that it has used, in MiB.
    pub(crate) fn peak_memory_mib(self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.id)).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.trim().split(' ').next()?.parse::<u64>().ok());
        kib.unwrap_or(0) / 1_024
    }
}
