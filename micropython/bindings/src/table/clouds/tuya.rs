//! Tuya, whose protocol for devices of others is TuyaLink.

use super::keys::*;
use crate::table::common::*;
use crate::table::entry::*;

pub const CASE: Case = Case {
    name: "tuya",
    title: text("Tuya (TuyaLink)", "涂鸦（TuyaLink）"),
    doc: text(
        "The port is 8883. Each login is signed with the time, so the board's clock must be set.",
        "端口为 8883。每次登录的签名都含有时间，本机时钟必须先校准。",
    ),
    keys: &[
        required("deviceName", Kind::Text, text("device ID", "设备 ID（deviceId）")),
        DEVICE_SECRET_GIVEN,
        region("'cn'", text("data center: 'cn', 'us', 'eu' or 'in'", "数据中心：'cn'、'us'、'eu' 或 'in'")),
    ],
};
