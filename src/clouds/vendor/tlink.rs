//! TLINK (tlink.io): an account, and devices by their serial numbers. Nothing is signed.

use super::message::{Piece, send};
use super::protocol::{Moment, Post, Vendor};
use super::received::Received;
use super::{Login, LoginError, NotSent};
use crate::bytes::is_printable;
use crate::clouds::Endpoint;
use crate::codec::template::Value::Text;
use crate::codec::template::template;
use crate::mqtt::{Connect, LoginTooLong, Sender};

pub(super) struct Tlink;

impl Vendor for Tlink {
    const PAYLOAD_MAX: usize = 64 * 1024;
    const HAS_REPLIES: bool = false;

    fn signs_time(_: &Login) -> bool {
        false
    }

    fn resolve(login: &Login, _: u16, endpoint: &mut Endpoint) -> Result<(), LoginError> {
        let is_good = |text: Option<&[u8]>| text.is_some_and(|text| is_printable(text, 64));
        if !is_good(login.product_id) {
            return Err(LoginError::ProductId);
        }
        if !is_good(login.device_name) {
            return Err(LoginError::DeviceName);
        }
        if !is_good(login.product_secret) {
            return Err(LoginError::ProductSecret);
        }
        Ok(endpoint.set(&login.server, &[b"mq.tlink.io"], if login.server.without_tls { 1883 } else { 8883 })?)
    }

    fn write(login: &Login, _: Moment, connect: &mut Connect) -> Result<(), LoginError> {
        connect.client_id(&[template!("%"), Text(login.device_name.unwrap_or_default())]);
        connect.user_name(&[template!("%"), Text(login.product_id.unwrap_or_default())]);
        connect.password(login.product_secret.unwrap_or_default());
        connect.finish().map_err(|LoginTooLong| LoginError::TooLong)
    }

    fn filters(login: &Login, each: &mut dyn FnMut(&[&[u8]])) {
        each(&[login.device_name.unwrap_or_default(), b"/+"]);
    }

    fn post(login: &Login, post: &Post, _: Moment, out: &mut Sender) -> Result<(), NotSent> {
        if post.event.is_some() {
            return Err(NotSent::Lacks);
        }
        let message = [
            Piece::Text(br#"{"sensorDatas":["#),
            Piece::Members { object: post.params, around: [br#"{"flag":""#, br#"","value":"#, b"}"] },
            Piece::Text(b"]}"),
        ];
        Ok(send(out, &[login.device_name.unwrap_or_default()], &message, Self::PAYLOAD_MAX)?)
    }

    fn read<'m>(_: &Login, _: &'m [u8], _: &'m mut [u8]) -> Option<Received<'m>> {
        None
    }

    fn answer(_: &Login, _: [&[u8]; 2], _: i32, _: &[u8], _: Moment, _: &mut Sender) -> Result<(), NotSent> {
        Ok(())
    }
}
