//! Bytes, texts and buffers that cross the border.

// C's `char`. `cty` has it signed on Xtensa, where C compilers have it unsigned.
#[cfg(target_arch = "xtensa")]
pub(super) use core::ffi::c_char;

#[cfg(not(target_arch = "xtensa"))]
pub(super) use cty::c_char;

use crate::text::find_not_utf8;

/// Bytes of the caller or of the device. A text is UTF-8 and has no terminating NUL. If `data` is NULL, the value is not
/// given and `len` does not count.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct aliyun_iot_bytes {
    /// The first byte, or NULL.
    pub data: *const u8,
    /// Number of bytes.
    pub len: usize,
}

/// Memory that can be written: of the caller for the device, or of the device for the caller.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct aliyun_iot_buffer {
    /// The first byte, or NULL.
    pub data: *mut u8,
    /// Number of bytes.
    pub len: usize,
}

/// The bytes are not UTF-8.
pub(super) struct NotUtf8 {
    /// The offset of the first byte that cannot stand there.
    pub(super) at: usize,
}

// Rust does not promise that a slice is its address and its length, in this order, and that NULL is the `None` of one. Whoever
// compiles this with a compiler that has it otherwise gets an error.
const _: () = {
    // SAFETY: both have two words, and any words are an `aliyun_iot_bytes`.
    let bytes: aliyun_iot_bytes = unsafe { core::mem::transmute::<Option<&[u8]>, _>(Some(b"ab")) };
    // SAFETY: `bytes` has the address of "ab".
    assert!(bytes.len == 2 && unsafe { *bytes.data } == b'a');
    // SAFETY: both have two words; if this is not `None`, the compiler finds a reference to nothing.
    let none: Option<&[u8]> = unsafe { core::mem::transmute(aliyun_iot_bytes::NONE) };
    assert!(none.is_none());
};

/// Asserts that a struct of C and one of Rust have the same fields in the same places.
macro_rules! same_layout {
    ($C:ident, $Rust:ident: $($field:ident),+) => {
        const _: () = {
            use core::mem::offset_of;
            assert!(size_of::<$C>() == size_of::<$Rust>() && align_of::<$C>() == align_of::<$Rust>());
            $(assert!(offset_of!($C, $field) == offset_of!($Rust, $field));)+
            // A field that the list does not name does not compile.
            let _ = |it: $Rust| {
                let $Rust { $($field: _),+ } = it;
            };
        };
    };
}
pub(super) use same_layout;

impl aliyun_iot_bytes {
    pub(super) const NONE: Self = Self { data: core::ptr::null(), len: 0 };

    pub(super) fn of(bytes: &[u8]) -> Self {
        Self { data: bytes.as_ptr(), len: bytes.len() }
    }

    /// A text of the device, which needs no check.
    pub(super) fn of_text(text: crate::text::Text<'_>) -> Self {
        Self::of(text.as_bytes())
    }

    /// The bytes, if given.
    ///
    /// # Safety
    ///
    /// Promise 3 of this folder; the caller does not use the result after the call.
    pub(super) unsafe fn get<'a>(self) -> Option<&'a [u8]> {
        if self.data.is_null() {
            return None;
        }
        // SAFETY: promise 3; no object is larger than `isize::MAX` bytes.
        Some(unsafe { core::slice::from_raw_parts(self.data, self.len) })
    }

    /// The text, if given; `Err` if it is not UTF-8.
    ///
    /// # Safety
    ///
    /// As [`get`](Self::get).
    pub(super) unsafe fn text<'a>(self) -> Result<Option<&'a str>, NotUtf8> {
        // SAFETY: the caller's promise.
        let Some(bytes) = (unsafe { self.get() }) else { return Ok(None) };
        if let Some(at) = find_not_utf8(bytes) {
            return Err(NotUtf8 { at });
        }
        // SAFETY: they are UTF-8, as the line above has found.
        Ok(Some(unsafe { core::str::from_utf8_unchecked(bytes) }))
    }
}

impl aliyun_iot_buffer {
    pub(super) const NONE: Self = Self { data: core::ptr::null_mut(), len: 0 };

    /// The buffer of the device, or NULL and 0 in place of an empty one.
    pub(super) fn of(bytes: &mut [u8]) -> Self {
        if bytes.is_empty() { Self::NONE } else { Self { data: bytes.as_mut_ptr(), len: bytes.len() } }
    }

    /// The caller's memory, filled with 0; empty if not given.
    ///
    /// # Safety
    ///
    /// Promise 3; the memory belongs to the device for `'a`, and nothing else has it.
    pub(super) unsafe fn take<'a>(self) -> &'a mut [u8] {
        if self.data.is_null() {
            return &mut [];
        }
        // SAFETY: not NULL, and writable by the caller's promise. Written first: Rust may see the bytes as uninitialised.
        unsafe {
            self.data.write_bytes(0, self.len);
            core::slice::from_raw_parts_mut(self.data, self.len)
        }
    }
}

/// Writes an output where the caller wants it, and returns whether there is something in it.
///
/// # Safety
///
/// Promise 4.
pub(super) unsafe fn output<T>(place: *mut T, value: T) {
    if !place.is_null() {
        // SAFETY: promise 4; not NULL.
        unsafe { place.write(value) }
    }
}

/// Whether the bytes are UTF-8, as a text of the device's is. Use it before you handle a payload as text.
///
/// # Safety
///
/// Promise 3.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_is_utf8(bytes: aliyun_iot_bytes) -> bool {
    // SAFETY: promise 3.
    unsafe { bytes.text() }.is_ok()
}
