//! What has chips or another device behind it: I2C, SPI, UART.

use super::parts::*;
use crate::table::common::*;
use crate::table::entry::*;

pub const I2C: Scope = class(
    "I2C",
    "A chip on an I2C bus.",
    &[],
    text(
        "A chip on an I2C bus. Several nodes may be on one bus.\n",
        "I2C 总线上的一个芯片。多个节点可以共用一条总线。\n",
    ),
    &[&[&I2C_METHODS]],
);

pub const SPI: Scope = class(
    "SPI",
    "A chip on an SPI bus.",
    &[],
    text("A chip on an SPI bus.\n", "SPI 总线上的一个芯片。\n"),
    &[&[&SPI_METHODS]],
);

pub const UART: Scope = class("UART", "A serial port.", &[], text("A serial port.\n", "串口。\n"), &[&[&UART_METHODS]]);

const SOFT: Text = text(
    "the number of the bus, as `machine` counts them; -1 is a bus in software, on any pins",
    "总线编号，与 `machine` 一致；-1 表示软件总线，可用任意引脚",
);
const FREQ_OF_I2C: Text = text("hertz, 100000 by default", "频率，单位赫兹，默认 100000");
const MASTER: Text = text("\"master\" (default); nothing else", "\"master\"（默认），不支持其他值");
const MEMADDR: Argument = argument(
    "memaddr",
    "int | bytes",
    text("the register; as bytes, the high byte comes first", "寄存器地址；用字节表示时高位在前"),
);
const ADDRSIZE: Argument =
    optional_argument("addrsize", "int", "8", text("bits of `memaddr`: 8 or 16", "`memaddr` 的位数：8 或 16"));
const WRONG_REGISTER: (Failure, Text) = raises(
    "ValueError",
    "`addrsize` is another number, or `memaddr` does not fit in",
    "`addrsize` 不是 8 或 16，或 `memaddr` 超出范围",
);

const I2C_METHODS: Family = Family {
    name: "driver_i2c",
    title: same("I2C"),
    notes: &[Note {
        title: text("`I2C` in board.json", "board.json 中的 `I2C`"),
        doc: text("`port` and `devAddr` are required.", "`port` 和 `devAddr` 是必填的。"),
        columns: KEY,
        rows: &[
            (PORT, SOFT),
            (same("`devAddr`"), text("the chip's address in decimal, 1 to 127", "芯片地址，十进制，1 至 127")),
            (same("`freq`"), FREQ_OF_I2C),
            (
                same("`scl`, `sda`"),
                text("the pins, if they are not the bus's usual ones", "引脚，不使用总线默认引脚时填写"),
            ),
            (same("`mode`"), MASTER),
            (same("`addrWidth`"), text("7 (default); 10 is refused", "7（默认）；不支持 10")),
        ],
    }],
    functions: &[
        open("bus = I2C()\nprint(bus.open('sht3x'))  # 0"),
        close("bus = I2C()\nbus.open('sht3x')\nprint(bus.close())  # 0"),
        Function {
            name: "read",
            takes: &[BUF_IN],
            returns: "int",
            returns_doc: COUNT,
            doc: text("Read bytes from the chip.", "从芯片读取数据。"),
            errors: &[CLOSED, FAILED, NO_BUFFER],
            example: "\
bus = I2C()
bus.open('sht3x')
data = bytearray(6)
bus.write(b'\\x2c\\x06')
print(bus.read(data))  # 6
print(round(175 * (data[0] << 8 | data[1]) / 65535 - 45))  # 25",
        },
        Function {
            name: "write",
            takes: &[BUF_OUT],
            returns: "int",
            returns_doc: COUNT,
            doc: text("Write bytes to the chip.", "向芯片写入数据。"),
            errors: &[CLOSED, FAILED, NO_BUFFER],
            example: "bus = I2C()\nbus.open('sht3x')\nprint(bus.write(bytearray([0x2C, 0x06])))  # 2",
        },
        Function {
            name: "memRead",
            takes: &[BUF_IN, MEMADDR, ADDRSIZE],
            returns: "int",
            returns_doc: COUNT,
            doc: text(
                "Read registers of the chip. `readReg(memaddr, buf)` is the same, with 8 bits.",
                "读取芯片的寄存器。`readReg(memaddr, buf)` 与其相同，地址为 8 位。",
            ),
            errors: &[CLOSED, FAILED, NO_BUFFER, WRONG_REGISTER],
            example: "\
bus = I2C()
bus.open('mpu6050')
data = bytearray(1)
print(bus.memRead(data, 0x75, 8), data[0])  # 1 104",
        },
        Function {
            name: "memWrite",
            takes: &[BUF_OUT, MEMADDR, ADDRSIZE],
            returns: "int",
            returns_doc: COUNT,
            doc: text(
                "Write registers of the chip. `writeReg(memaddr, buf)` is the same, with 8 bits.",
                "写入芯片的寄存器。`writeReg(memaddr, buf)` 与其相同，地址为 8 位。",
            ),
            errors: &[CLOSED, FAILED, NO_BUFFER, WRONG_REGISTER],
            example: "bus = I2C()\nbus.open('mpu6050')\nprint(bus.memWrite(b'\\x00', 0x6B, 8))  # 1",
        },
    ],
    ..EMPTY
};

