package export_hothouse_live_lifecycle

import (
	_ "embed"
	"html/template"
	"strings"

	. "wit_component/hothouse_live_types"
)

//go:embed page.html
var source string

var page = template.Must(template.New("page").Parse(source))

// What the template shows: its fields have to be exported.
type view struct {
	Count, Ticks    int
	Name, NameError string
	Entries         []shown
}

type shown struct {
	Id   uint32
	Line string
}

// The whole page, each time: the host finds out what has changed in it.
func render(bool) Document {
	shows := view{Count: now.count, Ticks: now.ticks, Name: now.name, NameError: now.nameError}
	for _, entry := range now.entries {
		shows.Entries = append(shows.Entries, shown{entry.id, entry.line()})
	}
	var html strings.Builder
	if err := page.Execute(&html, shows); err != nil {
		panic(err)
	}
	return MakeDocumentHtml(html.String())
}
