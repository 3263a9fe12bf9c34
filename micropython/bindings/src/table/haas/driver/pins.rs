//! What is on one pin: GPIO, ADC, PWM.

use super::parts::*;
use crate::table::common::*;
use crate::table::entry::*;

pub const GPIO: Scope = class(
    "GPIO",
    "A pin: an output, an input, or an input that interrupts.",
    &[],
    text("A pin: an output, an input, or an input with an interrupt.\n", "引脚：输出、输入，或带中断的输入。\n"),
    &[&[&GPIO_METHODS]],
);

pub const ADC: Scope = class(
    "ADC",
    "A voltage.",
    &[],
    text("A converter that measures a voltage.\n", "模数转换器，用于测量电压。\n"),
    &[&[&ADC_METHODS]],
);

pub const PWM: Scope = class(
    "PWM",
    "A signal with a frequency and a duty.",
    &[],
    text(
        "A signal with a frequency and a duty. The pin has no signal before the first `setOption`.\n",
        "指定频率和占空比的信号。首次调用 `setOption` 之前引脚没有信号。\n",
    ),
    &[&[&PWM_METHODS]],
);

const GPIO_METHODS: Family = Family {
    name: "driver_gpio",
    title: same("GPIO"),
    constants: &[
        Constant {
            name: "RisingEdge", value: Value::Int(1), doc: text("for `on`: from 0 to 1", "用于 `on`：上升沿")
        },
        Constant {
            name: "FallingEdge", value: Value::Int(2), doc: text("for `on`: from 1 to 0", "用于 `on`：下降沿")
        },
    ],
    notes: &[Note {
        title: text("`GPIO` in board.json", "board.json 中的 `GPIO`"),
        doc: text("Only `port` is required.", "只有 `port` 是必填的。"),
        columns: KEY,
        rows: &[
            (PORT, text("the pin: a number, or a name such as \"PA5\"", "引脚：编号，或名称，例如 \"PA5\"")),
            (
                same("`dir`"),
                text(
                    "\"output\" (default), \"input\", \"irq\" or \"analog\"",
                    "\"output\"（默认）、\"input\"、\"irq\" 或 \"analog\"",
                ),
            ),
            (
                same("`pull`"),
                text(
                    "\"pullup\" (default of inputs), \"pulldown\", \"none\"; of outputs also \"pushpull\" (default) and \"opendrain\"",
                    "\"pullup\"（输入的默认值）、\"pulldown\"、\"none\"；输出还可以是 \"pushpull\"（默认）和 \"opendrain\"",
                ),
            ),
            (
                same("`intMode`"),
                text("\"both\" (default), \"rising\" or \"falling\"", "\"both\"（默认）、\"rising\" 或 \"falling\""),
            ),
        ],
    }],
    functions: &[
        open("led = GPIO()\nprint(led.open('led'))  # 0"),
        close("led = GPIO()\nled.open('led')\nprint(led.close())  # 0"),
        Function {
            name: "read",
            takes: &[],
            returns: "int",
            returns_doc: text("the level, 0 or 1", "电平，0 或 1"),
            doc: text("Read the level of the pin.", "读取引脚电平。"),
            errors: &[CLOSED],
            example: "key = GPIO()\nkey.open('key')\nprint(key.read())  # 1",
        },
        Function {
            name: "write",
            takes: &[argument(
                "value",
                "int",
                text("0 is low, any other number is high", "0 为低电平，其他值为高电平"),
            )],
            returns: "int",
            returns_doc: ZERO,
            doc: text("Set the level of an output.", "设置输出引脚的电平。"),
            errors: &[CLOSED],
            example: "led = GPIO()\nled.open('led')\nprint(led.write(1), led.read())  # 0 1",
        },
        Function {
            name: "on",
            takes: &[
                callback(text(
                    "called with the pin's level at each edge; `None` ends this",
                    "每次触发时调用，参数为引脚电平；`None` 表示取消",
                )),
                optional_argument(
                    "edge",
                    "int | None",
                    "None",
                    text(
                        "`RisingEdge`, `FallingEdge` or both added; `None`: `intMode` of the node",
                        "`RisingEdge`、`FallingEdge`，或两者相加；`None` 表示使用节点的 `intMode`",
                    ),
                ),
            ],
            returns: "int",
            returns_doc: ZERO,
            doc: text(
                "Have a function called when the level changes. MicroPython's scheduler calls it in the main thread.",
                "设置电平变化时的回调函数，由 MicroPython 的调度器在主线程中调用。",
            ),
            errors: &[CLOSED, NOT_CALLABLE, raises("ValueError", "the edge is none of these", "edge 不是以上取值")],
            example: "\
import simulated

def on_key(level):
    print(level)  # 0

key = GPIO()
key.open('key')
key.on(on_key)
simulated.pin(0).set(0)  # on a computer: the key is pressed",
        },
    ],
    ..EMPTY
};

