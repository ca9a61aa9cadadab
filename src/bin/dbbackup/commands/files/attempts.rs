//! How long a download that stops is taken up again.

use std::time::Duration;

/// Attempts in a row that may bring nothing new.
const MOST: u32 = 5;
/// The pause after the first of them, which doubles.
const PAUSE: Duration = Duration::from_millis(500);

/// Attempts since a download was longer than ever before in this run: bytes that come again are no
/// progress.
#[derive(Default)]
pub(crate) struct Attempts {
    longest: u64,
    vain: u32,
}

impl Attempts {
    /// The pause before the next attempt, after one that has ended with so many bytes.
    pub(crate) fn after(&mut self, length: u64) -> Option<Duration> {
        if length > self.longest {
            (self.longest, self.vain) = (length, 0);
        }
        self.vain += 1;
        (self.vain < MOST).then(|| PAUSE * 2_u32.pow(self.vain - 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_come_again_are_no_progress() {
        let lengths = [5000, 0].into_iter().cycle();
        let mut attempts = Attempts::default();
        let pauses: Vec<_> = lengths.map_while(|length| attempts.after(length)).collect();
        let pauses: Vec<_> = pauses.iter().map(Duration::as_millis).collect();
        assert_eq!(pauses, [500, 1000, 2000, 4000]);
    }

    #[test]
    fn a_download_that_grows_is_not_given_up() {
        let mut attempts = Attempts::default();
        for length in 101..1000 {
            assert_eq!(attempts.after(length), Some(PAUSE));
        }
        assert_eq!(attempts.after(999), Some(PAUSE * 2));
    }
}
