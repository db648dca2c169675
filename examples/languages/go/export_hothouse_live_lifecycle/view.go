package export_hothouse_live_lifecycle

import (
	"slices"
	"strconv"

	. "wit_component/hothouse_live_types"

	. "go.bytecodealliance.org/pkg/wit/types"
)

const (
	page      = 1
	row       = 2
	nameError = 3
)

var templates = map[uint32][]string{
	page: {
		`<main><h1>The same view</h1><nav class="row"><a href="/rust">Rust</a><a href="/typescript">TypeScript</a>` +
			`<a href="/python">Python</a><a href="/c">C</a><a href="/go">Go</a></nav><p class="number" id="count">`,
		`</p><p class="row"><button phx-click="decrement">-1</button><button class="primary" phx-click="increment">+1` +
			`</button></p><p>Ticks: <span id="ticks">`,
		`</span></p><form id="rename" phx-change="rename" phx-submit="rename"><label>Name <input name="name" ` +
			`autocomplete="off" value="`,
		`"></label>`,
		`</form><ol id="history" class="rows">`,
		`</ol><p class="row"><button phx-click="refuse">refuse</button><button phx-click="trap">trap</button>` +
			`<button phx-click="spin">spin</button><button phx-click="grow">grow</button></p></main>`,
	},
	row: {
		`<li id="`,
		`"><span class="grow">`,
		`</span><button phx-click="remove" phx-value-id="`,
		`">remove</button></li>`,
	},
	nameError: {`<p id="name-error" role="alert">`, `</p>`},
}

// Templates that the host has, and the state of the last document.
var (
	sent = map[uint32]bool{}
	last state
)

// A document that is being made.
type rendering struct {
	tree       Tree
	everything bool
}

func render(everything bool) Document {
	if everything {
		clear(sent)
	}
	r := rendering{everything: everything}
	r.tree.Root = r.page()
	last = now
	return MakeDocumentTree(r.tree)
}

func (r *rendering) page() Slot {
	count := r.slot(now.count != last.count, func() Slot { return number(now.count) })
	ticks := r.slot(now.ticks != last.ticks, func() Slot { return number(now.ticks) })
	name := r.slot(now.name != last.name, func() Slot { return MakeSlotText(now.name) })
	err := r.slot(now.nameError != last.nameError, r.nameError)
	history := r.slot(!slices.Equal(now.entries, last.entries), r.history)
	slots := []Slot{count, ticks, name, err, history}
	if !slices.ContainsFunc(slots, func(slot Slot) bool { return slot.Tag() != Slot_Unchanged }) {
		return MakeSlotUnchanged()
	}
	return MakeSlotNode(r.node(page, slots...))
}

func (r *rendering) slot(differs bool, value func() Slot) Slot {
	if r.everything || differs {
		return value()
	}
	return MakeSlotUnchanged()
}

func (r *rendering) nameError() Slot {
	if now.nameError == "" {
		return MakeSlotEmpty()
	}
	return MakeSlotNode(r.node(nameError, MakeSlotText(now.nameError)))
}

func (r *rendering) history() Slot {
	var changed []Row
	order := []uint32{}
	for _, entry := range now.entries {
		order = append(order, entry.id)
		if r.everything || !slices.Contains(last.entries, entry) {
			id := strconv.Itoa(int(entry.id))
			slots := []Slot{MakeSlotText("entry-" + id), MakeSlotText(entry.line()), MakeSlotText(id)}
			changed = append(changed, Row{Id: entry.id, Node: r.node(row, slots...)})
		}
	}
	each := Each{Template: r.uses(row), Order: Some(order), Changed: changed, StreamOps: None[uint32]()}
	r.tree.Lists = append(r.tree.Lists, each)
	return MakeSlotEach(uint32(len(r.tree.Lists) - 1))
}

func (r *rendering) node(template uint32, slots ...Slot) uint32 {
	r.tree.Nodes = append(r.tree.Nodes, Node{Template: r.uses(template), Slots: slots})
	return uint32(len(r.tree.Nodes) - 1)
}

func (r *rendering) uses(template uint32) uint32 {
	if !sent[template] {
		sent[template] = true
		r.tree.Templates = append(r.tree.Templates, Template{Id: template, Statics: templates[template]})
	}
	return template
}

func number(value int) Slot {
	return MakeSlotText(strconv.Itoa(value))
}
