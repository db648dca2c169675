;; Components in a component, of which one calls the other: the modules of each become one.
(component
  (component $inner
    (core module $first (func (export "double") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2))))
    (core instance $first (instantiate $first))
    (core module $second
      (import "first" "double" (func $double (param i32) (result i32)))
      (func (export "run") (param i32) (result i32) (call $double (call $double (local.get 0)))))
    (core instance $second (instantiate $second (with "first" (instance $first))))
    (func (export "run") (param "value" u32) (result u32) (canon lift (core func $second "run"))))
  (component $outer
    (import "run" (func $run (param "value" u32) (result u32)))
    (core func $lowered (canon lower (func $run)))
    (core instance $host (export "run" (func $lowered)))
    (core module $first
      (import "host" "run" (func $run (param i32) (result i32)))
      (func (export "increment") (param i32) (result i32) (i32.add (call $run (local.get 0)) (i32.const 1))))
    (core instance $first (instantiate $first (with "host" (instance $host))))
    (core module $second
      (import "first" "increment" (func $increment (param i32) (result i32)))
      (func (export "run") (param i32) (result i32) (call $increment (call $increment (local.get 0)))))
    (core instance $second (instantiate $second (with "first" (instance $first))))
    (func (export "run") (param "value" u32) (result u32) (canon lift (core func $second "run"))))
  (instance $inner (instantiate $inner))
  (instance $outer (instantiate $outer (with "run" (func $inner "run"))))
  (export "run" (func $outer "run")))
