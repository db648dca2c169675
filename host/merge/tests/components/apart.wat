;; A module that is instantiated twice, one that runs code when it starts, and two that can be one.
(component
  (core module $counter
    (global $count (mut i32) (i32.const 0))
    (func (export "count") (param i32) (result i32)
      (global.set $count (i32.add (global.get $count) (local.get 0)))
      (global.get $count)))
  (core instance $one (instantiate $counter))
  (core instance $other (instantiate $counter))
  (core module $starts
    (import "one" "count" (func $count (param i32) (result i32)))
    (global $begun (mut i32) (i32.const 0))
    (func $start (global.set $begun (call $count (i32.const 5))))
    (start $start)
    (func (export "begun") (result i32) (global.get $begun)))
  (core instance $starts (instantiate $starts (with "one" (instance $one))))
  (core module $first
    (import "one" "count" (func $one (param i32) (result i32)))
    (import "other" "count" (func $other (param i32) (result i32)))
    (func (export "both") (param i32) (result i32) (i32.add (call $one (local.get 0)) (call $other (local.get 0)))))
  (core instance $first (instantiate $first (with "one" (instance $one)) (with "other" (instance $other))))
  (core module $second
    (import "starts" "begun" (func $begun (result i32)))
    (import "first" "both" (func $both (param i32) (result i32)))
    (func (export "run") (param i32) (result i32) (i32.add (call $begun) (call $both (local.get 0)))))
  (core instance $second (instantiate $second (with "starts" (instance $starts)) (with "first" (instance $first))))
  (func (export "run") (param "value" u32) (result u32) (canon lift (core func $second "run"))))
