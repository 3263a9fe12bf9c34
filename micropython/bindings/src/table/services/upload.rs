//! Uploads of files.

use crate::table::common::*;
use crate::table::entry::*;

pub const FAMILY: Family = Family {
    name: "upload",
    title: text("Files", "文件上传"),
    error_codes: ERROR_CODES,
    functions: FUNCTIONS,
    ..EMPTY
};

const ERROR_CODES: &[ErrorCode] = &[
    ErrorCode {
        codes: Codes::One("UPLOAD", -49),
        doc: text(
            "an upload was given up: the platform did not answer, or it did not get on for six minutes",
            "放弃上传：平台未应答，或六分钟内没有进展",
        ),
    },
    ErrorCode {
        codes: Codes::Range(78117, 78127),
        doc: text(
            "the platform refused an upload; the code is that of its reply (help.aliyun.com document 354836)",
            "平台拒绝了上传；即平台应答中的 code（参见 help.aliyun.com 文档 354836）",
        ),
    },
];

const fn optional_value(name: &'static str, kind: &'static str, doc: Text) -> Argument {
    Argument { default: Some("None"), ..argument(name, kind, doc) }
}

const ON_PROGRESS: Argument = optional_value(
    "callback",
    "Callable[[dict[str, int]], object] | None",
    text(
        "called with `{'sent': int, 'size': int}` each time the platform has more of the file; `None` for nothing",
        "平台每收到一部分文件就调用一次，参数为 `{'sent': int, 'size': int}`；`None` 表示不回调",
    ),
);

const FAILED: (Failure, Text) = returns(
    "None",
    "`connect()` was not called before, or `end()` was called meanwhile; the upload failed, or did not get on for six minutes, which ON_ERROR tells",
    "尚未调用 `connect()`，或期间调用了 `end()`；上传失败，或六分钟内没有进展，此时触发 ON_ERROR",
);
const WRONG_NAME: (Failure, Text) = raises(
    "ValueError",
    "the file is empty or larger than 16 MiB, or its name on the platform is not 1 to 100 of `A-Z a-z 0-9 _ .`, the first a letter or a digit",
    "文件为空或超过 16 MiB；或云端文件名不符合要求（1 至 100 个字符，仅限 `A-Z a-z 0-9 _ .`，首字符须为字母或数字）",
);

const WRONG_ARGUMENT: (Failure, Text) = raises(
    "TypeError",
    "an argument is of another type, or the callback cannot be called",
    "参数的类型不符，或回调不可调用",
);

const FUNCTIONS: &[Function] = &[
    Function {
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
            optional_value(
                "path",
                "str | Callable[[dict[str, int]], object] | None",
                text(
                    "path of the file, if `fileName` is not; or `callback`",
                    "文件路径（此时 `fileName` 为云端文件名）；也可直接给出 `callback`",
                ),
            ),
            ON_PROGRESS,
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
    Function {
        name: "uploadContent",
        takes: &[
            argument("fileName", "str", text("the name on the platform", "云端文件名")),
            argument("buf", "Buffer", text("what the file is to hold", "文件内容")),
            ON_PROGRESS,
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
