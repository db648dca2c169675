//! What the store costs: reads on the spot and with the worker's queue handed over, and commits alone and in groups.

#![allow(clippy::unwrap_used, reason = "a benchmark")]

use std::sync::Arc;

use divan::{Bencher, counter::ItemsCount};
use hothouse_services::kv::{FileStore, Range, Store as _, Transaction};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};
use tokio::task::{JoinSet, block_in_place};

/// Keys that are there.
const KEYS: usize = 10_000;

fn main() {
    divan::main();
}

fn store() -> (Arc<FileStore>, TempDir, Runtime) {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let store = Arc::new(FileStore::open(folder.path(), "bench", 1 << 30).unwrap());
    let runtime = Builder::new_multi_thread().worker_threads(2).build().unwrap();
    for group in 0..KEYS / 100 {
        let mut transaction = Transaction::default();
        (0..100).for_each(|number| transaction.put(&key(group * 100 + number), vec![7; 200], None).unwrap());
        runtime.block_on(store.commit(transaction)).unwrap();
    }
    (store, folder, runtime)
}

fn key(number: usize) -> String {
    format!("todo/{number:06}")
}

/// A read by a worker, as a view's task makes it.
fn reads(bencher: Bencher<'_, '_>, read: impl Fn(&FileStore) + Send + Sync + Copy + 'static) {
    let (store, _folder, runtime) = store();
    bencher.bench(|| {
        let store = store.clone();
        runtime.block_on(async {
            tokio::spawn(async move { (0..100).for_each(|_| read(&store)) }).await.unwrap()
        });
    });
}

#[divan::bench]
fn hundred_gets_on_the_spot(bencher: Bencher<'_, '_>) {
    reads(bencher.counter(ItemsCount::new(100_usize)), |store| drop(store.get("todo/004242").unwrap()));
}

#[divan::bench]
fn hundred_gets_handed_over(bencher: Bencher<'_, '_>) {
    reads(bencher.counter(ItemsCount::new(100_usize)), |store| {
        block_in_place(|| drop(store.get("todo/004242").unwrap()));
    });
}

#[divan::bench]
fn hundred_pages_of_20_handed_over(bencher: Bencher<'_, '_>) {
    reads(bencher.counter(ItemsCount::new(100_usize)), |store| {
        block_in_place(|| drop(store.entries(Range::new("todo/0042", None, 20).unwrap()).unwrap()));
    });
}

/// Commits of so many views at once, each with one write of 200 bytes.
#[divan::bench(args = [1, 16, 256, 1_000])]
fn commits_at_once(bencher: Bencher<'_, '_>, views: usize) {
    let (store, _folder, runtime) = store();
    bencher.counter(ItemsCount::new(views)).bench(|| {
        runtime.block_on(async {
            let mut all = JoinSet::new();
            for view in 0..views {
                let store = store.clone();
                all.spawn(async move {
                    let mut transaction = Transaction::default();
                    transaction.put(&key(view), vec![7; 200], None).unwrap();
                    store.commit(transaction).await.unwrap();
                });
            }
            all.join_all().await;
        });
    });
}
