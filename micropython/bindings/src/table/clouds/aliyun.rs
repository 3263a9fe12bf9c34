//! Alibaba Cloud IoT Platform.

use crate::table::common::*;
use crate::table::entry::*;

pub const CASE: Case = Case {
    name: "aliyun",
    title: text("Alibaba Cloud IoT Platform", "阿里云物联网平台"),
    doc: text(
        "The port is 8883 with instanceId, else 1883, over TLS in both cases. Without the key `cloud`, keys that are not known are ignored, as on HaaS firmware.",
        "端口在提供 instanceId 时为 8883，否则为 1883，两者都使用 TLS。字典没有 `cloud` 键时，与 HaaS 固件一样忽略无法识别的键。",
    ),
    keys: &[
        PRODUCT_KEY,
        required("deviceName", Kind::Text, text("device name, at most 32 characters", "设备名称，最多 32 个字符")),
        optional(
            "deviceSecret",
            Kind::Text,
            text("the secret that `register()` stored", "`register()` 已保存的密钥"),
            text("device secret, at most 64 characters", "设备密钥，最多 64 个字符"),
        ),
        REGION,
        INSTANCE_ID,
        SIGN_METHOD,
        optional(
            "clientId",
            Kind::Text,
            same("'{productKey}.{deviceName}'"),
            text(
                "client identifier, at most 64 letters, digits and `-_@.:`; with deviceToken the one that came with the token",
                "客户端标识，最多 64 个字母、数字或 `-_@.:`；使用 deviceToken 时为随令牌颁发的标识",
            ),
        ),
        optional(
            "deviceToken",
            Kind::Text,
            text("none", "无"),
            text(
                "token of a registration with 'regnwl', in place of deviceSecret; needs clientId. The device finds its own stored token by itself",
                "以 'regnwl' 动态注册得到的令牌，代替 deviceSecret，需要同时提供 clientId。`register()` 已保存的令牌无需填写",
            ),
        ),
    ],
};

pub const REGISTRATION: Case = Case {
    name: "aliyun",
    title: text("Alibaba Cloud IoT Platform", "阿里云物联网平台"),
    doc: text(
        "The port is 443 for 'https', otherwise as for `connect`. Without the key `cloud`, keys that are not known are ignored, as on HaaS firmware.",
        "authType 为 'https' 时端口为 443，否则与 `connect` 相同。字典没有 `cloud` 键时，与 HaaS 固件一样忽略无法识别的键。",
    ),
    keys: &[
        PRODUCT_KEY,
        optional(
            "deviceName",
            Kind::Text,
            text(
                "made from `machine.unique_id()`, with 'regnwl' only",
                "根据 `machine.unique_id()` 自动生成，仅用于 'regnwl'",
            ),
            text("device name, at most 32 characters", "设备名称，最多 32 个字符"),
        ),
        required(
            "productSecret",
            Kind::Text,
            text("product secret, at most 64 characters", "产品密钥（ProductSecret），最多 64 个字符"),
        ),
        REGION,
        optional(
            "keepaliveSec",
            Kind::Clamped { min: 30, max: 1200 },
            text("not used", "不使用"),
            text("accepted and ignored (HaaS compatibility)", "接受但不使用（兼容 HaaS）"),
        ),
        INSTANCE_ID,
        optional(
            "authType",
            Kind::Text,
            text(
                "'regnwl' without deviceName; otherwise 'register' with instanceId; otherwise 'https'",
                "依次判断：未提供 deviceName → 'regnwl'；提供了 instanceId → 'register'；其余 → 'https'",
            ),
            text(
                "'https': old public instance; 'register': over MQTT; 'regnwl': over MQTT, without adding the device on the platform first, returns a token instead of a secret",
                "'https'（旧版公共实例）、'register'（MQTT 一型一密预注册）或 'regnwl'（MQTT 一型一密免预注册，平台颁发 deviceToken 而不是设备密钥）",
            ),
        ),
        SIGN_METHOD,
    ],
};
