package paper

import (
	"io"

	"vereda/survey/diagram"
	"vereda/survey/form"
	"vereda/survey/phrase"
)

// dependence is what depends on one question.
type dependence struct {
	From phrase.Phrase
	To   []decided
}

// decided is all of one kind that a question decides.
type decided struct {
	Kind  string
	Items []phrase.Phrase
}

// depends says what depends on each question, in the first language; questions with a number of their own are named by it alone.
func (q *Questionnaire) depends() []dependence {
	var list []dependence
	for _, i := range q.graph.Nodes {
		edges := q.graph.From(i)
		if len(edges) == 0 {
			continue
		}
		d := dependence{From: q.tongues[0].speaker.Reference(i)}
		for _, k := range diagram.Kinds() {
			group := decided{Kind: k.String()}
			for _, e := range edges {
				if e.Kind == k {
					group.Items = append(group.Items, q.shortly(e.To))
				}
			}
			if len(group.Items) > 0 {
				d.To = append(d.To, group)
			}
		}
		list = append(list, d)
	}
	return list
}

// shortly names an item by its number, or by its name when it has none.
func (q *Questionnaire) shortly(i *form.Item) phrase.Phrase {
	name := q.numbers.Of(i)
	if name == "" {
		name = i.Name
	}
	return phrase.Phrase{{Words: name, Item: i}}
}

// Words are what a drawing of the form says, in the questionnaire's first language. link stands before the names of the questions' places on
// the page: "#" on the page itself; "" makes no links.
func (q *Questionnaire) Words(link string) diagram.Words {
	t := q.tongues[0]
	return diagram.Words{
		Number: q.numbers.Of,
		Label: func(i *form.Item) string {
			if label := phrase.Short(i.Label.Plain(t.Name, q.form.DefaultLanguage), 120); label != "" {
				return label
			}
			return i.Name
		},
		Link: func(i *form.Item) string {
			if link == "" {
				return ""
			}
			return link + anchor(i)
		},
		Kind: func(k diagram.Kind) string { return t.words.Say("kind." + k.String()) },
	}
}

// Diagram writes what depends on what alone: "svg", "dot" (Graphviz) or "mermaid".
func (q *Questionnaire) Diagram(w io.Writer, format string) error {
	switch format {
	case "dot":
		return q.graph.DOT(w, q.Words(""))
	case "mermaid":
		return q.graph.Mermaid(w, q.Words(""))
	}
	return q.graph.SVG(w, q.Words(""))
}
