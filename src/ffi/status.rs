//! The numbers that calls return, and words for them.

use core::ffi::CStr;

use cty::c_char;

use super::words::{Row, find, joined, length};
use crate::alink::PostError;
#[cfg(feature = "plain")]
use crate::clouds::plain;
use crate::clouds::{LoginError, aliyun};
use crate::device::{ConnectError, Loss};
use crate::mqtt::{PeerError, Refusal, SendError};

/// What became of a call, told by blame. The numbers are stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum aliyun_iot_status {
    /// Done.
    Ok = 0,

    /// There is no session, and the call would not be kept for the next one.
    NotConnected = -1,
    /// The window of 20 unacknowledged messages, or the send buffer, is full: try again later.
    Full = -2,
    /// A buffer is too small, however long one waits; `aliyun_iot_needed` tells how large it would have to be.
    TooLarge = -3,
    /// The device is connected, or connecting, already.
    AlreadyConnected = -4,
    /// The device did not log in to Alibaba's platform: there is no thing model.
    NoThing = -5,
    /// This was left out of the library when it was built.
    LeftOut = -6,
    /// The server has closed the connection again and again right after messages on this topic, or right after this
    /// subscription: none is sent for five minutes.
    GivenUp = -7,

    /// A pointer is NULL that may not be.
    Null = -10,
    /// The topic is empty, too long, not UTF-8, or has a character that is not allowed there.
    Topic = -11,
    /// The parameters are not one JSON object; `aliyun_iot_needed` tells the offset of the first wrong byte.
    Json = -12,
    /// The event's identifier is empty, over 64 characters, or has a character outside `A-Z a-z 0-9 _ - . :`.
    EventId = -13,
    /// The quality of service is not 0 or 1.
    Qos = -14,
    /// The payload is over 256 KiB, which the platform does not take.
    Payload = -15,
    /// The file's name is empty, over 100 bytes, does not begin with a letter or a digit, or has a character outside
    /// `A-Z a-z 0-9 _ .`.
    FileName = -16,
    /// The file is empty, or over 16 MiB.
    FileSize = -17,
    /// The block is not 256 to 131,072 bytes.
    Block = -18,
    /// The JSON is nested deeper than 32 levels; `aliyun_iot_needed` tells the offset of the first bracket too many.
    Nesting = -19,

    /// `product_key` is missing, or not 1 to 20 letters and digits.
    ProductKey = -20,
    /// `device_name` is missing, or not 1 to 32 of `A-Z a-z 0-9 - _ @ . :`.
    DeviceName = -21,
    /// `device_secret` is missing, or not 1 to 64 printable ASCII characters.
    DeviceSecret = -22,
    /// `region` is not 1 to 32 of `A-Z a-z 0-9 -`.
    Region = -23,
    /// `instance_id` is not 1 to 64 of `A-Z a-z 0-9 - _`.
    InstanceId = -24,
    /// `host` is missing or no host name.
    Host = -25,
    /// `port` is 0.
    Port = -26,
    /// `client_id` is empty, too long, or has a character that the cloud forbids.
    ClientId = -27,
    /// `user_name` is missing, or not UTF-8.
    UserName = -28,
    /// The login does not fit a CONNECT of 512 bytes.
    Password = -29,
    /// `sign_method` is none of `hmacsha256`, `hmacsha1` and `hmacmd5`, or this build leaves it out. The words say which
    /// methods it has.
    SignMethod = -30,
    /// `keepalive` is outside 30..=1200 seconds.
    Keepalive = -31,
    /// `product_secret` is missing, or not 1 to 64 printable ASCII characters.
    ProductSecret = -32,
    /// `device_token` is not 1 to 128 printable ASCII characters.
    DeviceToken = -33,
    /// `auth_type` is none of `https`, `register` and `regnwl`.
    AuthType = -34,

    /// The topic is over 127 bytes, which Alibaba's platform does not take; `aliyun_iot_needed` tells its length.
    TopicLength = -35,
    /// The topic has over 7 levels, which Alibaba's platform does not take; `aliyun_iot_needed` tells how many.
    TopicLevels = -36,
    /// The topic is of another product or device, or does not begin with a slash: Alibaba's platform would close the
    /// connection.
    TopicOwner = -37,
    /// The topic filter is over 255 bytes.
    FilterTooLong = -38,
}

