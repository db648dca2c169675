;; A component in a component: its modules become one, and so do those around it.
(component
  (component $inner
    (core module $first (func (export "double") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2))))
    (core instance $first (instantiate $first))
    (core module $second
      (import "first" "double" (func $double (param i32) (result i32)))
      (func (export "run") (param i32) (result i32) (call $double (call $double (local.get 0)))))
    (core instance $second (instantiate $second (with "first" (instance $first))))
    (func (export "run") (param "value" u32) (result u32) (canon lift (core func $second "run"))))
  (instance $inner (instantiate $inner))
  (core func $lowered (canon lower (func $inner "run")))
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
