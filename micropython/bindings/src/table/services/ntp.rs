//! Network time.

use crate::table::common::*;
use crate::table::entry::*;

pub const FAMILY: Family = Family {
    name: "ntp",
    title: text("Network time", "网络时间"),
    error_codes: ERROR_CODES,
    functions: FUNCTIONS,
    ..EMPTY
};

const ERROR_CODES: &[ErrorCode] = &[
    ErrorCode {
        codes: Codes::One("NO_TIME", -47),
        doc: text(
            "the platform did not reply to the time request (getNtpTime, setClock)",
            "平台未响应时间查询（getNtpTime、setClock）",
        ),
    },
    ErrorCode {
        codes: Codes::One("CLOCK", -48),
        doc: text("setClock: this firmware has no machine.RTC", "setClock：固件没有 machine.RTC"),
    },
];

const FUNCTIONS: &[Function] = &[
    Function {
        name: "getNtpTime",
        takes: &[argument(
            "callback",
            "Callable[[dict[str, int]], object]",
            text(
                "called once with a dict of year, month, day, hour, minute, second, msecond (in UTC+8) and timestamp (seconds since 1970)",
                "回调函数，只调用一次；参数为字典，包含 year、month、day、hour、minute、second、msecond（UTC+8）和 timestamp（1970 年以来的秒数）",
            ),
        )],
        returns: "int",
        returns_doc: same("0"),
        doc: text(
            "Request the time from the platform. If the device is offline, the request is sent after it connects. The error is at most half the round trip. If no reply comes within 50 seconds, ON_ERROR is called with code -47.",
            "向平台查询网络时间。设备离线时，连接后再查询。误差不超过往返时延的一半。50 秒内没有响应时，以错误码 -47 触发 ON_ERROR。",
        ),
        errors: &[NOT_STARTED, WRONG_CALLBACK, LEFT_OUT],
        example: "\
def on_time(now):
    print(now['year'], now['month'], now['day'])  # for example 2026 11 29

device.getNtpTime(on_time)",
    },
    Function {
        name: "setClock",
        takes: &[],
        returns: "int",
        returns_doc: text("0; the clock is set when the reply arrives", "0；收到响应后设置时钟"),
        doc: text(
            "Set the board's clock (`machine.RTC`, in UTC) to the platform's time, to the second. If no reply comes, or the firmware has no such clock, ON_ERROR is called.",
            "按平台时间设置本机时钟（`machine.RTC`，UTC），精确到秒。没有响应或固件没有该时钟时触发 ON_ERROR。",
        ),
        errors: &[NOT_STARTED, LEFT_OUT],
        example: "print(device.setClock())  # 0",
    },
];
