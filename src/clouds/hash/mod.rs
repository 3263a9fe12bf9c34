//! HMAC (RFC 2104) with MD5 (RFC 1321), SHA-1 (RFC 3174) or SHA-256 (FIPS 180-4).
//!
//! The three are of one family: words of 32 bits, blocks of 64 bytes, the same padding. So all but the compression
//! function is here once, for any of them. That of SHA-256 is the crate `sha2`'s, in its compact form on small processors.
//! The crates of the other two have only an unrolled form, 2 to 3 KiB for the few blocks of one login: their loops stand
//! here, and the crates check them in the tests.

#[cfg(feature = "md5")]
mod md5;
#[cfg(feature = "sha1")]
mod sha1;
#[cfg(test)]
mod tests;

use zeroize::Zeroize;

use crate::bytes::copy;

const BLOCK: usize = 64;

/// The state between two blocks; a function with fewer words leaves the last ones 0.
type State = [u32; 8];

/// The longest digest, in bytes; a shorter one leaves the rest 0.
pub(super) type Digest = [u8; 32];

/// What tells one hash function of the family from another.
pub(super) struct Function {
    start: State,
    /// Bytes of the digest.
    pub(super) length: usize,
    big_endian: bool,
    compress: fn(&mut State, &[u8; BLOCK]),
}

#[cfg(feature = "md5")]
pub(super) const MD5: Function = Function { start: md5::START, length: 16, big_endian: false, compress: md5::compress };

#[cfg(feature = "sha1")]
pub(super) const SHA1: Function =
    Function { start: sha1::START, length: 20, big_endian: true, compress: sha1::compress };

pub(super) const SHA256: Function = Function {
    // FIPS 180-4, section 5.3.3.
    start: [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19],
    length: 32,
    big_endian: true,
    compress: |state, block| sha2_0_10::compress256(state, core::slice::from_ref(block.into())),
};

impl Function {
    /// The HMAC of the concatenated `pieces` under `key`.
    pub(super) fn hmac(&self, key: &[u8], pieces: &[&[u8]]) -> Digest {
        let mut hasher = Hasher { function: self, state: self.start, block: [0; BLOCK], length: 0 };
        let mut pad = [0; BLOCK];
        if key.len() > BLOCK {
            hasher.update(key);
            copy(&mut pad, &hasher.finish());
        } else {
            copy(&mut pad, key);
        }
        // What differs between the inner and the outer pad is turned over in place.
        pad.iter_mut().for_each(|pad| *pad ^= 0x36);
        hasher.update(&pad);
        pieces.iter().for_each(|piece| hasher.update(piece));
        let digest = hasher.finish();
        pad.iter_mut().for_each(|pad| *pad ^= 0x36 ^ 0x5c);
        hasher.update(&pad);
        hasher.update(digest.get(..self.length).unwrap_or_default());
        pad.zeroize();
        hasher.finish()
    }
}

/// A message under way, or the beginning of one. It stays where it was begun once it has something of the key: what moves
/// leaves a copy behind.
struct Hasher<'f> {
    function: &'f Function,
    state: State,
    /// The block that is being filled.
    block: [u8; BLOCK],
    /// Bytes of the message so far.
    length: usize,
}

impl Hasher<'_> {
    #[cfg_attr(target_os = "none", inline(never))]
    fn update(&mut self, bytes: &[u8]) {
        for byte in bytes {
            if let Some(place) = self.block.get_mut(self.length % BLOCK) {
                *place = *byte;
            }
            self.length += 1;
            if self.length % BLOCK == 0 {
                (self.function.compress)(&mut self.state, &self.block);
            }
        }
    }

    /// Pads the message with a bit, zeros and its length in bits, to whole blocks. Another one may begin then.
    #[cfg_attr(target_os = "none", inline(never))]
    fn finish(&mut self) -> Digest {
        let bits = 8 * self.length as u64;
        self.update(&[0x80]);
        while self.length % BLOCK != BLOCK - 8 {
            self.update(&[0]);
        }
        let big_endian = self.function.big_endian;
        self.update(&if big_endian { bits.to_be_bytes() } else { bits.to_le_bytes() });
        let mut digest = Digest::default();
        for ((bytes, word), start) in digest.chunks_exact_mut(4).zip(&mut self.state).zip(&self.function.start) {
            bytes.copy_from_slice(&if big_endian { word.to_be_bytes() } else { word.to_le_bytes() });
            *word = *start;
        }
        self.length = 0;
        digest
    }
}

impl Drop for Hasher<'_> {
    fn drop(&mut self) {
        self.state.zeroize();
        self.block.zeroize();
    }
}

/// The words of a block, in the byte order that `word` reads.
#[cfg(any(feature = "md5", feature = "sha1"))]
fn words(block: &[u8; BLOCK], word: fn([u8; 4]) -> u32) -> [u32; 16] {
    let mut words = [0; 16];
    for (to, from) in words.iter_mut().zip(block.chunks_exact(4)) {
        *to = word(from.try_into().unwrap_or_default());
    }
    words
}

/// Adds what a block has made of the state to the state before it.
#[cfg(any(feature = "md5", feature = "sha1"))]
fn add(state: &mut State, block: State) {
    state.iter_mut().zip(block).for_each(|(word, more)| *word = word.wrapping_add(more));
}
