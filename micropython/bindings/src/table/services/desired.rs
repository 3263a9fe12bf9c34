//! Desired properties.

use crate::table::common::*;
use crate::table::entry::*;

pub const FAMILY: Family = Family {
    name: "desired",
    title: text("Desired properties", "期望属性值"),
    error_codes: ERROR_CODES,
    functions: FUNCTIONS,
    ..EMPTY
};

const ERROR_CODES: &[ErrorCode] = &[ErrorCode {
    codes: Codes::One("NO_DESIRED", -52),
    doc: text(
        "onDesired: the platform did not reply to five requests; the device requests the values again after the next connect",
        "onDesired：平台连续五次未响应查询；下次连接后设备会再次查询",
    ),
}];

const NAMES: &str = "list[str] | tuple[str, ...]";

const WRONG_NAMES: (Failure, Text) = raises(
    "ValueError",
    "there is no identifier, or one is not 1 to 64 of `A-Z a-z 0-9 _ - . :`",
    "没有给出标识符，或标识符不符合要求（1 至 64 个字符，仅限 `A-Z a-z 0-9 _ - . :`）",
);
const WRONG_ARGUMENT: (Failure, Text) = raises(
    "TypeError",
    "an argument is of another type, or the callback cannot be called",
    "参数的类型不符，或回调不可调用",
);

const FUNCTIONS: &[Function] = &[
    Function {
        name: "getDesired",
        takes: &[
            argument("names", NAMES, text("identifiers of properties", "属性标识符列表")),
            argument(
                "callback",
                "Callable[[dict[str, Any]], object]",
                text(
                    "called once with `{'code': int, 'message': str, 'data': dict}`. With code 200, data maps each property that has a desired value to `{'value': Any, 'version': int}`. Other codes have no data: -40 if no reply came within 10 seconds, -42 if the connection ended before, else the platform's code",
                    "只调用一次，参数为 `{'code': int, 'message': str, 'data': dict}`。code 为 200 时，data 给出已设置期望值的属性及其 `{'value': Any, 'version': int}`。其他 code 没有 data：10 秒内没有响应时为 -40，响应前连接断开时为 -42，其余为平台返回的 code",
                ),
            ),
        ],
        returns: "int",
        returns_doc: same("0"),
        doc: text(
            "Get the desired values of properties, which the platform keeps for the device. It does not block. While the device is online, the platform also sends each new value as a property set (ON_PROPS).",
            "获取属性的期望值，即平台为设备缓存的属性值。该方法不会阻塞。设备在线时，平台还会以属性设置（ON_PROPS）下发新的期望值。",
        ),
        errors: &[NOT_CONNECTED, FULL, WRONG_NAMES, WRONG_ARGUMENT, TOO_LARGE, LEFT_OUT],
        example: "\
def on_values(reply):
    print(reply['code'], reply['data'])  # 200 {}

print(device.getDesired(['LightSwitch'], on_values))  # 0",
    },
    Function {
        name: "deleteDesired",
        takes: &[
            argument(
                "versions",
                "dict[str, Any]",
                text(
                    "properties with the versions of the values to delete. The platform keeps a value that has another version. `None` deletes any version. The dict that `getDesired` or `onDesired` reported can be passed unchanged",
                    "要清除的期望值的属性及版本。版本与平台上的不同时，该期望值不会被清除；版本为 `None` 时不比较版本。可以直接传入 `getDesired` 或 `onDesired` 得到的字典",
                ),
            ),
            reply_callback(text(
                "called once with `{'code': int, 'message': str}`, with the codes of `getDesired`",
                "只调用一次，参数为 `{'code': int, 'message': str}`，code 与 `getDesired` 相同",
            )),
        ],
        returns: "int",
        returns_doc: same("0"),
        doc: text(
            "Delete desired values that the device has applied. It does not block. If the platform refuses and there is no callback, ON_ERROR is called.",
            "清除设备已执行的期望值。该方法不会阻塞。未设置回调时，平台拒绝会触发 ON_ERROR。",
        ),
        errors: &[NOT_CONNECTED, FULL, WRONG_NAMES, WRONG_ARGUMENT, TOO_LARGE, LEFT_OUT],
        example: "\
def on_deleted(reply):
    print(reply['code'])  # 200

print(device.deleteDesired({'LightSwitch': 1}, on_deleted))  # 0",
    },
    Function {
        name: "onDesired",
        takes: &[
            argument("names", NAMES, text("identifiers of properties", "属性标识符列表")),
            argument(
                "callback",
                "Callable[[dict[str, dict[str, Any]]], object] | None",
                text(
                    "called with the new values: each property's `{'value': Any, 'version': int}`; `None` ends it",
                    "回调函数，参数为新的期望值，即各属性的 `{'value': Any, 'version': int}`；`None` 表示取消",
                ),
            ),
        ],
        returns: "int",
        returns_doc: same("0"),
        doc: text(
            "Follow the desired values of properties. The device requests them now and after each reconnect, and the callback gets only new values. A value is new if its version is not the one that was reported last, by this callback or that of `getDesired`. So several changes while the device was offline are reported once, as the latest value. If nothing is new, the callback is not called. If the device is offline, the request is sent after it connects. Another call replaces properties and callback. `end()` ends it. If the platform refuses or does not reply, ON_ERROR is called.",
            "持续跟踪属性的期望值。设备立即查询，并在每次重连后再次查询，回调只得到新的值。期望值的版本与上次通知的（包括通过 `getDesired` 得到的）不同，即为新的值。因此离线期间的多次修改只通知一次，即最新的值。没有新的值时不调用回调。设备离线时，连接后再查询。再次调用会替换属性列表和回调，调用 `end()` 后结束。平台拒绝或没有响应时触发 ON_ERROR。",
        ),
        errors: &[NOT_STARTED, WRONG_NAMES, WRONG_ARGUMENT, TOO_LARGE, LEFT_OUT],
        example: "\
def on_desired(values):
    for name in values:
        print(name, values[name]['value'])
    device.deleteDesired(values)

print(device.onDesired(['LightSwitch', 'Brightness'], on_desired))  # 0",
    },
];
