//! What the core needs to know of a cloud.

use super::endpoint::Endpoint;
use super::moment::Moment;
use super::server::WrongHost;
use super::topics::Topics;
use super::vendor::Account;
use crate::mqtt::{Connect, SendError, Session};

/// A cloud, implemented by the struct of a login to it.
pub(crate) trait Cloud {
    /// What a login to this cloud can have wrong.
    type Error: From<WrongHost>;

    /// The topics of the cloud's services.
    const TOPICS: Topics = Topics::NONE;

    /// The largest payload that the cloud accepts, in bytes.
    const PAYLOAD_MAX: usize = usize::MAX;

    /// Checks all fields, and how the session is to be kept: `keepalive` is in seconds, 0 for none; with `is_clean` the
    /// server starts afresh at each login. Then has `endpoint` be the server to log in to.
    fn resolve(&self, keepalive: u16, is_clean: bool, endpoint: &mut Endpoint) -> Result<(), Self::Error>;

    /// Has `account` keep what later logins are signed with, if each link needs a signature of its own. Subscribes to the
    /// topics of the cloud's services in `session`, if they are used and the cloud does not do so.
    fn keep(&self, _account: &mut Account, _session: Option<&mut Session>) -> Result<(), Self::Error> {
        Ok(())
    }

    /// The names of product and device that the topics of the cloud's services carry; `None` without such services. They are
    /// empty if the account has them.
    fn names(&self) -> Option<[&[u8]; 2]> {
        None
    }

    /// Signs the login, and writes client identifier, user name and password; the fields are good, as
    /// [`resolve`](Self::resolve) has found. `services` says whether the cloud's services are used.
    fn write(&self, moment: Moment, services: bool, connect: &mut Connect) -> Result<(), Self::Error>;

    /// Whether the cloud may accept `topic`, or a filter, from this device; `names` is `product/device/`. What is known to
    /// be wrong is refused before it is sent: most clouds close the link of a device that uses another topic.
    fn check_topic(_names: &[u8], _is_gateway: bool, _topic: &[u8]) -> Result<(), SendError> {
        Ok(())
    }

    /// Whether a device that publishes on `topic` is a gateway, which may use other devices' topics from then on.
    fn makes_gateway(_topic: &[u8]) -> bool {
        false
    }
}
