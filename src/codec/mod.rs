//! Bytes to values, and back. A codec decides nothing: no topic, no deadline, no state of a connection is known here.

pub mod crc;
// Which codecs a build uses depends on its services.
#[allow(dead_code)]
pub(crate) mod http;
#[allow(dead_code)]
pub mod json;
#[allow(dead_code)]
pub(crate) mod template;