const SPI_METHODS: Family = Family {
    name: "driver_spi",
    title: same("SPI"),
    notes: &[Note {
        title: text("`SPI` in board.json", "board.json 中的 `SPI`"),
        doc: text("Only `port` is required.", "只有 `port` 是必填的。"),
        columns: KEY,
        rows: &[
            (PORT, SOFT),
            (same("`freq`"), text("hertz, 2000000 by default", "频率，单位赫兹，默认 2000000")),
            (
                same("`cs`"),
                text(
                    "a pin that is low while a method exchanges bytes; without it, the script selects the chip with a GPIO",
                    "片选引脚，方法收发数据期间为低电平；不填时由脚本用 GPIO 选择芯片",
                ),
            ),
            (
                same("`sck`, `mosi`, `miso`"),
                text("the pins, if they are not the bus's usual ones", "引脚，不使用总线默认引脚时填写"),
            ),
            (same("`polarity`, `phase`"), text("0 (default) or 1; convention", "0（默认）或 1；本项目约定")),
            (same("`mode`"), MASTER),
        ],
    }],
    functions: &[
        open("flash = SPI()\nprint(flash.open('flash'))  # 0"),
        close("flash = SPI()\nflash.open('flash')\nprint(flash.close())  # 0"),
        Function {
            name: "read",
            takes: &[BUF_IN],
            returns: "int",
            returns_doc: COUNT,
            doc: text("Read bytes.", "读取数据。"),
            errors: &[CLOSED, FAILED, NO_BUFFER],
            example: "flash = SPI()\nflash.open('flash')\nprint(flash.read(bytearray(4)))  # 4",
        },
        Function {
            name: "write",
            takes: &[BUF_OUT],
            returns: "int",
            returns_doc: COUNT,
            doc: text("Write bytes.", "写入数据。"),
            errors: &[CLOSED, FAILED, NO_BUFFER],
            example: "flash = SPI()\nflash.open('flash')\nprint(flash.write(b'\\x06'))  # 1",
        },
        Function {
            name: "readAfterWrite",
            takes: &[
                BUF_IN,
                argument(
                    "data",
                    "int | bytes | bytearray | memoryview",
                    text("the byte, or the bytes, to be written first", "先写入的一个字节或多个字节"),
                ),
            ],
            returns: "int",
            returns_doc: text("the number of bytes read", "读取的字节数"),
            doc: text("Write, then read, while the chip stays selected.", "先写入再读取，期间芯片保持选中。"),
            errors: &[CLOSED, FAILED, NO_BUFFER],
            example: "\
flash = SPI()
flash.open('flash')
data = bytearray(3)
print(flash.readAfterWrite(data, 0x9F))  # 3",
        },
    ],
    ..EMPTY
};

