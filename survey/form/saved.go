package form

import (
	"encoding/xml"
	"slices"
	"strings"

	"vereda/survey/record"
)

// The answers of the interview before, as expressions reach them: instance('__last-saved')/data/question. XForms name the address
// jr://instance/last-saved.
const (
	LastSavedID = "__last-saved"   // the id of the secondary instance
	LastSaved   = "last-saved.xml" // its file in Form.External: what Saved wrote of the interview that the device finished last
)

// Saved writes answers as the document of an XForm: an element for each question, group and repeat instance, under the root's name. Questions without an answer
// are empty elements; repeats have the instances that the answers have, in order.
func (f *Form) Saved(answers record.Answers) []byte {
	var b strings.Builder
	w := savedWriter{&b, answers, map[record.Path][]record.Path{}}
	for p := range answers {
		if p.IsInstance() {
			w.instances[p.Parent()] = append(w.instances[p.Parent()], p)
		}
	}
	for _, list := range w.instances {
		slices.Sort(list)
	}
	w.section(f.Root, "")
	return []byte(b.String())
}

type savedWriter struct {
	b         *strings.Builder
	answers   record.Answers
	instances map[record.Path][]record.Path // of repeats, by the repeat's path
}

func (w savedWriter) section(i *Item, at record.Path) {
	w.b.WriteString("<" + i.Name + ">")
	for _, child := range i.Children {
		p := record.Path(child.Name)
		if at != "" {
			p = at.Join(child.Name)
		}
		switch child.Kind {
		case Repeat:
			for _, instance := range w.instances[p] {
				w.section(child, instance)
			}
		case Group:
			w.section(child, p)
		default:
			w.b.WriteString("<" + child.Name + ">")
			_ = xml.EscapeText(w.b, []byte(w.answers[p].String())) // a strings.Builder takes everything
			w.b.WriteString("</" + child.Name + ">")
		}
	}
	w.b.WriteString("</" + i.Name + ">")
}
