//! The modules of QuecPython, in Python: `micropython/compat/quecpython/`.

mod aliyun;
mod checknet;
mod log;
mod mqtt;
mod sys_bus;
mod tencent;

use super::entry::{Module, WrittenIn};

const fn module(name: &'static str, doc: &'static str, scopes: &'static [super::entry::Scope]) -> Module {
    Module { name, written_in: WrittenIn::Python { folder: "quecpython" }, doc, scopes }
}

pub const ALIYUN: Module = module("aLiYun", "QuecPython's aLiYun: Alibaba Cloud IoT Platform.", &[aliyun::CLASS]);

pub const TENCENTYUN: Module =
    module("TenCentYun", "QuecPython's TenCentYun: Tencent Cloud IoT Explorer.", &[tencent::CLASS]);

pub const CHECKNET: Module = module(
    "checkNet",
    "QuecPython's checkNet: wait until the board is online.",
    &[checknet::FUNCTIONS, checknet::CLASS],
);

pub const SYS_BUS: Module =
    module("sys_bus", "QuecPython's sys_bus: messages between the parts of a script, by topic.", &[sys_bus::SCOPE]);

pub const LOG: Module = module(
    "log",
    "QuecPython's log: lines with a level and the logger's name on the console.",
    &[log::FUNCTIONS, log::LOGGER],
);
