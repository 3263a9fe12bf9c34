//! `netmgr`: the board's network, as HaaS's Wi-Fi boards have it.

use crate::table::common::*;
use crate::table::entry::*;

pub const SCOPE: Scope = Scope {
    kind: ScopeKind::Functions,
    name: "netmgr",
    doc: "",
    page: "haas-netmgr",
    begin: text(
        "```python\nimport netmgr\n```\n\n\
         HaaS's `netmgr` on MicroPython's `network`. It uses `network.WLAN`. On a board without Wi-Fi it uses `network.LAN`, and\n\
         `connect` ignores the name and the password. On a computer, the computer's own connection counts as the Wi-Fi.\n\n\
         [Coming from HaaS](from-haas.md) describes the installation. The functions are those of the firmware of HaaS EDU K1,\n\
         HaaS200 and ESP32. `getDev`, `autoSaveAP`, `getConfig`, `saveConfig`, `deleteConfig` and the channel lists are missing:\n\
         MicroPython stores no access points.\n",
        "```python\nimport netmgr\n```\n\n\
         HaaS 的 `netmgr`，基于 MicroPython 的 `network`。使用开发板的 `network.WLAN`；没有 Wi-Fi 时使用 `network.LAN`，\
         此时 `connect` 忽略名称和密码。在电脑上，电脑自身的网络连接视为 Wi-Fi。\n\n\
         安装方法见[从 HaaS 迁移](from-haas.zh.md)。接口与 HaaS EDU K1、HaaS200 和 ESP32 固件一致。没有 `getDev`、`autoSaveAP`、`getConfig`、`saveConfig`、\
         `deleteConfig` 和信道列表：MicroPython 不保存接入点。\n",
    ),
    end: same(""),
    families: &[&[&CONNECTION, &QUERIES, &ADDRESS]],
};

const fn constant(name: &'static str, value: i32, doc: Text) -> Constant {
    Constant { name, value: Value::Int(value), doc }
}

const NO_NETWORK: (Failure, Text) = raises(
    "OSError",
    "the board has neither `network.WLAN` nor `network.LAN`, and `use` was not called",
    "开发板没有 `network.WLAN` 和 `network.LAN`，也没有调用 `use`",
);

