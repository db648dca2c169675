//! Names that views choose for what the host keeps: kinds of flash, values of the session.

/// Whether it is 1 to `max_bytes` lower-case letters, digits, `-` and `_`.
pub(crate) fn is_name(name: &str, max_bytes: usize) -> bool {
    let is_part =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_');
    (1..=max_bytes).contains(&name.len()) && name.bytes().all(is_part)
}
