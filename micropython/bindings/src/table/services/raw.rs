//! Raw data.

use crate::table::common::*;
use crate::table::entry::*;

pub const FAMILY: Family =
    Family {
        name: "raw", title: text("Raw data", "透传/自定义数据"), events: EVENTS, functions: FUNCTIONS, ..EMPTY
    };

const EVENTS: &[Event] = &[Event {
    name: "ON_RAWDATA",
    value: 10,
    payload: "{'params_len': int, 'params': bytearray}",
    doc: text("The platform sends data in the product's own format.", "平台下发透传/自定义数据。"),
}];

const FUNCTIONS: &[Function] = &[Function {
    name: "postRaw",
    takes: &[
        dict(&[Key {
            alias: Some("params"), ..required("param", Kind::Data, text("the bytes", "要上报的字节"))
        }]),
        reply_callback(text(
            "called once, as for `postProps`, with `{'code': int, 'message': str, 'data': bytes}`. data is the reply after the product's parsing script. A reply carries no id of the post, so it goes to the oldest post that waits. A reply larger than `rxBuffer` is reported as code -46",
            "与 `postProps` 相同，只调用一次，参数为 `{'code': int, 'message': str, 'data': bytes}`，其中 data 是平台响应经产品数据解析脚本转换后的内容。响应不含上报的 ID，因此按上报的先后顺序通知。响应大于 `rxBuffer` 时，code 为 -46",
        )),
    ],
    returns: "int",
    returns_doc: same("0"),
    doc: text("Report bytes in the product's own format to the platform.", "向平台上报透传/自定义数据。"),
    errors: &[NOT_CONNECTED, FULL_OR_AWAITED, WRONG_KEY, WRONG_TYPE, WRONG_CALLBACK, TOO_LARGE, LEFT_OUT],
    example: "\
def on_reply(reply):
    print(reply['code'], reply['data'])  # 200 b'\\x00\\x01'

print(device.postRaw({'param': b'\\x00\\x01'}, on_reply))  # 0",
}];
