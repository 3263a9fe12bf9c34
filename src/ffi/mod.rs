//! The C ABI. cbindgen makes `include/aliyun_iot.h` from this folder.
//!
//! `docs/c-abi.md` has the contract. In short: no call blocks, allocates, starts a thread or calls back. A call with NULL
//! for the device returns [`ALIYUN_IOT_STATUS_NULL`], or false, 0 or nothing. One call at a time may run for each device. A
//! pointer that a call returns is valid until the next call with the same device, unless the call's comment says otherwise.
//!
//! A service and a cloud have one file each, with their calls, numbers, structs, words and conversions.
//!
//! This is the only folder with `unsafe`. Each block relies on the same promises of the caller. The comment of a function
//! repeats a promise only where the function asks for more:
//!
//! 1. a device pointer is NULL or came from [`aliyun_iot_init`], and [`aliyun_iot_drop`] has not been called on it;
//! 2. no other call on that device runs at the same time;
//! 3. `data` of an [`aliyun_iot_bytes`] is NULL, or readable for `len` bytes during the call; `data` of an
//!    [`aliyun_iot_buffer`] is NULL, or writable for `len` bytes;
//! 4. a pointer to a struct is NULL or points to a valid one.

#![allow(non_camel_case_types)]

mod about;
mod clouds;
mod connection;
mod device;
mod event;
mod link;
mod messages;
mod services;
mod status;
mod types;
mod words;

pub use about::*;
pub use clouds::*;
pub use connection::*;
pub use device::*;
pub use event::*;
pub use link::*;
pub use messages::*;
pub use services::*;
pub use status::*;
pub use types::*;

/// A static library without `std` has to define what a panic does. No panic can be reached: the code neither indexes nor
/// unwraps. If one is reached all the same, the processor stops here instead of running on.
#[cfg(all(feature = "panic-handler", not(test)))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    loop {
        core::hint::spin_loop();
    }
}

/// The compiler's own library for hosts refers to this function even where panics abort.
#[cfg(all(feature = "panic-handler", not(test)))]
#[unsafe(no_mangle)]
extern "C" fn rust_eh_personality() {}
