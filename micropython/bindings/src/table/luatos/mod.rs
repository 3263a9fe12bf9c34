//! The modules of LuatOS, in Python: `micropython/compat/luatos/`.

mod aliyun;
mod common;
mod iotcloud;
mod log;
mod sys;

use super::entry::Module;

pub const ALIYUN: Module = Module::in_python(
    "luatos",
    "luatos.aliyun",
    "LuatOS's aliyun: the three generations of one module.",
    aliyun::SCOPES,
);

pub const IOTCLOUD: Module = Module::in_python(
    "luatos",
    "luatos.iotcloud",
    "LuatOS's iotcloud: seven clouds with one API.",
    &[iotcloud::FUNCTIONS, iotcloud::CLOUD],
);

pub const LOG: Module = Module::in_python(
    "luatos",
    "luatos.log",
    "LuatOS's log: lines with a level and a tag on the console.",
    &[log::SCOPE],
);

pub const SYS: Module = Module::in_python(
    "luatos",
    "luatos.sys",
    "LuatOS's sys on asyncio: tasks, timers, and messages between them.",
    &[sys::SCOPE],
);
