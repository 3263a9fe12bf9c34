//! HMAC (RFC 2104), or the plain hash, of a text: as hexadecimal digits or as it is. The crates `hmac`, `sha2`, `sha1` and
//! `md-5` compute it.
// A build may leave out the clouds that use some of this; what is not used is not linked.
#![allow(dead_code)]

use hmac::digest::{Digest, KeyInit};
use hmac::{Hmac, Mac};
use zeroize::Zeroize;

use crate::bytes::put;
use crate::codec::template::{Value, fill};
use crate::text::write_hex;

/// The longest key, in bytes. HMAC hashes a longer key first, which would take 110 bytes of flash: no cloud has such keys.
pub(super) const KEY_MAX: usize = 64;

/// Space for the text that is signed, of which a login to Alibaba's platform with each field at its longest has 173 bytes,
/// and then for the signature. To be wiped after use.
pub(super) type Signature = [u8; 192];

pub(super) const SIGNATURE: Signature = [0; 192];

/// How a signature is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// In upper-case hexadecimal digits.
    Upper,
    /// In lower-case hexadecimal digits.
    Lower,
    /// As the bytes that it is.
    Bytes,
}

/// How a login is signed (`signmethod` in Alibaba's client id; help.aliyun.com document 73742).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u32)]
pub enum SignMethod {
    /// `hmacmd5`: only for products that support no other method.
    #[cfg(feature = "md5")]
    HmacMd5,
    /// `hmacsha1`.
    #[cfg(feature = "sha1")]
    HmacSha1,
    /// `hmacsha256`, the default.
    #[default]
    HmacSha256,
}

impl SignMethod {
    /// The name that goes over the wire.
    pub const fn name(self) -> &'static str {
        match self {
            #[cfg(feature = "md5")]
            Self::HmacMd5 => "hmacmd5",
            #[cfg(feature = "sha1")]
            Self::HmacSha1 => "hmacsha1",
            Self::HmacSha256 => "hmacsha256",
        }
    }

    /// The method of that name in any case; `None` if unknown or left out of this build.
    pub fn from_name(name: &[u8]) -> Option<Self> {
        let known = [
            #[cfg(feature = "md5")]
            Self::HmacMd5,
            #[cfg(feature = "sha1")]
            Self::HmacSha1,
            Self::HmacSha256,
        ];
        known.into_iter().find(|method| name.eq_ignore_ascii_case(method.name().as_bytes()))
    }

    /// The name of its hash function: `md5`, `sha1` or `sha256`.
    pub(super) fn hash_name(self) -> &'static str {
        self.name().strip_prefix("hmac").unwrap_or_default()
    }

    /// The method with the hash function of that name in any case; `None` if unknown or left out of this build.
    pub(super) fn from_hash_name(name: &[u8]) -> Option<Self> {
        let known = [
            #[cfg(feature = "md5")]
            Self::HmacMd5,
            #[cfg(feature = "sha1")]
            Self::HmacSha1,
            Self::HmacSha256,
        ];
        known.into_iter().find(|method| name.eq_ignore_ascii_case(method.hash_name().as_bytes()))
    }

    /// Writes the HMAC of `text` under `key`, of [`KEY_MAX`] bytes at most, into `room`. Nothing for a longer key.
    pub(super) fn sign<'r>(self, key: &[u8], text: &[Value], form: Form, room: &'r mut Signature) -> &'r [u8] {
        let length = fill(room, text);
        let length = match self {
            #[cfg(feature = "md5")]
            Self::HmacMd5 => hmac::<Hmac<md5::Md5>>(key, room, length, form),
            #[cfg(feature = "sha1")]
            Self::HmacSha1 => hmac::<Hmac<sha1::Sha1>>(key, room, length, form),
            Self::HmacSha256 => hmac::<Hmac<sha2::Sha256>>(key, room, length, form),
        };
        clear_stack();
        room.get(..length).unwrap_or_default()
    }

    /// Writes the plain hash of `text`, without a key, into `room`.
    pub(super) fn hash<'r>(self, text: &[Value], form: Form, room: &'r mut Signature) -> &'r [u8] {
        let length = fill(room, text);
        let length = match self {
            #[cfg(feature = "md5")]
            Self::HmacMd5 => hash::<md5::Md5>(room, length, form),
            #[cfg(feature = "sha1")]
            Self::HmacSha1 => hash::<sha1::Sha1>(room, length, form),
            Self::HmacSha256 => hash::<sha2::Sha256>(room, length, form),
        };
        clear_stack();
        room.get(..length).unwrap_or_default()
    }
}

/// Replaces the text of `length` bytes by its signature. Returns the signature's length, 0 for a key that is too long. The
/// function has a stack frame of its own, which [`clear_stack`] overwrites.
#[inline(never)]
fn hmac<M: Mac + KeyInit>(key: &[u8], room: &mut Signature, length: usize, form: Form) -> usize {
    if key.len() > KEY_MAX {
        return 0;
    }
    let Ok(mut mac) = <M as KeyInit>::new_from_slice(key) else { return 0 };
    // Byte by byte: the crate's code for whole blocks takes 60 bytes of flash more.
    room.iter().take(length).for_each(|byte| mac.update(core::slice::from_ref(byte)));
    write(&mac.finalize().into_bytes(), room, form)
}

