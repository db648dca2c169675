// Package export_hothouse_live_lifecycle is a counter with its history, written against the contract itself: the
// packages of wit_component are generated from wit/live.wit.
package export_hothouse_live_lifecycle

import (
	. "wit_component/hothouse_live_types"

	. "go.bytecodealliance.org/pkg/wit/types"
)

type Answer = Result[Outcome, Failure]

func nothing() Answer {
	return Ok[Outcome, Failure](Outcome{})
}

func Mount(Context) Answer {
	return nothing()
}

func Connected(Context) Answer {
	return nothing()
}

func HandleParams(string, []Tuple2[string, string]) Answer {
	return nothing()
}

// HandleEvent panics when it is asked to trap: Go writes the message to the standard error, which is the view's log.
func HandleEvent(event Event) Answer {
	if failure := handleEvent(event); failure != nil {
		return Err[Outcome](*failure)
	}
	return nothing()
}

func HandleInfo(message Message) Answer {
	if message.Tag() == Message_Timer && message.Timer() == "tick" {
		now.ticks++
	}
	return nothing()
}

func HandleTask(TaskResult) Answer {
	return nothing()
}

func Render(scope RenderScope) Result[Document, Failure] {
	return Ok[Document, Failure](render(scope.Tag() == RenderScope_Everything))
}

func ComponentsRemoved([]uint32) Answer {
	return nothing()
}

func Terminate(LeaveReason) {}

func Snapshot() Option[[]uint8] {
	return None[[]uint8]()
}

func Restore([]uint8, Context) Answer {
	return Err[Outcome](Failure{Kind: FailureKind_Unavailable, Message: "this view keeps no snapshots"})
}
