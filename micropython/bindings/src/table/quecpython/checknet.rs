//! `checkNet`: is the board online?

use crate::table::common::*;
use crate::table::entry::*;

pub const FUNCTIONS: Scope = Scope {
    kind: ScopeKind::Functions,
    name: "checkNet",
    doc: "",
    page: "quecpython-checknet",
    begin: text(
        "```python\nimport checkNet\n```\n\n\
         QuecPython's `checkNet` for boards whose firmware has no such module. It is installed with the\n\
         [other modules](from-quecpython.md#install). Firmware of Quectel has its own, frozen in, and scripts import that one.\n\n\
         | board | what counts as online |\n|---|---|\n\
         | a module with a SIM card: the firmware has `sim`, `net` and `dataCall` | the SIM card is ready, the network has registered it, and a data call is up |\n\
         | Wi-Fi (`network.WLAN`) | the station is connected. `boot.py` has to connect it, as [`online.py`](../examples/online.py) does |\n\
         | Ethernet (`network.LAN` without arguments) | the interface has an address; `checkNet` switches it on |\n\
         | any other interface | it is connected; `boot.py` passes it to `setNic` |\n\
         | a computer | at once |\n\n\
         What the two numbers of a result mean:\n\n\
         | result | what |\n|---|---|\n\
         | `(3, 1)` | the board is online |\n\
         | `(3, 0)` | SIM card: no data call |\n\
         | `(2, state)` | SIM card: not registered; state is that of `net.getState()`, or -1 |\n\
         | `(2, -1)` | Wi-Fi, Ethernet: not connected |\n\
         | `(1, state)` | SIM card: not ready; state is that of `sim.getStatus()` |\n",
        "```python\nimport checkNet\n```\n\n\
         QuecPython 的 `checkNet`，供固件中没有该模块的开发板使用，与[其他模块](from-quecpython.zh.md#安装)一起安装。移远的固件已内置该模块，脚本导入的是固件自带的模块。\n\n\
         | 开发板 | 何时算已联网 |\n|---|---|\n\
         | 带 SIM 卡的模组：固件有 `sim`、`net` 和 `dataCall` | SIM 卡就绪、已注册到网络并且拨号成功 |\n\
         | Wi-Fi（`network.WLAN`） | 已连接热点。由 `boot.py` 负责连接，参见 [`online.py`](../examples/online.py) |\n\
         | 以太网（不带参数的 `network.LAN`） | 网口已有地址；`checkNet` 会启用网口 |\n\
         | 其他网口 | 已连接；由 `boot.py` 传给 `setNic` |\n\
         | 电脑 | 立即 |\n\n\
         返回值中两个数字的含义：\n\n\
         | 返回值 | 含义 |\n|---|---|\n\
         | `(3, 1)` | 已联网 |\n\
         | `(3, 0)` | SIM 卡：未拨号 |\n\
         | `(2, state)` | SIM 卡：未注册，state 为 `net.getState()` 的状态或 -1 |\n\
         | `(2, -1)` | Wi-Fi、以太网：未连接 |\n\
         | `(1, state)` | SIM 卡：未就绪，state 为 `sim.getStatus()` 的状态 |\n",
    ),
    end: same(""),
    families: &[&[&WAITS]],
};

pub const CLASS: Scope = Scope {
    kind: ScopeKind::Class {
        takes: &[
            argument("proj_name", "str", text("the script's name, to be printed", "项目名称，用于打印")),
            argument("proj_version", "str", text("its version", "项目版本")),
        ],
        is_context: false,
        attributes: &[
            Attribute { name: "PROJECT_NAME", kind: "str", doc: text("as it was passed", "传入的项目名称") },
            Attribute { name: "PROJECT_VERSION", kind: "str", doc: text("as it was passed", "传入的项目版本") },
            Attribute { name: "FIRMWARE_VERSION", kind: "str", doc: text("the firmware's version", "固件版本") },
            Attribute {
                name: "POWERON_REASON",
                kind: "int",
                doc: text(
                    "why the board has started: `misc.Power.powerOnReason()`, else `machine.reset_cause()`, else 0",
                    "开机原因：`misc.Power.powerOnReason()`，没有时为 `machine.reset_cause()`，都没有时为 0",
                ),
            },
            Attribute {
                name: "wait_network_connected",
                kind: "Callable[..., tuple[int, int]]",
                doc: text("the function `wait_network_connected`", "即函数 `wait_network_connected`"),
            },
        ],
    },
    name: "CheckNetwork",
    doc: "What the board is, and whether it is online.",
    page: "quecpython-checknet",
    begin: text(
        "\n## The class `CheckNetwork`\n\nMost scripts make one object of it.\n",
        "\n## `CheckNetwork` 类\n\n多数脚本会创建一个该类的对象。\n",
    ),
    end: same(""),
    families: &[&[&PRINTS]],
};

