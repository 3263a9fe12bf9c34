//! Does the CONNECT packet at the head of this stream bring a will?

/// So many bytes of a stream are kept. The flags of a CONNECT lie within the first 14.
pub const HEAD: usize = 32;

const CONNECT: u8 = 0x10;
const WILL: u8 = 0x04;

/// Fixed header, length of the rest, protocol name, level, flags (MQTT 3.1.1, section 3.1). A head that is no CONNECT, or
/// stops before the flags, has no will.
pub fn brings_will(head: &[u8]) -> bool {
    flags(head).is_some_and(|flags| flags & WILL != 0)
}

fn flags(head: &[u8]) -> Option<u8> {
    let (first, rest) = head.split_first()?;
    if first & 0xf0 != CONNECT {
        return None;
    }
    let length = rest.iter().take(4).position(|byte| byte & 0x80 == 0)? + 1;
    let (name, rest) = rest.get(length..)?.split_first_chunk()?;
    rest.get(usize::from(u16::from_be_bytes(*name)) + 1).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_found_behind_any_length() {
        for length in [&[0x20][..], &[0xa0, 1], &[0xa0, 0x80, 1], &[0xa0, 0x80, 0x80, 1]] {
            for (flags, will) in [(0xc2, false), (0xc6, true), (0x04, true), (0x00, false)] {
                let head = [&[0x10], length, b"\0\x04MQTT\x04", &[flags], b"\0\x3c"].concat();
                assert_eq!(brings_will(&head), will, "{head:x?}");
            }
        }
        assert!(brings_will(b"\x10\x20\0\x06MQIsdp\x03\x06"));
    }

    #[test]
    fn what_is_no_connect_has_none() {
        for head in
            [&b""[..], b"\x10", b"\x10\xff\xff\xff\xff\x04", b"\x10\x20\0\x04MQTT\x04", b"\x30\x20\0\x04MQTT\x04\x06"]
        {
            assert!(!brings_will(head), "{head:x?}");
        }
    }
}
