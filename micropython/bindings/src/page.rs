//! `docs/api.md` and `docs/api.zh.md`: the API page.

use std::fmt::Write;

use crate::table::{
    ANSWERS, ERROR_CODES, EVENTS, FAMILIES, Key, Kind, Method, Otherwise, Takes, Text, VALUES, same, text,
};

#[derive(Clone, Copy)]
pub enum Language {
    English,
    Chinese,
}

/// What the page itself says.
const INTRODUCTION: Text = text(
    "English | [中文](api.zh.md)\n\n\
     # `aliyunIoT.Device`\n\n\
     ```python\nfrom aliyunIoT import Device\n\ndevice = Device()\n```\n\n\
     A device of Alibaba Cloud IoT Platform. Several can live at once; `with Device() as device:` calls `end()` at the\n\
     end. No method waits for the network, except `end()` (two seconds at most), `register()` and the uploads. While it is\n\
     connected, a device lives on even if the script lets go of it.\n\n\
     When the main program ends while a device is connected, connecting or registering, its callbacks go on:\n\n\
     | where | what happens |\n|---|---|\n\
     | a board | `main.py` ends, the REPL comes, and callbacks run beside it. A soft reset ends them. |\n\
     | `cargo xtask micropython script.py` | The program prints one line that says so. It stays until the last device ends (exit code 0) or Ctrl-C (130). A script that raises, calls `sys.exit()` or has ended its devices exits at once. |\n\
     | `cargo xtask run qemu script.py` | the same, on the emulated board |\n\
     | `-c`, `-m`, `-i`, standard input, the prompt; MicroPython's own unix port with the native module | The program ends, as without this module. |\n\n\
     ## Events\n\n| constant | value | the callback gets | when |\n|---|---|---|---|\n",
    "[English](api.md) | 中文\n\n\
     # `aliyunIoT.Device`\n\n\
     ```python\nfrom aliyunIoT import Device\n\ndevice = Device()\n```\n\n\
     阿里云物联网平台的一台设备。可以同时存在多台；`with Device() as device:` 结束时会调用 `end()`。\n\
     除 `end()`（最多等待两秒）、`register()` 和文件上传外，其他方法都不等待网络。处于连接状态的设备，即使脚本不再引用它，也会继续工作。\n\n\
     主程序结束时，如果还有设备已连接、正在连接或正在注册，回调会继续执行：\n\n\
     | 运行环境 | 行为 |\n|---|---|\n\
     | 开发板 | `main.py` 结束后进入 REPL，回调同时继续执行，软复位后停止。 |\n\
     | `cargo xtask micropython script.py` | 打印一行提示，一直运行到最后一台设备结束（退出码 0）或按下 Ctrl-C（退出码 130）。抛出异常、调用 `sys.exit()` 或已结束所有设备的脚本立即退出。 |\n\
     | `cargo xtask run qemu script.py` | 同上，在模拟开发板上 |\n\
     | `-c`、`-m`、`-i`、标准输入、交互提示符；MicroPython 自带的 unix 移植版加原生模块 | 程序结束，与没有本模块时相同。 |\n\n\
     ## 事件\n\n| 常量 | 值 | 回调参数 | 触发时机 |\n|---|---|---|---|\n",
);
const CODES: Text = text(
    "\n### Codes of ON_ERROR\n\n| code | what |\n|---|---|\n",
    "\n### ON_ERROR 的错误码\n\n| code | 含义 |\n|---|---|\n",
);
const ANSWERED: Text = text(
    "\n### Answers\n\nWhat a callback of ON_PROPS or ON_SERVICE returns is what the platform is answered.\n\n\
     | it returns | the platform gets |\n|---|---|\n",
    "\n### 应答\n\nON_PROPS 和 ON_SERVICE 回调的返回值即为给平台的应答。\n\n| 返回值 | 平台收到 |\n|---|---|\n",
);
const OTHERS: Text = text("\n| constant | value | what |\n|---|---|---|\n", "\n| 常量 | 值 | 说明 |\n|---|---|---|\n");
const WAITS: Text = text(
    "\n## Waits and threads\n\n\
     Callbacks run in the main thread only, between two bytecodes. This is what happens to them while it waits:\n\n\
     | the main thread is in | callbacks run |\n|---|---|\n\
     | `time.sleep`, `time.sleep_ms`, `select.poll`, asyncio, or a loop that does not wait | at once |\n\
     | `input` and `sys.stdin` | at once on a computer |\n\
     | `accept`, `connect`, `recv`, `send` and the like of a socket | at once in a program with the module built in; after the \
     call with the native module on a computer |\n\
     | `time.sleep_us`, `os.system`, a lock's `acquire`, name resolution | after the call |\n\n\
     No callback changes how long such a call takes, however many messages arrive. Only `select.poll`, which counts whole \
     milliseconds, may return less than a millisecond early. The native module on a computer has \
     [exceptions](natmod.md#what-is-different).\n\n\
     Any thread may call any method, also of a device that other threads use. `end()`, `register()` and the uploads block \
     their own thread only. Callbacks of these methods run in the main thread, too: the last one of an upload may run just \
     after the method has returned in another thread. If the main thread is blocked for ever, no callback runs.\n\n\
     Any thread may collect garbage, by `gc.collect()` or because memory is short. On a computer, `cargo xtask micropython` \
     stops the other threads meanwhile. MicroPython by itself does not, and loses objects of scripts that hand them from \
     thread to thread. With the native module the objects of this library are safe on such firmware, but not those of the \
     script. A list or a dict that two threads change needs a lock (`_thread.allocate_lock()`) everywhere.\n",
    "\n## 等待与线程\n\n\
     回调只在主线程的两条字节码之间执行。主线程等待时的情况如下：\n\n\
     | 主线程正在执行 | 回调何时执行 |\n|---|---|\n\
     | `time.sleep`、`time.sleep_ms`、`select.poll`、asyncio，或没有等待的循环 | 立即 |\n\
     | `input` 和 `sys.stdin` | 在电脑上立即执行 |\n\
     | 套接字的 `accept`、`connect`、`recv`、`send` 等 | 模块编入固件的程序中立即执行；电脑上的原生模块则在调用结束后执行 |\n\
     | `time.sleep_us`、`os.system`、锁的 `acquire`、域名解析 | 调用结束后 |\n\n\
     无论收到多少消息，回调都不会改变这些调用的时长。只有 `select.poll` 以整毫秒计时，可能提前返回，但提前不到 1 毫秒。电脑上的原生模块有[例外](natmod.md#what-is-different)（英文）。\n\n\
     任何线程都可以调用任何方法，也可以使用其他线程正在使用的设备。`end()`、`register()` 和文件上传只阻塞调用它们的线程。\
     这些方法的回调同样在主线程执行：另一个线程中的上传方法返回之后，它的最后一次回调可能才执行。主线程如果一直阻塞，回调就不会执行。\n\n\
     任何线程都可以触发垃圾回收，包括调用 `gc.collect()` 和内存不足时的自动回收。在电脑上，`cargo xtask micropython` 的程序会在回收时\
     暂停其他线程。MicroPython 自身不会暂停，线程之间传递的脚本对象可能丢失。在这样的固件上使用原生模块时，本库的对象是安全的，\
     脚本自己的对象则没有保障。两个线程都会修改的列表或字典，在任何平台上都要加锁（`_thread.allocate_lock()`）。\n",
);
const ARGUMENTS: Text = text(
    "| argument | type | default | what |\n|---|---|---|---|\n",
    "| 参数 | 类型 | 默认值 | 说明 |\n|---|---|---|---|\n",
);
const KEYS: Text =
    text("| key | type | default | what |\n|---|---|---|---|\n", "| 键 | 类型 | 默认值 | 说明 |\n|---|---|---|---|\n");
