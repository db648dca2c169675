;; An instance that needs a member and runs code when it is made, or writes to what others write to: what follows may
;; not overtake it.
(component
  (core module $first
    (memory (export "memory") 1)
    (table (export "table") 1 funcref)
    (func (export "call") (result i32) (call_indirect (result i32) (i32.const 0))))
  (core instance $first (instantiate $first))
  (core module $second
    (import "first" "memory" (memory 1))
    (func (export "load") (result i32) (i32.load (i32.const 0))))
  (core instance $second (instantiate $second (with "first" (instance $first))))
  (core module $twice
    (import "first" "table" (table 1 funcref))
    (func $one (result i32) (i32.const 1))
    (elem (i32.const 0) func $one))
  (core instance $twice (instantiate $twice (with "first" (instance $first))))
  (core instance $again (instantiate $twice (with "first" (instance $first))))
  (core module $overtakes
    (import "first" "table" (table 1 funcref))
    (func $two (result i32) (i32.const 2))
    (elem (i32.const 0) func $two))
  (core instance $overtakes (instantiate $overtakes (with "first" (instance $first))))
  (core module $starts
    (import "first" "memory" (memory 1))
    (func $start (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 10))))
    (start $start))
  (core instance $starts (instantiate $starts (with "first" (instance $first))))
  (core module $writes
    (import "first" "memory" (memory 1))
    (data (i32.const 0) "\64"))
  (core instance $writes (instantiate $writes (with "first" (instance $first))))
  (core module $last
    (import "first" "call" (func $call (result i32)))
    (import "second" "load" (func $load (result i32)))
    (func (export "run") (param i32) (result i32)
      (i32.add (local.get 0) (i32.add (call $call) (call $load)))))
  (core instance $last (instantiate $last (with "first" (instance $first)) (with "second" (instance $second))))
  (func (export "run") (param "value" u32) (result u32) (canon lift (core func $last "run"))))
