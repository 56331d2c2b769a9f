//! A Redis that does as it is told: it answers, hangs, talks junk, or breaks off. It knows what the
//! program needs: `GETRANGE`, `SET`, `SUBSCRIBE`, `PUBLISH`.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How it behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    /// As a good Redis does.
    Well,
    /// It answers no command before its mood changes.
    Hanging,
    /// It finds junk under every key.
    Junk,
    /// It speaks another protocol.
    Babel,
    /// It has no memory left to write.
    Full,
    /// It ends every conversation.
    Broken,
}

#[derive(Default)]
struct Held {
    values: HashMap<Vec<u8>, Vec<u8>>,
    gets: u64,
}

/// A running one. It ends when dropped.
pub(crate) struct FakeRedis {
    address: SocketAddr,
    mood: watch::Sender<Mood>,
    held: Arc<Mutex<Held>>,
    sets: watch::Sender<u64>,
    serving: JoinHandle<()>,
}

impl FakeRedis {
    /// One that feels well.
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (mood, sets, held) = (watch::Sender::new(Mood::Well), watch::Sender::new(0), Arc::default());
        let serving = {
            let (mood, sets, held) = (mood.clone(), sets.clone(), Arc::clone(&held));
            tokio::spawn(async move {
                while let Ok((stream, _)) = listener.accept().await {
                    let (mood, sets, held) = (mood.clone(), sets.clone(), Arc::clone(&held));
                    tokio::spawn(async move { converse(stream, &mood, &sets, &held).await });
                }
            })
        };
        Self { address, mood, held, sets, serving }
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://{}", self.address)
    }

    pub(crate) fn feel(&self, mood: Mood) {
        self.mood.send_replace(mood);
    }

    /// Forgets everything.
    pub(crate) fn flush(&self) {
        self.held.lock().expect("no panic").values.clear();
    }

    /// How often it was asked for a value.
    pub(crate) fn gets(&self) -> u64 {
        self.held.lock().expect("no panic").gets
    }

    /// Waits until so many values were handed over since the start.
    pub(crate) async fn has_set(&self, count: u64) {
        self.sets.subscribe().wait_for(|sets| *sets >= count).await.expect("it lives");
    }
}

impl Drop for FakeRedis {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn converse(
    stream: TcpStream,
    mood: &watch::Sender<Mood>,
    sets: &watch::Sender<u64>,
    held: &Mutex<Held>,
) -> Option<()> {
    let (read, mut write) = stream.into_split();
    let mut read = BufReader::new(read);
    loop {
        let command = next(&mut read).await?;
        let name = command.first()?.to_ascii_uppercase();
        let felt = *mood.subscribe().wait_for(|mood| *mood != Mood::Hanging).await.ok()?;
        let bulk = |value: &[u8]| [format!("${}\r\n", value.len()).as_bytes(), value, b"\r\n"].concat();
        let reply = match (felt, name.as_slice(), &command[1..]) {
            (Mood::Broken, ..) => return None,
            (Mood::Babel, ..) => b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec(),
            (Mood::Full, b"SET", _) => {
                b"-OOM command not allowed when used memory > 'maxmemory'.\r\n".to_vec()
            }
            // From the first byte, which is how the program asks.
            (_, b"GETRANGE", [key, start, last]) => {
                assert_eq!(start.as_slice(), b"0");
                let most = String::from_utf8_lossy(last).parse::<usize>().expect("a number") + 1;
                let mut held = held.lock().expect("no panic");
                held.gets += 1;
                match (felt, held.values.get(key)) {
                    (Mood::Junk, _) => bulk(&[0x07; 900]),
                    (_, Some(value)) => bulk(&value[..value.len().min(most)]),
                    (_, None) => bulk(b""),
                }
            }
            (_, b"SET", [key, value, ..]) => {
                held.lock().expect("no panic").values.insert(key.clone(), value.clone());
                b"+OK\r\n".to_vec()
            }
            (_, b"SUBSCRIBE", [channel, ..]) => {
                [b"*3\r\n$9\r\nsubscribe\r\n".as_slice(), &bulk(channel), b":1\r\n"].concat()
            }
            (_, b"PUBLISH", _) => b":0\r\n".to_vec(),
            _ => b"+OK\r\n".to_vec(),
        };
        write.write_all(&reply).await.ok()?;
        if name == b"SET" {
            sets.send_modify(|sets| *sets += 1);
        }
    }
}

/// The next command, in its parts.
async fn next(read: &mut (impl AsyncBufReadExt + Unpin)) -> Option<Vec<Vec<u8>>> {
    let count = number(read, b'*').await?;
    let mut parts = Vec::new();
    for _ in 0..count {
        let mut part = vec![0; number(read, b'$').await? + 2];
        read.read_exact(&mut part).await.ok()?;
        part.truncate(part.len() - 2);
        parts.push(part);
    }
    Some(parts)
}

/// A line of a sign and a number.
async fn number(read: &mut (impl AsyncBufReadExt + Unpin), sign: u8) -> Option<usize> {
    let mut line = Vec::new();
    read.read_until(b'\n', &mut line).await.ok()?;
    let (first, digits) = line.split_first()?;
    (*first == sign).then(|| std::str::from_utf8(digits).ok()?.trim().parse().ok())?
}
