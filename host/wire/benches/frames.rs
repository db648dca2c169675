//! What frames cost: `cargo bench --workspace --bench frames`.
#![allow(clippy::unwrap_used, reason = "a benchmark that cannot set itself up is none")]

use divan::{Bencher, black_box};
use hothouse_wire::{Outbound, Response, decode};

fn main() {
    divan::main();
}

const CLICK: &str =
    r#"["4","108","lv:phx-GAx7k2JdGAx7k2Jd","event",{"type":"click","event":"inc","value":{"value":""}}]"#;
const FORM: &str = r#"["4","108","lv:phx-GAx7k2JdGAx7k2Jd","event",{"type":"form","event":"validate","value":"user%5Bname%5D=name1&user%5Bemail%5D=joe&user%5Bage%5D=7&user%5B_unused_city%5D=&user%5Bcity%5D=","meta":{"_target":"user[name]"},"uploads":{}}]"#;

#[divan::bench]
fn decode_click() {
    black_box(decode(black_box(CLICK)).unwrap());
}

#[divan::bench]
fn decode_form() {
    black_box(decode(black_box(FORM)).unwrap());
}

#[divan::bench]
fn encode_reply(bencher: Bencher<'_, '_>) {
    let reply = Outbound::Reply {
        join_ref: Some("4"),
        message_ref: "108",
        topic: "lv:phx-GAx7k2JdGAx7k2Jd",
        response: Response::Diff(r#"{"0":"104"}"#),
    };
    bencher.bench(|| {
        let mut text = String::with_capacity(128);
        black_box(&reply).encode_into(&mut text);
        text
    });
}
