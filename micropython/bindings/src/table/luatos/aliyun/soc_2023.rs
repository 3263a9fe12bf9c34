//! The functions and the class of 2023.

use super::shared::{
    CLOSE, DEVICE_NAME, METHODS, MQTT_HOST, MQTT_ISSSL, MQTT_PORT, ON, PAYLOAD, PRODUCT_KEY, QOS, SUBSCRIBE, TOPIC,
    WRONG_TYPE, WRONG_VALUE, class, publish,
};
use crate::table::common::*;
use crate::table::entry::*;

const PUBLISH: Function = publish(&[
    TOPIC,
    QOS,
    PAYLOAD,
    optional_argument(
        "retain",
        "int",
        "0",
        text("0; the platform retains no messages", "只能为 0，平台不支持保留消息"),
    ),
]);

pub const FAMILY: Family = Family {
    name: "aliyun_2023",
    title: same("2023"),
    functions: &[
        Function {
            name: "operation",
            takes: &[
                argument(
                    "Registration",
                    "bool",
                    text(
                        "`False`: the device is on the platform's list. `True`: it is not. The words of LuatOS's page say the opposite, its code says this",
                        "`False`：预注册。`True`：免预注册。LuatOS 文档的文字相反，其代码如此",
                    ),
                ),
                DEVICE_NAME,
                PRODUCT_KEY,
                argument("ProductSecret", "str", text("product secret", "产品密钥")),
                optional_argument(
                    "InstanceId",
                    "str | None",
                    "None",
                    text("id of a new public or an enterprise instance", "新版公共实例或企业版实例的实例 ID"),
                ),
                MQTT_HOST,
                MQTT_PORT,
                MQTT_ISSSL,
            ],
            returns: "None",
            returns_doc: NOTHING,
            doc: text(
                "Register, unless the device's secret is stored already, and connect in the background. The registration blocks for up to 65 seconds. If it fails, it is tried again after 30 seconds.",
                "设备的密钥尚未保存时先动态注册，然后在后台连接。注册最多阻塞 65 秒，失败则 30 秒后重试。",
            ),
            errors: &[WRONG_TYPE, WRONG_VALUE],
            example: "\
print(aliyun.operation(False, name, key, product_secret))  # None",
        },
        Function {
            name: "confiDentialTask",
            takes: &[
                DEVICE_NAME,
                PRODUCT_KEY,
                argument("DeviceSecret", "str", text("device secret", "设备密钥")),
                MQTT_HOST,
                MQTT_PORT,
                MQTT_ISSSL,
            ],
            returns: "None",
            returns_doc: NOTHING,
            doc: text("Connect in the background, with the secret of the device.", "用设备密钥在后台连接。"),
            errors: &[WRONG_TYPE, WRONG_VALUE],
            example: "\
topic = '/%s/%s/user/update' % (key, name)
aliyun.confiDentialTask(name, key, secret)
print(aliyun.publish(topic, 1, 'hello'))  # None",
        },
        Function {
            name: "subscriber",
            example: "\
print(aliyun.subscriber('/%s/%s/user/get' % (key, name), 1))  # None",
            ..SUBSCRIBE
        },
    ],
    ..EMPTY
};

pub const CLASS: Scope = class(
    "Soc2023",
    "A device with the functions of 2023.",
    &[],
    &[&[
        &Family { name: "methods_2023", title: METHODS, functions: &[ON, SUBSCRIBE, PUBLISH, CLOSE], ..EMPTY },
        &Family { name: "class_2023", ..FAMILY },
    ]],
);
