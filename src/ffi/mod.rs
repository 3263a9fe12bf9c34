//! The C ABI: `include/aliyun_iot.h` is made from this folder by cbindgen.
//!
//! The contract stands in `docs/c-abi.md`. In short: no call blocks, allocates, keeps a thread or calls back; NULL for a
//! device gives [`aliyun_iot_status::Null`] or nothing; one call at a time for each device; what a call returns by
//! pointer lives until the next call that takes the same device, unless it says otherwise.
//!
//! This is the only room with `unsafe`. Each block leans on the same promises of the caller's, which the documentation
//! of each function repeats only where it asks for more:
//!
//! 1. a device pointer is NULL or came from [`aliyun_iot_init`], and [`aliyun_iot_drop`] has not been called on it;
//! 2. no other call on that device runs at the same time;
//! 3. `data` of an [`aliyun_iot_bytes`] is NULL, or readable for `len` bytes during the call;
//! 4. a pointer to a struct is NULL or points to a valid one.

#![allow(non_camel_case_types)]

mod answers;
mod device;
mod event;
mod ntp;
mod register;
mod status;
mod types;
mod upload;
mod words;

pub use answers::*;
pub use device::*;
pub use event::*;
pub use ntp::*;
pub use register::*;
pub use status::*;
pub use types::*;
pub use upload::*;

/// A static library without `std` must say what a panic does. None can be reached: the code neither indexes nor
/// unwraps; should one be, standing still beats running on.
#[cfg(all(feature = "panic-handler", not(test)))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    loop {
        core::hint::spin_loop();
    }
}

/// The compiler's own library, as it comes for hosts, names this even where panics abort.
#[cfg(all(feature = "panic-handler", not(test)))]
#[unsafe(no_mangle)]
extern "C" fn rust_eh_personality() {}
