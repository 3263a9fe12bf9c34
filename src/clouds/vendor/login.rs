//! A login to any of the vendor clouds.

use crate::clouds::Server;

/// What the console of a vendor cloud shows of a device. `docs/clouds.md` says which fields a cloud uses. The layout is that
/// of `aliyun_iot_vendor_login`.
#[derive(Clone, Copy, Default)]
#[repr(C)]
pub struct Login<'a> {
    /// Which cloud: 1 Tencent, 2 OneNET, 3 Huawei, 4 Tuya, 5 Baidu, 6 TLINK.
    pub vendor: u32,
    /// The login has a client certificate in place of a secret. The port presents it.
    pub with_certificate: bool,
    /// Where to; the host follows from the other fields.
    pub server: Server<'a>,
    /// Product id. TLINK: the name of the account.
    pub product_id: Option<&'a [u8]>,
    /// Device name. Huawei and Tuya: device id. TLINK: serial number.
    pub device_name: Option<&'a [u8]>,
    /// Device secret, in the encoding of the cloud.
    pub device_secret: Option<&'a [u8]>,
    /// OneNET: access key of the product, in place of a device secret. TLINK: password of the account.
    pub product_secret: Option<&'a [u8]>,
    /// Signing method, by the cloud's own name; the strongest one of the cloud if `None`.
    pub sign_method: Option<&'a [u8]>,
    /// Region, by the cloud's own name.
    pub region: Option<&'a [u8]>,
    /// Huawei: what its host names begin with. Baidu: id of the IoT core.
    pub instance_id: Option<&'a [u8]>,
    /// Huawei: the service of the product model that properties without a service belong to.
    pub service_id: Option<&'a [u8]>,
    /// Client identifier, where the cloud lets the device choose it.
    pub client_id: Option<&'a [u8]>,
}

/// The texts of a login.
pub(super) const TEXTS: usize = 9;

impl<'a> Login<'a> {
    /// The texts in order; see [`with_texts`](Self::with_texts).
    pub(super) fn texts(&self) -> [Option<&'a [u8]>; TEXTS] {
        [
            self.product_id,
            self.device_name,
            self.device_secret,
            self.product_secret,
            self.sign_method,
            self.region,
            self.instance_id,
            self.service_id,
            self.client_id,
        ]
    }

    /// A login with these [`texts`](Self::texts), to the usual server.
    pub(super) fn with_texts(vendor: u32, with_certificate: bool, texts: [Option<&'a [u8]>; TEXTS]) -> Self {
        let [
            product_id,
            device_name,
            device_secret,
            product_secret,
            sign_method,
            region,
            instance_id,
            service_id,
            client_id,
        ] = texts;
        Self {
            vendor,
            with_certificate,
            server: Server::usual(),
            product_id,
            device_name,
            device_secret,
            product_secret,
            sign_method,
            region,
            instance_id,
            service_id,
            client_id,
        }
    }
}
