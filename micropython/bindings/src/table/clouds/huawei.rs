//! Huawei Cloud IoTDA.

use super::keys::*;
use crate::table::common::*;
use crate::table::entry::*;

pub const CASE: Case = Case {
    name: "huawei",
    title: text("Huawei Cloud IoTDA", "华为云设备接入 IoTDA"),
    doc: text(
        "The port is 8883, without TLS 1883. Each login is signed with the time, so the board's clock must be set.",
        "端口为 8883，不使用 TLS 时为 1883。每次登录的签名都含有时间，本机时钟必须先校准。",
    ),
    keys: &[
        required(
            "deviceName",
            Kind::Text,
            text(
                "node ID; without productId the whole device ID",
                "设备标识码（node_id）；没有 productId 时为完整的设备 ID",
            ),
        ),
        optional(
            "productId",
            Kind::Text,
            text("none: deviceName is the device ID", "无：deviceName 即设备 ID"),
            text(
                "product ID; the device ID is then `{productId}_{deviceName}`",
                "产品 ID；设备 ID 为 `{productId}_{deviceName}`",
            ),
        ),
        optional(
            "deviceSecret",
            Kind::Text,
            text(
                "the secret that `register()` stored; none with `cert`",
                "`register()` 已保存的密钥；使用 `cert` 时不填",
            ),
            text("device secret", "设备密钥"),
        ),
        CERT,
        KEY,
        optional(
            "endpoint",
            Kind::Text,
            text("none; required unless `host` is given", "无；没有 `host` 时必填"),
            text("the part of the access address in front of `.iotda-device`", "接入地址中 `.iotda-device` 之前的部分"),
        ),
        region("'cn-north-4'", text("region of the instance", "实例所在的区域")),
        optional(
            "serviceId",
            Kind::Text,
            text("none", "无"),
            text(
                "service of the product model that flat properties and events belong to; `postProps()` and `postEvent()` need it",
                "产品模型中的服务 ID，属性和事件都归入该服务；`postProps()` 和 `postEvent()` 需要它",
            ),
        ),
    ],
};

pub const REGISTRATION: Case = Case {
    name: "huawei",
    title: text("Huawei Cloud IoTDA", "华为云设备接入 IoTDA"),
    doc: text(
        "The device is created with the password of an IAM user: one request returns a token, a second one creates the device. It needs 12 KiB of memory meanwhile. Whoever reads the password out of a device can create devices in the project: give that user no other right, or better create devices elsewhere. The port is 443; with `host`, both requests go there.",
        "使用 IAM 用户的密码创建设备：先获取 token，再创建设备，期间占用 12 KiB 内存。能从设备中读出密码的人可以在该项目中创建设备：请勿授予该用户其他权限，最好在别处创建设备。端口为 443；提供 `host` 时，两次请求都发往该主机。",
    ),
    keys: &[
        PRODUCT_ID,
        required("deviceName", Kind::Text, text("node ID", "设备标识码（node_id）")),
        optional(
            "endpoint",
            Kind::Text,
            text("none; required unless `host` is given", "无；没有 `host` 时必填"),
            text("the part of the access address in front of `.iotda`", "接入地址中 `.iotda` 之前的部分"),
        ),
        region("'cn-north-4'", text("region of the instance", "实例所在的区域")),
        required("projectId", Kind::Text, text("project ID", "项目 ID")),
        required(
            "iamUser",
            Kind::Text,
            text("IAM user that may create devices and nothing else", "IAM 用户名，只应具有创建设备的权限"),
        ),
        required("iamPassword", Kind::Text, text("password of that user", "该用户的密码")),
        required("iamDomain", Kind::Text, text("account that the user belongs to", "该用户所属的账号名")),
    ],
};
