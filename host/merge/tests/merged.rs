//! What becomes of components. That they do what they did is for those who can run them: `host/runtime/tests/merged.rs`.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use hothouse_merge::{MergeError, merge};
use wasmparser::{ElementKind, Operator, Parser, Payload, Validator};

/// The component of a text, which is valid, and what becomes of it, which is valid too.
fn merged(text: &str) -> Vec<u8> {
    let component = wat::parse_str(text).unwrap();
    Validator::new().validate_all(&component).unwrap();
    let merged = merge(&component).unwrap();
    Validator::new().validate_all(&merged).unwrap_or_else(|error| panic!("{error}"));
    merged
}

/// How many functions each core module has of its own, in order.
fn modules(component: &[u8]) -> Vec<u32> {
    let mut modules = Vec::new();
    for payload in Parser::new(0).parse_all(component) {
        match payload.unwrap() {
            Payload::ModuleSection { .. } => modules.push(0),
            Payload::FunctionSection(section) => *modules.last_mut().unwrap() += section.count(),
            _ => {}
        }
    }
    modules
}

fn refused(text: &str) -> MergeError {
    merge(&wat::parse_str(text).unwrap()).unwrap_err()
}

#[test]
fn libraries_become_one_module_whose_tables_are_filled_at_places_that_are_known() {
    let merged = merged(include_str!("components/libraries.wat"));
    assert_eq!(modules(&merged), [11]);
    let mut places = Vec::new();
    for payload in Parser::new(0).parse_all(&merged) {
        let Payload::ElementSection(section) = payload.unwrap() else { continue };
        for element in section {
            if let ElementKind::Active { table_index, offset_expr } = element.unwrap().kind {
                let Operator::I32Const { value } = offset_expr.get_operators_reader().read().unwrap() else {
                    panic!("a place that is not known")
                };
                places.push((table_index.unwrap_or(0), value));
            }
        }
    }
    assert_eq!(places, [(0, 1), (0, 4)]);
}

#[test]
fn what_imports_functions_that_need_a_members_memory_stays_apart() {
    assert_eq!(modules(&merged(include_str!("components/lowered.wat"))), [3, 0]);
}

#[test]
fn what_comes_after_a_type_that_needs_a_member_stays_apart() {
    assert_eq!(modules(&merged(include_str!("components/resource.wat"))), [2, 1]);
}

#[test]
fn what_comes_after_a_function_that_was_lifted_stays_apart() {
    assert_eq!(modules(&merged(include_str!("components/lifted.wat"))), [2, 1]);
}

#[test]
fn components_in_components_are_merged() {
    assert_eq!(modules(&merged(include_str!("components/nested.wat"))), [2, 2]);
}

#[test]
fn modules_that_are_instantiated_twice_or_start_by_themselves_stay_apart() {
    assert_eq!(modules(&merged(include_str!("components/apart.wat"))), [1, 2, 2]);
}

#[test]
fn nobody_overtakes_what_runs_code_or_writes_to_what_others_write_to() {
    assert_eq!(modules(&merged(include_str!("components/order.wat"))), [2, 1, 1, 1, 0, 1]);
}

#[test]
fn what_writes_to_memories_of_others_stays_apart() {
    assert_eq!(modules(&merged(include_str!("components/elsewhere.wat"))), [1, 0, 2, 2]);
}

#[test]
fn a_component_of_one_module_stays_as_it_is() {
    let merged = merged(
        r#"(component
            (core module $only (func (export "run") (param i32) (result i32) (local.get 0)))
            (core instance $only (instantiate $only))
            (func (export "run") (param "value" u32) (result u32) (canon lift (core func $only "run"))))"#,
    );
    assert_eq!(modules(&merged), [1]);
}

#[test]
fn modules_that_come_from_elsewhere_or_go_there_are_left_alone() {
    for text in [
        r#"(component (import "module" (core module)))"#,
        r#"(component (core module $one) (export "module" (core module $one)))"#,
        r#"(component (core module $one) (component (alias outer 1 $one (core module))))"#,
        r#"(component (core module $one) (instance (export "module" (core module $one))))"#,
    ] {
        assert!(matches!(refused(text), MergeError::Unsupported(_)), "{text}");
    }
}

#[test]
fn what_is_imported_has_to_be_what_is_exported() {
    for (exported, imported) in [
        ("(func (export \"it\"))", "(func (param i32))"),
        ("(memory (export \"it\") 1)", "(memory 2)"),
        ("(memory (export \"it\") 1 3)", "(memory 1 2)"),
        ("(memory (export \"it\") 1)", "(memory 1 2)"),
        ("(table (export \"it\") 1 funcref)", "(table 1 externref)"),
        ("(table (export \"it\") 1 funcref)", "(table 2 funcref)"),
        ("(global (export \"it\") i32 (i32.const 0))", "(global (mut i32))"),
        ("(global (export \"it\") i32 (i32.const 0))", "(global i64)"),
        ("(global (export \"it\") i32 (i32.const 0))", "(func)"),
    ] {
        let text = format!(
            r#"(component
                (core module $one {exported})
                (core instance $one (instantiate $one))
                (core module $other (import "one" "it" {imported}))
                (core instance (instantiate $other (with "one" (instance $one)))))"#
        );
        assert!(matches!(refused(&text), MergeError::Invalid(_)), "{text}");
    }
}

/// Each constant is two of the one before: written out, the last one would be 2^32 times the first.
#[test]
fn constants_that_grow_without_end_are_left_alone() {
    let mut text = String::from(
        r#"(component
            (core module $m0 (global (export "g") i32 (i32.const 1)))
            (core instance $m0 (instantiate $m0))"#,
    );
    for index in 1..=32 {
        let former = index - 1;
        text.push_str(&format!(
            r#"(core module $m{index}
                (import "former" "g" (global $g i32))
                (global (export "g") i32 (i32.add (global.get $g) (global.get $g))))
            (core instance $m{index} (instantiate $m{index} (with "former" (instance $m{former}))))"#
        ));
    }
    text.push(')');
    assert!(matches!(refused(&text), MergeError::Unsupported("a constant of many parts")));
}

#[test]
fn components_that_lie_too_deep_in_each_other_are_left_alone() {
    let nested = |depth: usize| "(component ".repeat(depth) + &")".repeat(depth);
    merged(&nested(17));
    assert!(matches!(refused(&nested(18)), MergeError::Unsupported(_)));
}

#[test]
fn what_is_not_valid_stays_so() {
    let whole = wat::parse_str(include_str!("components/libraries.wat")).unwrap();
    assert!(merge(&whole).is_ok());
    assert!(matches!(merge(whole.get(..whole.len() - 1).unwrap()), Err(MergeError::Invalid(_))));
    assert!(matches!(merge(b""), Err(MergeError::Invalid(_))));
    assert!(matches!(merge(&wat::parse_str("(module)").unwrap()), Err(MergeError::Unsupported(_))));
}
