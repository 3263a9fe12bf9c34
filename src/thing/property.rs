//! Properties (help.aliyun.com document 89301): posted by the device. Setting them is a service call, see
//! [`super::service`].

use super::{PostError, Thing, alink};
use crate::mqtt::Session;

pub(super) fn post(thing: &mut Thing, session: &mut Session, params: &str) -> Result<u32, PostError> {
    alink::post(thing, session, "property", ["property.post", "\"}"], params)
}
