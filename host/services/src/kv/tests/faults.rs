//! Crashes, full and broken disks, damaged and foreign files.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use super::super::file::open_database;
use super::disk::{Disk, Operation};
use super::{CommitError, FileStore, KvError, MIB, Store, Transaction, opened, put, store, text};

fn on(disk: &Disk) -> FileStore {
    let disk = disk.clone();
    FileStore::open_by("disk".into(), 64 * MIB, move || open_database(disk.clone())).unwrap()
}

/// Two keys that are always written together.
fn pair(number: usize) -> Transaction {
    let value = format!("{number} {}", "x".repeat(number * 37 % 5_000));
    let mut pair = put("left", &value);
    pair.put("right", value.clone().into(), None).unwrap();
    pair.put(&format!("n/{number}"), value.into(), None).unwrap();
    pair
}

fn number(value: &Option<String>) -> usize {
    value.as_deref().map_or(0, |value| value.split(' ').next().unwrap().parse().unwrap())
}

/// What is there after a crash is all of one transaction and of those before it, and at least what was acknowledged.
fn holds(disk: &Disk, acknowledged: usize, what: &str) {
    let store = on(disk);
    let (left, right) = (text(store.get("left").unwrap()), text(store.get("right").unwrap()));
    assert_eq!(left, right, "{what}");
    let last = number(&left);
    assert!(last >= acknowledged, "{what}: {acknowledged} was acknowledged, {last} is there");
    for number in 1..=last {
        assert!(
            store.get(&format!("n/{number}")).unwrap().is_some(),
            "{what}: {number} of {last} is missing"
        );
    }
}

#[tokio::test]
async fn whenever_it_crashes_what_was_acknowledged_is_there_and_nothing_by_halves() {
    let disk = Disk::default();
    let store = on(&disk);
    let mut acknowledged = vec![(disk.count(), 0)];
    for number in 1..=60 {
        store.commit(pair(number)).await.unwrap();
        acknowledged.push((disk.count(), number));
    }
    let began = acknowledged[0].0;
    let operations = disk.operations();
    drop(store);
    let acknowledged_at = |count: usize| {
        acknowledged.iter().rev().find(|(at, _)| *at <= count).map_or(0, |(_, number)| *number)
    };
    for count in began..operations.len() {
        // The process is killed: what was written stays.
        let happened = &operations[..count];
        holds(&Disk::after(happened), acknowledged_at(count), &format!("killed after {count}"));
        // The machine goes down: of what was not waited for, something stays and something not.
        let synced = happened
            .iter()
            .rposition(|operation| matches!(operation, Operation::Synced))
            .map_or(0, |at| at + 1);
        let survives = |at: usize| {
            at < synced || matches!(happened[at], Operation::Length(_)) || !(at * 7 + count).is_multiple_of(3)
        };
        let left: Vec<_> = (0..count).filter(|at| survives(*at)).map(|at| happened[at].clone()).collect();
        holds(&Disk::after(&left), acknowledged_at(count), &format!("down after {count}"));
    }
}

/// Commits until it is refused; the numbers that were taken.
async fn fill(store: &FileStore, first: usize) -> usize {
    for number in first.. {
        let mut transaction = pair(number);
        transaction.put(&format!("large/{number}"), vec![1; 200_000], None).unwrap();
        match store.commit(transaction).await {
            Ok(()) => {}
            Err(error) => {
                assert_eq!(error, CommitError::Unavailable);
                return number;
            }
        }
    }
    unreachable!()
}