const ADC_METHODS: Family = Family {
    name: "driver_adc",
    title: same("ADC"),
    notes: &[Note {
        title: text("`ADC` in board.json", "board.json 中的 `ADC`"),
        doc: text("Only `port` is required. `sampling` is ignored.", "只有 `port` 是必填的，`sampling` 被忽略。"),
        columns: KEY,
        rows: &[
            (
                PORT,
                text(
                    "a number is the channel, on an ESP32 that of the first converter, as on HaaS firmware; a text is a pin",
                    "数字表示通道，在 ESP32 上为第一个转换器的通道，与 HaaS 固件相同；字符串表示引脚",
                ),
            ),
            (
                same("`atten`"),
                text(
                    "ESP32: 0 (default) to 3, the attenuation; 3 measures up to about 3 V",
                    "ESP32：衰减，0（默认）至 3；取 3 时可测量约 3 V 以内的电压",
                ),
            ),
            (
                same("`width`"),
                text("0 to 3 (default): `readRaw` has 9 to 12 bits", "0 至 3（默认）：`readRaw` 为 9 至 12 位"),
            ),
            (
                same("`vref`"),
                text(
                    "millivolts of the full scale, 3300 by default, for boards without `read_uv()`; convention",
                    "满量程电压（毫伏），默认 3300，用于没有 `read_uv()` 的开发板；本项目约定",
                ),
            ),
        ],
    }],
    functions: &[
        open("battery = ADC()\nprint(battery.open('battery'))  # 0"),
        close("battery = ADC()\nbattery.open('battery')\nprint(battery.close())  # 0"),
        Function {
            name: "readVoltage",
            takes: &[],
            returns: "int",
            returns_doc: text("millivolts", "电压，单位毫伏"),
            doc: text("Measure the voltage. `read` is the same.", "测量电压。`read` 与其相同。"),
            errors: &[CLOSED],
            example: "\
import simulated

simulated.millivolts[0] = 1200  # on a computer
battery = ADC()
battery.open('battery')
print(battery.readVoltage())  # 1200",
        },
        Function {
            name: "readRaw",
            takes: &[],
            returns: "int",
            returns_doc: text("the number that was measured, of 9 to 12 bits", "测量的原始值，9 至 12 位"),
            doc: text("Measure, without scaling the number to volts.", "测量原始值，不换算为电压。"),
            errors: &[CLOSED],
            example: "\
import simulated

simulated.millivolts[0] = 3300  # on a computer
battery = ADC()
battery.open('battery')
print(battery.readRaw())  # 4095",
        },
        Function {
            name: "getHwParam",
            takes: &[],
            returns: "dict[str, int] | Any",
            returns_doc: text(
                "`{'ADC_WIDTH_BIT': int, 'ADC_ATTEN_DB': int}`, `width` and `atten` of the node",
                "`{'ADC_WIDTH_BIT': int, 'ADC_ATTEN_DB': int}`，即节点的 `width` 和 `atten`",
            ),
            doc: text("Return the settings.", "返回当前设置。"),
            errors: &[CLOSED],
            example: "\
battery = ADC()
battery.open('battery')
print(battery.getHwParam()['ADC_WIDTH_BIT'])  # 3",
        },
    ],
    ..EMPTY
};

const PWM_METHODS: Family = Family {
    name: "driver_pwm",
    title: same("PWM"),
    notes: &[Note {
        title: text("`PWM` in board.json", "board.json 中的 `PWM`"),
        doc: text("There is one key.", "只有一个键。"),
        columns: KEY,
        rows: &[(PORT, text("the pin, as for GPIO", "引脚，与 GPIO 相同"))],
    }],
    functions: &[
        open("buzzer = PWM()\nprint(buzzer.open('buzzer'))  # 0"),
        close("buzzer = PWM()\nbuzzer.open('buzzer')\nprint(buzzer.close())  # 0"),
        Function {
            name: "setOption",
            takes: &[argument(
                "option",
                "Mapping[str, float]",
                text(
                    "`freq` in hertz, 1 or more, and `duty` in percent, 0 to 100",
                    "`freq` 为频率，单位赫兹，不小于 1；`duty` 为占空比，0 至 100；两者都是必填的",
                ),
            )],
            returns: "int",
            returns_doc: ZERO,
            doc: text("Set frequency and duty.", "设置频率和占空比。"),
            errors: &[
                CLOSED,
                raises("TypeError", "the option is no dictionary", "参数不是字典"),
                raises("ValueError", "a key is missing, or a value is out of range", "缺少键，或取值超出范围"),
            ],
            example: "\
buzzer = PWM()
buzzer.open('buzzer')
print(buzzer.setOption({'freq': 2000, 'duty': 3}))  # 0",
        },
        Function {
            name: "getOption",
            takes: &[],
            returns: "dict[str, float] | Any",
            returns_doc: text(
                "`{'freq': …, 'duty': …}` as it was set; frequency 1000 and duty 100 before that",
                "`{'freq': …, 'duty': …}`，即已设置的值；设置之前频率为 1000，占空比为 100",
            ),
            doc: text("Return frequency and duty.", "返回频率和占空比。"),
            errors: &[CLOSED],
            example: "\
buzzer = PWM()
buzzer.open('buzzer')
buzzer.setOption({'freq': 2000, 'duty': 3})
print(buzzer.getOption()['freq'])  # 2000",
        },
    ],
    ..EMPTY
};
