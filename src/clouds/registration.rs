//! What the core needs to know of a cloud's dynamic registration.

use super::endpoint::Endpoint;
use crate::codec::json::Place;
use crate::http::Request;
use crate::mqtt::Connect;

/// A registration at a cloud, implemented by its struct. A cloud without registrations has none.
pub(crate) trait Register {
    /// What a registration can have wrong.
    type Error;
    /// How to register; the answer depends on it.
    type Way: Copy;

    /// Whether such a registration is an HTTP request; else it is a session with a login of its own.
    fn is_request(way: Self::Way) -> bool;

    /// The names of product and device.
    fn names(&self) -> [&[u8]; 2];

    /// Checks all fields, and has `endpoint` be the server to ask.
    fn resolve(&self, way: Self::Way, endpoint: &mut Endpoint) -> Result<(), Self::Error>;

    /// Signs the registration and writes the login for it. The fields are good, as [`resolve`](Self::resolve) has found.
    /// `random` makes the signature differ from the last one.
    fn write_login(&self, way: Self::Way, random: u32, connect: &mut Connect) -> Result<(), Self::Error>;

    /// Signs the registration and writes the HTTP request to `endpoint` for it; see [`write_login`](Self::write_login).
    fn write_request(&self, endpoint: &Endpoint, random: u32, request: &mut Request);

    /// The topic on which the answer comes in a session.
    fn topic(way: Self::Way) -> &'static str;

    /// Reads the answer for the device `names`, which is `product/device/`. `None` if it is no answer, is for another
    /// device, or has a secret that is no string or that no device can log in with. Its texts are decoded in place, so an
    /// answer can be read once only.
    fn read(way: Self::Way, names: &[u8], answer: &mut [u8]) -> Option<Answer>;
}

/// The code of an answer that is no refusal.
pub(crate) const REGISTERED: i32 = 200;

/// A cloud's answer. Its texts stand, decoded, in the bytes that it was read from.
#[derive(Clone, Copy)]
pub(crate) struct Answer {
    /// [`REGISTERED`], or the code of a refusal.
    pub(crate) code: i32,
    /// A device secret or a device token, or the words of a refusal.
    pub(crate) text: Place,
    /// The client identifier that goes with a token, or nowhere.
    pub(crate) client_id: Place,
}
