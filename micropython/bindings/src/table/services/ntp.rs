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
            "the platform did not answer the question for the time (getNtpTime, setClock)",
            "平台未应答时间查询（getNtpTime、setClock）",
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
                "called once with year, month, day, hour, minute, second, msecond (of UTC+8) and timestamp (seconds since 1970)",
                "回调函数，调用一次；参数包含 year、month、day、hour、minute、second、msecond（UTC+8）和 timestamp（1970 年以来的秒数）",
            ),
        )],
        returns: "int",
        returns_doc: same("0"),
        doc: text(
            "Asks the platform for the time; before the session is up, as soon as it is. The answer is off by half the way to the platform and back at most. ON_ERROR tells if there is none within 50 seconds.",
            "向平台查询网络时间；尚未连接时，连上后立即查询。误差不超过往返时延的一半。50 秒内没有应答则触发 ON_ERROR。",
        ),
        errors: &[NOT_STARTED, WRONG_CALLBACK, LEFT_OUT],
        example: "device.getNtpTime(lambda now: print(now['timestamp'] > 1700000000))  # True",
    },
    Function {
        name: "setClock",
        takes: &[],
        returns: "int",
        returns_doc: text("0; the clock is set when the answer is there", "0；收到应答后设置时钟"),
        doc: text(
            "Sets the board's clock (`machine.RTC`, in UTC) to the platform's time, to the second. ON_ERROR tells if there is no answer, or if this firmware has no such clock.",
            "按平台时间设置本机时钟（`machine.RTC`，UTC），精确到秒。没有应答或固件没有该时钟时触发 ON_ERROR。",
        ),
        errors: &[NOT_STARTED, LEFT_OUT],
        example: "print(device.setClock())  # 0",
    },
];
