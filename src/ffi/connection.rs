//! Connecting and closing, and the events of the connection.

use super::device::{aliyun_iot_device, device};
use super::link::aliyun_iot_link_id;
use super::status::{ALIYUN_IOT_STATUS_NOT_CONNECTED, ALIYUN_IOT_STATUS_NULL, aliyun_iot_status};
use super::types::{aliyun_iot_bytes, c_char, output, same_layout};
use super::words::{Family, NO_NUMBER, Row, Rows, find, joined, length};
use crate::clouds::Server;
use crate::device::{Loss, Options};
use crate::mqtt::{PeerError, Refusal};
use crate::time::Instant;

pub(super) const FAMILY: Family = Family {
    size: size_of::<aliyun_iot_connection_event>(),
    kinds: &[
        (ALIYUN_IOT_EVENT_CONNECTION_UP, "CONNECTION_UP"),
        (ALIYUN_IOT_EVENT_CONNECTION_LOST, "CONNECTION_LOST"),
        (ALIYUN_IOT_EVENT_CONNECTION_FAILED, "CONNECTION_FAILED"),
        (ALIYUN_IOT_EVENT_CONNECTION_CLOSED, "CONNECTION_CLOSED"),
    ],
    statuses: &[
        (ALIYUN_IOT_STATUS_HOST, "host must be a host name or an address"),
        (ALIYUN_IOT_STATUS_CLIENT_ID, "clientId has a wrong length or a forbidden character"),
        (ALIYUN_IOT_STATUS_KEEPALIVE, "keepaliveSec must be 30 to 1200"),
        #[cfg(any(feature = "plain", feature = "vendor"))]
        (ALIYUN_IOT_STATUS_LOGIN_TOO_LONG, "the login is longer than 512 bytes"),
    ],
    features: 0,
};

// ---- Numbers ----

/// The session is up: `as.connection.up`.
pub const ALIYUN_IOT_EVENT_CONNECTION_UP: i32 = 0x10;
/// The session is lost: `as.connection.lost`. The device connects again by itself.
pub const ALIYUN_IOT_EVENT_CONNECTION_LOST: i32 = 0x11;
/// An attempt to connect or to register has failed: `as.connection.failed`. The device tries again by itself.
pub const ALIYUN_IOT_EVENT_CONNECTION_FAILED: i32 = 0x12;
/// The device is off, as `aliyun_iot_close` asked. The event has no member.
pub const ALIYUN_IOT_EVENT_CONNECTION_CLOSED: i32 = 0x13;

/// `host` is missing or no host name.
pub const ALIYUN_IOT_STATUS_HOST: i32 = -0x10;
/// `client_id` is empty, too long, or has a character that the cloud forbids.
pub const ALIYUN_IOT_STATUS_CLIENT_ID: i32 = -0x12;
/// `keepalive` is outside the range of the cloud. Alibaba Cloud accepts 30 to 1,200 seconds.
pub const ALIYUN_IOT_STATUS_KEEPALIVE: i32 = -0x13;
/// The login does not fit a CONNECT of 512 bytes.
pub const ALIYUN_IOT_STATUS_LOGIN_TOO_LONG: i32 = -0x14;

/// The link failed. `code` is the port's own number; 0 is the end of the stream.
pub const ALIYUN_IOT_LOSS_LINK: i32 = 0;
/// The server refused the login. `code` is the return code of CONNACK, 1 to 5.
pub const ALIYUN_IOT_LOSS_REFUSED: i32 = 1;
/// The server did not keep to MQTT 3.1.1. `code` says how: 0 a packet type or flags that no server sends, 1 a wrong length,
/// 2 a forbidden topic name, 3 an acknowledgement with the packet identifier 0, 4 an unknown return code, 5 a packet out of
/// order, 6 no reply to a ping, 9 a packet of QoS 2, 10 a message with the packet identifier 0. In a registration: 7 an
/// answer that no platform gives, 8 an answer that is too large.
pub const ALIYUN_IOT_LOSS_PEER: i32 = 2;
/// The server sent no CONNACK within `connect_timeout`, or no answer to a registration. `code` is 0.
pub const ALIYUN_IOT_LOSS_TIMEOUT: i32 = 3;
/// Sessions end right after they begin: a second device probably uses the same identity. `code` is 0.
pub const ALIYUN_IOT_LOSS_KICKED: i32 = 4;
/// The device has ended the session to log in with another signature, before the present one expires: some vendor clouds.
/// `code` is 0.
pub const ALIYUN_IOT_LOSS_RENEWAL: i32 = 5;

// ---- Structs ----

/// The server to connect to. Initialise it with 0: each field then has its default.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct aliyun_iot_server {
    /// Host name or address. The cloud has a default if it can build the name from the login.
    pub host: aliyun_iot_bytes,
    /// TCP port; 0 for the cloud's default.
    pub port: u16,
    /// Use plain TCP instead of verified TLS. Everybody on the way can then read the login: for tests only.
    pub without_tls: bool,
}

