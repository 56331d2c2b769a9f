//! Reads the nodes in `Forwarded` (RFC 7239) and `X-Forwarded-For`.
//!
//! Headers are read as bytes: one byte of a client that is not ASCII must not hide the address that
//! a proxy has appended.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

/// Returns the elements of a line of `Forwarded`, the last one first. Commas within quoted strings
/// do not separate elements; quotes are counted from the end, so that an open quote of a client does
/// not swallow the element that a proxy has appended.
pub(super) fn elements_from_end(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(line);
    std::iter::from_fn(move || {
        let line = rest?;
        let comma = last_outside_quotes(line, b',');
        rest = comma.map(|comma| &line[..comma]);
        Some(comma.map_or(line, |comma| &line[comma + 1..]))
    })
}

/// Returns the address in the parameter `for` of an element; None if it is missing, repeated,
/// unknown, obfuscated or unreadable.
pub(super) fn read_for(element: &[u8]) -> Option<IpAddr> {
    let mut found = None;
    let mut rest = Some(element);
    while let Some(parameters) = rest {
        let semicolon = last_outside_quotes(parameters, b';');
        rest = semicolon.map(|semicolon| &parameters[..semicolon]);
        let parameter = semicolon.map_or(parameters, |semicolon| &parameters[semicolon + 1..]);
        let equals = parameter.iter().position(|byte| *byte == b'=')?;
        let (name, value) = (&parameter[..equals], &parameter[equals + 1..]);
        if name.trim_ascii().eq_ignore_ascii_case(b"for") && found.replace(value).is_some() {
            return None;
        }
    }
    let value = found?.trim_ascii();
    let quoted = value.strip_prefix(b"\"").map(|value| value.strip_suffix(b"\""));
    read_node(quoted.unwrap_or(Some(value))?)
}

/// Returns the address of a node: `192.0.2.1`, `2001:db8::1`, `[2001:db8::1]`, each also with a port
/// after an IPv4 address or brackets. None for `unknown`, an obfuscated name, a zone or any other
/// text.
pub(super) fn read_node(node: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(node).ok()?.trim_ascii();
    let address = text.parse().ok().or_else(|| read_with_port(text)).or_else(|| read_in_brackets(text))?;
    Some(IpAddr::to_canonical(&address))
}

fn read_with_port(text: &str) -> Option<IpAddr> {
    // The parser also accepts zones of IPv6 addresses, which mean nothing on another machine.
    let address: SocketAddr = text.parse().ok().filter(|_| !text.contains('%'))?;
    Some(address.ip())
}

fn read_in_brackets(text: &str) -> Option<IpAddr> {
    let (inside, after) = text.strip_prefix('[')?.split_once(']')?;
    let address: Ipv6Addr = inside.parse().ok()?;
    let is_port = |port: &str| port.starts_with('_') && port.len() > 1;
    // An obfuscated port (RFC 7239, section 6.2); a numeric one was read before.
    let is_complete = after.is_empty() || after.strip_prefix(':').is_some_and(is_port);
    is_complete.then_some(IpAddr::V6(address))
}

/// Returns the position of the last `separator` outside of quoted strings, whose quotes are counted
/// from the end.
fn last_outside_quotes(text: &[u8], separator: u8) -> Option<usize> {
    let mut is_quoted = false;
    for at in (0..text.len()).rev() {
        if text[at] == b'"' {
            let escapes = text[..at].iter().rev().take_while(|byte| **byte == b'\\').count();
            // Within a quoted string an odd number of backslashes escapes the quote.
            if !is_quoted || escapes % 2 == 0 {
                is_quoted = !is_quoted;
            }
        } else if text[at] == separator && !is_quoted {
            return Some(at);
        }
    }
    None
}
