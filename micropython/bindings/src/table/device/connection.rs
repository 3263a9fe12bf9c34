//! Connecting, and what surrounds it.

use crate::table::clouds;
use crate::table::common::*;
use crate::table::entry::*;

pub const FAMILY: Family = Family {
    name: "connection",
    title: text("Connection", "连接"),
    events: EVENTS,
    error_codes: ERROR_CODES,
    functions: FUNCTIONS,
    ..EMPTY
};

const EVENTS: &[Event] = &[
    Event {
        name: "ON_CONNECT",
        value: 1,
        payload: "{'code': int}",
        doc: text(
            "The device is connected. code is 0 for the first time since `connect()`, and 1 after a reconnect.",
            "设备已连接。code 为 0 表示调用 `connect()` 后首次连接，为 1 表示断线后重新连接。",
        ),
    },
    Event {
        name: "ON_CLOSE",
        value: 2,
        payload: "{'code': int}",
        doc: text("The connection is closed after `end()`. code is 0.", "调用 `end()` 后连接已关闭。code 为 0。"),
    },
    Event {
        name: "ON_DISCONNECT",
        value: 3,
        payload: "{'code': int, 'msg': str}",
        doc: text(
            "The connection is lost. The device reconnects by itself. code is always 2, msg gives the reason.",
            "连接断开，设备会自动重连。code 固定为 2，msg 说明原因。",
        ),
    },
    Event {
        name: "ON_ERROR",
        value: 8,
        payload: "{'code': int, 'msg': str}",
        doc: text(
            "Something failed. code is in the table of codes, msg describes the error. Until the script calls `on()` for ON_ERROR, each new error is printed as one line on the console. A lost connection is printed too until the script calls `on()` for ON_DISCONNECT. `None` as the callback turns the lines off. After a lost or refused connection the device retries by itself.",
            "出现错误。code 为错误码（见错误码表），msg 为文字说明。脚本没有为 ON_ERROR 调用过 `on()` 时，每个新的错误在控制台打印一行。没有为 ON_DISCONNECT 调用过 `on()` 时，连接断开也打印一行。以 `None` 为回调则不打印。连接断开或被拒绝后，设备会自行重试。",
        ),
    },
];

const ERROR_CODES: &[ErrorCode] = &[
    ErrorCode {
        codes: Codes::Range(1, 5),
        doc: text(
            "the server refused the login; the code is that of its CONNACK (3: not available, 4: wrong secret, 5: not authorised). Where the cloud has the time signed, msg says what the board's clock says. A registration over HTTPS reports HTTP status 408, 429, 500 and up, and reply codes 429 and 500, as code 3",
            "服务器拒绝登录；即 CONNACK 的返回码（3 表示服务不可用，4 表示密钥错误，5 表示未授权）。签名含有时间的云平台，msg 会给出本机时钟的时间。通过 HTTPS 动态注册时，HTTP 状态码为 408、429 或不小于 500，或响应中的 code 为 429 或 500 的，也记为 3",
        ),
    },
    ErrorCode {
        codes: Codes::From(200),
        doc: text(
            "the platform refused a registration, an upload (more codes below), or a post that had no callback; the code is that of its reply (help.aliyun.com document 120329), or HTTP's status",
            "平台拒绝了上报（且未设置回调），或拒绝了动态注册、文件上传（其余错误码见下）；即平台响应中的 code（参见 help.aliyun.com 文档 120329）或 HTTP 状态码",
        ),
    },
    ErrorCode {
        codes: Codes::One("TIMEOUT", -40),
        doc: text(
            "the server did not reply in time (key connectTimeout of connect)",
            "服务器未在限定时间内响应（见 connect 的 connectTimeout 键）",
        ),
    },
    ErrorCode {
        codes: Codes::One("KICKED", -41),
        doc: text(
            "the server disconnected the device again and again: another device seems to use the same identity",
            "反复被踢下线：很可能有另一台设备在使用相同的设备证书",
        ),
    },
    ErrorCode {
        codes: Codes::One("LINK", -42),
        doc: text(
            "the connection failed (no network, name not found, refused, closed)",
            "网络连接失败（无网络、域名无法解析、连接被拒绝或被关闭）",
        ),
    },
    ErrorCode {
        codes: Codes::One("TLS", -43),
        doc: text(
            "TLS failed: the server's certificate is for another name, expired, not yet valid (check the board's clock), or not signed by a trusted root; or the server does not use TLS",
            "TLS 失败：服务器证书的域名不符、已过期、尚未生效（请检查本机时钟），或不由受信任的根证书签发；或者服务器不支持 TLS",
        ),
    },
    ErrorCode {
        codes: Codes::One("PEER", -44),
        doc: text(
            "the server sent packets that MQTT 3.1.1 does not allow, or stopped responding",
            "服务器发来的报文不符合 MQTT 3.1.1，或服务器不再响应",
        ),
    },
];