/// How the session is kept. Initialise it with 0: each field then has its default.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct aliyun_iot_options {
    /// Keepalive in seconds; 0 for 60. Set at least 10 more than the interval of your posts: docs/day.md says why.
    pub keepalive: u16,
    /// Seconds for DNS, TCP, TLS and the MQTT handshake together; 0 for 10.
    pub connect_timeout: u16,
    /// QoS 1 messages, 1 to 20, that may wait while the device is offline; 0 for 20. They also have to fit `tx`.
    pub offline_queue: u8,
    /// Accept no QoS 1 message while the device is offline.
    pub without_offline_queue: bool,
    /// Send no keepalive. Alibaba Cloud needs one.
    pub without_keepalive: bool,
    /// Ask the server to keep messages and subscriptions while the device is away.
    pub keep_session: bool,
    /// Only messages: the cloud's services are not used. Calls and replies come as `ALIYUN_IOT_EVENT_MESSAGES_RECEIVED`.
    pub without_services: bool,
}

/// Why a session or an attempt ended.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct aliyun_iot_loss {
    /// One of `ALIYUN_IOT_LOSS_…`.
    pub cause: i32,
    /// A number whose meaning depends on `cause`.
    pub code: i32,
}

/// `ALIYUN_IOT_EVENT_CONNECTION_UP`
#[derive(Clone, Copy)]
#[repr(C)]
pub struct aliyun_iot_connection_up {
    /// The session was up before, since the call of connect.
    pub again: bool,
    /// The server has kept the session.
    pub session_present: bool,
}

/// `ALIYUN_IOT_EVENT_CONNECTION_LOST`
#[derive(Clone, Copy)]
#[repr(C)]
pub struct aliyun_iot_connection_lost {
    /// Why.
    pub loss: aliyun_iot_loss,
    /// If the session was lost right after a packet of the user's: its type, one of `ALIYUN_IOT_PACKET_…`; else 0.
    pub packet: i32,
    /// The topic or filter of that packet; empty if it is not known any more, NULL if there is no packet.
    pub topic: aliyun_iot_bytes,
}

/// `ALIYUN_IOT_EVENT_CONNECTION_FAILED`
#[derive(Clone, Copy)]
#[repr(C)]
pub struct aliyun_iot_connection_failed {
    /// Why.
    pub loss: aliyun_iot_loss,
    /// The link of the attempt.
    pub link: aliyun_iot_link_id,
}

/// The members of the family, by kind.
#[derive(Clone, Copy)]
#[repr(C)]
pub union aliyun_iot_connection_event {
    /// `ALIYUN_IOT_EVENT_CONNECTION_UP`
    pub up: aliyun_iot_connection_up,
    /// `ALIYUN_IOT_EVENT_CONNECTION_LOST`
    pub lost: aliyun_iot_connection_lost,
    /// `ALIYUN_IOT_EVENT_CONNECTION_FAILED`
    pub failed: aliyun_iot_connection_failed,
}

// ---- From Rust ----

/// Codes of `ALIYUN_IOT_LOSS_PEER` beside those of [`PeerError`].
const ANSWER: i32 = 7;
const ANSWER_TOO_LARGE: i32 = 8;

impl From<Loss> for aliyun_iot_loss {
    fn from(loss: Loss) -> Self {
        let (cause, code) = match loss {
            Loss::Link(code) => (ALIYUN_IOT_LOSS_LINK, code),
            Loss::Refused(refusal) => (ALIYUN_IOT_LOSS_REFUSED, refusal as i32),
            Loss::Peer(error) => (ALIYUN_IOT_LOSS_PEER, error as i32),
            Loss::Timeout => (ALIYUN_IOT_LOSS_TIMEOUT, 0),
            Loss::Kicked => (ALIYUN_IOT_LOSS_KICKED, 0),
            Loss::Renewal => (ALIYUN_IOT_LOSS_RENEWAL, 0),
            Loss::Answer => (ALIYUN_IOT_LOSS_PEER, ANSWER),
            Loss::AnswerTooLarge => (ALIYUN_IOT_LOSS_PEER, ANSWER_TOO_LARGE),
        };
        Self { cause, code }
    }
}

// ---- To Rust ----

same_layout!(aliyun_iot_server, Server: host, port, without_tls);

/// The options, or the defaults if `options` is NULL.
///
/// # Safety
///
/// Promise 4.
pub(super) unsafe fn read_options(options: *const aliyun_iot_options) -> Options {
    let usual = Options::default();
    // SAFETY: promise 4.
    let Some(given) = (unsafe { options.as_ref() }) else { return usual };
    Options {
        keepalive: match given.keepalive {
            _ if given.without_keepalive => 0,
            0 => usual.keepalive,
            seconds => seconds,
        },
        clean_session: !given.keep_session,
        connect_timeout: match given.connect_timeout {
            0 => usual.connect_timeout,
            seconds => u32::from(seconds) * 1_000,
        },
        offline_queue: match given.offline_queue {
            _ if given.without_offline_queue => 0,
            0 => usual.offline_queue,
            count => count,
        },
        without_services: given.without_services,
    }
}

// ---- Calls ----

