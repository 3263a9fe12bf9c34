//! The clouds that `connect` can log in to: one file each, with the keys of its login, and their list. The first one is what
//! a dictionary without `cloud` means.

mod aliyun;
mod baidu;
mod huawei;
mod keys;
mod onenet;
mod plain;
mod tencent;
mod tlink;
mod tuya;

use super::entry::*;

const CLOUD: Text = text(
    "the cloud: one of the names below. A dictionary with this key may hold keys of that cloud only",
    "云平台：下文列出的名称之一。字典含有该键时，只能使用该平台的键",
);

pub const CONNECT: Choice = Choice {
    key: "cloud",
    doc: CLOUD,
    cases: &[
        &aliyun::CASE,
        &tencent::CASE,
        &onenet::CASE,
        &huawei::CASE,
        &tuya::CASE,
        &baidu::CASE,
        &tlink::CASE,
        &plain::CASE,
    ],
    shared: keys::SHARED,
};

/// The clouds that a device can register at.
pub const REGISTER: Choice = Choice {
    key: "cloud",
    doc: CLOUD,
    cases: &[&aliyun::REGISTRATION, &tencent::REGISTRATION, &onenet::REGISTRATION, &huawei::REGISTRATION],
    shared: keys::OF_SERVER,
};