const CONNECTION: Family = Family {
    name: "connection",
    title: text("Connection", "连接"),
    constants: &[
        constant("NET_AP_DISCONNECTING", 0, text("disconnecting; not reported here", "正在断开；此处不会出现")),
        constant("NET_AP_DISCONNECTED", 1, text("not connected", "未连接")),
        constant("NET_AP_CONNECTING", 2, text("joining the access point", "正在连接接入点")),
        constant(
            "NET_AP_CONNECTED",
            3,
            text(
                "connected to the access point; only as an event, before 5",
                "已连接接入点；仅作为事件，在 5 之前触发",
            ),
        ),
        constant("NET_IP_OBTAINING", 4, text("waiting for an address", "正在获取地址")),
        constant("NET_IP_OBTAINED", 5, text("connected, with an address", "已连接并获得地址")),
        constant(
            "NET_FAILED",
            6,
            text("wrong password, no such access point, or refused", "密码错误、接入点不存在或被拒绝"),
        ),
        constant("NET_TYPE_WIFI", 0, text("Wi-Fi", "Wi-Fi")),
        constant("NET_TYPE_CELLULAR", 1, text("mobile network", "蜂窝网络")),
        constant("NET_TYPE_ETH", 2, text("Ethernet", "以太网")),
    ],
    functions: &[
        Function {
            name: "init",
            takes: &[],
            returns: "int",
            returns_doc: text("0", "0"),
            doc: text(
                "Switch the network interface on. The other functions do it too.",
                "打开网络接口。其他函数也会自动打开。",
            ),
            errors: &[NO_NETWORK],
            example: "print(netmgr.init())  # 0",
        },
        Function {
            name: "connect",
            takes: &[
                argument(
                    "ssid",
                    "str | dict[str, str]",
                    text(
                        "name of the Wi-Fi, 1 to 32 bytes; or a dictionary with `ssid` and `password`",
                        "Wi-Fi 名称，1 至 32 字节；或含有 `ssid` 和 `password` 的字典",
                    ),
                ),
                optional_argument(
                    "password",
                    "str | None",
                    "''",
                    text("8 to 64 characters; empty for an open Wi-Fi", "8 至 64 个字符；开放的 Wi-Fi 为空"),
                ),
            ],
            returns: "int",
            returns_doc: text(
                "0: joining in the background; or connected to this Wi-Fi already",
                "0：在后台连接，或已连接该 Wi-Fi",
            ),
            doc: text(
                "Connect to a Wi-Fi. It returns at once. `getStatus` and the callback of `on` report the result. On firmware without `machine.Timer`, it waits for up to 30 s if there is a callback.",
                "连接 Wi-Fi，立即返回。结果由 `getStatus` 和 `on` 的回调报告。固件没有 `machine.Timer` 且设置了回调时，最多等待 30 秒。",
            ),
            errors: &[
                returns("-1", "the driver refused", "驱动拒绝"),
                raises("TypeError", "a value is not text", "值不是文本"),
                raises(
                    "ValueError",
                    "a key is missing, or a name or a password has a wrong length",
                    "缺少键，或名称、密码的长度不符",
                ),
                NO_NETWORK,
            ],
            example: "\
print(netmgr.connect('your Wi-Fi', 'your password'))  # 0
print(netmgr.getStatus() == netmgr.NET_IP_OBTAINED)  # True",
        },
        Function {
            name: "disconnect",
            takes: &[],
            returns: "int",
            returns_doc: text("0", "0"),
            doc: text(
                "Disconnect from the Wi-Fi. On a computer, only the status here changes; the computer stays connected.",
                "断开 Wi-Fi。在电脑上只改变这里报告的状态，电脑自身的连接不受影响。",
            ),
            errors: &[NO_NETWORK],
            example: "\
print(netmgr.disconnect())  # 0
print(netmgr.getStatus() == netmgr.NET_AP_DISCONNECTED)  # True",
        },
        Function {
            name: "on",
            takes: &[argument(
                "callback",
                "Callable[[int], object] | None",
                text(
                    "a function that gets 1, 3, 5 or 6 (see the constants); `None` ends it",
                    "函数，参数为 1、3、5 或 6（见常量）；`None` 表示取消",
                ),
            )],
            returns: "None",
            returns_doc: NOTHING,
            doc: text(
                "Have a function called when the connection changes, and now if there is one. A timer looks twice a second: `machine.Timer(-1)`, or on boards with hardware timers alone number 3 or 1, which the script must then not use.",
                "连接状态变化时调用函数；已连接时立即调用。定时器每秒检查两次：使用 `machine.Timer(-1)`；只有硬件定时器的开发板使用 3 号或 1 号，脚本不能再使用它。",
            ),
            errors: &[raises("TypeError", "the callback cannot be called", "回调不可调用"), NO_NETWORK],
            example: "\
def on_change(status):
    if status == netmgr.NET_IP_OBTAINED:
        print('connected')  # connected

netmgr.on(on_change)",
        },
        Function {
            name: "deinit",
            takes: &[],
            returns: "int",
            returns_doc: text("0", "0"),
            doc: text("Switch the network interface off, and forget the callback.", "关闭网络接口，并取消回调。"),
            errors: &[],
            example: "print(netmgr.deinit())  # 0",
        },
        Function {
            name: "use",
            takes: &[
                argument("nic", "Any", text("an interface of MicroPython's `network`", "MicroPython `network` 的接口")),
                argument(
                    "kind",
                    "int",
                    text(
                        "`NET_TYPE_WIFI`, `NET_TYPE_CELLULAR` or `NET_TYPE_ETH`",
                        "`NET_TYPE_WIFI`、`NET_TYPE_CELLULAR` 或 `NET_TYPE_ETH`",
                    ),
                ),
            ],
            returns: "None",
            returns_doc: NOTHING,
            doc: text(
                "Have another interface used, such as `network.PPP` for a modem, or a `network.LAN` that needs arguments. boot.py calls it. Not in HaaS.",
                "指定使用其他接口，例如用于调制解调器的 `network.PPP`，或需要参数的 `network.LAN`。由 boot.py 调用。HaaS 中没有。",
            ),
            errors: &[
                raises("TypeError", "nic is no interface", "nic 不是网络接口"),
                raises("ValueError", "kind is another number", "kind 是其他数值"),
            ],
            example: "\
import network

netmgr.use(network.LAN(), netmgr.NET_TYPE_ETH)
print(netmgr.getType())  # 2",
        },
    ],
    ..EMPTY
};

