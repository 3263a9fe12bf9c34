//! TLINK.

use super::keys::*;
use crate::table::common::*;
use crate::table::entry::*;

pub const CASE: Case = Case {
    name: "tlink",
    title: same("TLINK"),
    doc: text(
        "The port is 8883, without TLS 1883. The login is the account's own password: nothing is signed.",
        "端口为 8883，不使用 TLS 时为 1883。登录使用账号的密码，没有签名。",
    ),
    keys: &[
        required("deviceName", Kind::Text, text("serial number of the device", "设备序列号")),
        required("userName", Kind::Text, text("login account", "登录账号")),
        required("password", Kind::Text, text("password of the account", "账号的密码")),
        CERT,
        KEY,
    ],
};
