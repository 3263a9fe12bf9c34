//! Any MQTT 3.1.1 broker.

use crate::table::common::*;
use crate::table::entry::*;

use super::keys::{CERT, KEY};

pub const CASE: Case = Case {
    name: "plain",
    title: text("Any MQTT 3.1.1 broker", "任意 MQTT 3.1.1 服务器"),
    doc: text(
        "The port is 8883, without TLS 1883. The broker has no thing model: `publish()` and `subscribe()` work, other methods raise NotImplementedError. Give `ca` for a broker of your own.",
        "端口为 8883，不使用 TLS 时为 1883。此类服务器没有物模型：可以使用 `publish()` 和 `subscribe()`，其他方法抛出 NotImplementedError。自建的服务器请提供 `ca`。",
    ),
    keys: &[
        required(
            "host",
            Kind::Text,
            text("the broker: its name or address, without a port", "服务器：只写域名或 IP 地址，不含端口"),
        ),
        optional(
            "clientId",
            Kind::Text,
            text("`''`: the broker assigns one", "`''`：由服务器分配"),
            text(
                "client identifier; required with `cleanSession` `False`",
                "客户端标识；`cleanSession` 为 `False` 时必填",
            ),
        ),
        optional("userName", Kind::Text, text("none", "无"), text("user name", "用户名")),
        optional(
            "password",
            Kind::Text,
            text("none", "无"),
            text("password; needs a user name", "密码；需要同时提供用户名"),
        ),
        CERT,
        KEY,
        optional(
            "keepaliveSec",
            Kind::Clamped { min: 0, max: 65535 },
            same("60"),
            text("keepalive interval in seconds; 0 for none", "保活时间，单位为秒；0 表示不使用"),
        ),
    ],
};
