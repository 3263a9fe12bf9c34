//! Which device of which product, and where it is kept: what a login and a registration have in common.

use super::error::LoginError;
use crate::bytes::is_name;
use crate::clouds::{Endpoint, Server, SignMethod};

/// The port of the new instances' TLS listener under Alibaba's own root (the docs' root certificate page).
const TLS_PORT: u16 = 8883;
/// The port that every instance serves, TLS or plain as `securemode` says (document 73742).
const MQTT_PORT: u16 = 1883;

/// Which device it is, and how it signs. The layout is that of `aliyun_iot_aliyun_identity`.
#[derive(Clone, Copy, Default)]
#[repr(C)]
pub struct Identity<'a> {
    /// Product key, at most 20 letters and digits.
    pub product_key: Option<&'a [u8]>,
    /// Device name within the product, at most 32 of `A-Z a-z 0-9 - _ @ . :`.
    pub device_name: Option<&'a [u8]>,
    /// Region of the old public instance; `cn-shanghai` if `None`.
    pub region: Option<&'a [u8]>,
    /// A new public or an enterprise instance; `None` is the old public instance.
    pub instance_id: Option<&'a [u8]>,
    /// The name of a [`SignMethod`]; HMAC-SHA256 if `None`.
    pub sign_method: Option<&'a [u8]>,
}

impl<'a> Identity<'a> {
    /// A device of the old public instance in `cn-shanghai` that signs with HMAC-SHA256.
    pub const fn new(product_key: &'a str, device_name: &'a str) -> Self {
        Self {
            product_key: Some(product_key.as_bytes()),
            device_name: Some(device_name.as_bytes()),
            region: None,
            instance_id: None,
            sign_method: None,
        }
    }

    /// Product key and device name.
    #[cfg_attr(target_os = "none", inline(never))]
    pub(super) fn names(&self) -> [&'a [u8]; 2] {
        [self.product_key.unwrap_or_default(), self.device_name.unwrap_or_default()]
    }

    pub(super) fn region(&self) -> &'a [u8] {
        self.region.unwrap_or(b"cn-shanghai")
    }

    /// How it signs; the default if there is no such method, which [`check`](Self::check) has found.
    pub(super) fn sign_method(&self) -> SignMethod {
        self.sign_method.and_then(SignMethod::from_name).unwrap_or_default()
    }

    pub(super) fn check(&self) -> Result<(), LoginError> {
        let given = |text: Option<&[u8]>, max, also| text.is_none_or(|text| is_name(text, max, also));
        let [product_key, device_name] = self.names();
        if self.sign_method.is_some_and(|name| SignMethod::from_name(name).is_none()) {
            Err(LoginError::SignMethod)
        } else if !is_name(product_key, 20, b"") {
            Err(LoginError::ProductKey)
        } else if !is_name(device_name, 32, b"-_@.:") {
            Err(LoginError::DeviceName)
        } else if !given(self.region, 32, b"-") {
            Err(LoginError::Region)
        } else if !given(self.instance_id, 64, b"-_") {
            Err(LoginError::InstanceId)
        } else {
            Ok(())
        }
    }

    /// Has `endpoint` be the MQTT server of the instance.
    pub(super) fn resolve(&self, server: &Server, endpoint: &mut Endpoint) -> Result<(), LoginError> {
        let (host, usual_port): (&[&[u8]], _) = match self.instance_id {
            Some(instance) => {
                let port = if server.without_tls { MQTT_PORT } else { TLS_PORT };
                (&[instance, b".mqtt.iothub.aliyuncs.com"], port)
            }
            None => (&[self.names()[0], b".iot-as-mqtt.", self.region(), b".aliyuncs.com"], MQTT_PORT),
        };
        Ok(endpoint.set(server, host, usual_port)?)
    }
}
