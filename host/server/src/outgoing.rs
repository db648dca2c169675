//! Frames on their way to one socket, bounded in number and in bytes: who has more to say waits until some were
//! written. Knows neither sockets nor what frames say.

use std::sync::Arc;

use tokio::sync::{Semaphore, mpsc, oneshot};

/// Frames that may wait.
const MAX_WAITING_FRAMES: usize = 64;
/// Bytes of frames that may wait; one that is larger waits alone.
const MAX_WAITING_BYTES: u32 = 2 * 1024 * 1024;

/// Where frames are put. Clones put them into the same queue.
#[derive(Clone)]
pub(crate) struct Outgoing {
    frames: mpsc::Sender<Box<Frame>>,
    room: Arc<Semaphore>,
}

/// Where they are taken from, by whoever writes them.
pub(crate) struct Waiting {
    frames: mpsc::Receiver<Box<Frame>>,
    room: Arc<Semaphore>,
}

/// A frame. A queue has room for many from the start, so it takes them in boxes.
pub(crate) struct Frame {
    pub(crate) text: Box<str>,
    /// To be dropped once it was written, which tells whoever watches.
    pub(crate) watched: Option<oneshot::Sender<()>>,
}

/// Tells that a frame was written, all of it, or that nobody writes any more.
pub(crate) struct Written(oneshot::Receiver<()>);

/// Nobody writes any more.
pub(crate) struct SocketGone;

impl Frame {
    /// One that nobody watches.
    pub(crate) fn new(text: Box<str>) -> Box<Self> {
        Box::new(Self { text, watched: None })
    }
}

impl Written {
    /// Waits for it. Cancel-safe.
    pub(crate) async fn wait(&mut self) {
        // Nothing is ever sent: the frame is dropped.
        let _ = (&mut self.0).await;
    }
}

/// A queue, empty.
pub(crate) fn queue() -> (Outgoing, Waiting) {
    let (sender, receiver) = mpsc::channel(MAX_WAITING_FRAMES);
    let room = Arc::new(Semaphore::new(usize::try_from(MAX_WAITING_BYTES).unwrap_or(Semaphore::MAX_PERMITS)));
    (Outgoing { frames: sender, room: room.clone() }, Waiting { frames: receiver, room })
}

/// The room that a frame takes.
fn room(frame: &str) -> u32 {
    u32::try_from(frame.len()).unwrap_or(u32::MAX).min(MAX_WAITING_BYTES)
}

impl Outgoing {
    /// Puts a frame into the queue; waits while it is full. Frames of one sender keep their order. Cancel-safe: dropped
    /// early, the frame is not sent.
    pub(crate) async fn send(&self, text: Box<str>) -> Result<(), SocketGone> {
        self.put(Frame::new(text)).await
    }

    /// The same, for whoever wants to know when it is written.
    pub(crate) async fn send_watched(&self, text: Box<str>) -> Result<Written, SocketGone> {
        let (watched, written) = oneshot::channel();
        self.put(Box::new(Frame { text, watched: Some(watched) })).await?;
        Ok(Written(written))
    }

    async fn put(&self, frame: Box<Frame>) -> Result<(), SocketGone> {
        let room = self.room.acquire_many(room(&frame.text)).await.map_err(|_| SocketGone)?;
        self.frames.send(frame).await.map_err(|_| SocketGone)?;
        // Given back when the frame is taken.
        room.forget();
        Ok(())
    }

    /// Puts a frame into the queue unless that is full; whether it did.
    pub(crate) fn try_send(&self, text: Box<str>) -> bool {
        let Ok(room) = self.room.try_acquire_many(room(&text)) else { return false };
        let is_sent = self.frames.try_send(Frame::new(text)).is_ok();
        if is_sent {
            room.forget();
        }
        is_sent
    }
}

impl Waiting {
    /// Takes a frame; `None` when no more can come. Cancel-safe.
    pub(crate) async fn recv(&mut self) -> Option<Box<Frame>> {
        let frame = self.frames.recv().await?;
        self.give_back(&frame.text);
        Some(frame)
    }

    /// Takes a frame that waits already.
    pub(crate) fn try_recv(&mut self) -> Option<Box<Frame>> {
        let frame = self.frames.try_recv().ok()?;
        self.give_back(&frame.text);
        Some(frame)
    }

    /// Nobody writes any more: whoever sends is told.
    pub(crate) fn close(&mut self) {
        self.room.close();
        self.frames.close();
    }

    fn give_back(&self, frame: &str) {
        self.room.add_permits(usize::try_from(room(frame)).unwrap_or_default());
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.close();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::{MAX_WAITING_BYTES, MAX_WAITING_FRAMES, Outgoing, queue};

    fn frame(bytes: usize) -> Box<str> {
        "x".repeat(bytes).into()
    }

    async fn must_wait(outgoing: &Outgoing, bytes: usize) {
        assert!(timeout(Duration::from_millis(20), outgoing.send(frame(bytes))).await.is_err());
        assert!(!outgoing.try_send(frame(bytes)));
    }

    #[tokio::test]
    async fn frames_wait_up_to_their_number_and_no_more() {
        let (outgoing, mut waiting) = queue();
        for _ in 0..MAX_WAITING_FRAMES {
            assert!(outgoing.try_send(frame(1)));
        }
        must_wait(&outgoing, 1).await;
        waiting.recv().await.unwrap();
        assert!(outgoing.try_send(frame(1)));
    }

    #[tokio::test]
    async fn frames_wait_up_to_their_bytes_and_no_more() {
        let (outgoing, mut waiting) = queue();
        let half = usize::try_from(MAX_WAITING_BYTES / 2).unwrap();
        assert!(outgoing.try_send(frame(half)) && outgoing.try_send(frame(half)), "exactly so many");
        must_wait(&outgoing, 1).await;
        assert_eq!(waiting.try_recv().unwrap().text.len(), half);
        assert!(outgoing.try_send(frame(half)));
        must_wait(&outgoing, 1).await;
        while waiting.try_recv().is_some() {}
        // One that is larger than all the room waits alone.
        assert!(outgoing.try_send(frame(3 * half)));
        must_wait(&outgoing, 1).await;
        assert_eq!(waiting.recv().await.unwrap().text.len(), 3 * half);
        assert!(outgoing.send(frame(2 * half)).await.is_ok(), "all the room is there again");
    }

    #[tokio::test]
    async fn who_waits_for_room_hears_that_the_socket_is_gone() {
        let (outgoing, waiting) = queue();
        assert!(outgoing.try_send(frame(usize::try_from(MAX_WAITING_BYTES).unwrap())));
        let sending = tokio::spawn({
            let outgoing = outgoing.clone();
            async move { outgoing.send(frame(1)).await.is_err() }
        });
        tokio::task::yield_now().await;
        drop(waiting);
        assert!(sending.await.unwrap());
        assert!(outgoing.send(frame(1)).await.is_err());
    }
}
