//! What the page of `driver` says before its classes: board.json, ports, errors, computers.

use super::parts::*;
use crate::table::entry::*;

/// The page's example, which its other examples run with.
macro_rules! board {
    () => {
        r#"```json
{
  "io": {
    "led":      {"type": "GPIO", "port": 2, "dir": "output"},
    "key":      {"type": "GPIO", "port": 0, "dir": "irq", "pull": "pullup", "intMode": "falling"},
    "battery":  {"type": "ADC", "port": 0},
    "buzzer":   {"type": "PWM", "port": 25},
    "sht3x":    {"type": "I2C", "port": 0, "scl": 22, "sda": 21, "freq": 400000, "devAddr": 68},
    "mpu6050":  {"type": "I2C", "port": 0, "scl": 22, "sda": 21, "freq": 400000, "devAddr": 104},
    "flash":    {"type": "SPI", "port": 2, "freq": 26000000, "cs": 5},
    "serial2":  {"type": "UART", "port": 2, "baudRate": 9600},
    "watchdog": {"type": "WDT", "timeout": 8}
  }
}
```
"#
    };
}

const BEGIN_EN: &str = concat!(
    r#"```python
from driver import GPIO, I2C
```

The module `driver` of HaaS firmware: a board's hardware by the names in a file, `board.json`. A script with `driver` runs
on another board unchanged; only that file differs. The classes are Python on MicroPython's `machine`. A class is loaded
when a script imports it.

## board.json

"#,
    board!(),
    r#"
Each `open` reads the first of these files that exists:

1. `board.json` in the folder of the script, if the firmware tells its path in `sys.argv`, as a computer does
2. `board.json` in the current folder
3. `/sdcard/board.json`
4. `/data/pyamp/board.json`
5. `/data/python-apps/driver/board.json`
6. `/board.json`

3 to 5 are those of HaaS firmware, in its order. `type` and `port` are required in a node, other keys as the tables below
say. Keys that are not in the tables, such as `name`, `debugLevel` and `sampling`, are ignored.

### Ports

A port is what `machine` takes. For GPIO and PWM, that is the number or the name of a pin: 2, or "PA5". For I2C, SPI and
UART, it is the number of the bus. A bus has usual pins, which differ between firmwares. The keys `scl`, `sda`, `sck`,
`mosi`, `miso`, `tx` and `rx` give others.

On the first ESP32, standard MicroPython differs from HaaS firmware for the NodeMCU-32S:

| node of HaaS | on HaaS firmware | here |
|---|---|---|
| I2C, port 0 | SCL 22, SDA 21 | add `"scl": 22, "sda": 21`: the usual pins are 18 and 19 |
| SPI, port 3 | SCK 18, MOSI 23, MISO 19, CS 5 | write port 2, and add `"cs": 5`; the other pins are the same |
| UART, port 2 | TX 17, RX 16 | the same |
| ADC, port 0 to 7 | channels of the first converter: pins 36 to 39, 32 to 35 | the same |

### Results and errors

A method of an object that is not open returns -1. A bus that fails returns the negative number of the OSError that
`machine` raised, such as -19 where no chip answers. Wrong arguments raise TypeError or ValueError. `open` raises an error
that names the file, the node and the key; HaaS firmware printed a line and returned a negative number.

`GPIO.on`, `UART.on` and `TIMER` call functions in the main thread, from MicroPython's scheduler, as `Device` does. Such a
function can allocate memory and call any method. An exception in it is printed.

### On a computer

`cargo xtask micropython --haas script.py` runs a script without a board. The script finds the modules in
[`micropython/compat/haas`](../micropython/compat/haas/) and in its folder `computer`, which has a `machine` for computers.
The module `simulated` there is what the pins and buses are connected to:

| simulated | what |
|---|---|
| `pin(2).level`, `pin(0).set(0)` | reads a pin, or sets it from outside, which interrupts |
| `millivolts[0] = 1200` | what an ADC measures, by port |
| `pwm[25]` | frequency and duty of 65535, while there is a signal |
| `i2c[68].temperature = 30` | a sensor by its address: SHT3x (68), SI7006 (64), AHT21B (56) with `temperature` and `humidity`; TMP105 (72) with `temperature`; MPU6050 (104, 105) with `acceleration` and `rotation`; AP3216C (30) with `light` |
| `i2c[80] = Registers({0: 1})` | another chip: one with registers, or an object with `write(data)` and `read(count)` |
| `uart(2).feed(b'OK')` | sends bytes to the board; what the board sends comes back, unless `uart(2).peer` is a function |
| `connect_spi(2, chip)` | a chip with `write(data)` and `read(count)`; without one, what was written is read |

A watchdog that is not fed prints a line and restarts nothing. A script ends with its main program there, also while
timers run, unless a device is connected.

### What is decided where HaaS's pages and code differ

| | pages | code | here |
|---|---|---|---|
| the level in GPIO's callback | not said | the level, or the pin in its last version | the level |
| an output with `"pull": "pullup"` | not allowed | open drain, or push-pull in its last version | push-pull |
| `intMode` by default | both edges | none, or rising in its last version | both edges |
| `devAddr` by default | 224 | 255 | required: both are no address of 7 bits |
| `freq` of I2C, of SPI by default | 300000, 3250000 | 100000, 2000000 | 100000, 2000000 |
| `SPI.readAfterWrite` | writes one byte | also several; as many as are read | any number |
| `ADC.readVoltage` | a voltage | millivolts | millivolts |
| `timeout` of WDT | seconds | seconds; milliseconds in its last version | seconds |
| `WDT.close` | stops it | stops it, or raises in its last version | stops it where the chip can; otherwise -1 |
| an object that is open already | not said | a negative number, or opened again | opened again |
| the year of RTC | - | two digits | two digits, or four in `setTime` |

`CAN`, `Crypto`, `DAC`, `IR`, `KeyPad`, `KV`, `Location` and `UND` have no counterpart. Importing one raises an ImportError
that says what to use. The last HaaS firmware has none of them either, and no `RTC`. Early versions gave `GPIO` methods
such as `enableIrq`, and buffers of `I2C` and `SPI` a size; those are not here.

### What was run where

The tests run each class and method on a computer, on the `machine` described above. On the emulated Cortex-M3 board, they run
GPIO outputs, I2C with a TMP105, TIMER and WDT, by the same scripts and the same board.json as on a computer. That board has
no ADC, PWM, RTC, UART, SPI or inputs. No physical board was used.
"#
);

const BEGIN_ZH: &str = concat!(
    r#"```python
from driver import GPIO, I2C
```

HaaS 固件的 `driver` 模块：按 `board.json` 文件中的名称使用开发板的硬件。使用 `driver` 的脚本换一块开发板时不用修改，只需修改该文件。
各个类用 Python 编写，基于 MicroPython 的 `machine`，脚本导入哪个类就只加载哪个类。

## board.json

"#,
    board!(),
    r#"
每次 `open` 都读取以下文件中最先找到的一个：

1. 脚本所在目录的 `board.json`（固件通过 `sys.argv` 提供脚本路径时，例如在电脑上）
2. 当前目录的 `board.json`
3. `/sdcard/board.json`
4. `/data/pyamp/board.json`
5. `/data/python-apps/driver/board.json`
6. `/board.json`

第 3 至 5 项与 HaaS 固件的路径和顺序相同。节点中 `type` 和 `port` 是必填的，其他键见下文各表。表中没有的键（例如 `name`、`debugLevel`、`sampling`）被忽略。

### 端口

端口的写法与 `machine` 一致。GPIO 和 PWM 的端口是引脚的编号或名称，例如 2 或 "PA5"；I2C、SPI、UART 的端口是总线编号。总线有默认引脚，不同固件的默认引脚不同。
用 `scl`、`sda`、`sck`、`mosi`、`miso`、`tx`、`rx` 可以指定其他引脚。

在第一代 ESP32 上，标准 MicroPython 与 NodeMCU-32S 的 HaaS 固件有以下差异：

| HaaS 的节点 | HaaS 固件 | 本模块 |
|---|---|---|
| I2C，端口 0 | SCL 22、SDA 21 | 增加 `"scl": 22, "sda": 21`：默认引脚是 18 和 19 |
| SPI，端口 3 | SCK 18、MOSI 23、MISO 19、CS 5 | 端口改为 2，并增加 `"cs": 5`，其他引脚相同 |
| UART，端口 2 | TX 17、RX 16 | 相同 |
| ADC，端口 0 至 7 | 第一个转换器的通道：引脚 36 至 39、32 至 35 | 相同 |

### 返回值和错误

对象未打开时，方法返回 -1。总线出错时返回 `machine` 所抛出 OSError 的错误码的负数，例如没有芯片应答时返回 -19。参数错误时抛出 TypeError 或 ValueError。
`open` 抛出的异常会给出文件、节点和键；HaaS 固件只打印一行日志并返回负数。

`GPIO.on`、`UART.on` 和 `TIMER` 的回调函数与 `Device` 一样，由 MicroPython 的调度器在主线程中调用，可以分配内存，也可以调用任何方法。回调中的异常会被打印。

### 在电脑上运行

`cargo xtask micropython --haas script.py` 不用开发板即可运行脚本。脚本可以导入 [`micropython/compat/haas`](../micropython/compat/haas/)
及其中 `computer` 目录的模块，后者有供电脑使用的 `machine`。其中的 `simulated` 模块表示引脚和总线所连接的设备：

| simulated | 说明 |
|---|---|
| `pin(2).level`、`pin(0).set(0)` | 读取引脚，或从外部设置引脚电平（会触发中断） |
| `millivolts[0] = 1200` | ADC 测得的电压，按端口设置 |
| `pwm[25]` | 有信号时的频率和占空比（满值 65535） |
| `i2c[68].temperature = 30` | 按地址访问传感器：SHT3x（68）、SI7006（64）、AHT21B（56）有 `temperature` 和 `humidity`；TMP105（72）有 `temperature`；MPU6050（104、105）有 `acceleration` 和 `rotation`；AP3216C（30）有 `light` |
| `i2c[80] = Registers({0: 1})` | 其他芯片：带寄存器的芯片，或有 `write(data)` 和 `read(count)` 的对象 |
| `uart(2).feed(b'OK')` | 向开发板发送数据；开发板发出的数据会原样返回，除非 `uart(2).peer` 是一个函数 |
| `connect_spi(2, chip)` | 有 `write(data)` 和 `read(count)` 的芯片；没有芯片时读到的是写入的数据 |

没有按时喂狗时只打印一行提示，不会重启。主程序结束时脚本即结束，即使定时器仍在运行；有设备连接时除外。

### HaaS 的文档与代码不一致之处

| | 文档 | 代码 | 本模块 |
|---|---|---|---|
| GPIO 回调的参数 | 未说明 | 电平；最后的版本为引脚对象 | 电平 |
| 输出引脚的 `"pull": "pullup"` | 不允许 | 开漏；最后的版本为推挽 | 推挽 |
| `intMode` 的默认值 | 双沿 | 无；最后的版本为上升沿 | 双沿 |
| `devAddr` 的默认值 | 224 | 255 | 必填：二者都不是 7 位地址 |
| I2C 和 SPI 的 `freq` 默认值 | 300000、3250000 | 100000、2000000 | 100000、2000000 |
| `SPI.readAfterWrite` | 写入一个字节 | 也可写入与读取数量相同的字节 | 任意数量 |
| `ADC.readVoltage` | 电压 | 毫伏 | 毫伏 |
| WDT 的 `timeout` | 秒 | 秒；最后的版本为毫秒 | 秒 |
| `WDT.close` | 停止 | 停止；最后的版本抛出异常 | 芯片支持时停止，否则返回 -1 |
| 再次打开已打开的对象 | 未说明 | 返回负数，或重新打开 | 重新打开 |
| RTC 的年份 | - | 两位 | 两位；`setTime` 也接受四位 |

`CAN`、`Crypto`、`DAC`、`IR`、`KeyPad`、`KV`、`Location`、`UND` 没有对应的类，导入时抛出 ImportError，并说明可以改用什么。
HaaS 的最后一版固件也没有这些类，同样没有 `RTC`。早期版本的 `GPIO` 有 `enableIrq` 等方法，`I2C` 和 `SPI` 的读写方法带有长度参数，这里都没有。

### 测试范围

测试在电脑上用上述 `machine` 运行了每个类的每个方法。在模拟的 Cortex-M3 开发板上运行了 GPIO 输出、I2C（TMP105）、TIMER 和 WDT，
脚本和 board.json 与电脑上的相同。该开发板没有 ADC、PWM、RTC、UART、SPI 和输入引脚。没有使用实际的开发板。
"#
);

pub const SCOPE: Scope = Scope {
    kind: ScopeKind::Functions,
    name: "driver",
    doc: "",
    page: PAGE,
    begin: text(BEGIN_EN, BEGIN_ZH),
    end: same(""),
    families: &[],
};
