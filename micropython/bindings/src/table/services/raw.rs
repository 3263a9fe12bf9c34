//! Raw data.

use crate::table::common::*;
use crate::table::entry::*;

pub const FAMILY: Family =
    Family { name: "raw", title: text("Raw data", "透传数据"), events: EVENTS, functions: FUNCTIONS, ..EMPTY };

const EVENTS: &[Event] = &[Event {
    name: "ON_RAWDATA",
    value: 10,
    payload: "{'params_len': int, 'params': bytearray}",
    doc: text("The platform sends raw data.", "平台下发透传数据。"),
}];

const FUNCTIONS: &[Function] = &[Function {
    name: "postRaw",
    takes: &[
        dict(&[Key {
            alias: Some("params"), ..required("param", Kind::Data, text("the bytes", "要上报的字节"))
        }]),
        reply_callback(text(
            "called once, as with `postProps`, with `{'code': int, 'message': str, 'data': bytes}`; data is what the product's script on the platform made of its reply. The platform does not say which post it replies to: the oldest one that waits is told. A reply larger than `rxBuffer` is told to it as code -46",
            "与 `postProps` 相同，只调用一次，参数为 `{'code': int, 'message': str, 'data': bytes}`，其中 data 是平台应答经产品数据解析脚本转换后的内容。平台不说明应答对应哪一次上报，因此按上报的先后顺序通知。应答大于 `rxBuffer` 时，code 为 -46",
        )),
    ],
    returns: "int",
    returns_doc: same("0"),
    doc: text("Posts raw data.", "上报透传数据。"),
    errors: &[NOT_CONNECTED, FULL, WRONG_KEY, WRONG_TYPE, WRONG_CALLBACK, TOO_LARGE],
    example: "\
def on_reply(reply):
    print(reply['code'], reply['data'])  # 200 b'\\x00\\x01'

print(device.postRaw({'param': b'\\x00\\x01'}, on_reply))  # 0",
}];
