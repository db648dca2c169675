//! Attacks, by who makes them; `ATTACKS.md` lists them all.

/// Each attack is a test: its name, how it is made, and with what.
macro_rules! attacks {
    ($($name:ident: $how:ident($($argument:expr),*);)*) => {
        $(#[tokio::test(flavor = "multi_thread")]
        async fn $name() -> anyhow::Result<()> {
            $how($($argument),*).await
        })*
    };
}

mod assets;
mod clients;
mod components;
mod documents;
mod durability;
mod floods;
mod framing;
mod guests;
mod loading;
mod messages;
mod near;
mod sessions;
mod storage;
mod tasks;
