//! How the session is kept.

use crate::link::CONNECT_TIMEOUT_MS;
use crate::mqtt::WINDOW;

/// How the session is kept.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Seconds after which a quiet link is tested (MQTT 3.1.1, section 3.1.2.10). Alibaba's platform takes 30 to 1200;
    /// 0 switches it off on other brokers.
    pub keepalive: u16,
    /// Whether the server starts afresh at each login, or keeps QoS 1 messages and subscriptions in between.
    pub clean_session: bool,
    /// Milliseconds that DNS, TCP, TLS and the MQTT handshake may take together.
    pub connect_timeout: u32,
    /// QoS 1 messages that may wait, sent before or not, for [`Device::publish`](super::Device::publish) to take another one while there is no
    /// session; [`WINDOW`](crate::mqtt::WINDOW) at most, and what fits the send buffer. 0: without a session none is taken.
    pub offline_queue: u8,
    /// Only messages: the cloud's services are not used, and each message is reported as [`Event::Message`](super::Event::Message).
    pub without_services: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            keepalive: 60,
            clean_session: true,
            connect_timeout: CONNECT_TIMEOUT_MS,
            offline_queue: WINDOW as u8,
            without_services: false,
        }
    }
}
