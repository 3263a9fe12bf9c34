//! China Mobile's OneNET.

use super::keys::*;
use crate::table::common::*;
use crate::table::entry::*;

pub const CASE: Case = Case {
    name: "onenet",
    title: text("China Mobile OneNET", "中国移动 OneNET"),
    doc: text(
        "The port is 8883, without TLS 1883. Each login is a token that ends at some time, so the board's clock must be set.",
        "端口为 8883，不使用 TLS 时为 1883。每次登录使用有期限的 token，本机时钟必须先校准。",
    ),
    keys: &[
        PRODUCT_ID,
        DEVICE_NAME,
        optional(
            "deviceSecret",
            Kind::Text,
            text(
                "productSecret, or the secret that `register()` stored",
                "productSecret，或 `register()` 已保存的密钥",
            ),
            text("device key in base64, as the console shows it", "设备密钥，base64 格式，与控制台显示的一致"),
        ),
        optional(
            "productSecret",
            Kind::Text,
            text("none", "无"),
            text(
                "access key of the product in base64, in place of deviceSecret",
                "产品级 access_key（一型一密），base64 格式，代替 deviceSecret",
            ),
        ),
        sign_method(
            "'sha256'",
            text(
                "'sha256'; also 'sha1' or 'md5' if the firmware was built with them",
                "签名算法：'sha256'；固件编译时若选入，也可用 'sha1' 或 'md5'",
            ),
        ),
    ],
};

pub const REGISTRATION: Case = Case {
    name: "onenet",
    title: text("China Mobile OneNET", "中国移动 OneNET"),
    doc: text(
        "The device is created with a token of the user, which ends after one hour, so the board's clock must be set. Whoever reads userKey out of a device can change all that the user has on OneNET: better create devices elsewhere, or use productSecret in `connect`. The port is 443.",
        "使用用户级 token 创建设备，token 一小时后失效，本机时钟必须先校准。能从设备中读出 userKey 的人可以修改该用户在 OneNET 上的一切：最好在别处创建设备，或在 `connect` 中使用 productSecret。端口为 443。",
    ),
    keys: &[
        PRODUCT_ID,
        DEVICE_NAME,
        required("userId", Kind::Text, text("user ID", "用户 ID")),
        required("userKey", Kind::Text, text("access key of the user, base64", "用户级 access_key，base64 格式")),
    ],
};
