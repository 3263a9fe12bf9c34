//! The events and functions that all generations have.

use super::shared::{CLOSE, ON, OPTS, SUBSCRIBE, TOPIC, publish, setup};
use crate::table::common::*;
use crate::table::entry::*;

pub const FAMILY: Family = Family {
    name: "aliyun_common",
    title: text("All generations", "各代通用"),
    constants: &[Constant { name: "opts", value: Value::Dict, doc: OPTS }],
    notes: &[
        Note {
            title: text("Events", "事件"),
            doc: text("Each comes once for what it reports.", "每个事件对应的情况只触发一次。"),
            columns: (text("event", "事件"), text("the function gets", "处理函数的参数和触发时机")),
            rows: &[
                (
                    same("`auth`"),
                    text(
                        "`(result)`. `True`: the server has accepted the device, which is reported again only after a `False`. `False`: the server refused a login or a registration; each refusal is reported",
                        "`(result)`。`True`：服务器接受了设备，只有在 `False` 之后才会再次触发。`False`：服务器拒绝了登录或动态注册，每次拒绝都会触发",
                    ),
                ),
                (
                    same("`connect`"),
                    text(
                        "`(result)`. `True`: connected. `False`: the connection is lost, or could not be made; once, until the device is connected again",
                        "`(result)`。`True`：已连接。`False`：连接断开，或未能建立连接；再次连上之前只触发一次",
                    ),
                ),
                (
                    same("`reconnect`"),
                    text(
                        "`()`. The device connects again by itself; behind each `connect` with `False`",
                        "`()`。设备自动重连，在结果为 `False` 的 `connect` 之后触发",
                    ),
                ),
                (
                    same("`receive`"),
                    text(
                        "A message arrived, in the order of the generation. payload is bytes if it is not UTF-8, qos is that of the delivery. 2024: retain and dup are 0, because the platform retains nothing, and the device does not report repeated deliveries",
                        "收到消息，参数顺序见各代。payload 不是 UTF-8 时为 bytes，qos 为实际投递的 QoS。2024：retain 和 dup 为 0，因为平台没有保留消息，设备也不报告重复投递",
                    ),
                ),
                (
                    same("`publish`"),
                    text(
                        "2024: `(pkgid)`. The server has acknowledged a message of QoS 1; they are numbered from 1",
                        "2024：`(pkgid)`。服务器已确认 QoS 1 的消息，编号从 1 开始",
                    ),
                ),
                (
                    same("`reg`"),
                    text(
                        "2024: `(result)`, a dict of productKey, deviceName and deviceSecret, without a list clientId and deviceToken. Without this function, `store` keeps it",
                        "2024：`(result)`，字典，含 productKey、deviceName 和 deviceSecret，免预注册时为 clientId 和 deviceToken。未设置该函数时由 `store` 保存",
                    ),
                ),
                (same("`ota`"), text("2024: it does not come yet", "2024：目前不会触发")),
                (
                    same("`error`"),
                    text(
                        "`(code, message)`. Something failed; not in LuatOS. code is that of [`ON_ERROR`](api.md), message the error in words. Without this function, each new error is printed",
                        "`(code, message)`。出现错误；LuatOS 没有该事件。code 为 [`ON_ERROR`](api.zh.md) 的错误码，message 为错误说明。未设置该函数时，新的错误会打印出来",
                    ),
                ),
            ],
        },
        Note {
            title: text("Keys of setup({…})", "setup({…}) 的键"),
            doc: text(
                "For 2024. `None` counts as not given, and so does `''`.",
                "用于 2024。`None` 和 `''` 视为未提供。",
            ),
            columns: (text("key", "键"), text("what", "说明")),
            rows: &[
                (
                    same("`ProductKey`, `DeviceName`"),
                    text("product key and device name, required", "ProductKey 和设备名称，必填"),
                ),
                (
                    same("`DeviceSecret`"),
                    text("device secret, required without `ProductSecret`", "设备密钥，未提供 `ProductSecret` 时必填"),
                ),
                (
                    same("`ProductSecret`"),
                    text(
                        "product secret: the device registers if its secret is not stored yet, and stores it",
                        "产品密钥：设备的密钥尚未保存时动态注册，并保存所得密钥",
                    ),
                ),
                (
                    same("`Registration`"),
                    text(
                        "`True`: the device is not on the platform's list, and gets a token. `False`, the default: it is on the list",
                        "`True`：免预注册，所得为 token。默认 `False`：预注册",
                    ),
                ),
                (
                    same("`InstanceId`"),
                    text("id of a new public or an enterprise instance", "新版公共实例或企业版实例的实例 ID"),
                ),
                (
                    same("`RegionId`"),
                    text(
                        "region of the old public instance, by default 'cn-shanghai'",
                        "旧版公共实例的地域，默认 'cn-shanghai'",
                    ),
                ),
                (same("`mqtt_host`, `host`"), text("another host; the first one counts", "其他主机，前者优先")),
                (same("`mqtt_port`"), text("another port", "其他端口")),
                (
                    same("`mqtt_isssl`"),
                    text(
                        "`True`, the default: TLS. `False`: plain TCP, except for a registration. A dict with `server_cert`: TLS with this trust root (PEM or DER) in place of the built-in ones",
                        "默认 `True`：TLS。`False`：明文 TCP，动态注册除外。含 `server_cert` 的字典：TLS，用该根证书（PEM 或 DER）代替内置的",
                    ),
                ),
                (
                    same("`reginfo`"),
                    text(
                        "`True`: the device is registered, and logs in with `deviceSecret`, or with `deviceToken` and `clientId`",
                        "`True`：已注册，用 `deviceSecret` 或 `deviceToken` 和 `clientId` 登录",
                    ),
                ),
            ],
        },
    ],
    functions: &[
        Function {
            name: "setup",
            takes: &[argument(
                "*arguments",
                "Any",
                text(
                    "2024: a dict of the keys above. LuatOS-Air: `productKey, productSecret, getDeviceName, getDeviceSecret, setDeviceSecret=None`",
                    "2024：字典，键见上表。LuatOS-Air：`productKey, productSecret, getDeviceName, getDeviceSecret, setDeviceSecret=None`",
                ),
            )],
            doc: text(
                "Set the device up and connect in the background. A second call replaces the connection. If the device has to register, the call blocks for up to 65 seconds. A registration that failed is tried again after 30 seconds. In LuatOS-Air, functions return the name and the secret, and `setDeviceSecret` gets the secret of a registration. They are called again five seconds after a refusal, for a secret that the script has fetched meanwhile. A device with a productSecret registers if it has no secret, or if its secret is refused.",
                "设置设备并在后台连接。再次调用会替换原有连接。需要动态注册时，最多阻塞 65 秒；注册失败则 30 秒后重试。LuatOS-Air 由函数返回设备名称和密钥，`setDeviceSecret` 接收动态注册所得的密钥。登录被拒绝后，每 5 秒重新调用一次这些函数，以便使用脚本新取得的密钥。提供了 productSecret 时，设备没有密钥或密钥被拒绝就会动态注册。",
            ),
            example: "\
aliyun.setup({'ProductKey': key, 'DeviceName': name, 'DeviceSecret': secret})
print(aliyun.opts['DeviceName'] == name)  # True",
            ..setup(&[])
        },
        ON,
        SUBSCRIBE,
        Function {
            name: "publish",
            takes: &[
                TOPIC,
                argument(
                    "*arguments",
                    "Any",
                    text(
                        "LuatOS-Air: `payload, qos=0, cbFnc=None, cbPara=None`. 2023: `qos, payload, retain=0`. 2024: `qos, payload, cbFnc=None, cbPara=None`",
                        "LuatOS-Air 为 `payload, qos=0, cbFnc=None, cbPara=None`。2023 为 `qos, payload, retain=0`。2024 为 `qos, payload, cbFnc=None, cbPara=None`",
                    ),
                ),
            ],
            doc: text(
                "Publish a message. At QoS 1 it is sent again after reconnects until the server acknowledges it. In LuatOS-Air and 2023, up to 20 messages wait while the device is offline; one more is given up. `cbFnc(result, cbPara)` is always called. `True`: the message was acknowledged, at QoS 0 sent. `False`: it was given up. In 2024 `False` also comes at once while the device is offline, and then the message is not sent; and after 15 seconds without an acknowledgement, and then it can still arrive. A message without `cbFnc` that is given up calls `error`.",
                "发布消息。QoS 1 的消息在重连后继续发送，直到服务器确认。LuatOS-Air 和 2023 在离线时最多可有 20 条消息等待，超出的不再发送。`cbFnc(result, cbPara)` 一定会被调用。`True`：消息已确认，QoS 0 为已发送。`False`：已放弃。2024 离线时立即回调 `False`，消息不发送；15 秒内没有确认时也回调 `False`，此后消息仍可能送达。没有 `cbFnc` 的消息被放弃时触发 `error`。",
            ),
            example: "\
def on_published(result, para):
    print(result, para)  # True first

topic = '/%s/%s/user/update' % (key, name)
aliyun.publish(topic, 1, 'hello', on_published, 'first')",
            ..publish(&[])
        },
        CLOSE,
    ],
    ..EMPTY
};
