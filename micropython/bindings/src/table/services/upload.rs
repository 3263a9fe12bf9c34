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
            "an upload was given up: the platform did not reply, or the upload made no progress for six minutes",
            "放弃上传：平台未响应，或六分钟内没有进展",
        ),
    },
    ErrorCode {
        codes: Codes::Range(78117, 78127),
        doc: text(
            "the platform refused an upload; the code is that of its reply (help.aliyun.com document 354836)",
            "平台拒绝了上传；即平台响应中的 code（参见 help.aliyun.com 文档 354836）",
        ),
    },
];

const ON_PROGRESS: Argument = optional_argument(
    "callback",
    "Callable[[dict[str, int]], object] | None",
    "None",
    text(
        "called with `{'sent': int, 'size': int}` each time the platform has received more of the file; `None` for no callback",
        "平台每收到一部分文件就调用一次，参数为 `{'sent': int, 'size': int}`；`None` 表示不回调",
    ),
);

const FAILED: (Failure, Text) = returns(
    "None",
    "`connect()` was not called before, or `end()` was called meanwhile; or the upload failed or made no progress for six minutes, which calls ON_ERROR",
    "尚未调用 `connect()`，或期间调用了 `end()`；上传失败，或六分钟内没有进展，此时触发 ON_ERROR",
);
const WRONG_NAME: (Failure, Text) = raises(
    "ValueError",
    "the file is empty or larger than 16 MiB; or its name on the platform is not 1 to 100 characters of `A-Z a-z 0-9 _ .` that begin with a letter or a digit",
    "文件为空或超过 16 MiB；或云端文件名不符合要求（1 至 100 个字符，仅限 `A-Z a-z 0-9 _ .`，首字符须为字母或数字）",
);

const WRONG_ARGUMENT: (Failure, Text) = raises(
    "TypeError",
    "an argument is of another type, or the callback is not callable",
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
                    "path of the file, whose last part becomes its name on the platform; with `path`, the name itself",
                    "文件路径，以最后一段作为云端文件名；给出 `path` 时即为云端文件名",
                ),
            ),
            optional_argument(
                "path",
                "str | Callable[[dict[str, int]], object] | None",
                "None",
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
            "Upload a file and wait until the platform has verified it. The file is read block by block and never held in memory as a whole. After a lost connection the upload continues by itself. After three connections in a row of less than 10 seconds (code -41), the device waits 150 to 300 seconds before it reconnects and continues. Uploads run one at a time; others wait. Callbacks run meanwhile. A callback can call it; the reply to the callback's own request is sent when the callback returns.",
            "上传文件，平台校验无误后返回。文件分块读取，不会整个载入内存。断线重连后自动续传。若连续三次连接都不足 10 秒（错误码 -41），要等 150 至 300 秒才重连，之后同样续传。同一时刻只进行一个上传，其余排队等待。等待期间照常执行回调。可以在回调中上传，此时平台要等该回调返回才收到响应。",
        ),
        errors: &[
            FAILED,
            raises(
                "OSError",
                "the file does not exist, cannot be read, or became shorter meanwhile; EBUSY: called while another upload reads its file (for example from a file system written in Python)",
                "文件不存在、无法读取，或在上传过程中变短；EBUSY：在读取另一个上传文件的过程中被调用（例如用 Python 实现的文件系统）",
            ),
            WRONG_NAME,
            WRONG_ARGUMENT,
            LEFT_OUT,
        ],
        example: "\
with open('note.txt', 'w') as file:
    file.write('hello')

def on_progress(progress):
    print(progress['sent'], 'of', progress['size'])  # 5 of 5

upload_id = device.uploadFile('note.txt', on_progress)",
    },
    Function {
        name: "uploadContent",
        takes: &[
            argument("fileName", "str", text("the name on the platform", "云端文件名")),
            argument("buf", "Buffer", text("the content of the file", "文件内容")),
            ON_PROGRESS,
        ],
        returns: "str | None",
        returns_doc: text("the platform's id of the upload", "平台返回的 uploadId"),
        doc: text(
            "Upload bytes as a file, and wait as `uploadFile` does.",
            "将数据作为文件上传，其余与 `uploadFile` 相同。",
        ),
        errors: &[
            FAILED,
            raises(
                "OSError",
                "buf became shorter meanwhile; EBUSY: called while another upload reads its file (for example from a file system written in Python)",
                "buf 在上传过程中变短；EBUSY：在读取另一个上传文件的过程中被调用（例如用 Python 实现的文件系统）",
            ),
            WRONG_NAME,
            WRONG_ARGUMENT,
            LEFT_OUT,
        ],
        example: "print(device.uploadContent('note.txt', 'hello'))  # for example 8YVXU2LQdfMTnhZpTrKE021000",
    },
];
