//! The CONNECT packet: written once for each login, sent on each link.

use heapless::Vec;
use zeroize::Zeroize;

use super::outbox::gathered;

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
pub(crate) struct Connect {
    /// Begins with space for the longest fixed header.
    bytes: Vec<u8, CONNECT_MAX, u16>,
    /// Where the packet starts in it.
    start: usize,
    is_too_long: bool,
}

impl Connect {
    pub(crate) const fn new() -> Self {
        Self { bytes: Vec::new(), start: 0, is_too_long: false }
    }

    /// Starts another packet; `keepalive` is in seconds, 0 for none.
    pub(crate) fn begin(&mut self, keepalive: u16, is_clean: bool) {
        self.forget();
        let [k0, k1] = keepalive.to_be_bytes();
        let flags = if is_clean { CLEAN_SESSION } else { 0 };
        self.put(&[0, 0, 0, 0, 4, b'M', b'Q', b'T', b'T', 4, flags, k0, k1]);
    }

    /// Writes the client identifier, in pieces.
    pub(crate) fn client_id(&mut self, pieces: &[&[u8]]) {
        self.field(0, pieces);
    }

    /// Writes the user name, in pieces.
    pub(crate) fn user_name(&mut self, pieces: &[&[u8]]) {
        self.field(USER_NAME, pieces);
    }

    /// Writes the password, in pieces.
    pub(crate) fn password(&mut self, pieces: &[&[u8]]) {
        self.field(PASSWORD, pieces);
    }

    /// Writes the fixed header: all fields are there.
    pub(crate) fn finish(&mut self) -> Result<(), LoginTooLong> {
        if self.is_too_long {
            self.forget();
            return Err(LoginTooLong);
        }
        let remaining = self.bytes.len() - HEADER_MAX;
        let header = match (remaining & 0x7f, remaining >> 7) {
            (low, 0) => [0, 0x10, low as u8],
            (low, high) => [0x10, low as u8 | 0x80, high as u8],
        };
        self.start = usize::from(remaining < 0x80);
        if let Some(place) = self.bytes.first_chunk_mut() {
            *place = header;
        }
        Ok(())
    }

    fn field(&mut self, flag: u8, pieces: &[&[u8]]) {
        if let Some(flags) = self.bytes.get_mut(FLAGS_AT) {
            *flags |= flag;
        }
        self.put(&(gathered(pieces) as u16).to_be_bytes());
        pieces.iter().for_each(|piece| self.put(piece));
    }

    #[inline(never)]
    fn put(&mut self, bytes: &[u8]) {
        self.is_too_long |= self.bytes.extend_from_slice(bytes).is_err();
    }

    /// What is to be sent when `sent` bytes have gone.
    pub(crate) fn rest(&self, sent: usize) -> &[u8] {
        self.bytes.get(self.start + sent..).unwrap_or_default()
    }

    /// Overwrites the packet.
    pub(super) fn forget(&mut self) {
        // Wiping leaves the length as it is.
        self.bytes.zeroize();
        self.bytes.clear();
        self.is_too_long = false;
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

    #[test]
    fn the_header_is_as_short_as_it_can_be() {
        for (length, header) in [(1, &[0x10, 13][..]), (115, &[0x10, 127]), (116, &[0x10, 0x80, 1])] {
            let mut connect = Connect::new();
            connect.begin(60, true);
            connect.client_id(&[&[b'x'; 116][..length - 1], b"y"]);
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
        connect.client_id(&[b"a", b"b"]);
        connect.user_name(&[b"u"]);
        connect.password(&[b"p", b"w"]);
        connect.finish().unwrap();
        assert_eq!(connect.rest(0), b"\x10\x15\0\x04MQTT\x04\xc0\x01\x02\0\x02ab\0\x01u\0\x02pw");
    }

    #[test]
    fn a_login_that_is_too_long_leaves_nothing() {
        let longest = [b'x'; CONNECT_MAX - HEADER_MAX - 12];
        let mut connect = Connect::new();
        connect.begin(60, true);
        connect.client_id(&[&longest]);
        assert_eq!(connect.finish(), Ok(()));
        connect.begin(60, true);
        connect.client_id(&[&longest, b"x"]);
        assert_eq!(connect.finish(), Err(LoginTooLong));
        assert_eq!(connect.rest(0), b"");
    }
}
