//! The values of string literals.

/// Returns the value of a string in double quotes; none if an escape is not valid.
pub(super) fn unescape(literal: &str) -> Option<String> {
    let inner = literal.strip_prefix('"')?.strip_suffix('"')?;
    let mut value = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(start) = rest.find('\\') {
        value.push_str(&rest[..start]);
        let (character, after) = escape(&rest[start + 1..])?;
        value.push(character);
        rest = after;
    }
    value.push_str(rest);
    Some(value)
}

/// Reads an escape after its backslash. Returns its character and the text after it.
fn escape(text: &str) -> Option<(char, &str)> {
    let letter = text.chars().next()?;
    let after = &text[letter.len_utf8()..];
    let character = match letter {
        '"' | '\\' | '/' => letter,
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => return unicode_escape(after),
        _ => return None,
    };
    Some((character, after))
}

/// Reads `{1F600}`, `00e9` or a surrogate pair `D83D\uDE00`.
fn unicode_escape(text: &str) -> Option<(char, &str)> {
    const MOST_DIGITS: usize = 8;
    if let Some(braced) = text.strip_prefix('{') {
        let (digits, after) = braced.split_once('}')?;
        let point = if digits.len() <= MOST_DIGITS { hexadecimal(digits)? } else { return None };
        return Some((char::from_u32(point)?, after));
    }
    let (first, after) = code_unit(text)?;
    if let Some(character) = char::from_u32(first) {
        return Some((character, after));
    }
    let (second, after) = code_unit(after.strip_prefix("\\u")?)?;
    let pair = [u16::try_from(first).ok()?, u16::try_from(second).ok()?];
    Some((char::decode_utf16(pair).next()?.ok()?, after))
}

/// Reads four hexadecimal digits.
fn code_unit(text: &str) -> Option<(u32, &str)> {
    Some((hexadecimal(text.get(..4)?)?, text.get(4..)?))
}

fn hexadecimal(digits: &str) -> Option<u32> {
    // The library accepts a sign too.
    if digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        u32::from_str_radix(digits, 16).ok()
    } else {
        None
    }
}

/// Returns the value of a string in triple double quotes (`BlockStringValue` of the specification).
pub(super) fn unindent(literal: &str) -> Option<String> {
    let inner = literal.strip_prefix(r#"""""#)?.strip_suffix(r#"""""#)?;
    let text = inner.replace(r#"\""""#, r#"""""#).replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<&str> = text.split('\n').collect();
    let is_blank = |line: &&str| indent(line) == line.len();
    let (Some(first), Some(last)) =
        (lines.iter().position(|line| !is_blank(line)), lines.iter().rposition(|line| !is_blank(line)))
    else {
        return Some(String::new());
    };
    let common = lines.iter().skip(1).filter(|line| !is_blank(line)).map(|line| indent(line)).min();
    let common = common.unwrap_or_default();
    let unindented = lines.iter().enumerate().take(last + 1).skip(first);
    let unindented = unindented
        .map(|(number, line)| if number == 0 { *line } else { line.get(common..).unwrap_or_default() });
    Some(unindented.collect::<Vec<_>>().join("\n"))
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t']).len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_read_as_the_specification_says() {
        for (literal, value) in [
            (r#""""#, Some("")),
            (r#""Hu\u1EBF \/ \"\\\b\f\n\r\t""#, Some("Huế / \"\\\u{8}\u{c}\n\r\t")),
            (r#""\u{1F91D} \u{0} \u{00001ebf}""#, Some("🤝 \0 ế")),
            (r#""\uD83E\uDD1D""#, Some("🤝")),
            (r#""\uD83E""#, None),
            (r#""\uDD1D\uD83E""#, None),
            (r#""\uD83Ex""#, None),
            (r#""\u{D83E}""#, None),
            (r#""\u{110000}""#, None),
            (r#""\u{}""#, None),
            (r#""\u{000000041}""#, None),
            (r#""\u{+41}""#, None),
            (r#""\u00e""#, None),
            (r#""\x41""#, None),
            (r#""\é""#, None),
        ] {
            assert_eq!(unescape(literal).as_deref(), value, "{literal}");
        }
    }

    #[test]
    fn block_strings_lose_their_common_indent_and_blank_ends() {
        for (inner, value) in [
            ("", ""),
            ("   \n \t \n", ""),
            ("a", "a"),
            ("\n    Hà Nội,\r\n      Huế\r\n\n    \\\"\"\" \\n\n  \n", "Hà Nội,\n  Huế\n\n\"\"\" \\n"),
            ("  first\n    second\n   third", "  first\n second\nthird"),
            ("a\rb", "a\nb"),
        ] {
            assert_eq!(unindent(&format!("\"\"\"{inner}\"\"\"")).as_deref(), Some(value), "{inner:?}");
        }
    }
}
