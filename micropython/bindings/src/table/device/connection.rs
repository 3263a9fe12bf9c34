//! Connecting, and what surrounds it.

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
            "The session is up: code 0 for the first time since `connect()`, 1 when it is up again.",
            "连接已建立：code 为 0 表示调用 `connect()` 后首次连上，为 1 表示断线后重新连上。",
        ),
    },
    Event {
        name: "ON_CLOSE",
        value: 2,
        payload: "{'code': int}",
        doc: text("The connection is closed after `end()`; code 0.", "调用 `end()` 后连接已关闭；code 为 0。"),
    },
    Event {
        name: "ON_DISCONNECT",
        value: 3,
        payload: "{'code': int, 'msg': str}",
        doc: text(
            "The session is lost; the device reconnects by itself. code is always 2, msg says why.",
            "连接断开，设备会自动重连。code 固定为 2，msg 说明原因。",
        ),
    },
    Event {
        name: "ON_ERROR",
        value: 8,
        payload: "{'code': int, 'msg': str}",
        doc: text(
            "Something failed. code tells what (see the table of codes), msg says it in words. Until `on()` is called for ON_ERROR, each new error is one line on the console instead, and so is a lost session until `on()` is called for ON_DISCONNECT; `None` as the callback silences both. After a lost or refused connection the device goes on trying by itself.",
            "出现错误。code 为错误码（见错误码表），msg 为文字说明。没有为 ON_ERROR 调用过 `on()` 时，每个新的错误在控制台打印一行；没有为 ON_DISCONNECT 调用过 `on()` 时，连接断开也打印一行；以 `None` 为回调则都不打印。连接断开或被拒绝后，设备会自行重试。",
        ),
    },
];

const ERROR_CODES: &[ErrorCode] = &[
    ErrorCode {
        codes: Codes::Range(1, 5),
        doc: text(
            "the server refused the login; the code is that of its CONNACK (3: not available, 4: wrong secret). A registration over HTTPS that is answered with status 408, 429 or 500 and up, or with code 429 or 500, is told as 3",
            "服务器拒绝登录；即 CONNACK 的返回码（3 表示服务不可用，4 表示密钥错误）。通过 HTTPS 动态注册时，HTTP 状态码为 408、429 或不小于 500，或应答中的 code 为 429 或 500 的，也记为 3",
        ),
    },
    ErrorCode {
        codes: Codes::From(200),
        doc: text(
            "the platform refused a registration, an upload (more codes below), or a post that had no callback; the code is that of its reply (help.aliyun.com document 120329), or HTTP's status",
            "平台拒绝了上报（且未设置回调），或拒绝了动态注册、文件上传（其余错误码见下）；即平台应答中的 code（参见 help.aliyun.com 文档 120329）或 HTTP 状态码",
        ),
    },
    ErrorCode {
        codes: Codes::One("TIMEOUT", -40),
        doc: text(
            "no answer from the server in time (key connectTimeout of connect)",
            "服务器未在限定时间内应答（见 connect 的 connectTimeout 键）",
        ),
    },
    ErrorCode {
        codes: Codes::One("KICKED", -41),
        doc: text(
            "kicked out again and again: another device seems to use the same identity",
            "反复被踢下线：很可能有另一台设备在使用同一身份",
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
            "TLS failed: the server's certificate is for another name, expired, not yet valid by this board's clock, or of an unknown root; or the server does not speak TLS",
            "TLS 失败：服务器证书的域名不符、已过期、按本机时钟尚未生效或根证书未知；或者服务器不支持 TLS",
        ),
    },
    ErrorCode {
        codes: Codes::One("PEER", -44),
        doc: text("the server does not keep to MQTT 3.1.1, or fell silent", "服务器不符合 MQTT 3.1.1，或不再响应"),
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
                    "called with one argument, not an `async def` function; `None` removes the callback",
                    "回调函数，带一个参数，不能是 `async def` 函数；`None` 表示取消回调",
                ),
            ),
        ],
        returns: "int",
        returns_doc: same("0"),
        doc: text(
            "Sets the callback of an event, in place of the one before. Callbacks run in the main thread between two bytecodes, also while it sleeps; an exception in one is printed, and the device goes on. If a callback takes another number of arguments, the line that is printed names the event (or method) and the callback. While a callback waits for an upload, one more callback of the device may run. While both run, requests are answered 429, and up to 16 other calls wait. After that, nothing more is received or acknowledged, and the inner upload is given up. After Ctrl-C no further callback begins for 100 ms; what was not told stays unacknowledged until then. In all other cases one callback runs at a time, and no device sends or receives by itself meanwhile: a callback that takes half of `keepaliveSec` or longer may cost the connection. A task of asyncio is woken with a `ThreadSafeFlag` (examples/with_asyncio.py).",
            "设置事件的回调函数，替换之前的回调。回调在主线程的两条字节码之间执行，主线程休眠时也会执行；回调抛出的异常会打印出来，设备继续运行。回调的参数个数不符时，打印的错误会给出事件（或方法）和回调的名字。回调等待上传时，该设备还可以再执行一个回调。两个都在执行时：收到的请求以 429 应答；其他回调最多 16 个排队等待，再多则不再接收（不确认），并放弃内层的上传。Ctrl-C 之后不再开始新的回调，后面的消息和请求在 100 毫秒后处理。除此之外，同一时刻只执行一个回调，期间所有设备都不会自动收发：执行时间达到 `keepaliveSec` 的一半时，可能导致断线。在回调中唤醒 asyncio 任务，请用 `ThreadSafeFlag`（见 examples/with_asyncio.py）。",
        ),
        errors: &[raises("ValueError", "the event does not exist", "事件不存在"), WRONG_CALLBACK],
        example: "\
def on_props(request):
    print('set', request['params'])  # set {\"LightSwitch\":1}

