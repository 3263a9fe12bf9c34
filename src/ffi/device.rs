//! The memory of a device, from its begin to its end.

use core::mem::MaybeUninit;

use super::status::{
    ALIYUN_IOT_STATUS_MEMORY, ALIYUN_IOT_STATUS_NULL, ALIYUN_IOT_STATUS_OK, ALIYUN_IOT_STATUS_TOO_LARGE, Outcome,
    aliyun_iot_status,
};
use super::types::{aliyun_iot_buffer, output};
use crate::device::{Buffers, Device};
use crate::mqtt::{RX_MIN, TX_MIN};

/// One device. It lies in memory of the caller. Its fields are private to the library.
pub struct aliyun_iot_device {
    pub(super) device: Device<'static>,
    pub(super) failure: Outcome,
}

/// The device behind a pointer, or an early return.
macro_rules! device {
    ($pointer:expr $(, $otherwise:expr)?) => {
        // SAFETY: promises 1 and 2.
        match unsafe { $pointer.as_mut() } {
            Some(device) => device,
            None => return $($otherwise)?,
        }
    };
}
pub(super) use device;

impl aliyun_iot_device {
    /// Keeps the details of a failure, and returns the status.
    pub(super) fn status(&mut self, result: Result<(), Outcome>) -> aliyun_iot_status {
        match result {
            Ok(()) => ALIYUN_IOT_STATUS_OK,
            Err(failure) => {
                self.failure = failure;
                failure.0
            }
        }
    }
}

/// The buffers of a device. Each must be writable, and none may overlap another. They belong to the device until
/// `aliyun_iot_drop`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct aliyun_iot_buffers {
    /// Received bytes, at least 256. The buffer bounds the largest packet that can be received.
    pub rx: aliyun_iot_buffer,
    /// Packets to send and messages that wait for their acknowledgement, at least 512 bytes. 384 bytes of it are for the
    /// session's own packets: use 1,024 or more.
    pub tx: aliyun_iot_buffer,
    /// Topic filters of subscriptions. A filter needs its length and 5 bytes.
    pub topics: aliyun_iot_buffer,
}

/// Returns the bytes of memory that a device needs beside its buffers.
#[unsafe(no_mangle)]
pub extern "C" fn aliyun_iot_device_size() -> usize {
    size_of::<aliyun_iot_device>()
}

/// Makes a device in `memory`, which must be aligned as `uint64_t` is and have `aliyun_iot_device_size()` bytes. The device
/// is off. `seed` is any random number: it spreads the reconnects of many devices in time.
///
/// `*device` is NULL if the call fails, with `ALIYUN_IOT_STATUS_NULL` or `ALIYUN_IOT_STATUS_MEMORY`.
///
/// # Safety
///
/// The memory and the three buffers are writable, do not overlap, and belong to the device until `aliyun_iot_drop`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_init(
    memory: aliyun_iot_buffer,
    buffers: *const aliyun_iot_buffers,
    seed: u32,
    device: *mut *mut aliyun_iot_device,
) -> aliyun_iot_status {
    // SAFETY: promise 4.
    unsafe { output(device, core::ptr::null_mut()) };
    // SAFETY: promise 4.
    let Some(buffers) = (unsafe { buffers.as_ref() }) else { return ALIYUN_IOT_STATUS_NULL };
    let place = memory.data.cast::<aliyun_iot_device>();
    let aliyun_iot_buffers { rx, tx, topics } = *buffers;
    if device.is_null() || place.is_null() || rx.data.is_null() || tx.data.is_null() || topics.data.is_null() {
        return ALIYUN_IOT_STATUS_NULL;
    }
    if !place.is_aligned() || memory.len < size_of::<aliyun_iot_device>() || rx.len < RX_MIN || tx.len < TX_MIN {
        return ALIYUN_IOT_STATUS_MEMORY;
    }
    // SAFETY: the caller's promise.
    let buffers = unsafe { Buffers { rx: rx.take(), tx: tx.take(), subscriptions: topics.take() } };
    // SAFETY: not NULL, aligned, large enough, and the device's own, by the caller's promise. Field by field: see `make`.
    unsafe {
        (&raw mut (*place).failure).write((ALIYUN_IOT_STATUS_OK, 0));
        make(&mut *(&raw mut (*place).device).cast(), buffers, seed);
        output(device, place);
    }
    ALIYUN_IOT_STATUS_OK
}

/// Makes the device where it is to be. Only a function of its own lets the compiler know that nothing else refers to `place`;
/// otherwise it makes the device on the stack, which takes 2 KiB, and copies it.
#[inline(never)]
fn make(place: &mut MaybeUninit<Device<'static>>, buffers: Buffers<'static>, seed: u32) {
    place.write(Device::new(buffers, seed));
}

/// Ends a device. It sends nothing and overwrites the login that it has. Memory and buffers are the caller's again. NULL is
/// ignored.
///
/// # Safety
///
/// Promises 1 and 2; the pointer is not used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_drop(device: *mut aliyun_iot_device) {
    if !device.is_null() {
        // SAFETY: promises 1 and 2.
        unsafe { device.drop_in_place() }
    }
}

/// Replaces the send buffer by a larger one, for example after `ALIYUN_IOT_STATUS_TOO_LARGE`. The waiting packets move, and
/// the old buffer is the caller's again. If `tx` is smaller than the old buffer, nothing moves and the call returns
/// `ALIYUN_IOT_STATUS_TOO_LARGE`.
///
/// # Safety
///
/// The promises of `src/ffi`; the new buffer does not overlap the device's memory, and belongs to the device until
/// `aliyun_iot_drop` or the next move.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_move_tx(
    device: *mut aliyun_iot_device,
    tx: aliyun_iot_buffer,
) -> aliyun_iot_status {
    let this = device!(device, ALIYUN_IOT_STATUS_NULL);
    if tx.data.is_null() {
        return ALIYUN_IOT_STATUS_NULL;
    }
    // SAFETY: the caller's promise.
    let moved = this.device.move_tx(unsafe { tx.take() });
    this.status(moved.map_err(|needed| (ALIYUN_IOT_STATUS_TOO_LARGE, needed)))
}
