//! Base64 with padding (RFC 4648, section 4), by the crate `base64`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::bytes::put;

/// Decodes `text` into `room`. Returns the number of bytes; `None` if it is no base64, or if there is not enough room.
pub(crate) fn decode(text: &[u8], room: &mut [u8]) -> Option<usize> {
    let mut length = 0;
    for quad in text.chunks(4) {
        length += decode_four(quad, room, length)?;
    }
    Some(length)
}

/// The same in place: what a text stands for is shorter.
#[allow(dead_code)] // Used by a registration that a build may leave out.
pub(crate) fn decode_in_place(text: &mut [u8]) -> Option<usize> {
    let (mut at, mut length) = (0, 0);
    while at < text.len() {
        let quad = *text.get(at..)?.first_chunk::<4>()?;
        length += decode_four(&quad, text, length)?;
        at += quad.len();
    }
    Some(length)
}

/// Decodes the next four characters behind the `length` bytes in `room`. Returns the number of bytes.
///
/// With four at a time the compiler sees that the crate's slices fit, and no panic is linked.
fn decode_four(quad: &[u8], room: &mut [u8], length: usize) -> Option<usize> {
    // Padding ends the text.
    if length % 3 != 0 {
        return None;
    }
    let quad: &[u8; 4] = quad.try_into().ok()?;
    let mut bytes = [0; 3];
    let count = STANDARD.decode_slice(quad, &mut bytes).ok()?;
    room.get_mut(length..)?.get_mut(..count)?.copy_from_slice(bytes.get(..count)?);
    Some(count)
}

/// Encodes `bytes` into `room`. Nothing if there is not enough room.
pub(crate) fn encode<'r>(bytes: &[u8], room: &'r mut [u8]) -> &'r [u8] {
    let mut length = 0;
    for part in bytes.chunks(3) {
        let Some(quad) = room.get_mut(length..).and_then(<[u8]>::first_chunk_mut::<4>) else { return &[] };
        // The same four characters, but for the padding, as with zeros in place of what is missing.
        let mut three = [0; 3];
        put(&mut three, part);
        let _ = STANDARD.encode_slice(three, quad);
        let [.., third, fourth] = quad;
        if part.len() < 3 {
            *fourth = b'=';
        }
        if part.len() < 2 {
            *third = b'=';
        }
        length += 4;
    }
    room.get(..length).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::string::String;

    use super::*;

    /// RFC 4648, section 10.
    #[test]
    fn texts_are_those_of_the_standard() {
        for (text, bytes) in
            [("", &b""[..]), ("Zg==", b"f"), ("Zm8=", b"fo"), ("Zm9v", b"foo"), ("Zm9vYmFy", b"foobar")]
        {
            let mut room = [0; 8];
            assert_eq!(decode(text.as_bytes(), &mut room), Some(bytes.len()));
            assert_eq!(room[..bytes.len()], *bytes);
            assert_eq!(encode(bytes, &mut [0; 8]), text.as_bytes());
            let mut text = text.as_bytes().to_vec();
            assert_eq!(decode_in_place(&mut text), Some(bytes.len()));
            assert_eq!(text[..bytes.len()], *bytes);
        }
    }

    #[test]
    fn what_is_no_base64_is_refused() {
        for text in ["Zg", "Zg=", "Z===", "Zh==", "Zm9v Zg==", "Zm-_", "Zm9vé", "Zm9v\n"] {
            assert_eq!(decode(text.as_bytes(), &mut [0; 64]), None, "{text}");
            assert_eq!(decode_in_place(&mut text.as_bytes().to_vec()), None, "{text}");
        }
    }

    #[test]
    fn too_little_room_gives_nothing() {
        let bytes = [0xff; 33];
        let whole = String::from_utf8(encode(&bytes, &mut [0; 44]).to_vec()).unwrap();
        assert_eq!(whole, "/".repeat(44));
        for size in 0..44 {
            assert_eq!(encode(&bytes, &mut [0; 44][..size]), b"", "{size}");
        }
        for size in 0..33 {
            assert_eq!(decode(whole.as_bytes(), &mut [0; 33][..size]), None, "{size}");
        }
    }
}