use aliyun_iot_status as Status;

impl From<aliyun::LoginError> for Status {
    fn from(error: aliyun::LoginError) -> Self {
        use aliyun::LoginError as Error;
        match error {
            Error::Host => Self::Host,
            Error::Port => Self::Port,
            Error::ClientId => Self::ClientId,
            Error::Keepalive => Self::Keepalive,
            Error::ProductKey => Self::ProductKey,
            Error::DeviceName => Self::DeviceName,
            Error::DeviceSecret => Self::DeviceSecret,
            Error::DeviceToken => Self::DeviceToken,
            Error::Region => Self::Region,
            Error::InstanceId => Self::InstanceId,
            Error::SignMethod => Self::SignMethod,
            Error::ProductSecret => Self::ProductSecret,
            Error::AuthType => Self::AuthType,
        }
    }
}

#[cfg(feature = "plain")]
impl From<plain::LoginError> for Status {
    fn from(error: plain::LoginError) -> Self {
        use plain::LoginError as Error;
        match error {
            Error::Host => Self::Host,
            Error::Port => Self::Port,
            Error::ClientId => Self::ClientId,
            Error::UserName => Self::UserName,
            Error::TooLong => Self::Password,
        }
    }
}

impl From<ConnectError> for Status {
    fn from(error: ConnectError) -> Self {
        match error {
            ConnectError::Login(LoginError::Aliyun(error)) => error.into(),
            #[cfg(feature = "plain")]
            ConnectError::Login(LoginError::Plain(error)) => error.into(),
            ConnectError::AlreadyConnected => Self::AlreadyConnected,
        }
    }
}

/// A status, and what `aliyun_iot_needed` is to say of it.
pub(super) type Outcome = (Status, usize);

pub(super) fn of_send(error: SendError) -> Outcome {
    match error {
        SendError::Topic => (Status::Topic, 0),
        SendError::TopicLength { bytes } => (Status::TopicLength, bytes),
        SendError::TopicLevels { levels } => (Status::TopicLevels, levels),
        SendError::TopicOwner => (Status::TopicOwner, 0),
        SendError::FilterTooLong => (Status::FilterTooLong, 0),
        SendError::GivenUp => (Status::GivenUp, 0),
        SendError::NotConnected => (Status::NotConnected, 0),
        SendError::Full => (Status::Full, 0),
        SendError::Payload => (Status::Payload, 0),
        SendError::TooLarge { needed } => (Status::TooLarge, needed),
    }
}

pub(super) fn of_post(error: PostError) -> Outcome {
    match error {
        PostError::NoService => (Status::NoThing, 0),
        PostError::Json(error) => (Status::Json, error.at),
        PostError::Nesting { at } => (Status::Nesting, at),
        PostError::EventId => (Status::EventId, 0),
        PostError::Send(error) => of_send(error),
    }
}

/// Words for a status, for people to read; also for a number that is none. Lives for ever.
#[unsafe(no_mangle)]
pub extern "C" fn aliyun_iot_status_text(status: i32) -> *const c_char {
    let words = u8::try_from(status.wrapping_neg()).ok().and_then(|number| find(&STATUS_WORDS, number));
    words.unwrap_or(NO_NUMBER.as_ptr())
}

const NO_NUMBER: &CStr = c"no number of this library";

static STATUS_WORDS: [u8; length(STATUS_ROWS)] = joined(STATUS_ROWS);

