//! Events, and the codes of `ON_ERROR`.

use super::{Event, Text, same, text};

pub const EVENTS: &[Event] = &[
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
        name: "ON_SERVICE",
        value: 5,
        payload: "{'code': int, 'msg_id': int | str, 'service_id': str, 'params_len': int, 'params': str | bytes}",
        doc: text(
            "The platform calls a service. params is JSON text, as it came. What the callback returns is the answer. A synchronous call (RRPC) wants it within 8 seconds; one on a custom topic has that topic for service_id, and params is its payload (bytes if it is not UTF-8), which is answered with the data alone.",
            "平台调用服务。params 为 JSON 文本，与平台下发的内容一致。回调的返回值即为应答。同步调用（RRPC）须在 8 秒内应答；自定义 Topic 的同步调用以该 Topic 为 service_id，params 为消息内容（不是 UTF-8 时为 bytes），只以 data 应答，没有 code。",
        ),
    },
    Event {
        name: "ON_SUBCRIBE",
        value: 6,
        payload: "{'topic': str, 'payload': str | bytes}",
        doc: text(
            "A message on a topic that was subscribed to. payload is bytes if it is not UTF-8.",
            "收到已订阅 Topic 的消息。内容不是 UTF-8 时，payload 为 bytes。",
        ),
    },
    Event {
        name: "ON_PROPS",
        value: 7,
        payload: "{'code': int, 'msg_id': int | str, 'params_len': int, 'params': str}",
        doc: text(
            "The platform sets properties. params is JSON text, as it came. What the callback returns is the answer.",
            "平台设置属性。params 为 JSON 文本，与平台下发的内容一致。回调的返回值即为应答。",
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
    Event {
        name: "ON_RAWDATA",
        value: 10,
        payload: "{'params_len': int, 'params': bytearray}",
        doc: text("The platform sends raw data.", "平台下发透传数据。"),
    },
];

/// Codes of `ON_ERROR`. Positive ones below 6 are CONNACK return codes, or stand for the same over HTTP.
pub const ERROR_CODES: &[(Text, Text)] = &[
    (
        text("1 to 5", "1 至 5"),
        text(
            "the server refused the login; the code is that of its CONNACK (3: not available, 4: wrong secret). A registration over HTTPS that is answered with status 408, 429 or 500 and up, or with code 429 or 500, is told as 3",
            "服务器拒绝登录；即 CONNACK 的返回码（3 表示服务不可用，4 表示密钥错误）。通过 HTTPS 动态注册时，HTTP 状态码为 408、429 或不小于 500，或应答中的 code 为 429 或 500 的，也记为 3",
        ),
    ),
    (
        text("200 and up", "200 及以上"),
        text(
            "the platform refused a registration, an upload (more codes below), or a post that had no callback; the code is that of its reply (help.aliyun.com document 120329), or HTTP's status",
            "平台拒绝了上报（且未设置回调），或拒绝了动态注册、文件上传（其余错误码见下）；即平台应答中的 code（参见 help.aliyun.com 文档 120329）或 HTTP 状态码",
        ),
    ),
    (
        same("-40"),
        text(
            "no answer from the server in time (key connectTimeout of connect)",
            "服务器未在限定时间内应答（见 connect 的 connectTimeout 键）",
        ),
    ),
    (
        same("-41"),
        text(
            "kicked out again and again: another device seems to use the same identity",
            "反复被踢下线：很可能有另一台设备在使用同一身份",
        ),
    ),
    (
        same("-42"),
        text(
            "the connection failed (no network, name not found, refused, closed)",
            "网络连接失败（无网络、域名无法解析、连接被拒绝或被关闭）",
        ),
    ),
    (
        same("-43"),
        text(
            "TLS failed: the server's certificate is for another name, expired, not yet valid by this board's clock, or of an unknown root; or the server does not speak TLS",
            "TLS 失败：服务器证书的域名不符、已过期、按本机时钟尚未生效或根证书未知；或者服务器不支持 TLS",
        ),
    ),
    (
        same("-44"),
        text("the server does not keep to MQTT 3.1.1, or fell silent", "服务器不符合 MQTT 3.1.1，或不再响应"),
    ),
    (same("-45"), text("the server refused a subscription", "服务器拒绝了订阅")),
    (
        same("-46"),
        text(
            "a message was dropped that is larger than the receive buffer; msg says which `rxBuffer` of connect would have held it",
            "丢弃了一条大于接收缓冲区的消息；msg 会给出 connect 的 `rxBuffer` 需要设为多大",
        ),
    ),
    (
        same("-47"),
        text(
            "the platform did not answer the question for the time (getNtpTime, setClock)",
            "平台未应答时间查询（getNtpTime、setClock）",
        ),
    ),
    (same("-48"), text("setClock: this firmware has no machine.RTC", "setClock：固件没有 machine.RTC")),
    (
        same("-49"),
        text(
            "an upload was given up: the platform did not answer, or it did not get on for six minutes",
            "放弃上传：平台未应答，或六分钟内没有进展",
        ),
    ),
    (
        same("-50"),
        text(
            "the secret that `register()` got could not be stored, so it is not used; msg tells why. Call `register()` again when that is mended",
            "`register()` 获得的密钥无法保存，因此未被使用；msg 会给出原因。排除后请再次调用 `register()`",
        ),
    ),
    (
        same("-51"),
        text(
            "a message was given up: the server closed the connection right after it, three times in a row; msg names the topic. What waited behind it goes on. A subscription is reported with -45",
            "放弃发送一条消息：服务器连续三次在收到它之后立即关闭连接；msg 会给出 Topic。其后排队的消息继续发送。订阅遇到同样情况时报告 -45",
        ),
    ),
    (
        text("78117 to 78127", "78117 至 78127"),
        text(
            "the platform refused an upload; the code is that of its reply (help.aliyun.com document 354836)",
            "平台拒绝了上传；即平台应答中的 code（参见 help.aliyun.com 文档 354836）",
        ),
    ),
];
