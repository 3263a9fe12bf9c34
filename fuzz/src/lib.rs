//! What the fuzz targets do with their bytes. The same is done with all kept seeds by `tests/hostile.rs`, without a
//! fuzzer.

pub mod c_abi;
// Shared with the tests of a device.
#[path = "../../tests/device/connection.rs"]
mod connection;
pub mod http;
mod input;
pub mod json;
pub mod packets;
mod port;
pub mod register;
pub mod upload;
pub mod vendor_http;
pub mod vendors;
