//! How do people write the name of a symbol?

/// The name without what the compiler adds to make it unique: hashes differ from compiler to compiler.
pub fn readable(symbol: &str) -> String {
    format!("{:#}", rustc_demangle::demangle(symbol))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_no_part_of_a_name() {
        assert_eq!(readable("_ZN1a1b17h0123456789abcdefE"), "a::b");
        assert_eq!(readable("_RNvCsbmNqQUJIY6D_1a1b"), "a::b");
        assert_eq!(readable("aliyun_iot_poll"), "aliyun_iot_poll");
    }
}
