//! HMAC over text given in pieces, as upper-case hexadecimal.

use zeroize::Zeroize;

use super::hash::{self, Function};
use crate::text::write_hex;

/// Room for the longest signature: 32 bytes in hexadecimal. To be wiped after use.
pub(super) type Signature = [u8; 64];

/// How a login is signed (`signmethod` in Alibaba's client id; help.aliyun.com document 73742).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SignMethod {
    /// `hmacmd5`: only for products that know nothing better.
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
    pub fn from_name(name: &str) -> Option<Self> {
        let known = [
            #[cfg(feature = "md5")]
            Self::HmacMd5,
            #[cfg(feature = "sha1")]
            Self::HmacSha1,
            Self::HmacSha256,
        ];
        known.into_iter().find(|method| name.eq_ignore_ascii_case(method.name()))
    }

    /// Writes the HMAC of the concatenated `pieces` under `key` into `room`, as upper-case hexadecimal.
    pub(super) fn sign<'r>(self, key: &[u8], pieces: &[&[u8]], room: &'r mut Signature) -> &'r [u8] {
        let function: &Function = match self {
            #[cfg(feature = "md5")]
            Self::HmacMd5 => &hash::MD5,
            #[cfg(feature = "sha1")]
            Self::HmacSha1 => &hash::SHA1,
            Self::HmacSha256 => &hash::SHA256,
        };
        let mut digest = function.hmac(key, pieces);
        write_hex(room, &digest, b'A');
        digest.zeroize();
        room.get(..2 * function.length).unwrap_or_default()
    }
}
