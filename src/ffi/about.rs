//! Facts of the build and the meaning of its numbers, for people and for programs that bind the library.

use super::clouds::{
    ALIYUN_IOT_STATUS_ALIYUN_TOPIC_LENGTH, ALIYUN_IOT_STATUS_ALIYUN_TOPIC_LEVELS, aliyun_iot_aliyun_login,
    aliyun_iot_aliyun_registration, aliyun_iot_plain_login, aliyun_iot_vendor_login, aliyun_iot_vendor_registration,
};
use super::connection::{aliyun_iot_counters, aliyun_iot_loss, aliyun_iot_options, aliyun_iot_server};
use super::device::{aliyun_iot_buffers, aliyun_iot_device, device};
use super::event::aliyun_iot_event;
use super::link::aliyun_iot_link;
use super::status::{
    ALIYUN_IOT_STATUS_JSON, ALIYUN_IOT_STATUS_NESTING, ALIYUN_IOT_STATUS_OK, ALIYUN_IOT_STATUS_TOO_LARGE,
    aliyun_iot_error,
};
use super::types::{aliyun_iot_buffer, aliyun_iot_bytes, c_char, output};
use super::words::{Family, NO_NUMBER, Rows, find, joined, length};
use super::{clouds, connection, messages, services, status};

/// All families, in the order of their kinds.
const FAMILIES: [&Family; 2 + services::FAMILIES.len()] = {
    let (mut families, mut at) = ([&connection::FAMILY; 2 + services::FAMILIES.len()], 1);
    #[allow(clippy::indexing_slicing)] // At compile time: a mistake does not build.
    while at < families.len() {
        let family = if at == 1 { &messages::FAMILY } else { services::FAMILIES[at - 2] };
        let block = family.kinds[0].0 as usize / 16 - 1;
        assert!(families[block].kinds[0].0 == connection::FAMILY.kinds[0].0, "each family has a block of its own");
        families[block] = family;
        at += 1;
    }
    families
};

/// The rows of all families.
const fn rows<const N: usize>(statuses: bool) -> [Rows; N] {
    let (mut rows, mut at) = ([&[] as Rows; N], 0);
    #[allow(clippy::indexing_slicing)] // At compile time: a mistake does not build.
    while at < FAMILIES.len() {
        rows[at] = if statuses { FAMILIES[at].statuses } else { FAMILIES[at].kinds };
        at += 1;
    }
    rows
}

/// The number in a part of the version.
const fn number(text: &str) -> u32 {
    let (bytes, mut number, mut at) = (text.as_bytes(), 0, 0);
    while at < bytes.len() {
        #[allow(clippy::indexing_slicing)] // At compile time: a mistake does not build.
        let digit = bytes[at];
        number = number * 10 + (digit - b'0') as u32;
        at += 1;
    }
    number
}

/// Returns the version of the library. Compare it with `ALIYUN_IOT_VERSION` of the header.
#[unsafe(no_mangle)]
pub extern "C" fn aliyun_iot_version() -> u32 {
    const MAJOR: u32 = number(env!("CARGO_PKG_VERSION_MAJOR"));
    const MINOR: u32 = number(env!("CARGO_PKG_VERSION_MINOR"));
    const PATCH: u32 = number(env!("CARGO_PKG_VERSION_PATCH"));
    MAJOR << 16 | MINOR << 8 | PATCH
}

/// Returns the features of the build: bits of `ALIYUN_IOT_FEATURE_…`. A call of a feature that the build does not have
/// returns `ALIYUN_IOT_STATUS_LEFT_OUT`.
#[unsafe(no_mangle)]
pub extern "C" fn aliyun_iot_features() -> u32 {
    const FEATURES: u32 = {
        let names = if cfg!(feature = "names") { ALIYUN_IOT_FEATURE_NAMES } else { 0 };
        let words = if cfg!(feature = "words") { ALIYUN_IOT_FEATURE_WORDS } else { 0 };
        let (mut features, mut at) = (clouds::FEATURES | names | words, 0);
        while at < FAMILIES.len() {
            #[allow(clippy::indexing_slicing)] // At compile time: a mistake does not build.
            {
                features |= FAMILIES[at].features;
            }
            at += 1;
        }
        features
    };
    FEATURES
}

/// `aliyun_iot_bytes`
pub const ALIYUN_IOT_TYPE_BYTES: i32 = 0;
/// `aliyun_iot_buffer`
pub const ALIYUN_IOT_TYPE_BUFFER: i32 = 1;
/// `aliyun_iot_buffers`
pub const ALIYUN_IOT_TYPE_BUFFERS: i32 = 2;
/// `aliyun_iot_error`
pub const ALIYUN_IOT_TYPE_ERROR: i32 = 3;
/// `aliyun_iot_counters`
pub const ALIYUN_IOT_TYPE_COUNTERS: i32 = 4;
/// `aliyun_iot_server`
pub const ALIYUN_IOT_TYPE_SERVER: i32 = 5;
/// `aliyun_iot_options`
pub const ALIYUN_IOT_TYPE_OPTIONS: i32 = 6;
/// `aliyun_iot_link`
pub const ALIYUN_IOT_TYPE_LINK: i32 = 7;
/// `aliyun_iot_loss`
pub const ALIYUN_IOT_TYPE_LOSS: i32 = 8;
/// `aliyun_iot_event`
pub const ALIYUN_IOT_TYPE_EVENT: i32 = 9;
/// `aliyun_iot_aliyun_login`
pub const ALIYUN_IOT_TYPE_ALIYUN_LOGIN: i32 = 10;
/// `aliyun_iot_aliyun_registration`
pub const ALIYUN_IOT_TYPE_ALIYUN_REGISTRATION: i32 = 11;
/// `aliyun_iot_plain_login`
pub const ALIYUN_IOT_TYPE_PLAIN_LOGIN: i32 = 12;
/// `aliyun_iot_vendor_login`
pub const ALIYUN_IOT_TYPE_VENDOR_LOGIN: i32 = 13;
/// `aliyun_iot_vendor_registration`
pub const ALIYUN_IOT_TYPE_VENDOR_REGISTRATION: i32 = 14;

