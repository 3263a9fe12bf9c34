//! What scripts for HaaS firmware import beside `aliyunIoT`, in Python: `micropython/compat/haas/`.

mod driver;
mod modem;
mod netmgr;
mod network;
mod sntp;

use super::entry::{Module, WrittenIn};

pub const NETMGR: Module = Module {
    name: "netmgr",
    written_in: WrittenIn::Python { folder: "haas" },
    doc: "HaaS's netmgr on MicroPython's network.",
    scopes: &[netmgr::SCOPE],
};

pub const NETWORK: Module = Module {
    name: "haas_network",
    written_in: WrittenIn::Python { folder: "haas" },
    doc: "The class NetWorkClient of HaaS's 4G boards; boot.py imports this module to have it in network.",
    scopes: &[network::CLIENT],
};

pub const SNTP: Module = Module {
    name: "sntp",
    written_in: WrittenIn::Python { folder: "haas" },
    doc: "HaaS's sntp: sets the board's clock by a time server.",
    scopes: &[sntp::SCOPE],
};

pub const MODEM: Module = Module {
    name: "modem",
    written_in: WrittenIn::Python { folder: "haas" },
    doc: "HaaS's modem on boards without one.",
    scopes: &[modem::SCOPE],
};

pub const DRIVER: Module = Module {
    name: "driver",
    written_in: WrittenIn::PythonPackage { folder: "haas" },
    doc: "HaaS's driver: a board's hardware by the names in board.json.",
    scopes: driver::SCOPES,
};
