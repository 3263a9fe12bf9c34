//! Keys that several clouds have.

use crate::table::common::*;
use crate::table::entry::*;

/// Keys of every cloud.
pub const SHARED: &[Key] = &[
    optional(
        "keepaliveSec",
        Kind::Clamped { min: 30, max: 1200 },
        same("60"),
        text(
            "keepalive interval in seconds; the platform accepts 30 to 1200, another value becomes the nearest of these. A value of at least 10 above the posting interval saves pings",
            "保活时间，单位为秒；平台允许 30 至 1200，超出范围时取最接近的值。比上报间隔至少长 10 秒时，可以省去心跳",
        ),
    ),
    HOST,
    optional(
        "port",
        Kind::Int { min: 1, max: 65535 },
        text("the cloud's: see below", "平台的默认端口，见下文"),
        text("another port", "指定端口"),
    ),
    optional(
        "tls",
        Kind::Bool,
        same("True"),
        text(
            "use TLS and verify the server; `False` means plain TCP: anybody on the network path can read the messages and much of the login",
            "使用 TLS 并校验服务器证书；`False` 表示明文 TCP，链路上的任何人都能读到消息和登录信息",
        ),
    ),
    CA,
    optional(
        "cleanSession",
        Kind::Bool,
        same("True"),
        text(
            "`False`: the server keeps QoS 1 messages and subscriptions while the device is offline",
            "`False` 表示设备离线期间由服务器保留 QoS 1 消息和订阅关系",
        ),
    ),
    optional(
        "connectTimeout",
        Kind::Int { min: 1, max: 600 },
        same("10"),
        text(
            "seconds for name resolution, TCP, TLS and login together; the firmware resolves the name, which blocks the script and can take longer",
            "域名解析、TCP、TLS 和登录总共允许的时间，单位为秒；域名解析由固件完成，期间脚本暂停，可能超出该时间",
        ),
    ),
    optional(
        "offlineQueue",
        Kind::Int { min: 0, max: 20 },
        same("20"),
        text(
            "number of QoS 1 messages that can wait while the device is offline; for further ones `publish()` returns -2. With 0, it returns -1 while offline",
            "离线期间最多缓存的 QoS 1 消息条数，超出时 `publish()` 返回 -2；0 表示离线时不缓存，返回 -1",
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
            "size of the receive buffer in bytes, which limits the largest message, topic included; larger messages are dropped (ON_ERROR -46)",
            "接收缓冲区的字节数，决定可接收的最大消息（含 Topic）；更大的消息会被丢弃（ON_ERROR -46）",
        ),
    ),
    optional(
        "services",
        Kind::Bool,
        same("True"),
        text(
            "`False`: login, `publish()` and `subscribe()` alone. Each message that arrives goes to ON_SUBCRIBE, nothing is subscribed or answered by itself, and methods of the thing model raise NotImplementedError",
            "`False` 表示只使用登录、`publish()` 和 `subscribe()`：收到的消息都交给 ON_SUBCRIBE，不自动订阅，也不自动响应；物模型的方法抛出 NotImplementedError",
        ),
    ),
];

/// Keys of every cloud's registration.
pub const OF_SERVER: &[Key] = &[
    HOST,
    optional(
        "port",
        Kind::Int { min: 1, max: 65535 },
        text("the cloud's: see below", "平台的默认端口，见下文"),
        text("another port", "指定端口"),
    ),
    optional(
        "tls",
        Kind::Bool,
        same("True"),
        text(
            "use TLS and verify the server; with `False` anybody on the network path can read the new secret",
            "使用 TLS 并校验服务器证书；`False` 时链路上的任何人都能读到新密钥",
        ),
    ),
    CA,
];

pub const PRODUCT_ID: Key = required("productId", Kind::Text, text("product ID", "产品 ID"));

pub const DEVICE_NAME: Key = required("deviceName", Kind::Text, text("device name", "设备名称"));

/// The secret, on a cloud without registration and certificates.
pub const DEVICE_SECRET_GIVEN: Key = required("deviceSecret", Kind::Text, text("device secret", "设备密钥"));

/// The secret, on a cloud where a certificate can replace it.
pub const DEVICE_SECRET_OR_CERTIFICATE: Key = optional(
    "deviceSecret",
    Kind::Text,
    text("none, with `cert`", "无，使用 `cert` 时不填"),
    text("device secret", "设备密钥"),
);

pub const CERT: Key = optional(
    "cert",
    Kind::Data,
    text("none", "无"),
    text(
        "certificate of the device, one, PEM or DER; needs `key` and TLS",
        "设备证书文件，只含一个证书（PEM 或 DER）；需要 `key` 和 TLS",
    ),
);

pub const KEY: Key = optional(
    "key",
    Kind::Data,
    text("none", "无"),
    text("private key of that certificate, not encrypted, PEM or DER", "该证书的私钥，未加密（PEM 或 DER）"),
);

/// The way to sign, on a cloud that has several.
pub const fn sign_method(default: &'static str, doc: Text) -> Key {
    optional("signMethod", Kind::Text, same(default), doc)
}

pub const fn region(default: &'static str, doc: Text) -> Key {
    optional("region", Kind::Text, same(default), doc)
}
