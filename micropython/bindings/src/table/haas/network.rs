//! `NetWorkClient`, which HaaS's 4G boards have in `network`.

use crate::table::common::*;
use crate::table::entry::*;

pub const CLIENT: Scope = Scope {
    kind: ScopeKind::Class {
        takes: &[],
        is_context: false,
        attributes: &[
            Attribute {
                name: "_stagecode",
                kind: "int",
                doc: text("3, which firmware had when the network was up", "3，固件联网后即为此值"),
            },
            Attribute {
                name: "_subcode",
                kind: "int",
                doc: text(
                    "1 if the board was connected when the object was made, else 0",
                    "创建对象时开发板已联网为 1，否则为 0",
                ),
            },
        ],
    },
    name: "NetWorkClient",
    doc: "The board's network, as HaaS's 4G boards have it.",
    page: "haas-network",
    begin: text(
        "```python\nfrom network import NetWorkClient\n```\n\n\
         HaaS's 4G boards connect with `network.NetWorkClient`. Here it uses the connection that the board has: Wi-Fi, Ethernet or\n\
         a modem. On a computer, the computer's own connection counts.\n\n\
         ## One line in boot.py\n\n\
         On a board, `network` is built into the firmware: nothing can be added to it, and a file of that name is not found. So\n\
         boot.py has one line more, and scripts need no change:\n\n\
         ```text\nimport haas_network\n```\n\n\
         After that, `import network` gives everything that the board's `network` has, and `NetWorkClient`. Without the line, a\n\
         script ends with AttributeError or ImportError. On a computer the line is not needed.\n\n\
         A 4G script names no Wi-Fi. So boot.py also connects, for example with [`online.py`](../examples/online.py). A board with a modem hands\n\
         its interface over: [`netmgr.use(network.PPP(uart), netmgr.NET_TYPE_CELLULAR)`](haas-netmgr.md#usenic-kind).\n\n\
         ## NetWorkClient\n\n\
         `NetWorkClient()` waits for up to 30 s while the board connects. Scripts go on if `_stagecode` is 3 and `_subcode` is 1.\n",
        "```python\nfrom network import NetWorkClient\n```\n\n\
         HaaS 的 4G 开发板用 `network.NetWorkClient` 联网。本模块使用开发板现有的连接：Wi-Fi、以太网或调制解调器。在电脑上，使用电脑自身的连接。\n\n\
         ## boot.py 中加一行\n\n\
         开发板的 `network` 内置在固件中，不能添加内容，同名文件也不会被找到。因此在 boot.py 中加一行，脚本无需修改：\n\n\
         ```text\nimport haas_network\n```\n\n\
         此后 `import network` 得到开发板 `network` 的全部内容和 `NetWorkClient`。没有这一行时，脚本会因 AttributeError 或 ImportError 而终止。在电脑上不需要这一行。\n\n\
         4G 脚本中没有 Wi-Fi 名称，因此由 boot.py 负责联网，例如使用 [`online.py`](../examples/online.py)。带调制解调器的开发板把接口交给本模块：\
         [`netmgr.use(network.PPP(uart), netmgr.NET_TYPE_CELLULAR)`](haas-netmgr.zh.md#usenic-kind)。\n\n\
         ## NetWorkClient\n\n\
         开发板正在联网时，`NetWorkClient()` 最多等待 30 秒。`_stagecode` 为 3 且 `_subcode` 为 1 时，脚本才会继续执行。\n",
    ),
    end: same(""),
    families: &[&[&METHODS]],
};

const METHODS: Family = Family {
    name: "network_client",
    title: text("Methods", "方法"),
    functions: &[
        Function {
            name: "on",
            takes: &[
                argument("event", "int", text("1: the connection", "1：连接")),
                argument(
                    "callback",
                    "Callable[[tuple[int, int]], object]",
                    text(
                        "a function that gets `(1, 1)` when the network is there, `(1, 0)` when it is lost",
                        "函数，联网时参数为 `(1, 1)`，断网时为 `(1, 0)`",
                    ),
                ),
            ],
            returns: "int",
            returns_doc: text("0", "0"),
            doc: text(
                "Have a function called when the connection changes. A timer looks twice a second (see [`netmgr.on`](haas-netmgr.md#oncallback)).",
                "连接状态变化时调用函数。定时器每秒检查两次（见 [`netmgr.on`](haas-netmgr.zh.md#oncallback)）。",
            ),
            errors: &[
                raises("TypeError", "the callback cannot be called", "回调不可调用"),
                raises("ValueError", "another event", "其他事件"),
            ],
            example: "\
def on_4g_cb(args):
    print(args[1])  # 1

print(client.on(1, on_4g_cb))  # 0",
        },
        Function {
            name: "connect",
            takes: &[optional_argument(
                "data",
                "dict[str, str] | None",
                "None",
                text(
                    "`None`, or a dictionary with `apn`: use the board's connection. With `ssid` and `password`: join that Wi-Fi",
                    "`None` 或含有 `apn` 的字典：使用开发板的连接。含有 `ssid` 和 `password`：连接该 Wi-Fi",
                ),
            )],
            returns: "int",
            returns_doc: text("0", "0"),
            doc: text(
                "Connect. The callback gets `(1, 1)`, also if the board was connected before. The APN is not used here; it belongs to the modem's interface.",
                "联网。即使开发板此前已联网，回调也会收到 `(1, 1)`。此处不使用 APN，它由调制解调器的接口设置。",
            ),
            errors: &[
                returns("-1", "the driver refused", "驱动拒绝"),
                raises("TypeError", "data or a value has another type", "data 或值的类型不符"),
                raises("ValueError", "a key is missing, or a value has a wrong length", "缺少键，或值的长度不符"),
            ],
            example: "print(client.connect(None))  # 0",
        },
        Function {
            name: "disconnect",
            takes: &[],
            returns: "int",
            returns_doc: text("0", "0"),
            doc: text("Disconnect from the Wi-Fi.", "断开 Wi-Fi。"),
            errors: &[],
            example: "print(client.disconnect())  # 0",
        },
        Function {
            name: "getStatus",
            takes: &[],
            returns: "int",
            returns_doc: text("3 connected, 0 not connected", "3 已连接，0 未连接"),
            doc: text(
                "Get the state of the connection. HaaS506 has 3; for other states no source is known, so 0 is a convention.",
                "查询连接状态。HaaS506 连接成功为 3；其他状态没有已知的资料，0 为本项目的约定。",
            ),
            errors: &[],
            example: "print(client.getStatus())  # 3",
        },
        Function {
            name: "getType",
            takes: &[],
            returns: "int",
            returns_doc: text("0 Wi-Fi, 1 mobile network, 2 Ethernet", "0 Wi-Fi，1 蜂窝网络，2 以太网"),
            doc: text("Get the kind of network.", "查询网络类型。"),
            errors: &[],
            example: "print(client.getType())  # 0",
        },
        Function {
            name: "getInfo",
            takes: &[],
            returns: "dict[str, Any]",
            returns_doc: text(
                "as [`netmgr.getInfo`](haas-netmgr.md#getinfo)",
                "同 [`netmgr.getInfo`](haas-netmgr.zh.md#getinfo)",
            ),
            doc: text("Get the addresses and the signal.", "查询地址和信号强度。"),
            errors: &[],
            example: "print(client.getInfo()['IP'])  # for example 127.0.0.1",
        },
    ],
    ..EMPTY
};
