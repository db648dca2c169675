package export_hothouse_live_lifecycle

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	. "wit_component/hothouse_live_types"
)

const (
	maxEntries        = 100
	maxNameCharacters = 20
)

type entry struct {
	id        uint32
	by, count int
}

// line is what stands in a row: `+1: 3`.
func (e entry) line() string {
	sign := ""
	if e.by >= 0 {
		sign = "+"
	}
	return sign + strconv.Itoa(e.by) + ": " + strconv.Itoa(e.count)
}

// What the view does, without how it looks. An instance belongs to one page of one browser and its calls are serial,
// so the state is the package's.
type state struct {
	count, ticks    int
	name, nameError string
	lastId          uint32
	// The newest is the first. Replaced, never written to.
	entries []entry
}

var now state

func handleEvent(event Event) *Failure {
	switch event.Name {
	case "increment":
		add(1)
	case "decrement":
		add(-1)
	case "rename":
		if event.Payload.Tag() == Payload_Form {
			for _, pair := range event.Payload.Form() {
				if pair.Name == "name" {
					rename(pair.Value)
					return nil
				}
			}
		}
		return refused("the form has no name")
	case "remove":
		if event.Payload.Tag() != Payload_Json || !remove(idIn(event.Payload.Json())) {
			return refused("there is no such entry")
		}
	case "refuse":
		return refused("refused, as asked")
	case "trap":
		panic("trap, as asked")
	case "spin":
		for {
		}
	case "grow":
		for blocks := [][]byte{}; ; {
			blocks = append(blocks, make([]byte, 1<<16))
		}
	default:
		return refused("there is no such event")
	}
	return nil
}

func refused(message string) *Failure {
	return &Failure{Kind: FailureKind_BadInput, Message: message}
}

func add(by int) {
	now.count += by
	now.lastId++
	kept := now.entries[:min(len(now.entries), maxEntries-1)]
	now.entries = slices.Concat([]entry{{now.lastId, by, now.count}}, kept)
}

// idIn is the number of a row in an event's JSON, such as `{"id":"3","value":""}`. A quote inside of a JSON string has a
// `\` before it, so the name is found where it is a name and nowhere else. The packages fmt and encoding/json would cost
// each view 400 KB.
func idIn(json string) string {
	_, after, _ := strings.Cut(json, `"id":"`)
	id, _, _ := strings.Cut(after, `"`)
	return id
}

func remove(id string) bool {
	others := slices.DeleteFunc(slices.Clone(now.entries), func(e entry) bool {
		return strconv.FormatUint(uint64(e.id), 10) == id
	})
	isThere := len(others) < len(now.entries)
	now.entries = others
	return isThere
}

func rename(name string) {
	now.name = name
	switch {
	case name == "":
		now.nameError = "The name is required."
	case utf8.RuneCountInString(name) > maxNameCharacters:
		now.nameError = "The name has at most 20 characters."
	default:
		now.nameError = ""
	}
}
