//! AES-128 in CBC mode (FIPS 197, NIST SP 800-38A section 6.2), with the padding left to the caller. The crates `aes` and `cbc`
//! compute it.

use aes::Aes128;
use cbc::cipher::{BlockDecryptMut, KeyIvInit};
use zeroize::Zeroize;

/// Bytes of a block, and of a key.
pub(super) const BLOCK: usize = 16;

/// What Tencent's documents call the offset: sixteen times the character 0.
const START: [u8; BLOCK] = [b'0'; BLOCK];

/// Decrypts `data` in place. `None` if it is no number of whole blocks, or nothing.
pub(super) fn decrypt(key: &[u8; BLOCK], data: &mut [u8]) -> Option<()> {
    if data.is_empty() || data.len() % BLOCK != 0 {
        return None;
    }
    decrypt_blocks(key, data);
    clear_stack();
    Some(())
}

/// More bytes of stack than [`decrypt_blocks`] and all that it calls use: 1.1 KiB on a small processor.
const STACK: usize = 2048;

/// Overwrites the stack that [`decrypt_blocks`] has used: the crate leaves blocks of what it decrypts there.
#[inline(never)]
fn clear_stack() {
    [0_u8; STACK].zeroize();
}

/// It has a stack frame of its own, which [`clear_stack`] overwrites.
#[inline(never)]
fn decrypt_blocks(key: &[u8; BLOCK], data: &mut [u8]) {
    let mut cipher = cbc::Decryptor::<Aes128>::new(key.into(), (&START).into());
    for block in data.chunks_exact_mut(BLOCK).filter_map(|block| <&mut [u8; BLOCK]>::try_from(block).ok()) {
        cipher.decrypt_block_mut(block.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// NIST SP 800-38A, F.2.2, with its first block taken for a start that is ours.
    #[test]
    fn blocks_are_those_of_sp_800_38a() {
        let key = *b"\x2b\x7e\x15\x16\x28\xae\xd2\xa6\xab\xf7\x15\x88\x09\xcf\x4f\x3c";
        let mut data = *b"\x76\x49\xab\xac\x81\x19\xb2\x46\xce\xe9\x8e\x9b\x12\xe9\x19\x7d\
                          \x50\x86\xcb\x9b\x50\x72\x19\xee\x95\xdb\x11\x3a\x91\x76\x78\xb2\
                          \x73\xbe\xd6\xb8\xe3\xc1\x74\x3b\x71\x16\xe6\x9e\x22\x22\x95\x16";
        assert_eq!(decrypt(&key, &mut data), Some(()));
        // The second block and the third do not depend on the start.
        assert_eq!(data[16..32], *b"\xae\x2d\x8a\x57\x1e\x03\xac\x9c\x9e\xb7\x6f\xac\x45\xaf\x8e\x51");
        assert_eq!(data[32..], *b"\x30\xc8\x1c\x46\xa3\x5c\xe4\x11\xe5\xfb\xc1\x19\x1a\x0a\x52\xef");
    }

    #[test]
    fn half_a_block_is_refused() {
        for length in [0, 1, 15, 17, 31] {
            let mut data = std::vec![7; length];
            assert_eq!(decrypt(&[0; BLOCK], &mut data), None);
            assert_eq!(data, std::vec![7; length]);
        }
    }
}
