//! Dynamic registration.

use crate::table::common::*;
use crate::table::entry::*;

pub const FAMILY: Family = Family {
    name: "register",
    title: text("Registration", "动态注册"),
    error_codes: ERROR_CODES,
    functions: FUNCTIONS,
    ..EMPTY
};

const ERROR_CODES: &[ErrorCode] = &[ErrorCode {
    codes: Codes::One("STORE", -50),
    doc: text(
        "the secret that `register()` got could not be stored, so it is not used; msg tells why. Call `register()` again when that is mended",
        "`register()` 获得的密钥无法保存，因此未被使用；msg 会给出原因。排除后请再次调用 `register()`",
    ),
}];

const FUNCTIONS: &[Function] = &[Function {
    name: "register",
    takes: &[
        dict(&[
            required(
                "productKey",
                Kind::Text,
                text("product key, at most 20 letters and digits", "产品的 ProductKey，最多 20 个字母和数字"),
            ),
            optional(
                "deviceName",
                Kind::Text,
                text("of `machine.unique_id()`, with 'regnwl' only", "由 `machine.unique_id()` 得出，仅用于 'regnwl'"),
                text("device name, at most 32 characters", "设备名称，最多 32 个字符"),
            ),
            required(
                "productSecret",
                Kind::Text,
                text("product secret, at most 64 characters", "产品密钥（ProductSecret），最多 64 个字符"),
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
                text("not used", "不使用"),
                text("taken for the sake of old scripts", "仅为兼容旧脚本而保留"),
            ),
            optional(
                "instanceId",
                Kind::Text,
                text("none", "无"),
                text("id of a new public or an enterprise instance", "新版公共实例或企业版实例的实例 ID"),
            ),
            optional(
                "authType",
                Kind::Text,
                text(
                    "'regnwl' without deviceName, else 'register' with instanceId, else 'https'",
                    "没有 deviceName 时为 'regnwl'，否则有 instanceId 时为 'register'，再否则为 'https'",
                ),
                text(
                    "'https' (old public instance), 'register' (over MQTT), 'regnwl' (over MQTT, where the product lets devices register under any name: the platform gives a token in the place of a secret)",
                    "'https'（旧版公共实例）、'register'（MQTT 一型一密预注册）或 'regnwl'（MQTT 一型一密免预注册，平台颁发 deviceToken 而不是设备密钥）",
                ),
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
                text("443 for 'https', else as `connect`", "'https' 时为 443，否则与 `connect` 相同"),
                text("another port", "指定端口"),
            ),
            optional(
                "tls",
                Kind::Bool,
                same("True"),
                text(
                    "verified TLS; with `False` anybody on the way can read the new secret",
                    "使用 TLS 并校验服务器证书；`False` 时链路上的任何人都能读到新密钥",
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
        ]),
        argument(
            "callback",
            "Callable[[str], object] | None",
            text(
                "called with the device secret (or token), before `register` returns",
                "回调函数，参数为设备密钥（或 deviceToken），在 `register` 返回之前调用",
            ),
        ),
    ],
    returns: "int",
    returns_doc: text(
        "0 once the device has a secret; from within a callback 0 at once",
        "0，此时设备已有密钥；在回调中调用时立即返回 0",
    ),
    doc: text(
        "Has the platform give the device a secret of its own, and stores it: afterwards `connect()` needs none, also after a restart. A device whose secret is stored gets that one, without the network. It blocks, for 65 seconds at most: faults of the network are tried again, five times in all, and each is told to ON_ERROR. From within a callback of this device it returns at once, and goes on when that callback has returned; then `callback` or ON_ERROR tells how it ended. After Ctrl-C nothing more is told of it.",
        "动态注册（一型一密）：从物联网平台获取设备密钥并保存，此后（包括重启以后）`connect()` 不必再提供设备密钥。已保存密钥的设备直接得到该密钥，不访问网络。该方法会阻塞，最多 65 秒：网络故障时重试，最多五次，每次失败都触发 ON_ERROR。在该设备的回调中调用时立即返回，待回调返回后继续注册；结果由 `callback` 或 ON_ERROR 告知。按 Ctrl-C 中断后，不再触发任何事件。",
    ),
    errors: &[
        returns("-1", "no secret: ON_ERROR tells why", "未获得密钥：原因见 ON_ERROR"),
        raises(
            "OSError",
            "connected, or connecting, already; or what is stored cannot be read",
            "已连接或正在连接；或无法读取已保存的数据",
        ),
        WRONG_KEY,
        raises(
            "ValueError",
            "a value is out of bounds; the message names its key",
            "值超出范围；异常信息会给出对应的键",
        ),
        WRONG_TYPE,
        LEFT_OUT,
    ],
    example: "\
def on_secret(secret):
    print(len(secret))  # 32

device.register({'productKey': key, 'deviceName': name, 'productSecret': product_secret}, on_secret)",
}];
