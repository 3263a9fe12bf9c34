//! The compression function of SHA-1 (RFC 3174, section 6.2), in a loop.

use super::{BLOCK, State, add, words};

pub(super) const START: State = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0, 0, 0, 0];

#[allow(clippy::indexing_slicing)] // Modulo its length.
pub(super) fn compress(state: &mut State, block: &[u8; BLOCK]) {
    // The last sixteen words of the schedule, in a circle.
    let mut schedule = words(block, u32::from_be_bytes);
    let [mut a, mut b, mut c, mut d, mut e, ..] = *state;
    for step in 0..80 {
        let word = schedule[step % 16];
        let next = word ^ schedule[(step + 2) % 16] ^ schedule[(step + 8) % 16] ^ schedule[(step + 13) % 16];
        schedule[step % 16] = next.rotate_left(1);
        let (mixed, constant) = match step / 20 {
            0 => (d ^ (b & (c ^ d)), 0x5a82_7999),
            1 => (b ^ c ^ d, 0x6ed9_eba1),
            2 => ((b & c) | (d & (b | c)), 0x8f1b_bcdc),
            _ => (b ^ c ^ d, 0xca62_c1d6_u32),
        };
        let sum = a.rotate_left(5).wrapping_add(mixed).wrapping_add(e).wrapping_add(word).wrapping_add(constant);
        (e, d, c, b, a) = (d, c, b.rotate_left(30), a, sum);
    }
    add(state, [a, b, c, d, e, 0, 0, 0]);
}
