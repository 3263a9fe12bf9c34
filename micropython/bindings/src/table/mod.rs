//! The one table of the Python API: modules, their classes and functions, in families. The C tables, the type stubs and
//! the API pages are generated from it.
//!
//! `entry.rs` says what an entry has. A method goes into the file of its family. A service is a file in `services/` and a
//! line in its list, and so is a cloud in `clouds/`. A class or a module is a file or folder with a `Scope`, and a line below.

mod clouds;
pub mod common;
mod device;
pub mod entry;
mod haas;
mod kv;
mod luatos;
mod quecpython;
mod services;
#[cfg(test)]
mod tests;

use entry::{Module, WrittenIn};

pub const MODULES: &[Module] = &[
    Module {
        name: "aliyunIoT",
        written_in: WrittenIn::C,
        doc: "Alibaba Cloud IoT Platform for MicroPython.",
        scopes: &[device::SCOPE],
    },
    Module { name: "kv", written_in: WrittenIn::C, doc: "Texts by name, as on HaaS firmware.", scopes: &[kv::SCOPE] },
    luatos::ALIYUN,
    luatos::IOTCLOUD,
    luatos::LOG,
    luatos::SYS,
    quecpython::ALIYUN,
    quecpython::TENCENTYUN,
    quecpython::CHECKNET,
    quecpython::SYS_BUS,
    quecpython::LOG,
    haas::NETMGR,
    haas::NETWORK,
    haas::SNTP,
    haas::MODEM,
    haas::DRIVER,
];
