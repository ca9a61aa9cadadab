//! Where an example in JSON ends.

/// Counts brackets from line to line; those in strings do not count.
#[derive(Default)]
pub(super) struct Brackets(usize);

impl Brackets {
    /// Takes the next line, and tells whether all brackets are closed behind it.
    pub(super) fn close_with(&mut self, line: &str) -> bool {
        let (mut is_text, mut is_escaped) = (false, false);
        for c in line.chars() {
            match c {
                _ if is_escaped => is_escaped = false,
                '\\' if is_text => is_escaped = true,
                '"' => is_text = !is_text,
                '{' | '[' if !is_text => self.0 += 1,
                '}' | ']' if !is_text => self.0 = self.0.saturating_sub(1),
                _ => {}
            }
        }
        self.0 == 0
    }
}