/// By the status without its sign. What only a login to any broker can lead to has words in builds that have that.
const STATUS_ROWS: &[Row] = &[
    (-(Status::Ok as i32) as u8, "done"),
    (-(Status::NotConnected as i32) as u8, "not connected"),
    (-(Status::Full as i32) as u8, "too many messages wait: try again later"),
    (-(Status::TooLarge as i32) as u8, "larger than the buffer for it"),
    (-(Status::AlreadyConnected as i32) as u8, "already connected: call end() first"),
    #[cfg(feature = "plain")]
    (-(Status::NoThing as i32) as u8, "no thing model: this login is not to Alibaba Cloud IoT Platform"),
    (-(Status::LeftOut as i32) as u8, "left out of this firmware"),
    (-(Status::GivenUp as i32) as u8, "the server closes the connection right after it, again and again"),
    (-(Status::Null as i32) as u8, "a pointer is NULL"),
    (-(Status::Topic as i32) as u8, "topic must be text, without + and # unless subscribing"),
    (-(Status::Json as i32) as u8, "params is not a JSON object"),
    (-(Status::EventId as i32) as u8, "id must be 1 to 64 of A-Z a-z 0-9 _ - . :"),
    (-(Status::Qos as i32) as u8, "qos must be 0 or 1"),
    (-(Status::Payload as i32) as u8, "the payload is over 256 KiB"),
    (
        -(Status::FileName as i32) as u8,
        "the name must be 1 to 100 of A-Z a-z 0-9 _ . and begin with a letter or a digit",
    ),
    (-(Status::FileSize as i32) as u8, "a file must be 1 byte to 16 MiB"),
    (-(Status::Block as i32) as u8, "a block must be 256 to 131072 bytes"),
    (-(Status::Nesting as i32) as u8, "the JSON is nested deeper than 32 levels"),
    (-(Status::ProductKey as i32) as u8, "productKey must be 1 to 20 letters and digits"),
    (-(Status::DeviceName as i32) as u8, "deviceName must be 1 to 32 of A-Z a-z 0-9 - _ @ . :"),
    (-(Status::DeviceSecret as i32) as u8, "deviceSecret must be 1 to 64 printable characters"),
    (-(Status::Region as i32) as u8, "region must be 1 to 32 of a-z 0-9 -, say cn-shanghai"),
    (-(Status::InstanceId as i32) as u8, "instanceId must be 1 to 64 of A-Z a-z 0-9 - _"),
    (-(Status::Host as i32) as u8, "host must be a host name or an address"),
    (-(Status::Port as i32) as u8, "port must be 1 to 65535"),
    (-(Status::ClientId as i32) as u8, "clientId is empty, too long, or has a forbidden character"),
    #[cfg(feature = "plain")]
    (-(Status::UserName as i32) as u8, "user name is missing or not text"),
    #[cfg(feature = "plain")]
    (-(Status::Password as i32) as u8, "the login is longer than 512 bytes"),
    (-(Status::SignMethod as i32) as u8, SIGN_METHOD),
    (-(Status::Keepalive as i32) as u8, "keepaliveSec must be 30 to 1200"),
    (-(Status::ProductSecret as i32) as u8, "productSecret must be 1 to 64 printable characters"),
    (-(Status::DeviceToken as i32) as u8, "deviceToken must be 1 to 128 printable characters"),
    (-(Status::AuthType as i32) as u8, "authType must be https, register or regnwl"),
    (-(Status::TopicLength as i32) as u8, "topic must have at most 127 bytes"),
    (-(Status::TopicLevels as i32) as u8, "topic must have at most 7 levels"),
    (-(Status::TopicOwner as i32) as u8, "topic must be of this device, not of another product or device"),
    (-(Status::FilterTooLong as i32) as u8, "topic must have at most 255 bytes"),
];

/// Which methods this build has, and which it lacks.
const SIGN_METHOD: &str = match (cfg!(feature = "sha1"), cfg!(feature = "md5")) {
    (true, true) => "signMethod must be hmacsha256, hmacsha1 or hmacmd5",
    (true, false) => "signMethod must be hmacsha256 or hmacsha1; this firmware leaves hmacmd5 out",
    (false, true) => "signMethod must be hmacsha256 or hmacmd5; this firmware leaves hmacsha1 out",
    (false, false) => "signMethod must be hmacsha256; this firmware leaves hmacsha1 and hmacmd5 out",
};

