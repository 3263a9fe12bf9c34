//! What scripts for HaaS firmware import beside `aliyunIoT`, in Python: `micropython/compat/haas/`.

mod driver;
mod modem;
mod netmgr;
mod network;
mod sntp;

use super::entry::{Module, WrittenIn};

pub const NETMGR: Module =
    Module::in_python("haas", "netmgr", "HaaS's netmgr on MicroPython's network.", &[netmgr::SCOPE]);

pub const NETWORK: Module = Module::in_python(
    "haas",
    "haas_network",
    "The class NetWorkClient of HaaS's 4G boards; boot.py imports this module to have it in network.",
    &[network::CLIENT],
);

pub const SNTP: Module =
    Module::in_python("haas", "sntp", "HaaS's sntp: sets the board's clock by a time server.", &[sntp::SCOPE]);

pub const MODEM: Module = Module::in_python("haas", "modem", "HaaS's modem on boards without one.", &[modem::SCOPE]);

pub const DRIVER: Module = Module {
    name: "driver",
    written_in: WrittenIn::PythonPackage { folder: "haas" },
    doc: "HaaS's driver: a board's hardware by the names in board.json.",
    scopes: driver::SCOPES,
};