const TIMEOUT: Argument = optional_argument("timeout_s", "int", "60", text("seconds, 1 to 3600", "秒数，1 至 3600"));
const WRONG: &[(Failure, Text)] = &[
    raises("OSError", "timeout_s is out of range", "timeout_s 超出范围"),
    raises("TypeError", "timeout_s is not a number", "timeout_s 不是数字"),
];
const RESULT: Text =
    text("the stage and its state, `(3, 1)` if the board is online", "阶段和状态，已联网时为 `(3, 1)`");

const WAITS: Family = Family {
    name: "checknet_waits",
    title: text("Waiting", "等待联网"),
    functions: &[
        Function {
            name: "wait_network_connected",
            takes: &[TIMEOUT],
            returns: "tuple[int, int]",
            returns_doc: RESULT,
            doc: text(
                "Wait until the board is online. It returns earlier if waiting cannot help, for example without a SIM card.",
                "等待联网。如果等待没有意义（例如没有 SIM 卡），则提前返回。",
            ),
            errors: WRONG,
            example: "\
stage, state = checkNet.wait_network_connected(30)
print(stage, state)  # 3 1",
        },
        Function {
            name: "waitNetworkReady",
            takes: &[TIMEOUT],
            returns: "tuple[int, int]",
            returns_doc: RESULT,
            doc: text("The same, by the name that newer firmware has.", "与上一个函数相同，是新版固件中的名称。"),
            errors: WRONG,
            example: "print(checkNet.waitNetworkReady(30) == (3, 1))  # True",
        },
        Function {
            name: "setNic",
            takes: &[argument(
                "nic",
                "Any",
                text(
                    "an object with a method `isconnected()`, as `network.PPP` or `network.WIZNET5K` makes it; `None`: the board's own again",
                    "有 `isconnected()` 方法的对象，例如 `network.PPP` 或 `network.WIZNET5K` 的对象；`None` 表示恢复默认",
                ),
            )],
            returns: "None",
            returns_doc: NOTHING,
            doc: text(
                "Set the interface that the other functions wait for. QuecPython does not have this function.",
                "设置其他函数所等待的网口。QuecPython 没有该函数。",
            ),
            errors: &[raises("TypeError", "nic has no such method", "nic 没有该方法")],
            example: "\
class Modem:
    def isconnected(self):
        return True

checkNet.setNic(Modem())
print(checkNet.wait_network_connected())  # (3, 1)",
        },
    ],
    ..EMPTY
};

const PRINTS: Family = Family {
    name: "checknet_prints",
    title: text("The board", "设备信息"),
    functions: &[Function {
        name: "poweron_print_once",
        takes: &[],
        returns: "None",
        returns_doc: NOTHING,
        doc: text(
            "Print name and version of the script, the firmware's version, the reason of the start, and the SIM card's state, -1 without one.",
            "打印项目名称和版本、固件版本、开机原因以及 SIM 卡状态（没有 SIM 卡时为 -1）。",
        ),
        errors: &[],
        example: "\
checknet = checkNet.CheckNetwork('QuecPython', '1.0.0')
print(checknet.PROJECT_VERSION)  # 1.0.0
if checknet.wait_network_connected(30) != (3, 1):
    checknet.poweron_print_once()",
    }],
    ..EMPTY
};