/// Whom to blame for a lost session or a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum aliyun_iot_loss {
    /// The link; `code` is what the port said, 0 for end of stream.
    Link = 0,
    /// The server refused the login; `code` is that of the CONNACK, 1 to 5.
    Refused = 1,
    /// The server did not keep to MQTT 3.1.1; `code` tells apart how: 0 a packet type or flags that a server never sends,
    /// 1 a wrong length, 2 a topic name that is not allowed, 3 an acknowledgement of the packet identifier 0, 4 a return
    /// code that is none, 5 a packet out of order, 9 a packet of QoS 2, 10 a message with the packet identifier 0; or 6, it
    /// fell silent. To a registration: 7, it gave no answer that the platform gives, or 8, one over 4 KiB or larger than
    /// the receive buffer.
    Peer = 2,
    /// No CONNACK within `connect_timeout`.
    Timeout = 3,
    /// A second device uses the same identity, most likely.
    Kicked = 4,
}

pub(super) fn of_loss(loss: Loss) -> (aliyun_iot_loss, i32) {
    match loss {
        Loss::Link(code) => (aliyun_iot_loss::Link, code),
        Loss::Refused(refusal) => (aliyun_iot_loss::Refused, refusal as i32),
        Loss::Peer(error) => (aliyun_iot_loss::Peer, error as i32),
        Loss::Timeout => (aliyun_iot_loss::Timeout, 0),
        Loss::Kicked => (aliyun_iot_loss::Kicked, 0),
    }
}

/// Words for a loss and its code, for people to read; also for numbers that are none. Lives for ever.
#[unsafe(no_mangle)]
pub extern "C" fn aliyun_iot_loss_text(loss: i32, code: i32) -> *const c_char {
    let row = |code| find(&LOSS_WORDS, loss.checked_mul(16)?.checked_add(code)?.try_into().ok()?);
    let words = if (0..ANY).contains(&code) { row(code) } else { None };
    words.or_else(|| row(ANY)).unwrap_or(NO_NUMBER.as_ptr())
}

static LOSS_WORDS: [u8; length(LOSS_ROWS)] = joined(LOSS_ROWS);

/// Stands for all codes that have no row.
const ANY: i32 = 15;

/// By the loss, times 16, and its code.
const LOSS_ROWS: &[Row] = {
    use aliyun_iot_loss::{Kicked, Link, Peer, Refused, Timeout};
    const fn row(loss: aliyun_iot_loss, code: i32, words: &'static str) -> Row {
        (((loss as i32) << 4 | code) as u8, words)
    }
    &[
        row(Link, 0, "the server closed the connection"),
        row(Link, ANY, "the connection failed"),
        row(Refused, Refusal::ProtocolVersion as i32, "refused: the server does not speak MQTT 3.1.1"),
        row(Refused, Refusal::ClientIdentifier as i32, "refused: client identifier not allowed"),
        row(Refused, Refusal::Unavailable as i32, "refused: server not available, or keepalive out of its range"),
        row(
            Refused,
            Refusal::Credentials as i32,
            "refused: bad user name or password; check productKey, deviceName and secret",
        ),
        row(Refused, ANY, "refused: not authorised"),
        row(Peer, PeerError::Header as i32, "the server sent a packet that is not MQTT 3.1.1; is this an MQTT port?"),
        row(Peer, PeerError::Length as i32, "the server sent a wrong length"),
        row(Peer, PeerError::Topic as i32, "the server sent a forbidden topic name"),
        row(Peer, PeerError::PacketIdentifier as i32, "the server acknowledged a packet with the identifier 0"),
        row(Peer, PeerError::MessageIdentifier as i32, "the server sent a message with the packet identifier 0"),
        row(Peer, PeerError::Qos2 as i32, "the server uses QoS 2: not supported"),
        row(Peer, PeerError::ReturnCode as i32, "the server sent a wrong SUBACK or CONNACK"),
        row(Peer, PeerError::Order as i32, "packets came out of order; is this an MQTT port?"),
        row(Peer, PeerError::Answer as i32, "the server's answer is no answer to a registration"),
        row(Peer, PeerError::AnswerTooLarge as i32, "the registration's answer is too large"),
        row(Peer, ANY, "the server does not answer"),
        row(Timeout, ANY, "no answer from the server in time"),
        row(Kicked, ANY, "kicked out again and again: does another device use the same identity?"),
    ]
};
