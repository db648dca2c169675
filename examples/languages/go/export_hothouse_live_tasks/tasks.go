// Package export_hothouse_live_tasks has the view's background work: none.
package export_hothouse_live_tasks

import (
	. "wit_component/hothouse_live_types"

	. "go.bytecodealliance.org/pkg/wit/types"
)

func RunTask(string, []uint8) Result[[]uint8, Failure] {
	return Err[[]uint8](Failure{Kind: FailureKind_NotFound, Message: "this view has no tasks"})
}