async fn works_again(store: &FileStore, number: usize) {
    let began = Instant::now();
    while store.commit(pair(number)).await.is_err() {
        assert!(began.elapsed() < Duration::from_secs(5), "it is not tried again");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_disk_that_is_full_loses_nothing_and_is_written_again_once_there_is_room() {
    let disk = Disk::default();
    let store = on(&disk);
    store.commit(pair(1)).await.unwrap();
    disk.fill();
    let refused = fill(&store, 2).await;
    assert_eq!(number(&text(store.get("left").unwrap())), refused - 1, "reads go on");
    assert_eq!(store.commit(pair(refused)).await, Err(CommitError::Unavailable), "it rests");
    disk.empty();
    works_again(&store, refused).await;
    assert!(fill_for(&store, refused + 1).await, "as before");
    drop(store);
    holds(&disk, refused, "afterwards");
}

async fn fill_for(store: &FileStore, number: usize) -> bool {
    let mut transaction = pair(number);
    transaction.put("large", vec![1; 200_000], None).unwrap();
    store.commit(transaction).await.is_ok()
}

#[tokio::test]
async fn a_disk_that_breaks_is_opened_again_when_it_works_again() {
    let disk = Disk::default();
    let store = on(&disk);
    store.commit(pair(1)).await.unwrap();
    disk.breaks(true);
    assert_eq!(store.commit(pair(2)).await, Err(CommitError::Unavailable));
    assert_eq!(store.get("left"), Err(KvError::Unavailable), "what cannot be put in order is not read");
    disk.breaks(false);
    let began = Instant::now();
    while store.get("left").is_err() {
        assert!(began.elapsed() < Duration::from_secs(5), "nobody has to write for it");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(number(&text(store.get("left").unwrap())), 1);
    works_again(&store, 2).await;
}

#[tokio::test]
async fn what_waits_has_so_many_bytes_and_what_is_more_is_refused() {
    let (store, _folder) = store();
    let store = Arc::new(store);
    let large = |key: usize| {
        let mut transaction = Transaction::default();
        (0..4).for_each(|part| transaction.put(&format!("{key}/{part}"), vec![0; 250_000], None).unwrap());
        transaction
    };
    let mut all = JoinSet::new();
    for key in 0..40 {
        let (store, transaction) = (store.clone(), large(key));
        all.spawn(async move { store.commit(transaction).await });
    }
    let outcomes = all.join_all().await;
    let refused = outcomes.iter().filter(|outcome| **outcome == Err(CommitError::Busy)).count();
    let written = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    assert!(refused > 0 && written >= 16 && written + refused == 40, "{outcomes:?}");
    store.commit(large(0)).await.unwrap();
}

#[tokio::test]
async fn a_file_that_another_server_has_open_is_left_alone() {
    let (store, folder) = store();
    store.commit(put("a", "1")).await.unwrap();
    let error = FileStore::open(folder.path(), "acme", MIB).unwrap_err().to_string();
    assert!(error.contains("acme.redb: another server has it open"), "{error}");
    store.commit(put("b", "2")).await.unwrap();
    FileStore::open(folder.path(), "other", MIB).unwrap();
}

#[test]
fn a_file_that_is_no_store_is_refused_and_left_as_it_is() {
    for (content, said) in
        [(&b"todo: water the palms"[..], "it is no store"), (&[0; 5_000], "it is no store")]
    {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("acme.redb");
        std::fs::write(&file, content).unwrap();
        let error = FileStore::open(folder.path(), "acme", MIB).unwrap_err().to_string();
        assert!(error.contains("acme.redb") && error.contains(said), "{error}");
        assert_eq!(std::fs::read(&file).unwrap(), content);
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("acme.redb");
    let other = redb::Database::create(&file).unwrap();
    let transaction = other.begin_write().unwrap();
    transaction.open_table(redb::TableDefinition::<&str, &str>::new("about")).unwrap();
    transaction.commit().unwrap();
    drop(other);
    let before = std::fs::read(&file).unwrap();
    let error = FileStore::open(folder.path(), "acme", MIB).unwrap_err().to_string();
    assert!(error.contains("it is no store"), "{error}");
    assert_eq!(std::fs::read(&file).unwrap().len(), before.len());
}

#[tokio::test]
async fn a_file_of_a_later_version_is_refused() {
    let (store, folder) = store();
    store.commit(put("a", "1")).await.unwrap();
    drop(store);
    let later = redb::Database::open(folder.path().join("acme.redb")).unwrap();
    let transaction = later.begin_write().unwrap();
    transaction
        .open_table(redb::TableDefinition::<&str, u64>::new("about"))
        .unwrap()
        .insert("format", 2)
        .unwrap();
    transaction.commit().unwrap();
    drop(later);
    let error = FileStore::open(folder.path(), "acme", MIB).unwrap_err().to_string();
    assert!(error.contains("another version") && error.contains("format 2"), "{error}");
}

#[tokio::test]
async fn a_damaged_file_is_refused_and_never_written_over_whatever_is_damaged() {
    let (store, folder) = store();
    for number in 1..=50 {
        store.commit(pair(number)).await.unwrap();
    }
    drop(store);
    let file = folder.path().join("acme.redb");
    let whole = std::fs::read(&file).unwrap();
    let mut refused = 0;
    for at in (0..whole.len()).step_by(whole.len() / 150) {
        let mut damaged = whole.clone();
        damaged.iter_mut().skip(at).take(64).for_each(|byte| *byte ^= 0x5a);
        std::fs::write(&file, &damaged).unwrap();
        match FileStore::open(folder.path(), "acme", MIB) {
            // Nobody had anything there, or it is the former of two copies.
            Ok(store) => {
                let all = (1..=50)
                    .all(|number| store.get(&format!("n/{number}")).is_ok_and(|value| value.is_some()));
                assert!(all, "damaged at {at} and opened, with something missing");
            }
            Err(error) => {
                let error = error.to_string();
                assert!(error.contains("acme.redb") && error.contains("move it away"), "{at}: {error}");
                refused += 1;
            }
        }
    }
    assert!(refused > 10, "{refused}");
    let mut short = whole.clone();
    short.truncate(whole.len() / 2);
    std::fs::write(&file, &short).unwrap();
    let error = FileStore::open(folder.path(), "acme", MIB).unwrap_err().to_string();
    assert!(error.contains("acme.redb"), "{error}");
    std::fs::write(&file, &whole).unwrap();
    assert!(opened(folder.path()).get("left").unwrap().is_some());
}

#[test]
fn a_folder_that_cannot_be_written_to_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let error = FileStore::open(&file.join("storage"), "acme", MIB).unwrap_err().to_string();
    assert!(error.contains("file/storage") && error.contains("folder"), "{error}");
}