device.on(Device.ON_PROPS, on_props)",
    },
    Function {
        name: "connect",
        takes: &[dict(&[
            required(
                "productKey",
                Kind::Text,
                text("product key, at most 20 letters and digits", "产品的 ProductKey，最多 20 个字母和数字"),
            ),
            required("deviceName", Kind::Text, text("device name, at most 32 characters", "设备名称，最多 32 个字符")),
            optional(
                "deviceSecret",
                Kind::Text,
                text("the one that `register()` has stored", "`register()` 已保存的密钥"),
                text("device secret, at most 64 characters", "设备密钥，最多 64 个字符"),
            ),
            optional(
                "region",
                Kind::Text,
                same("'cn-shanghai'"),
                text("region of the old public instance", "旧版公共实例所在的地域"),
            ),
            optional(
                "keepaliveSec",
                Kind::Clamped { min: 30, max: 1200 },
                same("60"),
                text(
                    "seconds after which a quiet connection is tested; the platform takes 30 to 1200, the nearest is used",
                    "保活时间，单位为秒；平台允许 30 至 1200，超出范围时取最接近的值",
                ),
            ),
            optional(
                "instanceId",
                Kind::Text,
                text("none", "无"),
                text("id of a new public or an enterprise instance", "新版公共实例或企业版实例的实例 ID"),
            ),
            optional(
                "host",
                Kind::Text,
                text("from instance, product and region", "由实例、产品和地域得出"),
                text(
                    "another host: its name or address alone, without a port",
                    "指定接入域名：只写域名或 IP 地址，不含端口",
                ),
            ),
            optional(
                "port",
                Kind::Int { min: 1, max: 65535 },
                text("8883 with instanceId, else 1883", "有 instanceId 时为 8883，否则为 1883"),
                text("another port", "指定端口"),
            ),
            optional(
                "tls",
                Kind::Bool,
                same("True"),
                text(
                    "verified TLS; `False` is plain TCP, which is closed to new accounts",
                    "使用 TLS 并校验服务器证书；`False` 表示明文 TCP，不对新账号开放",
                ),
            ),
            optional(
                "ca",
                Kind::Data,
                text("Alibaba's and GlobalSign's roots", "阿里云和 GlobalSign 的根证书"),
                text("the only trust root instead, PEM or DER", "改为只信任这一个根证书，PEM 或 DER 格式"),
            ),
            optional(
                "signMethod",
                Kind::Text,
                same("'hmacsha256'"),
                text(
                    "'hmacsha256'; also 'hmacsha1' or 'hmacmd5' if the firmware was built with them",
                    "签名算法：'hmacsha256'；固件编译时若选入，也可用 'hmacsha1' 或 'hmacmd5'",
                ),
            ),
            optional(
                "cleanSession",
                Kind::Bool,
                same("True"),
                text(
                    "`False` has the server keep QoS 1 messages and subscriptions while the device is away",
                    "`False` 表示设备离线期间由服务器保留 QoS 1 消息和订阅关系",
                ),
            ),
            optional(
                "connectTimeout",
                Kind::Int { min: 1, max: 600 },
                same("10"),
                text(
                    "seconds that name resolution, TCP, TLS and login may take together; name resolution is the firmware's, stops the script meanwhile, and may take longer",
                    "域名解析、TCP、TLS 和登录总共允许的时间，单位为秒；域名解析由固件完成，期间脚本暂停，可能超出该时间",
                ),
            ),
            optional(
                "offlineQueue",
                Kind::Int { min: 0, max: 20 },
                same("20"),
                text(
                    "QoS 1 messages that may wait while there is no session; `publish()` refuses further ones. 0: none is taken",
                    "离线期间最多允许等待的 QoS 1 消息条数，超出时 `publish()` 拒绝；0 表示离线时不接收",
                ),
            ),
            optional(
                "rxBuffer",
                Kind::Int { min: 256, max: 307_200 },
                text(
                    "8192 on boards, 65536 on a computer and on the emulated board",
                    "开发板上为 8192，电脑和模拟开发板上为 65536",
                ),
                text(
                    "bytes for the largest message that can be received, topic included; larger ones are dropped (ON_ERROR -46)",
                    "接收缓冲区的字节数，决定可接收的最大消息（含 Topic）；更大的消息会被丢弃（ON_ERROR -46）",
                ),
            ),
        ])],
        returns: "int",
        returns_doc: text("0, at once", "0，立即返回"),
        doc: text(
            "Connects to the platform in the background, and again whenever the session is lost, until `end()`. ON_CONNECT tells success, ON_ERROR each failed attempt.",
            "在后台连接物联网平台，断线后自动重连，直到调用 `end()`。连接成功时触发 ON_CONNECT，每次尝试失败时触发 ON_ERROR。",
        ),
        errors: &[
            raises(
                "OSError",
                "connected, or connecting, already; or no secret is given, and what is stored cannot be read",
                "已连接或正在连接；或未提供密钥，且无法读取已保存的数据",
            ),
            WRONG_KEY,
            raises(
                "ValueError",
                "a value is out of bounds; the message names its key",
                "值超出范围；异常信息会给出对应的键",
            ),
            WRONG_TYPE,
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
            "Sends what waits (for two seconds at most), says goodbye, closes the connection and stays off; ON_CLOSE follows. `connect()` can be called again.",
            "发送完待发数据（最多等待两秒），通知平台下线并关闭连接，不再重连；随后触发 ON_CLOSE。之后可以再次调用 `connect()`。",
        ),
        errors: &[
            NOT_STARTED,
            raises(
                "OSError",
                "EBUSY: called by the code that reads the file of an upload",
                "EBUSY：由正在读取上传文件的代码调用",
            ),
        ],
        example: "print(device.end())  # 0",
    },
    Function {
        name: "getDeviceInfo",
        takes: &[],
        returns: "dict[str, str] | None",
        returns_doc: text(
            "region, productKey, productSecret, deviceName and deviceSecret, `''` where unknown; `None` if there is neither a connection nor anything stored",
            "region、productKey、productSecret、deviceName 和 deviceSecret，未知的为 `''`；既未连接也没有保存过身份时为 `None`",
        ),
        doc: text(
            "Tells the identity that the device uses; before `connect()`, the one that `register()` has stored last.",
            "获取设备当前使用的身份信息；调用 `connect()` 之前为 `register()` 最近一次保存的身份信息。",
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
        returns_doc: text("a number that stands for this device; never 0", "代表该设备的整数，不会为 0"),
        doc: text(
            "Gives a handle, as on HaaS firmware. Its `ota` module, which took the handle, is not here.",
            "获取设备句柄，与 HaaS 固件一致。使用该句柄的 `ota` 模块暂未提供。",
        ),
        errors: &[],
        example: "print(device.getDeviceHandle() > 0)  # True",
    },
    Function {
        name: "poll",
        takes: &[],
        returns: "int",
        returns_doc: text(
            "milliseconds until it has something to do again by itself, -1 for never",
            "距离下一次自行处理的毫秒数，-1 表示没有",
        ),
        doc: text(
            "Does what there is to do now: sends, receives, calls callbacks. It runs by itself; call it from code that keeps the scheduler from running, or where `publish` returned -2 and is to go on at once.",
            "立即处理当前的收发和回调。平时会自动运行，只有在阻止调度器运行的代码中，或 `publish` 返回 -2 后想立即继续时，才需要调用。",
        ),
        errors: &[],
        example: "print(device.poll() > 0)  # True",
    },
];
