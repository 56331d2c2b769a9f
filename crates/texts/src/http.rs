//! The errors of HTTP.

use crate::catalogue;
use caunoi_domain::locale::Locale;
use serde::Serialize;
use strum::{EnumDiscriminants, VariantArray};

/// An error of HTTP.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, EnumDiscriminants)]
#[strum_discriminants(name(HttpTextKind), derive(VariantArray), vis(pub(crate)))]
#[serde(rename_all = "kebab-case")]
pub enum HttpText {
    /// `Authorization` is not one bearer token.
    TokenNotBearer,
    /// The token has expired.
    TokenExpired,
    /// The token is not valid yet.
    TokenEarly,
    /// The token is not accepted.
    TokenForeign,
    /// The keys of the token's issuer are not known.
    TokenKeysUnavailable,
    /// The token was revoked.
    TokenRevoked,
    /// The API key may not be used from this address.
    TokenWrongNetwork,
    /// The request needs a token.
    TokenRequired,
    /// The database does not answer.
    Unavailable,
    /// The server has more work than it can do.
    Overloaded,
    /// The header of uploads is missing.
    UploadHeader,
    /// The caller may not upload files.
    UploadForbidden,
    /// The name of an uploaded file is missing or invalid.
    UploadName {
        /// The limit in characters.
        most: usize,
    },
    /// Files of this type are not stored.
    UploadType,
    /// The handler failed.
    Internal,
    /// The path is unknown.
    NotFound,
    /// The path has no such method.
    MethodNotAllowed,
    /// The client accepts no media type of responses.
    NotAcceptable,
    /// The body is too large.
    BodyTooLarge,
    /// The body is incomplete.
    BodyIncomplete,
    /// The body did not arrive in time.
    BodySlow,
    /// The body is compressed.
    BodyCompressed,
    /// The content type of the body is not JSON in UTF-8.
    BodyNotJson,
    /// The body is not one JSON object.
    BodyNotObject,
    /// The body is a batch.
    NoBatches,
    /// The network of the client is blocked.
    AddressBlocked,
    /// The address has its maximum of connections.
    TooManyConnections,
    /// The payer has spent its quota of cost.
    RateLimited {
        /// The time until it can pay, in seconds.
        seconds: u64,
    },
    /// The connection has too many unread responses.
    TooManyUnread,
    /// The URI is too long.
    AddressTooLong,
    /// The headers are too large.
    HeadersTooLarge,
    /// The request names no host or several ones.
    HostAmbiguous,
    /// The request is not a WebSocket handshake.
    NotAHandshake,
    /// The sub-protocol is not `graphql-transport-ws`.
    SubProtocol,
    /// The origin may not open a WebSocket.
    OriginNotAllowed,
    /// The URI is invalid.
    UriInvalid,
    /// A parameter occurs twice.
    ParameterTwice,
    /// `variables` or `extensions` are not JSON.
    ParametersNotJson,
    /// `query` is not a string.
    QueryNotText,
    /// `documentId` is not a string.
    DocumentIdNotText,
    /// `extensions.persistedQuery` is not of version 1 with a hash.
    PersistedQueryInvalid,
    /// `operationName` is not a string.
    OperationNameNotText,
    /// `variables` or `extensions` are not objects.
    ParametersNotObjects,
    /// A value of a feed parameter is empty.
    FeedValueEmpty {
        /// The parameter.
        name: String,
    },
    /// A feed parameter occurs twice.
    FeedParameterTwice {
        /// The parameter.
        name: String,
    },
    /// The language of the feed is unknown.
    FeedLocale,
    /// The size of the feed is not a number.
    FeedSize,
    /// A feed parameter is unknown.
    FeedParameterUnknown {
        /// The parameter.
        name: String,
        /// The known parameters.
        known: String,
    },
}

impl HttpText {
    /// Returns the text.
    #[must_use]
    pub fn text(&self, locale: Locale) -> String {
        catalogue::text("http", self, locale)
    }
}
