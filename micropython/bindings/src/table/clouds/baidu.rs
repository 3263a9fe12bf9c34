//! Baidu AI Cloud IoT Core.

use super::keys::*;
use crate::table::common::*;
use crate::table::entry::*;

pub const CASE: Case = Case {
    name: "baidu",
    title: text("Baidu AI Cloud IoT Core", "百度智能云物联网核心套件 IoT Core"),
    doc: text(
        "The port is 1884, without TLS 1883. If the board's clock is set, the login is signed with the time. The cloud then refuses a clock that is more than ten minutes wrong.",
        "端口为 1884，不使用 TLS 时为 1883。本机时钟已校准时，登录的签名含有时间；误差超过十分钟会被拒绝。",
    ),
    keys: &[
        INSTANCE_ID_OF_CORE,
        required("deviceName", Kind::Text, text("device key", "设备的 DeviceKey")),
        DEVICE_SECRET_OR_CERTIFICATE,
        CERT,
        KEY,
        region("'gz'", text("region of the instance", "实例所在的地域")),
        sign_method(
            "'sha256'",
            text(
                "'sha256'; also 'md5' if the firmware was built with it",
                "签名算法：'sha256'；固件编译时若选入，也可用 'md5'",
            ),
        ),
    ],
};

const INSTANCE_ID_OF_CORE: Key =
    required("instanceId", Kind::Text, text("ID of the IoT Core instance", "IoT Core 实例 ID（IoTCoreId）"));
