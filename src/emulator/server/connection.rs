//! Connections that a handler can reset.
//!
//! Each connection comes with a [`ConnectionHandle`], which the requests on it carry. Once a handler
//! has cut it, nothing more is written, and the connection ends with a TCP reset.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep_until};

use crate::lock::lock;

/// How long a caller may take to read the next part of an answer.
const STALL_TIME: Duration = Duration::from_secs(60);

/// A handler's means to end the connection of its request.
#[derive(Clone, Debug, Default)]
pub(crate) struct ConnectionHandle(Arc<ConnectionEnd>);

#[derive(Debug, Default)]
struct ConnectionEnd {
    is_cut: AtomicBool,
    /// Time by which the answer that is being written has to be read.
    due: Mutex<Option<Instant>>,
}

impl ConnectionHandle {
    /// Ends the connection with a reset, before anything more is written.
    pub(crate) fn cut(&self) {
        self.0.is_cut.store(true, Ordering::Release);
    }

    pub(crate) fn is_cut(&self) -> bool {
        self.0.is_cut.load(Ordering::Acquire)
    }

    /// Ends the connection when it waits for its reader at this time, or sets it no such time.
    pub(crate) fn set_due(&self, time: Option<Instant>) {
        *lock(&self.0.due) = time;
    }

    fn due(&self) -> Option<Instant> {
        *lock(&self.0.due)
    }
}

/// A connection that can be cut, and ends when nobody reads what is written.
#[derive(Debug)]
pub(crate) struct ConnectionStream {
    stream: TcpStream,
    connection: ConnectionHandle,
    /// Runs while a write has to wait.
    stalled: Option<Pin<Box<Sleep>>>,
}

impl ConnectionStream {
    pub(crate) fn new(stream: TcpStream, connection: ConnectionHandle) -> Self {
        Self {
            stream,
            connection,
            stalled: None,
        }
    }

    /// The stream below, unless it is cut.
    fn whole(&mut self) -> io::Result<Pin<&mut TcpStream>> {
        if self.connection.is_cut() {
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        Ok(Pin::new(&mut self.stream))
    }

    /// A write, which fails when it has to wait for too long.
    fn poll_in_time(
        &mut self,
        context: &mut Context<'_>,
        write: impl FnOnce(Pin<&mut TcpStream>, &mut Context<'_>) -> Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        let written = write(self.whole()?, context);
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let stalls = Instant::now() + STALL_TIME;
        let ends = self.connection.due().map_or(stalls, |due| due.min(stalls));
        let stalled = self
            .stalled
            .get_or_insert_with(|| Box::pin(sleep_until(ends)));
        ready!(stalled.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl Drop for ConnectionStream {
    fn drop(&mut self) {
        if self.connection.is_cut() {
            // Closing sends a reset then; where that fails, the caller sees an early end instead.
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for ConnectionStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for ConnectionStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.poll_in_time(context, |stream, context| stream.poll_write(context, bytes))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.poll_in_time(context, |stream, context| {
            stream.poll_write_vectored(context, bytes)
        })
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.whole()?.poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        // A shutdown would say goodbye before the reset.
        self.whole()?.poll_shutdown(context)
    }
}
