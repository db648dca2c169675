;; A function that is lifted between modules: what is instantiated after it stays apart, for its place among the
;; component's functions cannot change.
(component
  (core module $first (func (export "double") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2))))
  (core instance $first (instantiate $first))
  (core module $second
    (import "first" "double" (func $double (param i32) (result i32)))
    (func (export "quadruple") (param i32) (result i32) (call $double (call $double (local.get 0)))))
  (core instance $second (instantiate $second (with "first" (instance $first))))
  (func (export "quadruple") (param "value" u32) (result u32) (canon lift (core func $second "quadruple")))
  (core module $third
    (import "second" "quadruple" (func $quadruple (param i32) (result i32)))
    (import "first" "double" (func $double (param i32) (result i32)))
    (func (export "run") (param i32) (result i32) (call $quadruple (call $double (local.get 0)))))
  (core instance $third (instantiate $third (with "first" (instance $first)) (with "second" (instance $second))))
  (func (export "run") (param "value" u32) (result u32) (canon lift (core func $third "run"))))