const FUNCTIONS: &[Function] = &[
    Function {
        name: "on",
        takes: &[
            argument("event", "int", text("one of the `ON_` constants", "`ON_` 常量之一")),
            argument(
                "callback",
                CALLBACK,
                text(
                    "a function of one argument, not an `async def` function; `None` removes the callback",
                    "回调函数，带一个参数，不能是 `async def` 函数；`None` 表示取消回调",
                ),
            ),
        ],
        returns: "int",
        returns_doc: same("0"),
        doc: text(
            "Set the callback of an event. It replaces the previous callback. MicroPython's scheduler calls it in the main thread, while the thread runs or sleeps. An exception in a callback is printed, and the device continues. If a callback takes another number of arguments, the printed error names the event (or method) and the callback. Only one callback runs at a time. Until it returns, no device sends or receives: a callback that takes half of `keepaliveSec` or longer can cost the connection. An exception is a callback that waits for an upload: one more callback of the device can run meanwhile. While both run, requests get the reply 429, and up to 16 other calls wait. If more calls come, nothing is received or acknowledged, and the inner upload fails. After Ctrl-C no callback starts for 100 ms; messages that wait are not acknowledged until then. To wake an asyncio task, use a `ThreadSafeFlag` (examples/with_asyncio.py).",
            "设置事件的回调函数，替换之前的回调。回调由 MicroPython 调度器在主线程中调用，主程序运行或休眠时均可。回调抛出的异常会打印出来，设备继续运行。回调的参数个数不符时，打印的错误会给出事件（或方法）和回调的名字。同一时刻只执行一个回调，期间所有设备都不会自动收发：执行时间达到 `keepaliveSec` 的一半时，可能导致断线。回调等待上传时例外：该设备还可以再执行一个回调。两个都在执行时，收到的请求以 429 响应，其他回调最多 16 个排队等待。再多则不再接收（不确认），内层的上传失败。按 Ctrl-C 后，100 毫秒内不再开始新的回调，等待中的消息和请求此后再处理。在回调中唤醒 asyncio 任务，请用 `ThreadSafeFlag`（见 examples/with_asyncio.py）。",
        ),
        errors: &[raises("ValueError", "the event does not exist", "事件不存在"), WRONG_CALLBACK],
        example: "\
def on_props(request):
    print('set', request['params'])  # set {\"LightSwitch\":1}

device.on(Device.ON_PROPS, on_props)",
    },
    Function {
        name: "connect",
        takes: &[choice(&clouds::CONNECT)],
        returns: "int",
        returns_doc: text("0, without waiting for the connection", "0，不等待连接建立"),
        doc: text(
            "Connect to the platform in the background, and reconnect after each lost connection until `end()`. ON_CONNECT reports success, ON_ERROR each failed attempt. The key `cloud` selects the platform; each has keys of its own. A script moves to another cloud by its dictionary: [clouds](clouds.md) says what each method becomes there. Most clouds have each login signed with the time of the board's clock.",
            "在后台连接物联网平台，断线后自动重连，直到调用 `end()`。连接成功时触发 ON_CONNECT，每次尝试失败时触发 ON_ERROR。`cloud` 键选择云平台，各平台有自己的键；更换字典即可换用其他云平台，各方法在各平台上的对应关系见[云平台](clouds.zh.md)。多数平台的登录签名含有本机时钟的时间。",
        ),
        errors: &[
            raises(
                "OSError",
                "already connected or connecting; or deviceSecret is not given and the stored secrets cannot be read; or the cloud has the time signed and the board's clock is not set",
                "已连接或正在连接；或未提供 deviceSecret，且无法读取已保存的密钥；或云平台的签名含有时间，而本机时钟未校准",
            ),
            WRONG_KEY,
            raises(
                "ValueError",
                "a value is out of range; or, in a dictionary with `cloud`, a key is not one of that cloud; the message names the key",
                "值超出范围；或字典含有 `cloud`，而某个键不属于该平台；异常信息会给出对应的键",
            ),
            WRONG_TYPE,
            raises(
                "NotImplementedError",
                "this firmware was built without the cloud; the message names it",
                "固件构建时未包含该云平台；异常信息会给出其名称",
            ),
        ],
        example: "\
up = []
device.on(Device.ON_CONNECT, up.append)
device.connect({'productKey': key, 'deviceName': name, 'deviceSecret': secret, 'keepaliveSec': 60})
while not up:
    time.sleep_ms(100)
print(up[0])  # {'code': 0}",
    },
    Function {
        name: "end",
        takes: &[],
        returns: "int",
        returns_doc: same("0"),
        doc: text(
            "Disconnect and stop reconnecting. It blocks for up to two seconds, until messages that wait are sent. ON_CLOSE is called afterwards. The script can call `connect()` again.",
            "断开连接，不再重连。该方法最多阻塞两秒，等待待发消息发送完毕；随后触发 ON_CLOSE。之后可以再次调用 `connect()`。",
        ),
        errors: &[
            NOT_STARTED,
            raises(
                "OSError",
                "EBUSY: called while an upload reads its file (for example from a file system written in Python)",
                "EBUSY：在读取上传文件的过程中被调用（例如用 Python 实现的文件系统）",
            ),
        ],
        example: "print(device.end())  # 0",
    },
    Function {
        name: "getDeviceInfo",
        takes: &[],
        returns: "dict[str, str] | None",
        returns_doc: text(
            "a dict of region, productKey, productSecret, deviceName and deviceSecret, `''` for an unknown value; on other clouds than Alibaba's, productKey is the product ID (TLINK: the account). `None` before `connect()` if nothing is stored",
            "字典，包含 region、productKey、productSecret、deviceName 和 deviceSecret，未知的值为 `''`；其他云平台的 productKey 为产品 ID（TLINK 为登录账号）；未调用 `connect()` 且没有保存过设备证书时为 `None`",
        ),
        doc: text(
            "Return the device's identity. Before `connect()`, it is the identity that `register()` stored last.",
            "获取设备证书（三元组）等身份信息。调用 `connect()` 之前为 `register()` 最近一次保存的身份信息。",
        ),
        errors: &[],
        example: "\
info = device.getDeviceInfo()
if info:
    print(info['region'])  # cn-shanghai",
    },
    Function {
        name: "getDeviceHandle",
        takes: &[],
        returns: "int",
        returns_doc: text("the number; never 0", "该整数，不会为 0"),
        doc: text(
            "Return a number that identifies this device, as on HaaS firmware. The `ota` module, which uses the number there, is not supported yet.",
            "获取代表该设备的整数（设备句柄），与 HaaS 固件一致。使用该句柄的 `ota` 模块暂不支持。",
        ),
        errors: &[],
        example: "print(device.getDeviceHandle())  # for example 1",
    },
    Function {
        name: "poll",
        takes: &[],
        returns: "int",
        returns_doc: text(
            "milliseconds until the next work that is due by itself, -1 for none",
            "距离下一次自行处理的毫秒数，-1 表示没有",
        ),
        doc: text(
            "Send and receive now, and run due callbacks. It is rarely needed, since the device works in the background. Call it from code that keeps the scheduler from running, or to make space at once after `publish()` returned -2.",
            "立即收发，并执行到期的回调。设备在后台自动工作，因此很少需要调用：仅用于阻止调度器运行的代码中，或 `publish()` 返回 -2 后想立即腾出空间时。",
        ),
        errors: &[],
        example: "print(device.poll(), 'ms')  # for example 28000 ms",
    },
];
