package form

import (
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"vereda/survey/record"
)

// maxDictionary bounds a dictionary, in bytes.
const maxDictionary = 32 << 10

// Dictionary returns the bytes that batches of this form's interviews are compressed against: a raw zstd dictionary made of
// names, choices and the skeleton of a revision. It depends on the form alone.
//
// What stands nearest the end is cheapest to refer to, so the order is: answers to questions with several choices, the names of
// choices one by one, then whole revisions with every path of the form, each with another of the likely answers.
func (f *Form) Dictionary() []byte {
	var b []byte
	for _, i := range f.order {
		if i.List != nil && i.Type != TypeSelectOne {
			b = appendChoicesOf(b, i)
		}
	}
	for _, i := range f.order {
		if i.List != nil && i.Type == TypeSelectOne && len(i.List.Choices) <= 40 {
			b = appendChoicesOf(b, i)
		}
	}
	for _, variant := range []int{4, 3, 2, 1, 0} {
		skeleton, err := record.Seal(f.skeleton(variant))
		if err != nil {
			continue // a form whose identity breaks the format's rules has no revisions to compress either
		}
		b = append(b, `{"kind":"revision","entry":`...)
		b = append(append(b, skeleton.Bytes()...), "}\n"...)
	}
	return b[max(0, len(b)-maxDictionary):]
}

// appendChoicesOf writes the end of a question's path and each answer to it, as revisions hold them.
func appendChoicesOf(b []byte, i *Item) []byte {
	for _, c := range i.List.Choices {
		if i.Type == TypeSelectOne {
			b = append(b, i.Name+`":"`+c.Name+`","`...)
		} else {
			b = append(b, c.Name+`","`...)
		}
	}
	return b
}

// skeleton returns a made-up revision that answers every question. variant chooses among the likely answers.
func (f *Form) skeleton(variant int) record.Body {
	body := record.Body{V: 1, Interview: uuid.UUID{0: 1, 6: 0x70, 8: 0x80}, Form: f.ID, Version: f.Version,
		Device: "0000000-0000000", N: 1, At: time.Date(2026, 1, 1, 12, 0, 0, 0, time.FixedZone("", -5*3600)), Final: true,
		Set: record.Answers{}, Derived: record.Answers{}}
	for _, i := range f.order[1:] {
		for _, p := range instancePaths(i) {
			v := likely(i, variant)
			switch {
			case i.Kind == Repeat:
				body.Set[p] = record.Exists()
			case v.IsZero():
			case i.Calculation != nil || i.Type.Metadata() || i.Type == TypeCalculate:
				body.Derived[p] = v
			default:
				body.Set[p] = v
			}
		}
	}
	return body
}

// skeletonInstances is the number of instances that a skeleton gives each repeat.
const skeletonInstances = 3

// instancePaths returns the paths of an item in all instances of the skeleton.
func instancePaths(i *Item) []record.Path {
	if i.Parent == nil || i.Parent.Parent == nil && i.Kind != Repeat {
		return []record.Path{i.Path}
	}
	var paths []record.Path
	for _, parent := range instancePaths(i.Parent) {
		own := record.Path(strings.TrimPrefix(string(parent)+"/"+i.Name, "/"))
		if i.Kind != Repeat {
			paths = append(paths, own)
			continue
		}
		for n := range min(skeletonInstances, 1+len(i.Children)) {
			paths = append(paths, own+record.Path("/000"+string(rune('1'+n))+"aaaaaa"))
		}
	}
	return paths
}

// likely returns a likely answer to a question.
func likely(i *Item, variant int) record.Value {
	if i.Kind != Question {
		return record.Value{}
	}
	kind := i.KindOf()
	if i.List != nil && len(i.List.Choices) > 0 {
		names := i.List.Choices
		first := names[variant%len(names)].Name
		if kind == record.Choices {
			return record.NewChoices(slices.Compact([]string{first, names[(variant+1)%len(names)].Name}))
		}
		return record.NewText(first)
	}
	if text, ok := likelyTexts[kind]; ok {
		if v, err := record.New(kind, text[variant%len(text)]); err == nil {
			return v
		}
	}
	if i.DefaultText != "" {
		return record.NewText(i.DefaultText)
	}
	return record.NewText([]string{"1", "0", "2"}[variant%3])
}

// likelyTexts are likely answers by kind. Kinds of longer texts are written so that the frame around the answer is what a match finds.
var likelyTexts = map[record.Kind][]string{
	record.Integer:  {"1", "2", "0"},
	record.Decimal:  {"10.0", "100.0", "50.5"},
	record.Date:     {"2026-01-01"},
	record.Time:     {"12:00:00.000-05:00"},
	record.DateTime: {"2026-01-01T12:00:00.000-05:00"},
	record.Geopoint: {"4.6 -74.1 2600.0 5.0"},
	record.Geotrace: {"4.6 -74.1 2600.0 5.0;4.7 -74.2 2600.0 5.0"},
	record.Geoshape: {"4.6 -74.1 0.0 0.0;4.7 -74.2 0.0 0.0;4.7 -74.1 0.0 0.0;4.6 -74.1 0.0 0.0"},
	record.File:     {"1767286800000.jpg"},
}
