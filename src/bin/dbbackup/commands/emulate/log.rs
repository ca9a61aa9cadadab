//! Lines on standard error that hold nobody up: who does not read them misses some.

use std::io::{self, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::thread;
use std::time::Duration;

/// Lines that wait for their reader.
const MOST: usize = 1000;
/// How long the last lines may take.
const LAST: Duration = Duration::from_secs(1);

/// The thread that writes.
pub(crate) struct Log {
    pub(crate) lines: Lines,
    ended: Receiver<()>,
}

/// Takes lines, whole ones.
#[derive(Clone)]
pub(crate) struct Lines(SyncSender<Option<Vec<u8>>>);

impl Log {
    pub(crate) fn start() -> Self {
        let (lines, waiting) = sync_channel(MOST);
        let (end, ended) = channel();
        thread::spawn(move || write(&waiting, &end));
        Self {
            lines: Lines(lines),
            ended,
        }
    }

    /// Writes what is left, if somebody reads it.
    pub(crate) fn end(self) {
        // With all places taken nobody reads.
        if self.lines.0.try_send(None).is_ok() {
            let _: Result<(), RecvTimeoutError> = self.ended.recv_timeout(LAST);
        }
    }
}

fn write(lines: &Receiver<Option<Vec<u8>>>, end: &Sender<()>) {
    while let Ok(Some(line)) = lines.recv() {
        // A closed standard error leaves the exit code and the answers.
        let _ = io::stderr().write_all(&line);
    }
    let _ = end.send(());
}

impl Write for Lines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        // One that finds no place is dropped.
        let _ = self.0.try_send(Some(line.to_vec()));
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