/// Closes the connection. The device sends waiting packets and a DISCONNECT, waits up to two seconds until the server
/// closes the link, and stays off. `ALIYUN_IOT_EVENT_CONNECTION_CLOSED` follows. The call also ends a registration. If the
/// device is off already, it returns `ALIYUN_IOT_STATUS_NOT_CONNECTED`.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_close(device: *mut aliyun_iot_device, now_ms: u32) -> aliyun_iot_status {
    let this = device!(device, ALIYUN_IOT_STATUS_NULL);
    let closes = this.device.close(Instant::from_millis(now_ms));
    this.status(if closes { Ok(()) } else { Err((ALIYUN_IOT_STATUS_NOT_CONNECTED, 0)) })
}

/// Returns whether the session is up.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_is_online(device: *mut aliyun_iot_device) -> bool {
    device!(device, false).device.is_online()
}

/// Returns whether the device is connected or connecting: connect was called, and not `aliyun_iot_close`.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_is_started(device: *mut aliyun_iot_device) -> bool {
    device!(device, false).device.is_started()
}

/// Counts since connect. Counts that grow are a fault of the server or of the configuration.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct aliyun_iot_counters {
    /// Acknowledgements of packets that the device has not sent. The library ignores them.
    pub unknown_acks: u32,
    /// Messages that were dropped because they did not fit `rx`.
    pub dropped: u32,
}

/// Gets the counts since connect; `false` if `device` is NULL.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_get_counters(
    device: *mut aliyun_iot_device,
    counters: *mut aliyun_iot_counters,
) -> bool {
    let this = device!(device, false);
    let counts = aliyun_iot_counters { unknown_acks: this.device.unknown_acks(), dropped: this.device.dropped() };
    // SAFETY: promise 4.
    unsafe { output(counters, counts) };
    true
}

// ---- Words ----

/// Returns words for a loss, for people to read, in static memory with a NUL at the end. Numbers that are no loss have words
/// too.
#[unsafe(no_mangle)]
pub extern "C" fn aliyun_iot_loss_text(cause: i32, code: i32) -> *const c_char {
    if !cfg!(feature = "words") {
        return NO_NUMBER.as_ptr();
    }
    let row = |code| find(&LOSS_WORDS, cause.checked_mul(16)?.checked_add(code)?.try_into().ok()?);
    let words = if (0..ANY).contains(&code) { row(code) } else { None };
    words.or_else(|| row(ANY)).unwrap_or(NO_NUMBER.as_ptr())
}

static LOSS_WORDS: [u8; length(&[LOSS_ROWS])] = joined(&[LOSS_ROWS]);

/// Stands for all codes that have no row.
const ANY: i32 = 15;

/// By the cause times 16, and the code.
const LOSS_ROWS: Rows = {
    const fn row(cause: i32, code: i32, words: &'static str) -> Row {
        (cause << 4 | code, words)
    }
    use {
        ALIYUN_IOT_LOSS_KICKED as KICKED, ALIYUN_IOT_LOSS_LINK as LINK, ALIYUN_IOT_LOSS_PEER as PEER,
        ALIYUN_IOT_LOSS_REFUSED as REFUSED, ALIYUN_IOT_LOSS_RENEWAL as RENEWAL, ALIYUN_IOT_LOSS_TIMEOUT as TIMEOUT,
    };
    &[
        row(LINK, 0, "the server closed the connection"),
        row(LINK, ANY, "the connection failed"),
        row(REFUSED, Refusal::ProtocolVersion as i32, "refused: the server does not speak MQTT 3.1.1"),
        row(REFUSED, Refusal::ClientIdentifier as i32, "refused: client identifier not allowed"),
        row(REFUSED, Refusal::Unavailable as i32, "refused: server not available, or keepalive out of its range"),
        row(
            REFUSED,
            Refusal::Credentials as i32,
            "refused: bad user name or password; check productKey, deviceName and secret",
        ),
        row(REFUSED, ANY, "refused: not authorised"),
        row(PEER, PeerError::Header as i32, "the server sent a packet that is not MQTT 3.1.1; is this an MQTT port?"),
        row(PEER, PeerError::Length as i32, "the server sent a wrong length"),
        row(PEER, PeerError::Topic as i32, "the server sent a forbidden topic name"),
        row(PEER, PeerError::PacketIdentifier as i32, "the server acknowledged a packet with the identifier 0"),
        row(PEER, PeerError::MessageIdentifier as i32, "the server sent a message with the packet identifier 0"),
        row(PEER, PeerError::Qos2 as i32, "the server uses QoS 2: not supported"),
        row(PEER, PeerError::ReturnCode as i32, "the server sent a wrong SUBACK or CONNACK"),
        row(PEER, PeerError::Order as i32, "packets came out of order; is this an MQTT port?"),
        row(PEER, ANSWER, "this is no answer to a registration"),
        row(PEER, ANSWER_TOO_LARGE, "the answer to the registration is too large"),
        row(PEER, ANY, "the server does not answer"),
        row(TIMEOUT, ANY, "no answer from the server in time"),
        row(KICKED, ANY, "kicked out: does another device use the same identity?"),
        #[cfg(any(feature = "tencent", feature = "onenet"))]
        row(RENEWAL, ANY, "the login is signed again, before its signature expires"),
    ]
};
