;; A resource whose values a module ends, and a type that has to be where it is: what is instantiated after it stays
;; apart.
(component
  (core module $first
    (global (export "ended") (mut i32) (i32.const 0)))
  (core instance $first (instantiate $first))
  (core module $second
    (import "first" "ended" (global $ended (mut i32)))
    (func (export "end") (param i32) (global.set $ended (i32.add (global.get $ended) (local.get 0))))
    (func (export "ended") (result i32) (global.get $ended)))
  (core instance $second (instantiate $second (with "first" (instance $first))))
  (type $thing (resource (rep i32) (dtor (func $second "end"))))
  (core func $new (canon resource.new $thing))
  (core func $drop (canon resource.drop $thing))
  (core module $third
    (import "things" "new" (func $new (param i32) (result i32)))
    (import "things" "drop" (func $drop (param i32)))
    (import "second" "ended" (func $ended (result i32)))
    (func (export "run") (param i32) (result i32)
      (call $drop (call $new (local.get 0)))
      (call $drop (call $new (i32.const 100)))
      (call $ended)))
  (core instance $things (export "new" (func $new)) (export "drop" (func $drop)))
  (core instance $third (instantiate $third (with "things" (instance $things)) (with "second" (instance $second))))
  (func (export "run") (param "value" u32) (result u32) (canon lift (core func $third "run"))))