const ERRORS: Text = text("| otherwise | when |\n|---|---|\n", "| 其他情况 | 条件 |\n|---|---|\n");
const NO_ERRORS: Text = text("It does not fail.\n\n", "不会失败。\n\n");
const REQUIRED: Text = text("required", "必填");

pub fn page(language: Language) -> String {
    Page { language, out: String::new() }.made()
}

struct Page {
    language: Language,
    out: String,
}

impl Page {
    fn made(mut self) -> String {
        self.out
            .push_str("<!-- Made by `cargo xtask bindings` from micropython/bindings/src/table: do not edit. -->\n");
        self.say(INTRODUCTION);
        for event in EVENTS {
            let doc = self.words(event.doc);
            self.row(&[&format!("`{}`", event.name), &event.value.to_string(), &format!("`{}`", event.payload), doc]);
        }
        self.say(CODES);
        for (code, what) in ERROR_CODES {
            self.row(&[self.words(*code), self.words(*what)]);
        }
        self.say(ANSWERED);
        for (returned, answer) in ANSWERS {
            self.row(&[self.words(*returned), self.words(*answer)]);
        }
        self.say(OTHERS);
        for value in VALUES {
            self.row(&[&format!("`{}`", value.name), &value.value.to_string(), self.words(value.doc)]);
        }
        for family in FAMILIES {
            writeln!(self.out, "\n## {}", self.words(family.title)).unwrap();
            for method in family.methods {
                self.method(method);
            }
        }
        self.say(WAITS);
        self.out
    }

