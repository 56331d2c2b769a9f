//! The lexer: one pass over the bytes, no recursion. It counts tokens, brackets and ignored text, so
//! that the parser gets a list of bounded length.

use super::{GuardError, MAX_BRACKETS, MAX_IGNORED_BYTES, MAX_NAME_BYTES, MAX_TOKENS, Rule, SourceLocation};

/// A lexical token of a document, apart from ignored text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token<'a> {
    /// Its kind.
    pub(super) kind: TokenKind,
    /// Its source text; of a string with its quotes and escapes.
    pub(super) text: &'a str,
    /// The location of its first character.
    pub(super) location: SourceLocation,
}

/// The kinds of tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// Such as `{` or `...`.
    Punctuator,
    /// A name or keyword.
    Name,
    /// An integer.
    Int,
    /// A number with a fraction or an exponent.
    Float,
    /// A string in double quotes.
    String,
    /// A string in triple double quotes.
    BlockString,
}

/// Reads the tokens of a document within the limits on tokens, brackets, names and ignored text.
/// Adds the bytes that it reads to `scanned`, each as often as it is read.
pub(super) fn scan<'a>(document: &'a str, scanned: &mut usize) -> Result<Vec<Token<'a>>, GuardError> {
    let mut scan = Scan {
        bytes: document.as_bytes(),
        at: 0,
        ignored: 0,
        open: 0,
        reread: 0,
        located: 0,
        location: SourceLocation { line: 1, column: 1 },
    };
    let mut tokens = Vec::new();
    while scan.at < scan.bytes.len() {
        let start = scan.at;
        let location = scan.locate(start);
        let mut step = scan.step();
        *scanned += scan.at - start + std::mem::take(&mut scan.reread);
        if let Ok(Some(kind)) = step {
            let text = document.get(start..scan.at).unwrap_or_default();
            tokens.push(Token { kind, text, location });
            if tokens.len() > MAX_TOKENS {
                step = Err(Rule::Tokens);
            }
        }
        step.map_err(|rule| GuardError { rule, location: Some(location) })?;
    }
    Ok(tokens)
}

struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
    ignored: usize,
    open: usize,
    /// Bytes of the current step that were read twice.
    reread: usize,
    /// The offset that `location` belongs to.
    located: usize,
    location: SourceLocation,
}

impl Scan<'_> {
    /// Returns the location of an offset, which is not before the last one.
    fn locate(&mut self, offset: usize) -> SourceLocation {
        for at in self.located..offset {
            match self.bytes[at] {
                // The line ends at its line feed.
                b'\r' if self.bytes.get(at + 1) == Some(&b'\n') => {}
                b'\n' | b'\r' => {
                    self.location = SourceLocation { line: self.location.line + 1, column: 1 };
                }
                // A continuation byte of a character.
                0x80..=0xBF => {}
                _ => self.location.column += 1,
            }
        }
        self.reread += offset - self.located;
        self.located = offset;
        self.location
    }

    /// Consumes one token, or one run of ignored text, which has no kind; always at least one byte.
    fn step(&mut self) -> Result<Option<TokenKind>, Rule> {
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
                let kind = self.string()?;
                self.refuse_control_bytes(start)?;
                Ok(Some(kind))
            }
            b'-' | b'0'..=b'9' => self.number(),
            b'_' | b'a'..=b'z' | b'A'..=b'Z' => self.name(),
            b'.' if self.bytes[start..].starts_with(b"...") => {
                self.at += 3;
                Ok(Some(TokenKind::Punctuator))
            }
            byte => {
                self.at += 1;
                self.punctuation(byte)
            }
        }
    }

    fn punctuation(&mut self, byte: u8) -> Result<Option<TokenKind>, Rule> {
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
        Ok(Some(TokenKind::Punctuator))
    }

    fn name(&mut self) -> Result<Option<TokenKind>, Rule> {
        let start = self.at;
        self.skip_while(|byte| byte == b'_' || byte.is_ascii_alphanumeric());
        if self.at - start > MAX_NAME_BYTES {
            return Err(Rule::Name);
        }
        Ok(Some(TokenKind::Name))
    }

    fn number(&mut self) -> Result<Option<TokenKind>, Rule> {
        let mut kind = TokenKind::Int;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        let whole = self.digits()?;
        if whole.len() > 1 && whole[0] == b'0' {
            return Err(Rule::Syntax);
        }
        if self.peek() == Some(b'.') {
            kind = TokenKind::Float;
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            kind = TokenKind::Float;
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        match self.peek() {
            Some(b'.' | b'_' | b'a'..=b'z' | b'A'..=b'Z') => Err(Rule::Syntax),
            _ => Ok(Some(kind)),
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

    fn string(&mut self) -> Result<TokenKind, Rule> {
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
                    return Ok(TokenKind::String);
                }
                // The parser checks the escapes; here only `\"` matters.
                Some(b'\\') => self.at += 2,
                Some(_) => self.at += 1,
            }
        }
    }

    fn block_string(&mut self) -> Result<TokenKind, Rule> {
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            if rest.is_empty() {
                return Err(Rule::Syntax);
            } else if rest.starts_with(br#"""""#) {
                self.at += 3;
                return Ok(TokenKind::BlockString);
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

    fn ignore(&mut self, start: usize) -> Result<Option<TokenKind>, Rule> {
        self.ignored += self.at - start;
        if self.ignored > MAX_IGNORED_BYTES {
            return Err(Rule::Ignored);
        }
        Ok(None)
    }
}
