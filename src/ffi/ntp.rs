//! The calls for network time.

use super::device::{aliyun_iot_device, device};
use super::status::aliyun_iot_status;

use aliyun_iot_status as Status;

/// Asks the platform for the time; before the session is up, as soon as it is. The event `Time` brings the answer, to
/// this question and to those asked meanwhile, or `NoTime` says that there was none. `LeftOut` if the library was built
/// without it.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_ask_time(device: *mut aliyun_iot_device) -> aliyun_iot_status {
    let this = device!(device, Status::Null);
    #[cfg(feature = "ntp")]
    let asked = this.device.ntp().ask_time().map_err(super::status::of_post);
    #[cfg(not(feature = "ntp"))]
    let asked: Result<(), super::status::Outcome> = Err((Status::LeftOut, 0));
    asked.err().map_or(Status::Ok, |outcome| this.note(outcome))
}