const QUERIES: Family = Family {
    name: "netmgr_queries",
    title: text("Queries", "查询"),
    functions: &[
        Function {
            name: "getStatus",
            takes: &[],
            returns: "int",
            returns_doc: text("1, 2, 4, 5 or 6 (see the constants)", "1、2、4、5 或 6（见常量）"),
            doc: text("Get the state of the connection. 5 means connected.", "查询连接状态。5 表示已连接。"),
            errors: &[NO_NETWORK],
            example: "print(netmgr.getStatus())  # 5",
        },
        Function {
            name: "getType",
            takes: &[],
            returns: "int",
            returns_doc: text("0 Wi-Fi, 1 mobile network, 2 Ethernet", "0 Wi-Fi，1 蜂窝网络，2 以太网"),
            doc: text("Get the kind of network.", "查询网络类型。"),
            errors: &[NO_NETWORK],
            example: "print(netmgr.getType())  # 0",
        },
        Function {
            name: "getInfo",
            takes: &[],
            returns: "dict[str, Any]",
            returns_doc: text(
                "`ssid`, `mac`, `ip`: text; `rssi`: dBm, 0 if it is not known. The same in capitals, as early firmware had it",
                "`ssid`、`mac`、`ip` 为文本；`rssi` 单位为 dBm，未知时为 0。另有大写的键，与早期固件相同",
            ),
            doc: text("Get the addresses and the signal.", "查询地址和信号强度。"),
            errors: &[NO_NETWORK],
            example: "print(netmgr.getInfo()['ip'])  # for example 127.0.0.1",
        },
    ],
    ..EMPTY
};

const ADDRESS: Family = Family {
    name: "address",
    title: text("Address", "地址"),
    functions: &[
        Function {
            name: "ifconfig",
            takes: &[argument(
                "config",
                "dict[str, Any]",
                text(
                    "`ip_addr`, `mask`, `gw`, `dns_server` as text; or `dhcp_en` true",
                    "文本 `ip_addr`、`mask`、`gw`、`dns_server`；或 `dhcp_en` 为真",
                ),
            )],
            returns: "int",
            returns_doc: text("0", "0"),
            doc: text("Set a fixed address, or have DHCP get one.", "设置固定地址，或用 DHCP 获取地址。"),
            errors: &[
                returns("-1", "the driver refused", "驱动拒绝"),
                raises("TypeError", "config is no dictionary, or a value is not text", "config 不是字典，或值不是文本"),
                raises("ValueError", "a key is missing", "缺少键"),
                NO_NETWORK,
            ],
            example: "print(netmgr.ifconfig({'dhcp_en': True}))  # 0",
        },
        Function {
            name: "getIfconfig",
            takes: &[],
            returns: "dict[str, Any]",
            returns_doc: text(
                "`ip_addr`, `mask`, `gateway`, `dns`, `mac`: text; `rssi`: dBm",
                "`ip_addr`、`mask`、`gateway`、`dns`、`mac` 为文本；`rssi` 单位为 dBm",
            ),
            doc: text("Get all addresses.", "查询所有地址。"),
            errors: &[NO_NETWORK],
            example: "print(netmgr.getIfconfig()['mask'])  # for example 255.0.0.0",
        },
    ],
    ..EMPTY
};
