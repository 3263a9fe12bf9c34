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
    ],
};
