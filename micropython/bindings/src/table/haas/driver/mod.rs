//! `driver`: a class for each kind of hardware, all opened by the name of a node in board.json.

mod buses;
mod page;
mod parts;
mod pins;
mod times;

use crate::table::entry::Scope;

pub const SCOPES: &[Scope] = &[
    page::SCOPE,
    pins::GPIO,
    pins::ADC,
    pins::PWM,
    buses::I2C,
    buses::SPI,
    buses::UART,
    times::TIMER,
    times::WDT,
    times::RTC,
];
