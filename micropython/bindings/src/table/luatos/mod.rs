//! The modules of LuatOS, in Python: `micropython/compat/luatos/`.

mod aliyun;
mod iotcloud;
mod log;
mod sys;

use super::entry::{Module, WrittenIn};

pub const ALIYUN: Module = Module {
    name: "luatos.aliyun",
    written_in: WrittenIn::Python { folder: "luatos" },
    doc: "LuatOS's aliyun: the three generations of one module.",
    scopes: &[aliyun::FUNCTIONS, aliyun::AIR_CLASS, aliyun::CLASS_2023, aliyun::CLASS_2024],
};

pub const IOTCLOUD: Module = Module {
    name: "luatos.iotcloud",
    written_in: WrittenIn::Python { folder: "luatos" },
    doc: "LuatOS's iotcloud: seven clouds with one API.",
    scopes: &[iotcloud::FUNCTIONS, iotcloud::CLOUD],
};

pub const LOG: Module = Module {
    name: "luatos.log",
    written_in: WrittenIn::Python { folder: "luatos" },
    doc: "LuatOS's log: lines with a level and a tag on the console.",
    scopes: &[log::SCOPE],
};

pub const SYS: Module = Module {
    name: "luatos.sys",
    written_in: WrittenIn::Python { folder: "luatos" },
    doc: "LuatOS's sys on asyncio: tasks, timers, and messages between them.",
    scopes: &[sys::SCOPE],
};
