//! Stores on a real disk, and on one that fails as it is told to.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;

use super::{
    CommitError, Entry, FileStore, KvError, MAX_COUNT, MAX_KEY_BYTES, MAX_PAGE, MAX_PAGE_BYTES,
    MAX_TRANSACTION_BYTES, MAX_VALUE_BYTES, MAX_WRITES, Page, Range, Store, Transaction,
};

mod disk;
mod faults;

const MIB: u64 = 1024 * 1024;

/// A store of its own, and its folder.
fn store() -> (FileStore, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    (opened(folder.path()), folder)
}

fn opened(folder: &Path) -> FileStore {
    FileStore::open(folder, "acme", 64 * MIB).unwrap()
}

fn put(key: &str, value: &str) -> Transaction {
    let mut transaction = Transaction::default();
    transaction.put(key, value.into(), None).unwrap();
    transaction
}

fn text(value: Option<Vec<u8>>) -> Option<String> {
    value.map(|value| String::from_utf8(value).unwrap())
}

fn all(prefix: &str) -> Range<'_> {
    Range::new(prefix, None, MAX_PAGE).unwrap()
}

#[tokio::test]
async fn what_was_committed_is_there_after_the_store_was_opened_again() {
    let (store, folder) = store();
    store.commit(put("a", "1")).await.unwrap();
    let mut transaction = put("b", "2");
    transaction.delete("a").unwrap();
    store.commit(transaction).await.unwrap();
    drop(store);
    let store = opened(folder.path());
    assert_eq!((store.get("a").unwrap(), text(store.get("b").unwrap())), (None, Some("2".to_owned())));
}

#[tokio::test]
async fn a_transaction_reads_its_own_writes_and_nobody_else_does_before_it_is_committed() {
    let (store, _folder) = store();
    for key in ["a/1", "a/2", "a/4", "b/1"] {
        store.commit(put(key, "old")).await.unwrap();
    }
    let mut transaction = Transaction::default();
    transaction.put("a/3", b"new".into(), None).unwrap();
    transaction.put("a/4", b"new".into(), Some(60)).unwrap();
    transaction.delete("a/1").unwrap();
    assert_eq!(transaction.get(&store, "a/1"), Ok(None));
    assert_eq!(transaction.get(&store, "a/2"), Ok(Some(b"old".into())));
    assert_eq!(transaction.get(&store, "a/3"), Ok(Some(b"new".into())));
    let keys = |after, limit| {
        let page = transaction.keys(&store, Range::new("a/", after, limit).unwrap()).unwrap();
        (page.items, page.next)
    };
    let named = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    assert_eq!(keys(None, 10), (named(&["a/2", "a/3", "a/4"]), None));
    // One of the two that are stored is deleted: the page is shorter than it may be, and says where it ends.
    assert_eq!(keys(None, 2), (named(&["a/2"]), Some("a/2".to_owned())));
    assert_eq!(keys(Some("a/2"), 1), (named(&["a/3"]), Some("a/3".to_owned())));
    assert_eq!(keys(Some("a/3"), 1), (named(&["a/4"]), None));
    let entry = |key: &str, value: &str| Entry { key: key.to_owned(), value: value.into() };
    let entries = transaction.entries(&store, all("a/")).unwrap();
    let expected = vec![entry("a/2", "old"), entry("a/3", "new"), entry("a/4", "new")];
    assert_eq!(entries, Page { items: expected.clone(), next: None });
    assert_eq!(store.entries(all("a/")).unwrap().items.len(), 3);
    assert_eq!(text(store.get("a/1").unwrap()).as_deref(), Some("old"));
    store.commit(transaction).await.unwrap();
    assert_eq!(store.entries(all("a/")).unwrap().items, expected);
}

#[tokio::test]
async fn pages_come_one_after_another_whatever_is_asked_for() {
    let (store, _folder) = store();
    let keys: Vec<String> = (0..25).map(|number| format!("k{number:02}")).collect();
    for key in &keys {
        store.commit(put(key, key)).await.unwrap();
    }
    store.commit(put("l", "another")).await.unwrap();
    for limit in [1, 7, 24, 25, 26, 1_000] {
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let page = store.keys(Range::new("k", after.as_deref(), limit).unwrap()).unwrap();
            assert!(page.items.len() <= limit);
            found.extend(page.items);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(found, keys, "{limit}");
    }
    assert_eq!(store.keys(Range::new("k", Some("a"), 1).unwrap()).unwrap().items, ["k00"]);
    assert_eq!(store.keys(Range::new("k", Some("l"), 9).unwrap()).unwrap().items, [""; 0]);
    assert_eq!(store.keys(all("")).unwrap().items.len(), 26);
}

