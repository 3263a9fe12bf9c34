//! Tencent Cloud IoT Explorer, and IoT Hub, whose login is the same.

use super::keys::*;
use crate::table::common::*;
use crate::table::entry::*;

pub const CASE: Case = Case {
    name: "tencent",
    title: text("Tencent Cloud IoT Explorer", "腾讯云物联网开发平台"),
    doc: text(
        "The port is 8883, without TLS 1883. Each login is signed with the time, so the board's clock must be set.",
        "端口为 8883，不使用 TLS 时为 1883。每次登录的签名都含有时间，本机时钟必须先校准。",
    ),
    keys: &[
        PRODUCT_ID,
        DEVICE_NAME,
        optional(
            "deviceSecret",
            Kind::Text,
            text(
                "the secret that `register()` stored; none with `cert`",
                "`register()` 已保存的密钥；使用 `cert` 时不填",
            ),
            text(
                "device key (PSK) in base64, as the console shows it",
                "设备密钥（PSK），base64 格式，与控制台显示的一致",
            ),
        ),
        CERT,
        KEY,
        sign_method(
            "'hmacsha256'",
            text(
                "'hmacsha256'; also 'hmacsha1' if the firmware was built with it",
                "签名算法：'hmacsha256'；固件编译时若选入，也可用 'hmacsha1'",
            ),
        ),
        optional(
            "keepaliveSec",
            Kind::Clamped { min: 30, max: 900 },
            same("60"),
            text(
                "keepalive interval in seconds, 30 to 900; another value becomes the nearest of these",
                "保活时间，单位为秒，30 至 900；超出范围时取最接近的值",
            ),
        ),
    ],
};

pub const REGISTRATION: Case = Case {
    name: "tencent",
    title: text("Tencent Cloud IoT Explorer", "腾讯云物联网开发平台"),
    doc: text(
        "The product needs dynamic registration switched on in the console. The request is signed with the time, so the board's clock must be set. The port is 443.",
        "须在控制台为产品开启动态注册。请求的签名含有时间，本机时钟必须先校准。端口为 443。",
    ),
    keys: &[
        PRODUCT_ID,
        DEVICE_NAME,
        required(
            "productSecret",
            Kind::Text,
            text("product secret, 16 to 64 characters", "产品密钥（ProductSecret），16 至 64 个字符"),
        ),
        optional(
            "legacy",
            Kind::Bool,
            same("False"),
            text(
                "`True`: the registration of older SDKs, for platforms that have no other; the firmware needs 'hmacsha1'",
                "`True` 表示使用旧版 SDK 的注册接口，仅用于没有新接口的平台；固件须选入 'hmacsha1'",
            ),
        ),
    ],
};
