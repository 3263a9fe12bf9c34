//! The class `aliyunIoT.Device`. The API is that of Alibaba's HaaS firmware; `ON_SUBCRIBE` is spelt as it is there.

mod connection;
mod messages;

use crate::table::entry::*;
use crate::table::services;

pub const SCOPE: Scope = Scope {
    kind: ScopeKind::Class { takes: &[], is_context: true, attributes: &[] },
    name: "Device",
    doc: "A device of the platform. A script can have several.",
    page: "api",
    begin: BEGIN,
    end: END,
    families: &[&[&connection::FAMILY, &messages::FAMILY], services::FAMILIES],
};

const BEGIN: Text = text(
    "```python\nfrom aliyunIoT import Device\n\ndevice = Device()\n```\n\n\
     A device of Alibaba Cloud IoT Platform, or of [another cloud](clouds.md). A script can have several. `with Device() as device:` calls `end()` at the end.\n\
     No method waits for the network, except `end()` (up to two seconds), `register()` and the uploads. A connected device\n\
     keeps working even if the script drops its last reference to it. [A board's day](day.md) says what a device sends in a\n\
     day, and which `keepaliveSec` saves pings.\n\n\
     When the main program ends while a device is connected, connecting or registering, callbacks continue:\n\n\
     | where | what happens |\n|---|---|\n\
     | a board | `main.py` ends, the REPL starts, and callbacks run beside it. A soft reset ends them. |\n\
     | `cargo xtask micropython script.py` | The program prints one line that says so. It runs until the last device ends (exit code 0) or Ctrl-C (130). A script that raises, calls `sys.exit()` or has called `end()` for its devices exits at once. |\n\
     | `cargo xtask run qemu script.py` | the same, on the emulated board |\n\
     | `-c`, `-m`, `-i`, standard input, the prompt; MicroPython's own unix port with the native module | The program ends, as it does without this module. |\n",
    "```python\nfrom aliyunIoT import Device\n\ndevice = Device()\n```\n\n\
     阿里云物联网平台或[其他云平台](clouds.zh.md)的一台设备。可以同时存在多台；`with Device() as device:` 结束时会调用 `end()`。\n\
     除 `end()`（最多等待两秒）、`register()` 和文件上传外，其他方法都不等待网络。处于连接状态的设备，即使脚本不再引用它，也会继续工作。\n\
     设备一天收发多少报文、`keepaliveSec` 怎样设置更节省，见[设备的一天](day.zh.md)。\n\n\
     主程序结束时，如果还有设备已连接、正在连接或正在注册，回调会继续执行：\n\n\
     | 运行环境 | 行为 |\n|---|---|\n\
     | 开发板 | `main.py` 结束后进入 REPL，回调同时继续执行，软复位后停止。 |\n\
     | `cargo xtask micropython script.py` | 打印一行提示，一直运行到最后一台设备结束（退出码 0）或按下 Ctrl-C（退出码 130）。抛出异常、调用 `sys.exit()` 或已结束所有设备的脚本立即退出。 |\n\
     | `cargo xtask run qemu script.py` | 同上，在模拟开发板上 |\n\
     | `-c`、`-m`、`-i`、标准输入、交互提示符；MicroPython 自带的 unix 移植版加原生模块 | 程序结束，与没有本模块时相同。 |\n",
);

const END: Text = text(
    "\n## Waits and threads\n\n\
     MicroPython's scheduler calls callbacks in the main thread. While the main thread waits, they run:\n\n\
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
     回调只由 MicroPython 调度器在主线程中调用。主线程等待时的情况如下：\n\n\
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
