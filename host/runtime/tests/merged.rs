//! Merging the core modules of a component changes nothing of what it does.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use hothouse_merge::merge;
use wasmtime::component::{Component, Linker, Val};
use wasmtime::{Engine, Store};

/// What the calls of `run` answer, all on one instance; what ends it ends the list.
fn answers(engine: &Engine, component: &[u8], calls: &[Vec<u32>]) -> Vec<Result<u32, String>> {
    let component = Component::new(engine, component).unwrap();
    let mut linker = Linker::<Vec<String>>::new(engine);
    linker.root().func_wrap("add", |_, (x,): (u32,)| Ok((x + 1,))).unwrap();
    linker
        .root()
        .func_wrap("say", |mut store, (what,): (String,)| {
            store.data_mut().push(what);
            Ok((u32::try_from(store.data().len()).unwrap(),))
        })
        .unwrap();
    let mut store = Store::new(engine, Vec::new());
    let instance = linker.instantiate(&mut store, &component).unwrap();
    let run = instance.get_func(&mut store, "run").unwrap();
    let mut answers = Vec::new();
    for arguments in calls {
        let arguments: Vec<Val> = arguments.iter().copied().map(Val::U32).collect();
        let mut answer = [Val::Bool(false)];
        match run.call(&mut store, &arguments, &mut answer) {
            Ok(()) => {
                let [Val::U32(answer)] = answer else { panic!("{answer:?}") };
                answers.push(Ok(answer));
            }
            Err(error) => {
                answers.push(Err(error.root_cause().to_string()));
                break;
            }
        }
    }
    answers.extend(store.into_data().into_iter().map(Err));
    answers
}

#[test]
fn merged_components_answer_as_they_did() {
    let engine = Engine::default();
    // Of the libraries: each of their ways, with one that traps for want of a segment that was dropped at the end.
    let all_ways = (0..7).map(|what| vec![what, 1_000]).chain([vec![4, 7], vec![6, 7], vec![6, 7]]).collect();
    let numbers: Vec<Vec<u32>> = vec![vec![1], vec![2], vec![3]];
    let expected = |answers: &[u32]| answers.iter().copied().map(Ok).collect::<Vec<Result<u32, String>>>();
    for (name, calls, first) in [
        ("libraries", all_ways, expected(&[2_992, 1_985, 3_976])),
        ("lowered", vec![vec![5], vec![11], vec![70_000]], expected(&[1, 2])),
        ("resource", numbers.clone(), expected(&[101, 203, 306])),
        ("nested", numbers.clone(), expected(&[21, 37, 53])),
        ("apart", numbers.clone(), expected(&[12, 16, 22])),
        ("lifted", numbers.clone(), expected(&[8, 16, 24])),
        ("order", numbers.clone(), expected(&[103, 104, 105])),
        ("elsewhere", numbers, expected(&[16, 17, 18])),
    ] {
        let file = format!("{}/../merge/tests/components/{name}.wat", env!("CARGO_MANIFEST_DIR"));
        let component = wat::parse_file(file).unwrap();
        let before = answers(&engine, &component, &calls);
        assert_eq!(before.get(..first.len()), Some(&*first), "{name}");
        assert_eq!(answers(&engine, &merge(&component).unwrap(), &calls), before, "{name}");
    }
}
