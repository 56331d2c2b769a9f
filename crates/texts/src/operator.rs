//! The texts of the command line: failures to start, errors of the configuration, failures of
//! commands.

use crate::catalogue;
use caunoi_domain::locale::Locale;
use serde::Serialize;
use strum::{EnumDiscriminants, VariantArray};

/// Why the program does not do what its operator asked for, or a part of that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, EnumDiscriminants)]
#[strum_discriminants(name(OperatorTextKind), derive(VariantArray), vis(pub(crate)))]
#[serde(rename_all = "kebab-case")]
pub enum OperatorText {
    /// The address cannot be bound.
    CannotListen {
        /// The address.
        address: String,
        /// The cause.
        why: Box<OperatorText>,
    },
    /// Another program listens at the address.
    AddressInUse,
    /// This machine has no such address.
    AddressNotLocal,
    /// The operating system refuses the address.
    ListenFailed {
        /// Its message.
        error: String,
    },
    /// A folder cannot be used.
    FolderUnusable {
        /// The folder, or the file in it.
        path: String,
        /// The message of the operating system.
        error: String,
    },
    /// Another process holds the lock on a folder.
    FolderInUse {
        /// The folder.
        path: String,
    },
    /// A key file cannot be used.
    KeysUnusable {
        /// The file.
        path: String,
        /// The cause.
        why: Box<OperatorText>,
    },
    /// The certificate of the server or its key cannot be used.
    TlsUnusable {
        /// The file and the message of the library.
        error: String,
    },
    /// A trusted document cannot be read or is invalid.
    TrustedDocumentUnusable {
        /// The file, or the folder.
        path: String,
        /// The cause.
        error: String,
    },
    /// An error of the operating system or of a library.
    SystemError {
        /// Its message.
        error: String,
    },
    /// Other users can read the key.
    KeyOpenToOthers,
    /// The file is not an Ed25519 key.
    NotAnEd25519Pem,
    /// The file is not a JSON Web Key Set.
    NotAKeySet {
        /// The first wrong line.
        line: usize,
    },
    /// A key of a set has no `kid`.
    KeyWithoutId,
    /// Two keys of a set have one `kid`.
    KeyIdTwice {
        /// The `kid`.
        id: String,
    },
    /// A key of a set is invalid.
    KeyInvalid {
        /// The `kid`.
        id: String,
        /// The cause.
        why: Box<OperatorText>,
    },
    /// The key is symmetric.
    KeyIsSecret,
    /// The key contains its private part.
    KeyIsPrivate,
    /// The key has another type.
    KeyTypeUnknown,
    /// The key states another algorithm.
    KeyAlgorithmDiffers {
        /// The stated one.
        stated: String,
        /// That of its type.
        used: String,
    },
    /// The key is not one of Ed25519.
    KeyNotEd25519,
    /// The key lacks a part.
    KeyPartMissing {
        /// The part.
        part: String,
    },
    /// A part of the key is not base64url.
    KeyNotBase64,
    /// An RSA key has a wrong size.
    KeyBits {
        /// Its size.
        bits: usize,
        /// The least size.
        least: usize,
        /// The greatest size.
        most: usize,
    },
    /// The library refuses the key.
    KeyUnusable,
    /// Keys would be fetched without TLS from another machine.
    KeysNotHttps {
        /// The URL.
        given: String,
    },
    /// A document is not one of `OpenID Connect Discovery`.
    NotADiscoveryDocument {
        /// The first wrong line.
        line: usize,
    },
    /// A discovery document is that of another issuer.
    DiscoveryOfAnother {
        /// The issuer that it states.
        stated: String,
    },
    /// A fetched document is too large.
    DocumentTooLarge {
        /// The URL.
        url: String,
        /// The limit in bytes.
        most: usize,
    },
    /// The entry of an issuer is invalid.
    IssuerInvalid {
        /// The name of the issuer.
        name: String,
        /// The cause.
        why: Box<OperatorText>,
    },
    /// Two issuers have one name.
    IssuerTwice {
        /// The name.
        name: String,
    },
    /// The authors of two issuers can have one name.
    AuthorPrefixTwice {
        /// The second issuer.
        name: String,
    },
    /// The lifetime of an issuer's tokens is out of bounds.
    IssuerLifetime {
        /// The lifetime.
        given: String,
    },
    /// The database cannot be used.
    DatabaseUnusable {
        /// The file or the masked URL.
        place: String,
        /// The cause.
        why: Box<OperatorText>,
        /// What to check.
        hint: Box<OperatorText>,
    },
    /// A role bypasses row-level security.
    RoleBypassesSecurity {
        /// The role.
        role: String,
    },
    /// A role owns tables.
    RoleOwnsTables {
        /// The role.
        role: String,
    },
    /// Commits are acknowledged before they are on disk.
    CommitsNotSynchronous,
    /// What to do about a role.
    RevokeRights,
    /// What to do about commits.
    SetSynchronousCommit,
    /// What to check about PostgreSQL.
    CheckServer,
    /// What to check about a database file.
    CheckFile,
    /// The Redis URL cannot be used.
    RedisUnusable {
        /// The masked URL.
        place: String,
    },
    /// A newer program has migrated the database.
    DatabaseNewer {
        /// The file or the masked URL.
        place: String,
        /// The version of this program.
        program: String,
        /// The first unknown migration.
        step: String,
    },
    /// The shipped data does not fit.
    DataSetUnfit {
        /// The file or the masked URL.
        place: String,
        /// The flaws, in the same language.
        flaws: String,
    },
    /// The database contains a value that the program never writes.
    DatabaseDamaged {
        /// The file or the masked URL.
        place: String,
        /// The place of the value.
        error: String,
    },
    /// A file of the configuration cannot be read.
    FileUnreadable {
        /// The file.
        path: String,
        /// Where it is named.
        origin: String,
        /// The message of the operating system.
        error: String,
    },
    /// A file is not TOML.
    NotToml {
        /// The file.
        path: String,
        /// The line.
        line: usize,
        /// The message of the parser.
        error: String,
    },
    /// A key or a variable of the configuration is unknown.
    UnknownKey {
        /// The key or the variable.
        name: String,
        /// Where it is set.
        origin: String,
        /// The most similar ones.
        candidates: Vec<String>,
    },
    /// A value is neither a string nor a whole number nor a boolean.
    NotQuoted {
        /// The key.
        key: String,
        /// Where it is set.
        origin: String,
    },
    /// A key is set in two ways.
    SetTwice {
        /// One.
        one: String,
        /// The other.
        other: String,
    },
    /// A variable is not UTF-8.
    NotUnicode {
        /// The variable.
        name: String,
    },
    /// A value is empty.
    ValueEmpty {
        /// The key.
        key: String,
        /// Where it is set.
        origin: String,
    },
    /// A value is invalid.
    ValueInvalid {
        /// The key.
        key: String,
        /// Where it is set.
        origin: String,
        /// The cause.
        why: Box<OperatorText>,
    },
    /// A key requires another one.
    HalfSet {
        /// The key.
        given: String,
        /// Where it is set.
        origin: String,
        /// The missing key.
        missing: String,
    },
    /// A value is not a whole number.
    NotAWholeNumber {
        /// The value.
        given: String,
    },
    /// A value is not a number from 1 to 65535.
    NotUpTo65535 {
        /// The value.
        given: String,
    },
    /// A value is not a boolean.
    NotBoolean {
        /// The value.
        given: String,
    },
    /// A value is not an address and a port.
    NotAnAddress {
        /// The value.
        given: String,
    },
    /// A value is not an origin.
    NotAWebSite {
        /// The value.
        given: String,
    },
    /// A value is not a way to keep addresses.
    NotAnAddressLog {
        /// The value.
        given: String,
    },
    /// A value is not a network or an address.
    NotANetwork {
        /// The value.
        given: String,
    },
    /// A value is not a header with client addresses.
    NotAForwardedHeader {
        /// The value.
        given: String,
    },
    /// A value is not a log level.
    NotALogLevel {
        /// The value.
        given: String,
    },
    /// A value is not a log format.
    NotALogFormat {
        /// The value.
        given: String,
    },
    /// A value is not a connection URL; it stays unquoted because of its password.
    NotAConnectionUrl {
        /// A scheme.
        example: String,
        /// The message of the parser.
        error: String,
    },
    /// A connection URL has another scheme.
    WrongScheme {
        /// The scheme.
        example: String,
    },
    /// A connection URL lacks slashes.
    SlashesMissing {
        /// The scheme.
        example: String,
    },
    /// Local tokens are not accepted.
    TokensOfIssuer,
    /// There is no local key.
    NoKey {
        /// Its file.
        path: String,
    },
    /// A role is unknown.
    UnknownRole {
        /// The role.
        given: String,
    },
    /// A role belongs to a province.
    RoleNeedsProvince {
        /// The role.
        role: String,
    },
    /// A role belongs to no province.
    RoleHasNoProvince {
        /// The role.
        role: String,
    },
    /// A name is not allowed.
    NotAnActorName,
    /// The lifetime of a token is out of bounds.
    LifetimeOutOfRange,
    /// A text is not a lifetime.
    NotALifetime {
        /// The text.
        given: String,
    },
    /// A slug is not that of a current province.
    NotAProvince {
        /// The slug.
        given: String,
        /// The most similar ones.
        candidates: Vec<String>,
    },
    /// A key that encrypts secrets of the database is missing.
    SecretKeyMissing {
        /// The file or the masked URL.
        place: String,
        /// The id of the key.
        key: String,
    },
    /// Keys of secrets have another form.
    NotASecretKey,
    /// There is no database file.
    NoDatabase {
        /// The file.
        place: String,
    },
    /// The integrity check found a violation.
    NotIntact {
        /// The file or the masked URL.
        place: String,
        /// The violation, in English.
        violation: String,
    },
    /// Published entries break rules.
    RulesBroken {
        /// The number of entries.
        entries: usize,
        /// The number of violations.
        violations: usize,
    },
    /// An argument is not a URL.
    NotAUrl {
        /// The argument.
        given: String,
        /// The message of the parser.
        error: String,
    },
    /// A URL returned an error.
    UrlReturned {
        /// The URL.
        url: String,
        /// The status.
        status: String,
    },
    /// A URL does not answer.
    NoAnswer {
        /// The URL.
        url: String,
        /// The message of the client.
        error: String,
    },
    /// A URL does not answer in time.
    NoAnswerWithin {
        /// The URL.
        url: String,
        /// The limit.
        seconds: u64,
    },
    /// A database was not filled.
    NotFilled {
        /// The file or the masked URL.
        place: String,
        /// The reason, in the same language.
        reason: String,
    },
    /// A database is not new.
    AlreadyExists {
        /// The file or the masked URL.
        place: String,
    },
    /// The output cannot be written.
    OutputFailed {
        /// The message of the operating system.
        error: String,
    },
    /// Threads cannot be started.
    ThreadsFailed {
        /// The message of the operating system.
        error: String,
    },
    /// Spans cannot be exported.
    SpansFailed {
        /// The message of the library.
        error: String,
    },
    /// Signals cannot be caught.
    SignalsFailed {
        /// The message of the operating system.
        error: String,
    },
}

impl OperatorText {
    /// Returns the text, which begins with a small letter and has no full stop at its end.
    #[must_use]
    pub fn text(&self, locale: Locale) -> String {
        catalogue::text("operator", self, locale)
    }

    /// Returns the message of a system or a library.
    #[must_use]
    pub fn system(error: &impl ToString) -> Self {
        Self::SystemError { error: error.to_string() }
    }
}
