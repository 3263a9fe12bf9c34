//! A client for Alibaba Cloud IoT Platform that does no I/O of its own.
//!
//! The core is fully deterministic: it opens no socket, reads no clock, never sleeps and never allocates. Its input is
//! commands, the bytes that arrived, the state of the link, and the time. Its output is bytes to send, the link that it
//! wants, events for the user, and the moment of the next call. [`device::Device`] is all of that. Each folder below it
//! answers one question:
//!
//! | folder | question |
//! |---|---|
//! | [`services`] | what does a device say to the platform, and the platform to the device? |
//! | [`alink`] | how do the two talk: topics, envelope, ids, requests? |
//! | [`clouds`] | whose server is it, and what does it want as a login? |
//! | [`link`] | how long may an attempt at a connection take, and how long is the wait for the next? |
//! | [`mqtt`] | what may be sent and received when, in one MQTT 3.1.1 session? |
//! | [`codec`] | which bytes are which values? |
//!
//! A call goes downwards only: device, services, alink, mqtt, codec. No service knows the device or another service.
//!
//! The caller owns all memory: three buffers ([`mqtt::Buffers`]) and the device itself. `src/ffi` is the C ABI over it.
#![no_std]
#![cfg_attr(not(feature = "ffi"), forbid(unsafe_code))]
#![deny(unsafe_code)]
// Uploads alone stream a publish: without them, that part of the session is dead code.
#![cfg_attr(not(feature = "upload"), allow(dead_code, unused_imports))]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing))]

#[cfg(test)]
extern crate std;

pub mod alink;
mod bytes;
pub mod clouds;
pub mod codec;
pub mod device;
#[cfg(feature = "ffi")]
#[allow(unsafe_code)]
pub mod ffi;
// A build whose services have no links of their own starts no exchange.
#[allow(dead_code)]
mod http;
pub mod link;
pub mod mqtt;
pub mod services;
pub mod text;
pub mod time;
