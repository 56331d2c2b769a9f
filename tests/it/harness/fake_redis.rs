//! A Redis with selectable failures: it works, hangs, returns junk, or disconnects. It supports
//! the commands of the program: `GETRANGE`, `SET`, `SUBSCRIBE`, `PUBLISH`.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// The behavior of a fake Redis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RedisBehavior {
    /// It works normally.
    Healthy,
    /// It answers no command until its behavior changes.
    Hanging,
    /// It returns junk for every key.
    Junk,
    /// It speaks another protocol.
    WrongProtocol,
    /// It refuses writes because its memory is full.
    Full,
    /// It closes every connection.
    Broken,
}

#[derive(Default)]
struct FakeRedisState {
    values: HashMap<Vec<u8>, Vec<u8>>,
    gets: u64,
}

/// A running fake Redis. It stops when dropped.
pub(crate) struct FakeRedis {
    address: SocketAddr,
    behavior: watch::Sender<RedisBehavior>,
    state: Arc<Mutex<FakeRedisState>>,
    sets: watch::Sender<u64>,
    serving: JoinHandle<()>,
}

impl FakeRedis {
    /// Starts one that works normally.
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (behavior, sets, state) =
            (watch::Sender::new(RedisBehavior::Healthy), watch::Sender::new(0), Arc::default());
        let serving = {
            let (behavior, sets, state) = (behavior.clone(), sets.clone(), Arc::clone(&state));
            tokio::spawn(async move {
                while let Ok((stream, _)) = listener.accept().await {
                    let (behavior, sets, state) = (behavior.clone(), sets.clone(), Arc::clone(&state));
                    tokio::spawn(async move { converse(stream, &behavior, &sets, &state).await });
                }
            })
        };
        Self { address, behavior, state, sets, serving }
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://{}", self.address)
    }

    pub(crate) fn set_behavior(&self, behavior: RedisBehavior) {
        self.behavior.send_replace(behavior);
    }

    /// Deletes all values.
    pub(crate) fn flush(&self) {
        self.state.lock().expect("no panic").values.clear();
    }

    /// Returns the number of reads.
    pub(crate) fn gets(&self) -> u64 {
        self.state.lock().expect("no panic").gets
    }

    /// Waits until this number of values were written since the start.
    pub(crate) async fn wait_for_sets(&self, count: u64) {
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
    behavior: &watch::Sender<RedisBehavior>,
    sets: &watch::Sender<u64>,
    state: &Mutex<FakeRedisState>,
) -> Option<()> {
    let (read, mut write) = stream.into_split();
    let mut read = BufReader::new(read);
    loop {
        let command = next(&mut read).await?;
        let name = command.first()?.to_ascii_uppercase();
        let current =
            *behavior.subscribe().wait_for(|behavior| *behavior != RedisBehavior::Hanging).await.ok()?;
        let bulk = |value: &[u8]| [format!("${}\r\n", value.len()).as_bytes(), value, b"\r\n"].concat();
        let reply = match (current, name.as_slice(), &command[1..]) {
            (RedisBehavior::Broken, ..) => return None,
            (RedisBehavior::WrongProtocol, ..) => b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec(),
            (RedisBehavior::Full, b"SET", _) => {
                b"-OOM command not allowed when used memory > 'maxmemory'.\r\n".to_vec()
            }
            // The program always reads from the first byte.
            (_, b"GETRANGE", [key, start, last]) => {
                assert_eq!(start.as_slice(), b"0");
                let most = String::from_utf8_lossy(last).parse::<usize>().expect("a number") + 1;
                let mut state = state.lock().expect("no panic");
                state.gets += 1;
                match (current, state.values.get(key)) {
                    (RedisBehavior::Junk, _) => bulk(&[0x07; 900]),
                    (_, Some(value)) => bulk(&value[..value.len().min(most)]),
                    (_, None) => bulk(b""),
                }
            }
            (_, b"SET", [key, value, ..]) => {
                state.lock().expect("no panic").values.insert(key.clone(), value.clone());
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

/// Reads the next command as its parts.
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

/// Reads a line of a type byte and a number.
async fn number(read: &mut (impl AsyncBufReadExt + Unpin), sign: u8) -> Option<usize> {
    let mut line = Vec::new();
    read.read_until(b'\n', &mut line).await.ok()?;
    let (first, digits) = line.split_first()?;
    (*first == sign).then(|| std::str::from_utf8(digits).ok()?.trim().parse().ok())?
}
