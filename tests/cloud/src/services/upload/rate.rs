//! Does a device send more blocks a second than it may?

use std::collections::{HashMap, VecDeque};

use crate::devices::Name;

const SECOND_MS: u64 = 1000;

/// How many blocks a device may send within any second; off until a test asks for it.
#[derive(Default)]
pub struct Rate {
    limit: Option<usize>,
    /// When a device sent the blocks of the last second that were not one too many.
    sent: HashMap<Name, VecDeque<u64>>,
}

impl Rate {
    pub fn new(limit: Option<usize>) -> Rate {
        Rate { limit, sent: HashMap::new() }
    }

    /// Is this block one too many? It counts unless it is: who slows down is served again.
    pub fn exceeded(&mut self, device: &Name, now_ms: u64) -> bool {
        let Some(limit) = self.limit else { return false };
        let sent = self.sent.entry(device.clone()).or_default();
        while sent.front().is_some_and(|at| at + SECOND_MS <= now_ms) {
            sent.pop_front();
        }
        let exceeded = sent.len() >= limit;
        if !exceeded {
            sent.push_back(now_ms);
        }
        exceeded
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_second_has_so_many_blocks_and_no_more() {
        let (one, other) = (Name::new("pk", "one"), Name::new("pk", "other"));
        let mut rate = Rate::new(Some(2));
        for (device, now_ms, exceeded) in [
            (&one, 0, false),
            (&one, 900, false),
            (&one, 999, true),
            (&other, 999, false),
            (&one, 1000, false),
            (&one, 1899, true),
            (&one, 1900, false),
        ] {
            assert_eq!(rate.exceeded(device, now_ms), exceeded, "{device} at {now_ms}");
        }
    }

    #[test]
    fn without_a_limit_nothing_is_too_much() {
        let mut rate = Rate::default();
        assert!((0..1000).all(|_| !rate.exceeded(&Name::new("pk", "dn"), 0)));
        assert!(rate.sent.is_empty());
    }
}
