//! Network time and files.

use super::{
    Argument, LEFT_OUT, Method, NOT_STARTED, Otherwise, Text, WRONG_CALLBACK, argument, raises, returns, same, text,
};

const fn optional(name: &'static str, kind: &'static str, doc: Text) -> Argument {
    Argument { default: Some("None"), ..argument(name, kind, doc) }
}

const CALLBACK: Argument = optional(
    "callback",
    "Callable[[dict[str, int]], object] | None",
    text(
        "called with `{'sent': int, 'size': int}` each time the platform has more of the file; `None` for nothing",
        "平台每收到一部分文件就调用一次，参数为 `{'sent': int, 'size': int}`；`None` 表示不回调",
    ),
);

const FAILED: (Otherwise, Text) = returns(
    "None",
    "`connect()` was not called before, or `end()` was called meanwhile; the upload failed, or did not get on for six minutes, which ON_ERROR tells",
    "尚未调用 `connect()`，或期间调用了 `end()`；上传失败，或六分钟内没有进展，此时触发 ON_ERROR",
);
const WRONG_NAME: (Otherwise, Text) = raises(
    "ValueError",
    "the file is empty or larger than 16 MiB, or its name on the platform is not 1 to 100 of `A-Z a-z 0-9 _ .`, the first a letter or a digit",
    "文件为空或超过 16 MiB；或云端文件名不符合要求（1 至 100 个字符，仅限 `A-Z a-z 0-9 _ .`，首字符须为字母或数字）",
);

const WRONG_ARGUMENT: (Otherwise, Text) = raises(
    "TypeError",
    "an argument is of another type, or the callback cannot be called",
    "参数的类型不符，或回调不可调用",
);

pub const METHODS: &[Method] = &[
    Method {
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
    Method {
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
    Method {
        name: "uploadFile",
        takes: &[
            argument(
                "fileName",
                "str",
                text(
                    "path of the file, whose last part is its name on the platform; with `path`, that name itself",
                    "文件路径，以最后一段作为云端文件名；给出 `path` 时即为云端文件名",
                ),
            ),
            optional(
                "path",
                "str | Callable[[dict[str, int]], object] | None",
                text(
                    "path of the file, if `fileName` is not; or `callback`",
                    "文件路径（此时 `fileName` 为云端文件名）；也可直接给出 `callback`",
                ),
            ),
            CALLBACK,
        ],
        returns: "str | None",
        returns_doc: text("the platform's id of the upload", "平台返回的 uploadId"),
        doc: text(
            "Uploads a file, and returns when the platform has all of it and has found it right. It is read block by block, never held in memory. A lost connection only interrupts; so does the wait of 150 to 300 s that follows three connections in a row of less than 10 s (code -41). One upload at a time: another waits its turn. Meanwhile callbacks are called. It may be called from within a callback, whose request is answered when that returns.",
            "上传文件，平台收到完整文件并校验无误后返回。文件分块读取，不会整个载入内存。断线只会使上传中断，重连后续传；连续三次连接都不足 10 秒、因而等待 150 至 300 秒（错误码 -41）时也一样。同一时刻只进行一个上传，其余排队等待。等待期间照常执行回调。可以在回调中调用，该回调所处理的请求在回调返回时应答。",
        ),
        errors: &[
            FAILED,
            raises(
                "OSError",
                "the file is not there, cannot be read, or became shorter meanwhile; EBUSY: called by the code that reads the file of another upload",
                "文件不存在、无法读取，或在上传过程中变短；EBUSY：由正在读取另一个上传文件的代码调用",
            ),
            WRONG_NAME,
            WRONG_ARGUMENT,
            LEFT_OUT,
        ],
        example: "\
with open('note.txt', 'w') as file:
    file.write('hello')
upload_id = device.uploadFile('note.txt', lambda told: print(told['sent'], 'of', told['size']))  # 5 of 5",
    },
    Method {
        name: "uploadContent",
        takes: &[
            argument("fileName", "str", text("the name on the platform", "云端文件名")),
            argument("buf", "Buffer", text("what the file is to hold", "文件内容")),
            CALLBACK,
        ],
        returns: "str | None",
        returns_doc: text("the platform's id of the upload", "平台返回的 uploadId"),
        doc: text("Uploads bytes as a file, as `uploadFile` does.", "将数据作为文件上传，其余与 `uploadFile` 相同。"),
        errors: &[
            FAILED,
            raises(
                "OSError",
                "buf became shorter meanwhile; EBUSY: called by the code that reads the file of another upload",
                "buf 在上传过程中变短；EBUSY：由正在读取另一个上传文件的代码调用",
            ),
            WRONG_NAME,
            WRONG_ARGUMENT,
            LEFT_OUT,
        ],
        example: "print(device.uploadContent('note.txt', 'hello') is not None)  # True",
    },
];
