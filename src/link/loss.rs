//! Why there is no link, or why it ended.

use crate::mqtt::{PeerError, Refusal};

/// Why there is no session, or no answer to a request, by blame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Loss {
    /// The port could not open the link, or lost it. The number is the port's own (an errno, say); 0 is the end of the
    /// stream.
    Link(i32),
    /// The server refused the login. An HTTP server that has too much to do, or a fault, counts as unavailable.
    Refused(Refusal),
    /// The server did not keep to MQTT 3.1.1, or fell silent.
    Peer(PeerError),
    /// The attempt took too long: `connect_timeout` of the options for a session, 10 s for a request.
    Timeout,
    /// The session has ended right after its start three times in a row. Most likely a second device uses this identity,
    /// and each login closes the other session.
    Kicked,
    /// The device has ended the session to log in with another signature, before the present one expires.
    Renewal,
    /// The answer to a request is not HTTP, not the platform's, or for another device.
    Answer,
    /// The answer to a request does not fit the buffer, or is over 4 KiB.
    AnswerTooLarge,
}
