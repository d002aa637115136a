package paper

import (
	"fmt"

	"vereda/survey/form"
)

// Numbers are the numbers of a form's questions on paper: 1, 2, 2.1 in the order they are asked, C1, C2 for what is calculated or hidden. A group without a label
// has none, and its questions count as if it were not there; notes and what the device records have none.
type Numbers map[*form.Item]string

// NewNumbers numbers a form.
func NewNumbers(f *form.Form) Numbers {
	n := Numbers{}
	asked, computed := 0, 0
	n.walk(f.Root, "", &asked, &computed)
	return n
}

// Of returns the number of a question, "" for none.
func (n Numbers) Of(i *form.Item) string { return n[i] }

func (n Numbers) walk(parent *form.Item, prefix string, asked, computed *int) {
	for _, i := range parent.Children {
		switch {
		case i.Kind == form.Group && i.Label.IsZero():
			n.walk(i, prefix, asked, computed)
		case i.Kind != form.Question:
			*asked++
			n[i] = prefix + fmt.Sprint(*asked)
			below := 0
			n.walk(i, n[i]+".", &below, computed)
		case i.Type.Metadata() || i.Type == form.TypeNote:
		case !i.Type.Shown() || unseen(i):
			*computed++
			n[i] = fmt.Sprintf("C%d", *computed)
		default:
			*asked++
			n[i] = prefix + fmt.Sprint(*asked)
		}
	}
}

// unseen reports whether a question is calculated and has no text: nobody is asked.
func unseen(i *form.Item) bool { return i.Calculation != nil && i.Label.IsZero() && i.Hint.IsZero() }
