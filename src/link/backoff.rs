//! Exponential back-off with jitter.

/// The first wait, at most.
const FIRST_MS: u32 = 1_000;
/// Where doubling ends: the longest wait after a lost link.
const LONGEST_MS: u32 = 60_000;
/// The wait after a refusal that trying again will hardly mend (a wrong secret, a second device with this identity).
/// It is tried again all the same: the secret may be put right in the console while nobody is near the device.
const REFUSED_MS: u32 = 300_000;

pub(super) struct Backoff {
    bound: u32,
    random: u32,
}

impl Backoff {
    pub(super) fn new(seed: u32) -> Self {
        // Spreads seeds that differ in a few bits (Knuth's multiplicative hash); the generator needs a state other than 0.
        Self { bound: FIRST_MS, random: seed.wrapping_mul(0x9e37_79b9).max(1) }
    }

    pub(super) fn reset(&mut self) {
        self.bound = FIRST_MS;
    }

    /// Milliseconds to wait: the upper half of the bound at random, so that a thousand devices that lost the same
    /// server do not come back at the same moment.
    pub(super) fn next(&mut self, refused: bool) -> u32 {
        let bound = if refused { REFUSED_MS } else { self.bound };
        self.bound = (self.bound * 2).min(LONGEST_MS);
        // A share of the half, without a division.
        bound / 2 + ((u64::from(self.random()) * u64::from(bound / 2)) >> 32) as u32
    }

    /// Marsaglia's xorshift32 ("Xorshift RNGs", 2003). For jitter only, not for secrets.
    fn random(&mut self) -> u32 {
        let mut x = self.random;
        x ^= x << 13;
        x ^= x >> 17;
        x ^= x << 5;
        self.random = x;
        x
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_the_cap_and_differ() {
        let mut backoff = Backoff::new(42);
        let mut bound = FIRST_MS;
        for _ in 0..10 {
            let wait = backoff.next(false);
            assert!((bound / 2..bound).contains(&wait), "{wait} of {bound}");
            bound = (bound * 2).min(LONGEST_MS);
        }
        assert!(backoff.next(true) >= REFUSED_MS / 2);
        assert_ne!(Backoff::new(2).next(false), Backoff::new(4).next(false));
    }
}
