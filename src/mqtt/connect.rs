//! The CONNECT packet: written once for each login, sent on each link.

use zeroize::Zeroize;

use crate::bytes::{behind, copy, put};
use crate::codec::template::{Value, fill, template};

/// Longest CONNECT packet, in bytes. The longest that Alibaba's platform accepts from this library is 290.
const CONNECT_MAX: usize = 512;
/// The fixed header at its longest: a packet of up to 512 bytes has a remaining length of one or two bytes.
const HEADER_MAX: usize = 3;
/// Where the connect flags stand (section 3.1.2.3), from the start of the buffer.
const FLAGS_AT: usize = HEADER_MAX + 7;

const CLEAN_SESSION: u8 = 1 << 1;
const PASSWORD: u8 = 1 << 6;
const USER_NAME: u8 = 1 << 7;

/// The server said no (section 3.2.2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Refusal {
    /// 1: the server does not speak MQTT 3.1.1.
    ProtocolVersion = 1,
    /// 2: the client identifier is not allowed.
    ClientIdentifier = 2,
    /// 3: the server is not available; Alibaba also says so of a keepalive out of range.
    Unavailable = 3,
    /// 4: bad user name or password; a wrong secret ends here.
    Credentials = 4,
    /// 5: not authorised.
    NotAuthorized = 5,
}

/// A login that makes a CONNECT of over 512 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LoginTooLong;

/// A CONNECT packet (section 3.1). A cloud writes its fields into it, in this order: client identifier, user name,
/// password. The password is the only secret in a session, and not the one that signed it.
#[repr(C)]
pub(crate) struct Connect {
    /// Where the packet starts and ends in `bytes`; the end is beyond `bytes` if the packet is too long.
    start: usize,
    end: usize,
    /// Begins with space for the longest fixed header.
    bytes: [u8; CONNECT_MAX],
}

impl Connect {
    pub(crate) const fn new() -> Self {
        Self { start: 0, end: 0, bytes: [0; CONNECT_MAX] }
    }

    /// Starts another packet; `keepalive` is in seconds, 0 for none.
    pub(crate) fn begin(&mut self, keepalive: u16, is_clean: bool) {
        self.forget();
        let [k0, k1] = keepalive.to_be_bytes();
        let flags = if is_clean { CLEAN_SESSION } else { 0 };
        let head = [0, 0, 0, 0, 4, b'M', b'Q', b'T', b'T', 4, flags, k0, k1];
        copy(&mut self.bytes, &head);
        self.end = head.len();
    }

    /// Starts the same login again: the fields are to be written.
    pub(crate) fn begin_again(&mut self) {
        let (flags, [k0, k1]) = (self.bytes[FLAGS_AT], [self.bytes[FLAGS_AT + 1], self.bytes[FLAGS_AT + 2]]);
        self.begin(u16::from_be_bytes([k0, k1]), flags & CLEAN_SESSION != 0);
    }

    /// Writes the client identifier.
    pub(crate) fn client_id(&mut self, text: &[Value]) {
        self.field(0, text);
    }

    /// Writes the user name.
    pub(crate) fn user_name(&mut self, text: &[Value]) {
        self.field(USER_NAME, text);
    }

    /// Writes the password.
    pub(crate) fn password(&mut self, password: &[u8]) {
        self.password_text(&[template!("%"), Value::Text(password)]);
    }

    /// Writes a password of several parts.
    pub(crate) fn password_text(&mut self, text: &[Value]) {
        self.field(PASSWORD, text);
    }

    /// Writes the fixed header: all fields are there.
    pub(crate) fn finish(&mut self) -> Result<(), LoginTooLong> {
        if self.end > CONNECT_MAX {
            self.forget();
            return Err(LoginTooLong);
        }
        let remaining = self.end - HEADER_MAX;
        self.start = usize::from(remaining < 0x80);
        let header = if remaining < 0x80 {
            [0x10, 0x10, remaining as u8]
        } else {
            [0x10, remaining as u8 | 0x80, (remaining >> 7) as u8]
        };
        [self.bytes[0], self.bytes[1], self.bytes[2]] = header;
        Ok(())
    }

    #[cfg_attr(target_os = "none", inline(never))]
    fn field(&mut self, flag: u8, text: &[Value]) {
        self.bytes[FLAGS_AT] |= flag;
        let length = fill(&mut [], text);
        let room = behind(&mut self.bytes, self.end);
        fill(put(room, &(length as u16).to_be_bytes()), text);
        self.end += 2 + length;
    }

    /// What is to be sent when `sent` bytes have gone.
    pub(crate) fn rest(&self, sent: usize) -> &[u8] {
        self.bytes.get(self.start + sent..self.end).unwrap_or_default()
    }

    /// Overwrites the packet.
    pub(super) fn forget(&mut self) {
        self.bytes.zeroize();
        (self.start, self.end) = (0, 0);
    }
}

impl Drop for Connect {
    fn drop(&mut self) {
        self.forget();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::template::Value::Text;

    #[test]
    fn the_header_is_as_short_as_it_can_be() {
        for (length, header) in [(1, &[0x10, 13][..]), (115, &[0x10, 127]), (116, &[0x10, 0x80, 1])] {
            let mut connect = Connect::new();
            connect.begin(60, true);
            connect.client_id(&[template!("%y"), Text(&[b'x'; 116][..length - 1])]);
            connect.finish().unwrap();
            let packet = connect.rest(0);
            assert!(packet.starts_with(header), "{length}: {packet:02x?}");
            assert_eq!(packet[header.len()..][..10], *b"\0\x04MQTT\x04\x02\0\x3c");
            assert_eq!(packet.len(), header.len() + 12 + length);
            assert_eq!(connect.rest(3), &packet[3..]);
        }
    }

    #[test]
    fn fields_set_their_flags() {
        let mut connect = Connect::new();
        connect.begin(0x102, false);
        connect.client_id(&[template!("a%"), Text(b"b")]);
        connect.user_name(&[template!("%"), Text(b"u")]);
        connect.password(b"pw");
        connect.finish().unwrap();
        assert_eq!(connect.rest(0), b"\x10\x15\0\x04MQTT\x04\xc0\x01\x02\0\x02ab\0\x01u\0\x02pw");
    }

    #[test]
    fn another_login_keeps_how_the_session_is_kept() {
        for is_clean in [false, true] {
            let mut again = Connect::new();
            again.begin(0x102, is_clean);
            again.client_id(&[template!("%"), Text(b"a longer identifier")]);
            again.user_name(&[template!("%"), Text(b"u")]);
            again.finish().unwrap();
            again.begin_again();
            let mut fresh = Connect::new();
            fresh.begin(0x102, is_clean);
            for connect in [&mut again, &mut fresh] {
                connect.client_id(&[template!("%"), Text(b"id")]);
                connect.finish().unwrap();
            }
            assert_eq!(again.rest(0), fresh.rest(0));
        }
    }

    #[test]
    fn a_login_that_is_too_long_leaves_nothing() {
        let longest = [b'x'; CONNECT_MAX - HEADER_MAX - 12];
        let mut connect = Connect::new();
        connect.begin(60, true);
        connect.client_id(&[template!("%"), Text(&longest)]);
        assert_eq!(connect.finish(), Ok(()));
        connect.begin(60, true);
        connect.client_id(&[template!("%x"), Text(&longest)]);
        assert_eq!(connect.finish(), Err(LoginTooLong));
        assert_eq!(connect.rest(0), b"");
    }
}
