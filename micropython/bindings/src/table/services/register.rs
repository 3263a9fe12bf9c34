//! Dynamic registration.

use crate::table::clouds;
use crate::table::common::*;
use crate::table::entry::*;

pub const FAMILY: Family = Family {
    name: "register",
    title: text("Registration", "动态注册"),
    error_codes: ERROR_CODES,
    functions: FUNCTIONS,
    ..EMPTY
};

const ERROR_CODES: &[ErrorCode] = &[ErrorCode {
    codes: Codes::One("STORE", -50),
    doc: text(
        "the secret that `register()` got could not be stored, so it is not used; msg gives the reason. Remove the cause, then call `register()` again",
        "`register()` 获得的密钥无法保存，因此未被使用；msg 会给出原因。排除后请再次调用 `register()`",
    ),
}];

const FUNCTIONS: &[Function] = &[Function {
    name: "register",
    takes: &[
        choice(&clouds::REGISTER),
        argument(
            "callback",
            "Callable[[str], object] | None",
            text(
                "called with the device secret (or token, or the certificate in PEM) before `register` returns",
                "回调函数，参数为设备密钥（或 deviceToken，或 PEM 格式的设备证书），在 `register` 返回之前调用",
            ),
        ),
    ],
    returns: "int",
    returns_doc: text(
        "0 when the device has its secret; when called in a callback, 0 at once",
        "0，此时设备已有密钥；在回调中调用时立即返回 0",
    ),
    doc: text(
        "Get the device secret by dynamic registration and store it. `connect()` then needs no deviceSecret, even after a restart. The key `cloud` selects the platform; secrets are stored by cloud, product and device. A certificate that Tencent returns in place of a secret is stored with its private key, and `connect()` uses both. If the secret of this device is stored already, the method returns it without using the network. It blocks for up to 65 seconds, on Huawei Cloud for up to 75. It makes up to five attempts; each network failure calls ON_ERROR. When called in a callback of this device, it returns at once and continues after the callback; `callback` or ON_ERROR then reports the result. A connected device can register another one over HTTPS ('https', and all clouds but Alibaba's) and stays connected. After Ctrl-C nothing more is reported.",
        "通过动态注册（一型一密）获取设备密钥并保存，此后（包括重启以后）`connect()` 不必再提供 deviceSecret。`cloud` 键选择云平台；密钥按云平台、产品和设备分别保存。腾讯云返回证书代替密钥时，保存证书和私钥，`connect()` 使用两者。已保存该设备的密钥时，直接返回该密钥，不访问网络。该方法最多阻塞 65 秒，华为云为 75 秒。网络故障时自动重试，总共最多尝试五次，每次网络故障都触发 ON_ERROR。在该设备的回调中调用时立即返回，待回调返回后继续注册，结果由 `callback` 或 ON_ERROR 通知。已连接的设备可以通过 HTTPS（'https'，以及阿里云以外的平台）注册另一台设备，期间保持连接。按 Ctrl-C 中断后，不再通知结果。",
    ),
    errors: &[
        returns("-1", "no secret; ON_ERROR reports the reason", "未获得密钥，原因见 ON_ERROR"),
        raises(
            "OSError",
            "already connected or connecting ('register' and 'regnwl'); already registering; the clock is not set (Tencent, OneNET); or the stored secrets cannot be read",
            "已连接或正在连接（'register' 和 'regnwl'）；正在注册；本机时钟未校准（腾讯云、OneNET）；或无法读取已保存的密钥",
        ),
        WRONG_KEY,
        raises(
            "ValueError",
            "a value is out of range; the message names its key",
            "值超出范围；异常信息会给出对应的键",
        ),
        WRONG_TYPE,
        LEFT_OUT,
    ],
    example: "\
def on_secret(secret):
    print(len(secret))  # 32

device.register({'productKey': key, 'deviceName': name, 'productSecret': product_secret}, on_secret)",
}];