    fn words(&self, text: Text) -> &'static str {
        match self.language {
            Language::English => text.en,
            Language::Chinese => text.zh,
        }
    }

    fn say(&mut self, text: Text) {
        self.out.push_str(self.words(text));
    }

    fn row(&mut self, cells: &[&str]) {
        for cell in cells {
            write!(self.out, "| {} ", cell.replace('|', "\\|")).unwrap();
        }
        self.out.push_str("|\n");
    }

    fn method(&mut self, method: &Method) {
        let arguments: Vec<String> = method
            .takes
            .iter()
            .map(|argument| match argument.default {
                Some(default) => format!("{}={default}", argument.name),
                None => argument.name.into(),
            })
            .collect();
        let doc = self.words(method.doc);
        writeln!(self.out, "\n### `{}({})`\n\n{doc}\n", method.name, arguments.join(", ")).unwrap();
        if let Some(keys) = method.keys() {
            self.say(KEYS);
            keys.iter().for_each(|key| self.key(key));
            self.out.push('\n');
        }
        let mut values = method.takes.iter().filter(|argument| matches!(argument.takes, Takes::Value(_))).peekable();
        if values.peek().is_some() {
            self.say(ARGUMENTS);
            for argument in values {
                let Takes::Value(kind) = argument.takes else { continue };
                let default = argument.default.map_or(REQUIRED, same);
                self.row(&[
                    &format!("`{}`", argument.name),
                    &format!("`{kind}`"),
                    self.words(default),
                    self.words(argument.doc),
                ]);
            }
            self.out.push('\n');
        }
        let returned = self.words(method.returns_doc);
        match self.language {
            Language::English => writeln!(self.out, "Returns {returned}.\n").unwrap(),
            Language::Chinese => writeln!(self.out, "返回值：{returned}。\n").unwrap(),
        }
        if method.errors.is_empty() {
            self.say(NO_ERRORS);
        } else {
            self.say(ERRORS);
            for (otherwise, when) in method.errors {
                let how = match (otherwise, self.language) {
                    (Otherwise::Returns(code), Language::English) => format!("returns {code}"),
                    (Otherwise::Returns(code), Language::Chinese) => format!("返回 {code}"),
                    (Otherwise::Raises(exception), Language::English) => format!("raises {exception}"),
                    (Otherwise::Raises(exception), Language::Chinese) => format!("抛出 {exception}"),
                };
                self.row(&[&how, self.words(*when)]);
            }
            self.out.push('\n');
        }
        writeln!(self.out, "```python\n{}\n```", method.example).unwrap();
    }

    fn key(&mut self, key: &Key) {
        let kind = match key.kind {
            Kind::Text => same("`str`"),
            Kind::Data => text("`str` or bytes-like", "`str` 或字节类对象"),
            Kind::Json => text("`str` or `dict`", "`str` 或 `dict`"),
            Kind::Int { .. } | Kind::Clamped { .. } => same("`int`"),
            Kind::Bool => same("`bool`"),
        };
        let kind = match (key.kind, self.language) {
            (Kind::Int { min, max }, Language::English) => format!("`int`, {min} to {max}"),
            (Kind::Int { min, max }, Language::Chinese) => format!("`int`，{min} 至 {max}"),
            _ => self.words(kind).into(),
        };
        let name = match (key.alias, self.language) {
            (None, _) => format!("`{}`", key.name),
            (Some(alias), Language::English) => format!("`{}` (or `{alias}`)", key.name),
            (Some(alias), Language::Chinese) => format!("`{}`（或 `{alias}`）", key.name),
        };
        self.row(&[&name, &kind, self.words(key.default.unwrap_or(REQUIRED)), self.words(key.doc)]);
    }
}
