package paper

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"vereda/survey/form"
	"vereda/survey/phrase"
	"vereda/survey/xpath"
)

// answer is where an answer is written.
type answer struct {
	Kind    string   // "line", "digits", "decimal", "date", "time", "dateTime", "one", "many", "rank", "scale", "position", "positions", "file", "tick", ""
	Lines   int      // of text
	Digits  []int    // a box for each; its values do not matter
	Signed  bool     // a box for the sign
	Marks   []string // of a scale
	Choices []choice
	Columns []string // of choices that a filter reads
	Table   string   // the list that stands at the end of the questionnaire
	File    string   // "image", "audio", "video", "file"
	Month   bool     // a date without day
	Year    bool     // a date of a year only
}

// choice is one choice on paper.
type choice struct {
	Name   string
	Labels []said
	Cells  []string // of the columns that a filter reads
	Files  []string // pictures and sounds that go with it
}

func (q *Questionnaire) answer(i *form.Item) answer {
	if !i.Type.Shown() || unseen(i) {
		return answer{}
	}
	switch i.Type {
	case form.TypeInteger, form.TypeDecimal:
		return number(i)
	case form.TypeRange:
		return scale(i)
	case form.TypeDate, form.TypeDateTime:
		return answer{Kind: string(i.Type), Month: i.HasAppearance("month-year"), Year: i.HasAppearance("year")}
	case form.TypeTime:
		return answer{Kind: "time"}
	case form.TypeSelectOne, form.TypeSelectMultiple, form.TypeRank:
		return q.choices(i)
	case form.TypeGeopoint:
		return answer{Kind: "position"}
	case form.TypeGeotrace, form.TypeGeoshape:
		return answer{Kind: "positions"}
	case form.TypeImage, form.TypeAudio, form.TypeVideo, form.TypeFile:
		return answer{Kind: "file", File: string(i.Type)}
	case form.TypeAcknowledge:
		return answer{Kind: "tick"}
	case form.TypeNote:
		return answer{}
	}
	return answer{Kind: "line", Lines: rows(i)}
}

// rows returns how many lines a text has.
func rows(i *form.Item) int {
	n, err := strconv.Atoi(i.Parameters["rows"])
	if err != nil || n < 1 {
		n = 1
		if i.HasAppearance("multiline") {
			n = 3
		}
	}
	return min(n, 12)
}

// number draws as many boxes as the constraint allows digits; six when it does not say.
func number(i *form.Item) answer {
	a := answer{Kind: "digits", Digits: make([]int, 6)}
	if i.Type == form.TypeDecimal {
		a.Kind = "decimal"
	}
	if most, ok := phrase.Most(i); ok {
		whole, _, _ := strings.Cut(strings.TrimPrefix(most, "-"), ".")
		a.Digits = make([]int, min(len(whole), 12))
	}
	a.Signed = i.Constraint != nil && mayBeNegative(i.Constraint.Tree(i.ElementPath(), i.ElementPath()))
	return a
}

// mayBeNegative reports whether a negative number stands in a constraint.
func mayBeNegative(t xpath.Tree) bool {
	if t.Kind == xpath.OperatorTree && t.Text == "-" && len(t.Args) == 1 && t.Args[0].Kind == xpath.NumberTree {
		return true
	}
	for _, a := range t.Args {
		if mayBeNegative(a) {
			return true
		}
	}
	return false
}

// mostMarks is how many values a scale has whose values are all drawn.
const mostMarks = 21

// scale draws the values of a range, or its bounds when there are many.
func scale(i *form.Item) answer {
	read := func(name string, otherwise float64) float64 {
		n, err := strconv.ParseFloat(i.Parameters[name], 64)
		if err != nil || math.IsInf(n, 0) || math.IsNaN(n) {
			return otherwise
		}
		return n
	}
	start, end, step := read("start", 1), read("end", 10), read("step", 1)
	a := answer{Kind: "scale"}
	if step == 0 || (end-start)/step < 0 || (end-start)/step > mostMarks {
		return answer{Kind: "decimal", Digits: make([]int, 6), Marks: []string{fmt.Sprint(start), fmt.Sprint(end), fmt.Sprint(step)}}
	}
	for n := 0; n <= int(math.Round((end-start)/step)); n++ {
		a.Marks = append(a.Marks, strconv.FormatFloat(math.Round((start+float64(n)*step)*1e9)/1e9, 'f', -1, 64))
	}
	return a
}

func (q *Questionnaire) choices(i *form.Item) answer {
	a := answer{Kind: map[form.Type]string{form.TypeSelectOne: "one", form.TypeSelectMultiple: "many", form.TypeRank: "rank"}[i.Type]}
	switch {
	case !phrase.Listed(i):
		a.Lines = 1
	case q.tables[i.List]:
		a.Table, a.Lines = i.List.Name, 1
	default:
		a.Columns = filtered(i)
		a.Choices = q.listed(i, i.List, a.Columns)
	}
	return a
}

// listed sets the choices of a list.
func (q *Questionnaire) listed(i *form.Item, l *form.List, columns []string) []choice {
	list := make([]choice, len(l.Choices))
	for n, c := range l.Choices {
		list[n] = choice{Name: c.Name, Labels: q.say(i, c.Label)}
		for _, kind := range []string{"image", "big-image", "audio", "video"} {
			if file := c.Media[kind].Plain(q.tongues[0].Name, q.form.DefaultLanguage); file != "" {
				list[n].Files = append(list[n].Files, file)
			}
		}
		for _, column := range columns {
			list[n].Cells = append(list[n].Cells, c.Columns[column])
		}
	}
	return list
}

// filtered returns the columns of the list that the question's choice filter reads, in their order.
func filtered(i *form.Item) []string {
	if i.ChoiceFilter == nil || i.Itemset != nil {
		return nil
	}
	base := "instance(" + i.List.Name + ")/root/item"
	read := map[string]bool{}
	for _, r := range i.ChoiceFilter.RefsAt(base, i.ElementPath()) {
		if column, ok := strings.CutPrefix(r.Path, base+"/"); ok {
			read[column] = true
		}
	}
	var columns []string
	for _, c := range i.List.Columns {
		if read[c] {
			columns = append(columns, c)
		}
	}
	return columns
}
