//! What the core needs to know of a vendor cloud.

use super::error::{LoginError, NotSent};
use super::login::Login;
use super::received::Received;
use crate::clouds::Endpoint;
use crate::mqtt::{Connect, Sender};

pub(crate) use crate::clouds::moment::Moment;

/// A vendor cloud, implemented by a type without values. `login` has the texts of the login: all are good, as
/// [`resolve`](Self::resolve) has found.
pub(crate) trait Vendor {
    /// The largest payload that the cloud accepts, in bytes.
    const PAYLOAD_MAX: usize;

    /// Whether the cloud replies to a post. If not, posts whose reply is wanted go at QoS 1, and their PUBACK is the reply.
    const HAS_REPLIES: bool = true;

    /// Whether devices can ask the cloud for the time.
    const HAS_TIME: bool = false;

    /// Whether the signature of this login covers the time, so that the clock must be set.
    fn signs_time(_login: &Login) -> bool {
        true
    }

    /// Whether the signature covers the time if the clock is set, so that a wrong clock can be why a login is refused.
    fn signs_known_time(login: &Login) -> bool {
        Self::signs_time(login)
    }

    /// Whether the signature of this login expires, after [`LIFETIME_S`](crate::clouds::moment::LIFETIME_S). Then the device logs in with another one before.
    fn expires(_login: &Login) -> bool {
        false
    }

    /// Checks all fields and the keepalive, in seconds. Then has `endpoint` be the server to log in to.
    fn resolve(login: &Login, keepalive: u16, endpoint: &mut Endpoint) -> Result<(), LoginError>;

    /// Signs the login, and writes client identifier, user name and password. It is called for each link.
    fn write(login: &Login, moment: Moment, connect: &mut Connect) -> Result<(), LoginError>;

    /// Gives `each` the topic filters, in pieces, that the device has to subscribe to for properties, calls, replies and time.
    fn filters(login: &Login, each: &mut dyn FnMut(&[&[u8]]));

    /// Sends properties or an event.
    fn post(login: &Login, post: &Post, moment: Moment, out: &mut Sender) -> Result<(), NotSent>;

    /// Reads a message. `None` if it is none of the thing model's: the user gets it as it is. Texts may be decoded in place,
    /// but the id of a call must stay as it is.
    fn read<'m>(login: &Login, topic: &'m [u8], payload: &'m mut [u8]) -> Option<Received<'m>>;

    /// Answers the call with this topic and id; `code` is 200 for success, `data` a JSON value.
    fn answer(
        login: &Login,
        call: [&[u8]; 2],
        code: i32,
        data: &[u8],
        moment: Moment,
        out: &mut Sender,
    ) -> Result<(), NotSent>;

    /// Asks for the time; `now_ms` is the device's own clock. Only with [`HAS_TIME`](Self::HAS_TIME).
    fn ask_time(_login: &Login, _now_ms: u32, _moment: Moment, _out: &mut Sender) -> Result<(), NotSent> {
        Err(NotSent::Lacks)
    }
}

/// What a device posts.
pub(crate) struct Post<'a> {
    /// The identifier of the event; `None` for properties.
    pub(crate) event: Option<&'a str>,
    /// A JSON object: the properties, or the output parameters of the event.
    pub(crate) params: &'a [u8],
    /// The id of the request.
    pub(crate) id: u32,
}
