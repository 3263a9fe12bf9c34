//! The modules of QuecPython, in Python: `micropython/compat/quecpython/`.

mod aliyun;
mod checknet;
mod log;
mod mqtt;
mod sys_bus;
mod tencent;

use super::entry::Module;

pub const ALIYUN: Module =
    Module::in_python("quecpython", "aLiYun", "QuecPython's aLiYun: Alibaba Cloud IoT Platform.", &[aliyun::CLASS]);

pub const TENCENTYUN: Module = Module::in_python(
    "quecpython",
    "TenCentYun",
    "QuecPython's TenCentYun: Tencent Cloud IoT Explorer.",
    &[tencent::CLASS],
);

pub const CHECKNET: Module = Module::in_python(
    "quecpython",
    "checkNet",
    "QuecPython's checkNet: wait until the board is online.",
    &[checknet::FUNCTIONS, checknet::CLASS],
);

pub const SYS_BUS: Module = Module::in_python(
    "quecpython",
    "sys_bus",
    "QuecPython's sys_bus: messages between the parts of a script, by topic.",
    &[sys_bus::SCOPE],
);

pub const LOG: Module = Module::in_python(
    "quecpython",
    "log",
    "QuecPython's log: lines with a level and the logger's name on the console.",
    &[log::FUNCTIONS, log::LOGGER],
);
