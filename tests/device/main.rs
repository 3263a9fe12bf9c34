//! `aliyun_iot::device::Device` as a port sees it: bytes in, bytes out, time as an argument.
//!
//! `net` plays the port, the network and the clock; what the device sends is read by `mqttbytes`, a codec of another
//! origin. A test scripts the server: `net.arrives(..)` is what the server sends, `net.sends(..)` what it must have got
//! since the last look, `net.tells(..)` what the user must have been told.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod answers;
#[cfg(feature = "baidu")]
mod baidu;
mod blame;
mod close;
mod connect;
mod connection;
#[cfg(feature = "desired")]
mod desired;
#[cfg(feature = "huawei")]
mod huawei;
mod incoming;
mod keepalive;
mod kicks;
mod model;
mod net;
#[cfg(feature = "ntp")]
mod ntp;
mod offline;
#[cfg(feature = "onenet")]
mod onenet;
mod packets;
mod publish;
#[cfg(feature = "register")]
mod register;
mod server;
mod simulation;
mod strict;
mod subscriptions;
#[cfg(feature = "tencent")]
mod tencent;
mod thing;
mod time;
#[cfg(feature = "tlink")]
mod tlink;
mod topics;
#[cfg(feature = "tuya")]
mod tuya;
#[cfg(feature = "upload")]
mod upload;
mod vectors;
#[cfg(feature = "vendor")]
mod vendor;