#[tokio::test]
async fn a_page_has_so_many_bytes_and_no_more() {
    let (store, _folder) = store();
    let value = "x".repeat(MAX_VALUE_BYTES);
    for key in 1..=5 {
        store.commit(put(&format!("k{key}"), &value)).await.unwrap();
    }
    let page = store.entries(all("k")).unwrap();
    assert_eq!((page.items.len(), page.next.as_deref()), (MAX_PAGE_BYTES / MAX_VALUE_BYTES - 1, Some("k3")));
    let page = store.entries(Range::new("k", page.next.as_deref(), 9).unwrap()).unwrap();
    assert_eq!((page.items.len(), page.next), (2, None));
}

#[tokio::test]
async fn what_was_expected_and_is_not_there_is_a_conflict_and_nothing_is_written() {
    let (store, _folder) = store();
    let attempt = |expected: Option<&str>, value: &str| {
        let mut transaction = put("log", value);
        transaction.expect(&store, "seat", expected.map(Into::into)).unwrap();
        transaction.put("seat", value.into(), None).unwrap();
        transaction
    };
    store.commit(attempt(None, "ann")).await.unwrap();
    let conflict = Err(CommitError::Conflict { key: "seat".into() });
    assert_eq!(store.commit(attempt(None, "bob")).await, conflict);
    assert_eq!(store.commit(attempt(Some("cid"), "bob")).await, conflict);
    assert_eq!(text(store.get("log").unwrap()).as_deref(), Some("ann"));
    store.commit(attempt(Some("ann"), "bob")).await.unwrap();
    assert_eq!(text(store.get("log").unwrap()).as_deref(), Some("bob"));
    let mut only_expects = Transaction::default();
    only_expects.expect(&store, "seat", None).unwrap();
    assert_eq!(store.commit(only_expects).await, conflict);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_expect_the_same_one_is_first_and_increments_add_up() {
    let (store, _folder) = store();
    let store = Arc::new(store);
    let tasks: Vec<_> = (0..200)
        .map(|number| {
            let store = store.clone();
            tokio::spawn(async move {
                let mut claim = Transaction::default();
                claim.expect(&*store, "seat", None).unwrap();
                claim.put("seat", number.to_string().into(), None).unwrap();
                let mut count = Transaction::default();
                count.increment(&*store, "count", 2).unwrap();
                (store.commit(claim).await.is_ok(), store.commit(count).await.unwrap())
            })
        })
        .collect();
    let mut winners = 0;
    for task in tasks {
        winners += usize::from(task.await.unwrap().0);
    }
    assert_eq!((winners, text(store.get("count").unwrap()).as_deref()), (1, Some("400")));
}

#[tokio::test]
async fn a_counter_counts_from_what_is_there_and_only_whole_numbers() {
    let (store, _folder) = store();
    let mut transaction = Transaction::default();
    assert_eq!(transaction.increment(&store, "n", 2), Ok(2));
    assert_eq!(transaction.increment(&store, "n", -5), Ok(-3));
    assert_eq!(text(transaction.get(&store, "n").unwrap()).as_deref(), Some("-3"));
    transaction.put("m", b"40".into(), None).unwrap();
    assert_eq!(transaction.increment(&store, "m", 2), Ok(42));
    transaction.delete("m").unwrap();
    assert_eq!(transaction.increment(&store, "m", 1), Ok(1));
    store.commit(transaction).await.unwrap();
    assert_eq!(text(store.get("m").unwrap()).as_deref(), Some("1"));
    store.commit(put("text", "1.5")).await.unwrap();
    store.commit(put("most", &MAX_COUNT.to_string())).await.unwrap();
    let mut transaction = Transaction::default();
    assert_eq!(transaction.increment(&store, "text", 1), Err(KvError::NotANumber { key: "text".into() }));
    let beyond = KvError::Count { key: "most".into(), count: MAX_COUNT + 1 };
    assert_eq!(transaction.increment(&store, "most", 1), Err(beyond));
    assert_eq!(transaction.increment(&store, "most", -1), Ok(MAX_COUNT - 1));
    // What others have done in the meantime counts, and is not made worse.
    store.commit(put("most", "no number")).await.unwrap();
    let not_a_number = CommitError::Count(KvError::NotANumber { key: "most".into() });
    assert_eq!(store.commit(transaction).await, Err(not_a_number));
}

#[tokio::test]
async fn what_is_forgotten_is_gone_at_once_and_its_room_soon() {
    let (store, folder) = store();
    let mut transaction = Transaction::default();
    for number in 0..200 {
        transaction.put(&format!("short/{number}"), vec![0; 100], Some(1)).unwrap();
    }
    transaction.put("short/kept", b"1".into(), Some(60)).unwrap();
    transaction.put("count", b"7".into(), Some(1)).unwrap();
    store.commit(transaction).await.unwrap();
    // A value that is put again is not forgotten with the former one, and a count keeps its time.
    let mut transaction = put("short/0", "again");
    transaction.increment(&store, "count", 1).unwrap();
    store.commit(transaction).await.unwrap();
    assert_eq!(store.keys(all("short/")).unwrap().items.len(), 201);
    tokio::time::sleep(Duration::from_millis(1_050)).await;
    assert_eq!(store.keys(all("short/")).unwrap().items, ["short/0", "short/kept"]);
    assert_eq!((store.get("short/1"), store.get("count")), (Ok(None), Ok(None)));
    let mut transaction = Transaction::default();
    transaction.expect(&store, "short/1", None).unwrap();
    assert_eq!(transaction.increment(&store, "count", 1), Ok(1));
    store.commit(transaction).await.unwrap();
    drop(store);
    // Room for no more than what is left: the rest was swept.
    let store = FileStore::open(folder.path(), "acme", 290).unwrap();
    let full = store.commit(put("one more", "x")).await;
    assert_eq!(full, Err(CommitError::Full { bytes: 294, limit: 290 }));
}

#[tokio::test]
async fn a_store_that_is_full_takes_what_makes_it_smaller_and_is_written_again_then() {
    let folder = tempfile::tempdir().unwrap();
    let store = FileStore::open(folder.path(), "acme", MIB).unwrap();
    let value = "x".repeat(100_000);
    for key in 0..10 {
        store.commit(put(&key.to_string(), &value)).await.unwrap();
    }
    let bytes = 11 * (100_000 + 1 + 64);
    let full = Err(CommitError::Full { bytes, limit: MIB });
    assert_eq!(store.commit(put("a", &value)).await, full);
    assert_eq!(store.get("a"), Ok(None));
    let mut transaction = put("a", &value);
    transaction.delete("0").unwrap();
    store.commit(transaction).await.unwrap();
    assert!(store.get("a").unwrap().is_some());
}

#[tokio::test]
async fn what_is_expected_after_a_write_is_compared_with_it() {
    let (store, _folder) = store();
    let (one, two) = (Some(b"1".to_vec()), Some(b"2".to_vec()));
    let mut transaction = put("a", "1");
    transaction.expect(&store, "a", one.clone()).unwrap();
    transaction.increment(&store, "n", 2).unwrap();
    transaction.expect(&store, "n", two.clone()).unwrap();
    store.commit(transaction).await.unwrap();
    let mut transaction = put("a", "3");
    transaction.expect(&store, "a", one).unwrap();
    assert_eq!(store.commit(transaction).await, Err(CommitError::Conflict { key: "a".into() }));
    let mut transaction = Transaction::default();
    transaction.increment(&store, "n", 0).unwrap();
    transaction.expect(&store, "n", two).unwrap();
    store.commit(put("n", "5")).await.unwrap();
    assert_eq!(store.commit(transaction).await, Err(CommitError::Conflict { key: "n".into() }));
}

#[tokio::test]
async fn transactions_take_what_they_may_and_no_more() {
    let (store, _folder) = store();
    let key = "k".repeat(MAX_KEY_BYTES);
    let mut transaction = Transaction::default();
    transaction.put(&key, vec![0; MAX_VALUE_BYTES], Some(1)).unwrap();
    let bytes = MAX_KEY_BYTES + 1;
    for long in [String::new(), format!("{key}k")] {
        let refused = Err(KvError::Key { bytes: long.len() });
        assert_eq!(transaction.put(&long, Vec::new(), None), refused);
        assert_eq!(transaction.delete(&long), refused);
        assert_eq!(transaction.expect(&store, &long, None), refused);
    }
    assert_eq!(Range::new(&format!("{key}k"), None, 1), Err(KvError::Key { bytes }));
    assert_eq!(Range::new("", Some(&format!("{key}k")), 1), Err(KvError::Key { bytes }));
    for asked in [0, MAX_PAGE + 1] {
        assert_eq!(Range::new("", None, asked), Err(KvError::Page { asked }));
    }
    assert_eq!(transaction.put("a", Vec::new(), Some(0)), Err(KvError::Ttl { key: "a".into() }));
    let bytes = MAX_VALUE_BYTES + 1;
    let refused = KvError::Value { key: "a".into(), bytes };
    assert_eq!(transaction.put("a", vec![0; bytes], None), Err(refused));

    let mut many = Transaction::default();
    for number in 0..MAX_WRITES - 1 {
        many.put(&number.to_string(), Vec::new(), None).unwrap();
    }
    many.expect(&store, "elsewhere", None).unwrap();
    assert_eq!(many.put("one more", Vec::new(), None), Err(KvError::TooManyWrites));
    assert_eq!(many.expect(&store, "one more", None), Err(KvError::TooManyWrites));
    assert_eq!(many.put("0", b"again".into(), None), Ok(()), "that one is there already");

    let mut large = Transaction::default();
    let value = vec![0; MAX_VALUE_BYTES - 1];
    ["a", "b", "c", "d"].iter().for_each(|key| large.put(key, value.clone(), None).unwrap());
    let refused = KvError::TransactionTooLarge { bytes: MAX_TRANSACTION_BYTES + 1 };
    assert_eq!(large.delete("e"), Err(refused.clone()));
    assert_eq!(large.expect(&store, "e", None), Err(refused));
    large.put("a", Vec::new(), None).unwrap();
    large.put("e", vec![0; MAX_VALUE_BYTES - 2], None).unwrap();
}
