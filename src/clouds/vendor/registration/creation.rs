//! What the core needs to know of a vendor cloud's registration.

use super::fields::Registration;
use crate::clouds::Endpoint;
use crate::clouds::moment::Moment;
use crate::clouds::registration::Answer;
use crate::clouds::vendor::LoginError;
use crate::http::{Following, RESPONSE_MAX, Request};

/// A registration at a vendor cloud, implemented by a type without values. It is an HTTP request, or two.
pub(super) trait Creation {
    /// The largest response that is accepted, in bytes.
    const RESPONSE_MAX: usize = RESPONSE_MAX;

    /// Whether the signature covers the time, so that the clock must be set.
    const SIGNS_TIME: bool = true;

    /// Whether a second request follows on the first one.
    const HAS_FOLLOWING: bool = false;

    /// Checks all fields, and has `endpoint` be the server to ask.
    fn resolve(registration: &Registration, endpoint: &mut Endpoint) -> Result<(), LoginError>;

    /// Writes the request to `endpoint`, with the note that [`read`](Self::read) gets. The fields are good, as
    /// [`resolve`](Self::resolve) has found.
    fn write(
        registration: &Registration,
        endpoint: &Endpoint,
        moment: Moment,
        request: &mut Request,
    ) -> Option<Following>;

    /// See [`Register::read`](crate::clouds::registration::Register::read).
    fn read(status: u16, note: &[u8], answer: &mut [u8]) -> Option<Answer>;
}
