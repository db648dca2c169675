;; Functions that need a module's memory go into a table that modules call through, after the module is there: what
;; fills the table stays apart.
(component
  (import "say" (func $say (param "what" string) (result u32)))
  (core module $shim
    (type $say (func (param i32 i32) (result i32)))
    (table (export "table") 1 1 funcref)
    (func (export "say") (type $say) (call_indirect (type $say) (local.get 0) (local.get 1) (i32.const 0))))
  (core instance $shim (instantiate $shim))
  (core module $main
    (import "host" "say" (func $say (param i32 i32) (result i32)))
    (memory (export "memory") 1)
    (data (i32.const 8) "hello there")
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable)
    (func (export "run") (param $length i32) (result i32) (call $say (i32.const 8) (local.get $length))))
  (core instance $host (export "say" (func $shim "say")))
  (core instance $main (instantiate $main (with "host" (instance $host))))
  (alias core export $main "memory" (core memory $memory))
  (core func $lowered (canon lower (func $say) (memory $memory) (realloc (func $main "realloc"))))
  (core module $fill
    (import "host" "say" (func $say (param i32 i32) (result i32)))
    (import "shim" "table" (table 1 funcref))
    (elem (i32.const 0) func $say))
  (core instance $late (export "say" (func $lowered)))
  (core instance (instantiate $fill (with "host" (instance $late)) (with "shim" (instance $shim))))
  (func (export "run") (param "length" u32) (result u32) (canon lift (core func $main "run"))))