/// The same without a key.
#[inline(never)]
fn hash<D: Digest>(room: &mut Signature, length: usize, form: Form) -> usize {
    let mut hash = D::new();
    room.iter().take(length).for_each(|byte| hash.update(core::slice::from_ref(byte)));
    write(&hash.finalize(), room, form)
}

/// Writes `digest` in this form. Returns the number of bytes written.
#[inline(always)]
fn write(digest: &[u8], room: &mut Signature, form: Form) -> usize {
    let (length, ten) = match form {
        Form::Bytes => {
            put(room, digest);
            return digest.len();
        }
        Form::Upper => (2 * digest.len(), b'A'),
        Form::Lower => (2 * digest.len(), b'a'),
    };
    write_hex(room.get_mut(..length).unwrap_or_default(), digest, ten);
    length
}

/// More bytes of stack than [`hmac`], [`hash`] and all that they call use.
const STACK: usize = 1024;

/// Overwrites the stack that [`hmac`] or [`hash`] has used. The hash crates of this generation do not wipe what they keep of a key, and
/// move it about. `tests/c/test_c_secrets.py` searches the memory of a process for it.
#[inline(never)]
pub(super) fn clear_stack() {
    [0_u8; STACK].zeroize();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::template::template;

    #[track_caller]
    fn check(method: SignMethod, key: &[u8], text: &[u8], digits: &str) {
        let mut room = SIGNATURE;
        let text = [template!("%"), Value::Text(text)];
        let (upper, lower) = (digits.to_uppercase(), digits.to_lowercase());
        assert_eq!(method.sign(key, &text, Form::Upper, &mut room), upper.as_bytes());
        assert_eq!(method.sign(key, &text, Form::Lower, &mut room), lower.as_bytes());
        let bytes = method.sign(key, &text, Form::Bytes, &mut room);
        assert_eq!(bytes.iter().map(|byte| std::format!("{byte:02x}")).collect::<std::string::String>(), lower);
    }

    #[track_caller]
    fn check_hash(method: SignMethod, text: &[u8], digits: &str) {
        let mut room = SIGNATURE;
        let text = [template!("%"), Value::Text(text)];
        assert_eq!(method.hash(&text, Form::Lower, &mut room), digits.as_bytes());
        assert_eq!(method.hash(&text, Form::Upper, &mut room), digits.to_uppercase().as_bytes());
        assert_eq!(method.hash(&text, Form::Bytes, &mut room).len(), digits.len() / 2);
    }

    /// FIPS 180-2, B.1; FIPS 180-1, A.1; RFC 1321, A.5.
    #[test]
    fn plain_hashes_give_the_published_vectors() {
        let digits = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        check_hash(SignMethod::HmacSha256, b"abc", digits);
        #[cfg(feature = "sha1")]
        check_hash(SignMethod::HmacSha1, b"abc", "a9993e364706816aba3e25717850c26c9cd0d89d");
        #[cfg(feature = "md5")]
        check_hash(SignMethod::HmacMd5, b"abc", "900150983cd24fb0d6963f7d28e17f72");
    }

    #[test]
    fn a_method_is_known_by_its_hash_function() {
        let sha256 = Some(SignMethod::HmacSha256);
        assert_eq!(SignMethod::from_hash_name(b"SHA256"), sha256);
        assert_eq!(SignMethod::from_hash_name(b"sha256"), sha256);
        for name in [&b"hmacsha256"[..], b"", b"sha512"] {
            assert_eq!(SignMethod::from_hash_name(name), None);
        }
        for (name, is_built) in [(&b"md5"[..], cfg!(feature = "md5")), (b"sha1", cfg!(feature = "sha1"))] {
            assert_eq!(SignMethod::from_hash_name(name).is_some(), is_built);
        }
    }

    /// RFC 4231, test cases 1 and 2, and the longest key (by Python's `hmac`).
    #[test]
    fn sha256_gives_the_vectors_of_rfc_4231() {
        let method = SignMethod::HmacSha256;
        let digits = "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7";
        check(method, &[0x0b; 20], b"Hi There", digits);
        let digits = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        check(method, b"Jefe", b"what do ya want for nothing?", digits);
        let digits = "b44577cc73eebce2670f4e63509170cba1a95563f86a1a01ce078c8519f9fe3d";
        check(method, &[0xaa; KEY_MAX], &[&[b'x'; 64][..], &[b'y'; 100]].concat(), digits);
        check(method, &[0xaa; KEY_MAX + 1], b"a longer key signs nothing", "");
    }

    /// RFC 2202, section 3, test cases 1 and 2.
    #[test]
    #[cfg(feature = "sha1")]
    fn sha1_gives_the_vectors_of_rfc_2202() {
        let method = SignMethod::HmacSha1;
        check(method, &[0x0b; 20], b"Hi There", "b617318655057264e28bc0b6fb378c8ef146be00");
        check(method, b"Jefe", b"what do ya want for nothing?", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
    }

    /// RFC 2202, section 2, test cases 1 and 2.
    #[test]
    #[cfg(feature = "md5")]
    fn md5_gives_the_vectors_of_rfc_2202() {
        let method = SignMethod::HmacMd5;
        check(method, &[0x0b; 16], b"Hi There", "9294727a3638bb1c13f48ef8158bfc9d");
        check(method, b"Jefe", b"what do ya want for nothing?", "750c783e6ab0b503eaa86e310a5db738");
    }
}
