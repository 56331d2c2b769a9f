//! The scan before the parser: one pass over the bytes, no allocation, no recursion.
//!
//! Invariant: it counts at least as many tokens and brackets as the parser does. Where the grammar
//! of the parser is looser than the specification (it reads `0000` as four numbers and `truetrue`
//! as two words), the scan refuses the text or counts each part.

use super::{GuardError, MAX_BRACKETS, MAX_IGNORED_BYTES, MAX_NAME_BYTES, MAX_TOKENS, Rule, SourceLocation};

/// Checks the limits on tokens, brackets, names and ignored text. Adds the bytes that it reads to
/// `scanned`, each as often as it is read.
pub(super) fn scan(document: &str, scanned: &mut usize) -> Result<(), GuardError> {
    let mut scan = Scan { bytes: document.as_bytes(), at: 0, tokens: 0, ignored: 0, open: 0, reread: 0 };
    while scan.at < scan.bytes.len() {
        let start = scan.at;
        let step = scan.step();
        *scanned += scan.at - start + std::mem::take(&mut scan.reread);
        step.map_err(|rule| {
            *scanned += start;
            GuardError { rule, location: Some(location_of(document, start)) }
        })?;
    }
    Ok(())
}

struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
    tokens: usize,
    ignored: usize,
    open: usize,
    /// Bytes of the current step that were read twice.
    reread: usize,
}

impl Scan<'_> {
    /// Consumes one token or one run of ignored text; always at least one byte.
    fn step(&mut self) -> Result<(), Rule> {
        let start = self.at;
        match self.bytes[start] {
            b' ' | b'\t' | b'\n' | b'\r' | b',' => {
                self.skip_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b','));
                self.ignore(start)
            }
            b'#' => {
                self.skip_while(|byte| !matches!(byte, b'\n' | b'\r'));
                self.refuse_control_bytes(start)?;
                self.ignore(start)
            }
            0xEF if self.bytes[start..].starts_with("\u{feff}".as_bytes()) => {
                self.at += 3;
                self.ignore(start)
            }
            b'"' => {
                self.string()?;
                self.refuse_control_bytes(start)?;
                self.count(1)
            }
            b'-' | b'0'..=b'9' => self.number(),
            b'_' | b'a'..=b'z' | b'A'..=b'Z' => self.name(),
            b'.' if self.bytes[start..].starts_with(b"...") => {
                self.at += 3;
                self.count(1)
            }
            byte => {
                self.at += 1;
                self.punctuation(byte)
            }
        }
    }

    fn punctuation(&mut self, byte: u8) -> Result<(), Rule> {
        match byte {
            b'(' | b'[' | b'{' => {
                self.open += 1;
                if self.open > MAX_BRACKETS {
                    return Err(Rule::Brackets);
                }
            }
            b')' | b']' | b'}' => {
                self.open = self.open.checked_sub(1).ok_or(Rule::Syntax)?;
            }
            b'!' | b'$' | b'&' | b':' | b'=' | b'@' | b'|' => {}
            _ => return Err(Rule::Syntax),
        }
        self.count(1)
    }

    fn name(&mut self) -> Result<(), Rule> {
        let start = self.at;
        self.skip_while(|byte| byte == b'_' || byte.is_ascii_alphanumeric());
        let mut rest = &self.bytes[start..self.at];
        if rest.len() > MAX_NAME_BYTES {
            return Err(Rule::Name);
        }
        // The parser splits `true`, `false` and `null` off the front of a longer word.
        let mut words = 1;
        while let Some(tail) =
            [&b"true"[..], b"false", b"null"].into_iter().find_map(|literal| rest.strip_prefix(literal))
        {
            words += 1;
            self.reread += rest.len() - tail.len();
            rest = tail;
        }
        self.count(words)
    }

    fn number(&mut self) -> Result<(), Rule> {
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        let whole = self.digits()?;
        if whole.len() > 1 && whole[0] == b'0' {
            return Err(Rule::Syntax);
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        match self.peek() {
            Some(b'.' | b'_' | b'a'..=b'z' | b'A'..=b'Z') => Err(Rule::Syntax),
            _ => self.count(1),
        }
    }

    fn digits(&mut self) -> Result<&[u8], Rule> {
        let start = self.at;
        self.skip_while(|byte| byte.is_ascii_digit());
        if start == self.at {
            return Err(Rule::Syntax);
        }
        Ok(&self.bytes[start..self.at])
    }

    fn string(&mut self) -> Result<(), Rule> {
        if self.bytes[self.at..].starts_with(br#"""""#) {
            self.at += 3;
            return self.block_string();
        }
        self.at += 1;
        loop {
            match self.peek() {
                None | Some(b'\n' | b'\r') => return Err(Rule::Syntax),
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                // The parser checks the escapes; here only `\"` matters.
                Some(b'\\') => self.at += 2,
                Some(_) => self.at += 1,
            }
        }
    }

    fn block_string(&mut self) -> Result<(), Rule> {
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            if rest.is_empty() {
                return Err(Rule::Syntax);
            } else if rest.starts_with(br#"""""#) {
                self.at += 3;
                return Ok(());
            } else if rest.starts_with(br#"\""""#) {
                self.at += 4;
            } else {
                self.at += 1;
            }
        }
    }

    /// Refuses control bytes: they are not source characters, and no database column accepts NUL.
    fn refuse_control_bytes(&mut self, start: usize) -> Result<(), Rule> {
        let is_control = |byte: &u8| *byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r');
        let text = self.bytes.get(start..self.at).unwrap_or_default();
        self.reread += text.len();
        if text.iter().any(is_control) {
            return Err(Rule::Syntax);
        }
        Ok(())
    }

    fn skip_while(&mut self, is_part: impl Fn(u8) -> bool) {
        while self.peek().is_some_and(&is_part) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn count(&mut self, tokens: usize) -> Result<(), Rule> {
        self.tokens += tokens;
        if self.tokens > MAX_TOKENS {
            return Err(Rule::Tokens);
        }
        Ok(())
    }

    fn ignore(&mut self, start: usize) -> Result<(), Rule> {
        self.ignored += self.at - start;
        if self.ignored > MAX_IGNORED_BYTES {
            return Err(Rule::Ignored);
        }
        Ok(())
    }
}

/// Computes a location, only after a document is refused, so that the scan is a plain byte loop.
fn location_of(document: &str, offset: usize) -> SourceLocation {
    let before = document.get(..offset).unwrap_or(document);
    let line_start = before.rfind(['\n', '\r']).map_or(0, |end| end + 1);
    SourceLocation {
        line: before.replace("\r\n", "\n").matches(['\n', '\r']).count() + 1,
        column: before[line_start..].chars().count() + 1,
    }
}