/// The sizes of the types by number, then of the families by kind divided by 16.
static SIZES: [u8; 16 + FAMILIES.len()] = {
    let named = [
        size_of::<aliyun_iot_bytes>(),
        size_of::<aliyun_iot_buffer>(),
        size_of::<aliyun_iot_buffers>(),
        size_of::<aliyun_iot_error>(),
        size_of::<aliyun_iot_counters>(),
        size_of::<aliyun_iot_server>(),
        size_of::<aliyun_iot_options>(),
        size_of::<aliyun_iot_link>(),
        size_of::<aliyun_iot_loss>(),
        size_of::<aliyun_iot_event>(),
        size_of::<aliyun_iot_aliyun_login>(),
        size_of::<aliyun_iot_aliyun_registration>(),
        size_of::<aliyun_iot_plain_login>(),
        size_of::<aliyun_iot_vendor_login>(),
        size_of::<aliyun_iot_vendor_registration>(),
    ];
    let (mut sizes, mut at) = ([0; 16 + FAMILIES.len()], 0);
    #[allow(clippy::indexing_slicing)] // At compile time: a mistake does not build.
    while at < sizes.len() {
        let size = match at {
            16.. => FAMILIES[at - 16].size,
            _ if at < named.len() => named[at],
            _ => 0,
        };
        assert!(size < 256, "a byte holds each size");
        sizes[at] = size as u8;
        at += 1;
    }
    sizes
};

/// Returns the size of a struct in bytes, to check the layout that another language has declared; 0 for an unknown number.
/// `type` is one of `ALIYUN_IOT_TYPE_…`, or the first kind of a family, for the size of its member `as.<family>`.
#[unsafe(no_mangle)]
pub extern "C" fn aliyun_iot_type_size(r#type: i32) -> usize {
    let at = if r#type < 16 { r#type } else { 15 + (r#type >> 4) };
    let size = usize::try_from(at).ok().and_then(|at| SIZES.get(at));
    size.copied().unwrap_or_default().into()
}

/// The build has the names of kinds.
pub const ALIYUN_IOT_FEATURE_NAMES: u32 = 0x8;

/// Returns the name of a kind, for people to read: that of its constant without `ALIYUN_IOT_EVENT_`, in static memory with a
/// NUL at the end. A number that is no kind has words too, and so has each number if the build does not have names.
#[unsafe(no_mangle)]
#[cfg_attr(not(feature = "names"), allow(unused_variables))]
pub extern "C" fn aliyun_iot_event_name(kind: i32) -> *const c_char {
    #[cfg(feature = "names")]
    {
        static NAMES: [u8; length(KINDS)] = joined(KINDS);
        const KINDS: &[Rows] = &rows::<{ FAMILIES.len() }>(false);
        let name = u8::try_from(kind).ok().and_then(|kind| find(&NAMES, kind));
        name.unwrap_or(NO_NUMBER.as_ptr())
    }
    #[cfg(not(feature = "names"))]
    NO_NUMBER.as_ptr()
}

/// The build has words for statuses and losses.
pub const ALIYUN_IOT_FEATURE_WORDS: u32 = 0x10;

/// Returns words for a status, for people to read, in static memory with a NUL at the end. A number that is no status has
/// words too, and so has each number if the build does not have words.
#[unsafe(no_mangle)]
pub extern "C" fn aliyun_iot_status_text(status: i32) -> *const c_char {
    let number = status.wrapping_neg();
    let table = if number & 0x100 == 0 { &WORDS[..] } else { &CLOUD_WORDS[..] };
    let words = if cfg!(feature = "words") && (0..0x200).contains(&number) { find(table, number as u8) } else { None };
    words.unwrap_or(NO_NUMBER.as_ptr())
}

static WORDS: [u8; length(STATUSES)] = joined(STATUSES);
const STATUSES: &[Rows] = &{
    let mut rows = rows::<{ FAMILIES.len() + 1 }>(true);
    #[allow(clippy::indexing_slicing)] // At compile time: a mistake does not build.
    {
        rows[FAMILIES.len()] = status::WORDS;
    }
    rows
};

static CLOUD_WORDS: [u8; length(clouds::WORDS)] = joined(clouds::WORDS);

/// Gets the details of the last call on this device that failed; `false` if none has failed.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_last_error(device: *mut aliyun_iot_device, error: *mut aliyun_iot_error) -> bool {
    let (status, number) = device!(device, false).failure;
    let mut details = aliyun_iot_error { status, needed: 0, offset: 0, actual: 0 };
    match status {
        ALIYUN_IOT_STATUS_TOO_LARGE => details.needed = number,
        ALIYUN_IOT_STATUS_JSON | ALIYUN_IOT_STATUS_NESTING => details.offset = number,
        ALIYUN_IOT_STATUS_ALIYUN_TOPIC_LENGTH | ALIYUN_IOT_STATUS_ALIYUN_TOPIC_LEVELS => details.actual = number,
        _ => {}
    }
    // SAFETY: promise 4.
    unsafe { output(error, details) };
    status != ALIYUN_IOT_STATUS_OK
}
