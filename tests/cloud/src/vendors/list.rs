//! The vendor clouds that can be played beside Alibaba's: one line each.

/// Hands the list to a macro: the name on the command line and the type.
macro_rules! vendors {
    ($then:ident) => {
        $then! {
            tencent: Tencent,
            onenet: Onenet,
            huawei: Huawei,
            tuya: Tuya,
            baidu: Baidu,
            tlink: Tlink,
        }
    };
}
