//! New ids in the shape of documented ones.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// Digits of an id before the letters and digits that name its kind, as in `…in04`.
const DIGITS: usize = 32;

/// A text like the one shown, with other hexadecimal digits.
pub(crate) fn hex_like(shown: &str) -> String {
    let mut digits = String::new();
    while digits.len() < shown.len() {
        digits += &format!("{:016x}", next_number());
    }
    let replace = |(c, digit): (char, char)| if c.is_ascii_hexdigit() { digit } else { c };
    shown.chars().zip(digits.chars()).map(replace).collect()
}

/// An id of the same kind: `…in04` and `…no01` keep their ends.
pub(crate) fn id_like(shown: &str) -> String {
    match shown.split_at_checked(DIGITS) {
        Some((digits, kind)) if !shown.contains('-') => format!("{}{kind}", hex_like(digits)),
        _ => hex_like(shown),
    }
}

/// An id of a backup; one that names an engine (`…br04`) names that of the instance.
pub(crate) fn backup_id(shown: &str, instance: &str) -> String {
    match (shown.rsplit_once("br"), engine_digits(instance)) {
        (Some((digits, _)), Some(engine)) => format!("{}br{engine}", hex_like(digits)),
        _ => id_like(shown),
    }
}

/// The two digits at the end of an instance's id that name its engine.
pub(crate) fn engine_digits(instance: &str) -> Option<&str> {
    let (_, digits) = instance.rsplit_once("in")?;
    let is_kind = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_kind.then_some(digits)
}

/// Whether an id has the form of an instance's in the v3 services.
pub(crate) fn is_instance_id(id: &str) -> bool {
    let Some((digits, kind)) = id.split_at_checked(DIGITS) else {
        return false;
    };
    let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hex && kind.len() == "in01".len() && engine_digits(kind).is_some()
}

/// First of the numbers of this process.
static START: OnceLock<u64> = OnceLock::new();

/// Lets the ids of this process follow from a seed, unless there are some already.
pub(crate) fn begin(seed: u64) {
    // With those of two seeds an id might come twice.
    let _ = START.set(seed);
}

/// Numbers that look random and never repeat within a process (SplitMix64).
fn next_number() -> u64 {
    static STEPS: AtomicU64 = AtomicU64::new(0);
    const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
    let start = *START.get_or_init(|| fastrand::u64(..));
    let passed = STEPS.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
    let mut z = start.wrapping_add(passed);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_keep_the_shape_of_the_one_shown() {
        let node = id_like("1185fa59b9b44ff4a0e8b5e5f8c7d6a1no01");
        assert!(node.len() == 36 && node.ends_with("no01"));
        let uuid = id_like("44b277eb-39be-4921-be31-3d61b43651d7");
        assert_eq!(uuid.matches('-').count(), 4);
        let backup = backup_id("e76112bfb2074871bf54cb8df5af7f64br14", "0in03");
        assert!(backup.len() == 36 && backup.ends_with("br03"));
        let backup = backup_id("e76112bfb2074871bf54cb8df5af7f64br14", "my-instance");
        assert!(backup.len() == 36 && backup.ends_with("br14"));
    }
}
