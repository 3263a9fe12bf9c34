//! What a registration at a vendor cloud has to say.

use crate::clouds::Server;

/// A device that is to be created on a vendor cloud, or that asks for its secret there. `docs/clouds.md` says which fields a
/// cloud uses. The layout is that of `aliyun_iot_vendor_registration`.
#[derive(Clone, Copy, Default)]
#[repr(C)]
pub struct Registration<'a> {
    /// Which cloud: 1 Tencent, 2 OneNET, 3 Huawei. The others have no registration that a device can make.
    pub vendor: u32,
    /// Tencent: the registration of older SDKs (`/register/dev`), which signs with HMAC-SHA1.
    pub legacy: bool,
    /// Where to; the host follows from the other fields. Huawei: both requests go to a host that is given here. Without TLS
    /// anybody on the way can read the new secret.
    pub server: Server<'a>,
    /// Product id.
    pub product_id: Option<&'a [u8]>,
    /// Device name. Huawei: node id.
    pub device_name: Option<&'a [u8]>,
    /// Tencent: product secret.
    pub product_secret: Option<&'a [u8]>,
    /// OneNET: user id.
    pub user_id: Option<&'a [u8]>,
    /// OneNET: access key of the user, base64.
    pub user_key: Option<&'a [u8]>,
    /// Huawei: region; `cn-north-4` if `None`.
    pub region: Option<&'a [u8]>,
    /// Huawei: what the host names of the instance begin with.
    pub instance_id: Option<&'a [u8]>,
    /// Huawei: project id.
    pub project_id: Option<&'a [u8]>,
    /// Huawei: name of an IAM user that may create devices and nothing else.
    pub iam_user: Option<&'a [u8]>,
    /// Huawei: password of that user.
    pub iam_password: Option<&'a [u8]>,
    /// Huawei: name of the account that the user is of.
    pub iam_domain: Option<&'a [u8]>,
}
