//! One step at a time.

use serde_json::{Value, json};

use crate::bindings::hothouse::live::kv;
use crate::bindings::hothouse::live::types::{Announcement, Effect, Failure, FailureKind};
use crate::with;

/// Makes a step; what it was answered. A failure ends the callback with it.
pub fn make(step: &Value, effects: &mut Vec<Effect>) -> Result<Value, Failure> {
    let text = |index: usize| step[index].as_str().unwrap_or_default();
    let option = |index: usize| step[index].as_str();
    let number =
        |index: usize| step[index].as_u64().map_or(0, |number| u32::try_from(number).unwrap_or(u32::MAX));
    let size = |index: usize| usize::try_from(number(index)).unwrap_or(0);
    let ttl = |index: usize| step[index].is_u64().then(|| number(index));
    let answer = match text(0) {
        "get" => kv::get(text(1)).map(|value| value.map_or(Value::Null, |value| shown(&value))),
        "put" => kv::put(text(1), text(2).as_bytes(), ttl(3)).map(done),
        "put-bytes" => kv::put(text(1), &vec![b'x'; size(2)], ttl(3)).map(done),
        "put-many" => (0..size(2))
            .try_for_each(|index| kv::put(&format!("{}{index}", text(1)), &vec![b'x'; size(3)], ttl(4)))
            .map(done),
        "put-under-long-key" => kv::put(&"k".repeat(size(1)), b"", None).map(done),
        "delete" => kv::delete(text(1)).map(done),
        "increment" => {
            let by = step[2].as_i64().and_then(|by| i32::try_from(by).ok()).unwrap_or(1);
            kv::increment(text(1), by).map(Value::from)
        }
        "expect" => kv::expect(text(1), option(2).map(str::as_bytes)).map(done),
        "keys" => kv::keys(text(1), option(2), number(3)).map(|page| json!([page.keys, page.next])),
        "entries" => kv::entries(text(1), option(2), number(3)).map(|page| {
            let entries = page.entries.iter().map(|entry| json!([entry.key, shown(&entry.value)]));
            json!([entries.collect::<Vec<_>>(), page.next])
        }),
        "scan" => scan(text(1)).map(Value::from),
        "title" => {
            effects.push(Effect::Title(text(1).to_owned()));
            return Ok(Value::Bool(true));
        }
        "subscribe" => {
            effects.push(Effect::Subscribe(text(1).to_owned()));
            return Ok(Value::Bool(true));
        }
        "broadcast" => {
            effects.push(Effect::Broadcast(Announcement {
                topic: text(1).to_owned(),
                name: "changed".to_owned(),
                payload: "null".to_owned(),
                skip_self: false,
            }));
            return Ok(Value::Bool(true));
        }
        "on-conflict" | "on-render" | "on-published" => {
            let steps = step[1].as_array().cloned().unwrap_or_default();
            with(|state| match text(0) {
                "on-render" => state.on_render = steps,
                "on-published" => state.on_published = steps,
                _ => state.on_conflict = steps,
            });
            return Ok(Value::Bool(true));
        }
        "fail" => return Err(Failure { kind: FailureKind::Internal, message: "told to fail".to_owned() }),
        "trap" => panic!("told to trap"),
        "spin" => loop {
            std::hint::black_box(0);
        },
        other => {
            return Err(Failure { kind: FailureKind::BadInput, message: format!("no such step: {other}") });
        }
    };
    Ok(answer
        .unwrap_or_else(|failure| json!({ "failure": [format!("{:?}", failure.kind), failure.message] })))
}

fn done((): ()) -> Value {
    Value::Bool(true)
}

/// A short value as text, a long one as its length.
fn shown(value: &[u8]) -> Value {
    match value.len() {
        0..1_000 => String::from_utf8_lossy(value).into(),
        bytes => bytes.into(),
    }
}

/// How many keys begin so.
fn scan(prefix: &str) -> Result<usize, Failure> {
    let (mut count, mut after) = (0, None);
    loop {
        let page = kv::keys(prefix, after.as_deref(), 1_000)?;
        count += page.keys.len();
        after = page.next;
        if after.is_none() {
            return Ok(count);
        }
    }
}
