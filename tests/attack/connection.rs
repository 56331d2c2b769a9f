//! Sends a case over a new connection and reads the answer.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::net::tcp::OwnedReadHalf;

use super::answer::Answer;
use super::case::Exchange;
use super::{http2, websocket};

/// Sends the bytes and returns the answer. It waits as long as the server keeps the connection
/// open without an answer.
pub(crate) async fn exchange(address: SocketAddr, exchange: &Exchange) -> Answer {
    let stream = TcpStream::connect(address).await.expect("the server accepts connections");
    let (read, mut write) = stream.into_split();
    let parts: Vec<&[u8]> = match exchange {
        Exchange::Http(bytes) => vec![bytes],
        Exchange::WebSocket { handshake, frames, .. } => {
            [handshake].into_iter().chain(frames).map(Vec::as_slice).collect()
        }
        Exchange::Http2(frames) => vec![http2::PREFACE, frames],
    };
    let send = async {
        for part in parts {
            // A server may refuse before it has read everything.
            if write.write_all(part).await.is_err() {
                break;
            }
        }
        // Held until the answer is there: a closed half would end the request.
        write
    };
    let (_write, received) = tokio::join!(send, receive(read, exchange));
    received
}

/// Reads until the answer is complete or the connection ends.
async fn receive(mut read: OwnedReadHalf, exchange: &Exchange) -> Answer {
    let mut received = Vec::new();
    let mut buffer = vec![0; 64 * 1_024];
    while let Ok(count @ 1..) = read.read(&mut buffer).await {
        received.extend_from_slice(&buffer[..count]);
        let complete = match exchange {
            Exchange::Http(_) => None,
            Exchange::WebSocket { ends, .. } => websocket::answer_in(&received, *ends),
            Exchange::Http2(_) => http2::answer_in(&received),
        };
        if let Some(answer) = complete {
            return answer;
        }
    }
    Answer::from_http(&received)
}
