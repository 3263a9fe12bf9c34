//! Short forms, and texts that several families use.

use super::entry::*;

// ---- Short forms ----

pub const fn dict(keys: &'static [Key]) -> Argument {
    Argument { name: "data", takes: Takes::Dict(keys), default: None, doc: same("") }
}

pub const fn choice(choice: &'static Choice) -> Argument {
    Argument { name: "data", takes: Takes::Choice(choice), default: None, doc: same("") }
}

pub const fn argument(name: &'static str, kind: &'static str, doc: Text) -> Argument {
    Argument { name, takes: Takes::Value(kind), default: None, doc }
}

pub const fn optional_argument(name: &'static str, kind: &'static str, default: &'static str, doc: Text) -> Argument {
    Argument { default: Some(default), ..argument(name, kind, doc) }
}

/// A function without arguments that does not fail.
pub const fn simple(
    name: &'static str,
    returns: &'static str,
    returns_doc: Text,
    doc: Text,
    example: &'static str,
) -> Function {
    Function { name, takes: &[], returns, returns_doc, doc, errors: &[], example }
}

pub const fn required(name: &'static str, kind: Kind, doc: Text) -> Key {
    Key { name, alias: None, kind, default: None, doc }
}

pub const fn optional(name: &'static str, kind: Kind, default: Text, doc: Text) -> Key {
    Key { name, alias: None, kind, default: Some(default), doc }
}

pub const fn returns(code: &'static str, en: &'static str, zh: &'static str) -> (Failure, Text) {
    (Failure::Returns(code), text(en, zh))
}

pub const fn raises(exception: &'static str, en: &'static str, zh: &'static str) -> (Failure, Text) {
    (Failure::Raises(exception), text(en, zh))
}

pub const CALLBACK: &str = "Callable[[dict[str, Any]], object] | None";

/// A callback that gets the reply to a message.
pub const fn reply_callback(doc: Text) -> Argument {
    optional_argument("callback", CALLBACK, "None", doc)
}

/// What a function returns that has no result.
pub const NOTHING: Text = text("nothing", "无");

// ---- What goes wrong with more than one method ----

pub const NOT_CONNECTED: (Failure, Text) =
    returns("-1", "not connected; nothing is sent, no exception is raised", "未连接：不发送任何数据，也不抛出异常");
pub const NOT_STARTED: (Failure, Text) = returns("-1", "`connect()` was not called before", "尚未调用 `connect()`");
/// Of what goes at QoS 0.
pub const FULL: (Failure, Text) =
    returns("-2", "the send buffer is full; try again later", "发送缓冲区已满：请稍后重试");
/// Of a post.
pub const FULL_OR_AWAITED: (Failure, Text) = returns(
    "-2",
    "the send buffer is full, or 20 callbacks wait for replies; try again later",
    "发送缓冲区已满，或已有 20 个回调在等待响应：请稍后重试",
);
pub const TOO_LARGE: (Failure, Text) = raises(
    "ValueError",
    "the message is larger than 256 KiB, or memory is too small for it",
    "消息超过 256 KiB，或内存不足以容纳该消息",
);
pub const WRONG_KEY: (Failure, Text) = raises(
    "ValueError",
    "a required key is missing; the message names it and any unknown key",
    "缺少必填的键；异常信息会给出缺少的键，以及字典中无法识别的键",
);
pub const WRONG_TYPE: (Failure, Text) = raises(
    "TypeError",
    "a value is of another type; the message names its key",
    "值的类型不符；异常信息会给出对应的键",
);

pub const LEFT_OUT: (Failure, Text) = raises(
    "NotImplementedError",
    "this firmware was built without this service, the cloud does not have it, or `connect()` was called with 'services': False",
    "固件构建时未包含该功能、云平台没有该功能，或 `connect()` 的 services 为 False",
);
/// Of what every firmware has.
pub const NO_SERVICE: (Failure, Text) = raises(
    "NotImplementedError",
    "the cloud has no thing model, or `connect()` was called with 'services': False",
    "云平台没有物模型，或 `connect()` 的 services 为 False",
);
pub const WRONG_CALLBACK: (Failure, Text) = raises(
    "TypeError",
    "the callback is not callable, or it is an `async def` or generator function, which would never run",
    "回调不可调用，或者是不会被执行的 `async def` 函数或生成器函数",
);

pub const QOS: Kind = Kind::Int { min: 0, max: 1 };

pub const POST_CALLBACK: Argument = reply_callback(text(
    "called once with the platform's reply `{'code': int, 'message': str}`, where code 200 is success. code is -40 if no reply came within 10 seconds, and -42 if the connection ended before the reply. It is not called if the method does not return 0",
    "只调用一次，参数为平台的响应 `{'code': int, 'message': str}`，200 表示成功；10 秒内没有响应时 code 为 -40，响应前连接断开时为 -42。方法的返回值不为 0 时不会调用",
));

// ---- Keys of `connect` and `register` ----

pub const PRODUCT_KEY: Key = required(
    "productKey",
    Kind::Text,
    text("product key, at most 20 letters and digits", "ProductKey（产品标识，不是产品密钥），最多 20 个字母和数字"),
);
pub const REGION: Key = optional(
    "region",
    Kind::Text,
    same("'cn-shanghai'"),
    text("region of the old public instance", "旧版公共实例所在的地域"),
);
pub const INSTANCE_ID: Key = optional(
    "instanceId",
    Kind::Text,
    text("none", "无"),
    text("id of a new public or an enterprise instance", "新版公共实例或企业版实例的实例 ID"),
);
pub const HOST: Key = optional(
    "host",
    Kind::Text,
    text("the cloud's", "平台的接入域名"),
    text("another host: its name or address, without a port", "指定接入域名：只写域名或 IP 地址，不含端口"),
);
pub const CA: Key = optional(
    "ca",
    Kind::Data,
    text("the cloud's roots", "平台的根证书"),
    text(
        "trust roots in place of the built-in ones: PEM, which can hold several, or DER, which holds one",
        "自定义根证书，代替内置根证书（PEM 可含多个，DER 一个）",
    ),
);
pub const SIGN_METHOD: Key = optional(
    "signMethod",
    Kind::Text,
    same("'hmacsha256'"),
    text(
        "'hmacsha256'; also 'hmacsha1' or 'hmacmd5' if the firmware was built with them",
        "签名算法：'hmacsha256'；固件编译时若选入，也可用 'hmacsha1' 或 'hmacmd5'",
    ),
);
