//! Many pages, some of them at once.

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Pages that are opened at once.
const AT_ONCE: usize = 32;

/// Opens so many; all of them, in no order.
pub(crate) async fn opened<T, F>(count: usize, open: impl Fn() -> F) -> anyhow::Result<Vec<T>>
where
    T: Send + 'static,
    F: Future<Output = anyhow::Result<T>> + Send + 'static,
{
    let (places, mut opening) = (Arc::new(Semaphore::new(AT_ONCE)), JoinSet::new());
    for _ in 0..count {
        let (places, page) = (places.clone(), open());
        opening.spawn(async move {
            let _place = places.acquire().await?;
            page.await
        });
    }
    let mut pages = Vec::with_capacity(count);
    while let Some(page) = opening.join_next().await {
        pages.push(page??);
    }
    Ok(pages)
}