const UART_METHODS: Family = Family {
    name: "driver_uart",
    title: same("UART"),
    notes: &[Note {
        title: text("`UART` in board.json", "board.json 中的 `UART`"),
        doc: text("Only `port` is required.", "只有 `port` 是必填的。"),
        columns: KEY,
        rows: &[
            (PORT, text("the number of the serial port, as `machine` counts them", "串口编号，与 `machine` 一致")),
            (same("`baudRate`"), text("115200 by default", "波特率，默认 115200")),
            (same("`dataWidth`"), text("bits, 8 by default", "数据位，默认 8")),
            (same("`stopBits`"), text("1 (default) or 2", "停止位，1（默认）或 2")),
            (
                same("`parity`"),
                text("\"none\" (default), \"odd\" or \"even\"", "校验，\"none\"（默认）、\"odd\" 或 \"even\""),
            ),
            (
                same("`flowControl`"),
                text(
                    "\"disable\" (default), \"rts\", \"cts\" or \"rtscts\"",
                    "流控，\"disable\"（默认）、\"rts\"、\"cts\" 或 \"rtscts\"",
                ),
            ),
            (
                same("`tx`, `rx`, `rts`, `cts`"),
                text("the pins, if they are not the port's usual ones", "引脚，不使用串口默认引脚时填写"),
            ),
            (
                same("`timeout`"),
                text(
                    "how many milliseconds `read` waits for the first byte, 0 by default",
                    "`read` 等待首字节的毫秒数，默认 0",
                ),
            ),
        ],
    }],
    functions: &[
        open("serial = UART()\nprint(serial.open('serial2'))  # 0"),
        close("serial = UART()\nserial.open('serial2')\nprint(serial.close())  # 0"),
        Function {
            name: "read",
            takes: &[argument(
                "buf",
                "bytearray | memoryview",
                text("what has arrived is put into it, as much as fits", "存放已收到的数据，最多填满"),
            )],
            returns: "int",
            returns_doc: text("the number of bytes, 0 if none has arrived", "字节数，没有收到数据时为 0"),
            doc: text("Take what has arrived.", "读取已收到的数据。"),
            errors: &[CLOSED, FAILED, NO_BUFFER],
            example: "\
serial = UART()
serial.open('serial2')
data = bytearray(16)
serial.write(b'AT\\r\\n')
print(serial.read(data))  # 4",
        },
        Function {
            name: "write",
            takes: &[argument(
                "buf",
                "str | bytes | bytearray | memoryview",
                text("the bytes, or the text, to be sent", "要发送的字节或文本"),
            )],
            returns: "int",
            returns_doc: COUNT,
            doc: text("Send bytes.", "发送数据。"),
            errors: &[CLOSED, FAILED, NO_BUFFER],
            example: "serial = UART()\nserial.open('serial2')\nprint(serial.write(b'AT\\r\\n'))  # 4",
        },
        Function {
            name: "any",
            takes: &[],
            returns: "int",
            returns_doc: text("the number of bytes that `read` would find", "可供 `read` 读取的字节数"),
            doc: text("Return how much has arrived.", "返回已收到的字节数。"),
            errors: &[CLOSED],
            example: "serial = UART()\nserial.open('serial2')\nprint(serial.any())  # 0",
        },
        Function {
            name: "setBaudRate",
            takes: &[argument("baudRate", "int", text("bits per second", "波特率"))],
            returns: "int",
            returns_doc: ZERO,
            doc: text("Change the speed.", "修改波特率。"),
            errors: &[CLOSED, raises("ValueError", "the number is not 1 or more", "取值不是大于 0 的整数")],
            example: "serial = UART()\nserial.open('serial2')\nprint(serial.setBaudRate(9600))  # 0",
        },
        Function {
            name: "on",
            takes: &[callback(text(
                "called with the bytes that have arrived; `None` ends this",
                "收到数据时调用，参数为收到的字节；`None` 表示取消",
            ))],
            returns: "int",
            returns_doc: ZERO,
            doc: text(
                "Have a function called when bytes arrive. MicroPython's scheduler calls it in the main thread.",
                "设置收到数据时的回调函数，由 MicroPython 的调度器在主线程中调用。",
            ),
            errors: &[
                CLOSED,
                NOT_CALLABLE,
                raises(
                    "NotImplementedError",
                    "this firmware's `machine.UART` has no `irq()`, as before MicroPython 1.24",
                    "固件的 `machine.UART` 没有 `irq()`，例如 MicroPython 1.24 之前的版本",
                ),
            ],
            example: "\
def on_data(data):
    print(data)  # b'OK'

serial = UART()
serial.open('serial2')
serial.on(on_data)
serial.write(b'OK')",
        },
    ],
    ..EMPTY
};
