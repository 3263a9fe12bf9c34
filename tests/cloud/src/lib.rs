//! The cloud's half of the conversation, as a plugin of the broker mosquitto.
//!
//! The broker speaks MQTT; this library decides who may log in, what each device may say, and what
//! the platform answers. Everything the platform knows lives in [`cloud::Cloud`], a plain value: it
//! takes what happened and returns [`acts::Act`]s. The files with `unsafe` are those that touch the broker: `broker` (its plugin
//! interface), `wire` (what that interface cannot see or say) and `openssl` (its TLS).
//!
//! Nothing here is shared with the library under test.

#![deny(unsafe_code)]
// What only the broker calls is not called in unit tests.
#![cfg_attr(test, allow(dead_code))]

mod acts;
mod alink;
mod authority;
mod clock;
mod cloud;
mod commands;
mod connect;
mod control;
mod devices;
mod fields;
mod files;
mod handshakes;
mod https;
mod journal;
mod login;
mod openssl;
mod random;
mod registration;
mod services;
mod sign;
mod topics;
mod vendors;

// Unit tests run without a broker, and must not replace the C library's `read` and `write`.
#[cfg(not(test))]
mod broker;
#[cfg(not(test))]
mod wire;
