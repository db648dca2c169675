;; A module that writes to the memory of one that stays apart, before another that stays apart reads it.
(component
  (core module $memory
    (memory (export "memory") 1)
    (func (export "load") (result i32) (i32.load (i32.const 0))))
  (core instance $memory (instantiate $memory))
  (core instance $other (instantiate $memory))
  (core module $first (func (export "one") (result i32) (i32.const 1)))
  (core instance $first (instantiate $first))
  (core module $writes
    (import "memory" "memory" (memory 1))
    (data (i32.const 0) "\07"))
  (core instance $writes (instantiate $writes (with "memory" (instance $memory))))
  (core module $reads
    (import "memory" "load" (func $load (result i32)))
    (global $read (mut i32) (i32.const 0))
    (func $start (global.set $read (call $load)))
    (start $start)
    (func (export "read") (result i32) (global.get $read)))
  (core instance $reads (instantiate $reads (with "memory" (instance $memory))))
  (core module $last
    (import "first" "one" (func $one (result i32)))
    (import "reads" "read" (func $read (result i32)))
    (import "memory" "memory" (memory 1))
    (func (export "run") (param i32) (result i32)
      (i32.add (i32.add (call $one) (call $read)) (i32.add (local.get 0) (i32.load (i32.const 0))))))
  (core instance $last (instantiate $last
    (with "first" (instance $first)) (with "reads" (instance $reads)) (with "memory" (instance $memory))))
  (func (export "run") (param "value" u32) (result u32) (canon lift (core func $last "run"))))
