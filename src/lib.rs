//! A client for Alibaba Cloud IoT Platform that does no I/O of its own.
//!
//! The core is fully deterministic: it opens no socket, reads no clock, never sleeps and never allocates. It takes
//! commands, the bytes that arrived, word that the link is up or down, and the time; it gives bytes to send, the link
//! that it wants, events for the user, and the moment at which to be called next. [`device::Device`] is all of that;
//! the rooms below it each answer one question:
//!
//! | room | question |
//! |---|---|
//! | [`clouds`] | whose server is it, and what does it want as a login? |
//! | [`link`] | how long may an attempt at a connection take, and how long is the wait for the next? |
//! | [`mqtt`] | what may be sent and received when, in one MQTT 3.1.1 session? |
//! | [`thing`] | what does a device say, and what is said to it? |
//!
//! The caller owns all memory: three buffers ([`mqtt::Buffers`]) and the device itself. `src/ffi` is the C ABI over it.
#![no_std]
#![cfg_attr(not(feature = "ffi"), forbid(unsafe_code))]
#![deny(unsafe_code)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing))]

#[cfg(test)]
extern crate std;

mod bytes;
pub mod clouds;
mod codec;
pub mod device;
#[cfg(feature = "ffi")]
#[allow(unsafe_code)]
pub mod ffi;
pub mod link;
pub mod mqtt;
mod text;
pub mod thing;
pub mod time;
