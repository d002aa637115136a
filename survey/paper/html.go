package paper

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"

	"vereda/survey/form"
	"vereda/survey/phrase"
)

//go:embed paper.html
var pageText string

//go:embed paper.css
var style string

// manyChoices is how many stand beside the question; more stand below it in columns.
const manyChoices = 14

// longLabel is how many bytes of label are read out rather than asked: it is not set in bold.
const longLabel = 240

// page is what the template sets.
type page struct {
	Lang, Title, ID, Version string
	Tongues                  []tongue
	Counts                   []count
	Device                   []*form.Item // what the device records
	Contents                 []*block
	Blocks                   []*block
	Lists                    []table
	Style, Switch            template.CSS
	Computed, Unsaid         bool
	Depends                  []dependence
	Diagram                  template.HTML
}

// count is how many of something the form has.
type count struct {
	Key string
	N   int
}

// table is a long list of choices.
type table struct {
	Name    string
	Columns []string
	Choices []choice
}

// HTML writes the questionnaire as one page without scripts: its styles are in it, and so are the rules for printing. What depends on what stands at its end, in a
// table and a drawing.
func (q *Questionnaire) HTML(w io.Writer) error {
	t, err := template.New("paper").Funcs(q.functions()).Parse(pageText)
	if err != nil {
		return fmt.Errorf("paper: %w", err)
	}
	p := q.page()
	var b bytes.Buffer
	if err := q.graph.SVG(&b, q.Words("#")); err != nil {
		return err
	}
	p.Diagram = template.HTML(b.String())
	b.Reset()
	if err := t.Execute(&b, p); err != nil {
		return fmt.Errorf("paper: %w", err)
	}
	_, err = w.Write(b.Bytes())
	return err
}

func (q *Questionnaire) page() page {
	p := page{
		Lang: q.tongues[0].words.Language(), Title: q.title(), ID: q.form.ID, Version: q.form.Version, Tongues: q.tongues,
		Counts: q.counts(), Blocks: q.blocks(q.form.Root, 0), Lists: q.lists(),
		Style: template.CSS(style), Switch: q.switches(), Depends: q.depends(),
	}
	for _, i := range q.form.Items() {
		if i.Kind == form.Question && i.Type.Metadata() {
			p.Device = append(p.Device, i)
		}
	}
	p.Contents = contents(p.Blocks)
	for _, b := range flat(p.Blocks) {
		p.Computed = p.Computed || strings.HasPrefix(b.Number, "C")
		p.Unsaid = p.Unsaid || b.unsaid()
	}
	return p
}

func (q *Questionnaire) title() string {
	if q.form.Title != "" {
		return q.form.Title
	}
	return q.form.ID
}

func (q *Questionnaire) counts() []count {
	list := []count{{"count.questions", 0}, {"count.sections", 0}, {"count.repeats", 0}, {"count.computed", 0}}
	for _, i := range q.form.Items()[1:] {
		switch n := q.numbers.Of(i); {
		case i.Kind == form.Repeat:
			list[2].N++
		case n == "":
		case i.Kind == form.Group:
			list[1].N++
		case strings.HasPrefix(n, "C"):
			list[3].N++
		default:
			list[0].N++
		}
	}
	kept := list[:1]
	for _, c := range list[1:] {
		if c.N > 0 {
			kept = append(kept, c)
		}
	}
	return kept
}

// flat returns blocks and all below them.
func flat(blocks []*block) []*block {
	var list []*block
	for _, b := range blocks {
		list = append(append(list, b), flat(b.Children)...)
	}
	return list
}

// contents returns the outermost sections.
func contents(blocks []*block) []*block {
	var list []*block
	for _, b := range blocks {
		switch {
		case b.Number != "" && (b.Kind == "section" || b.Kind == "repeat"):
			list = append(list, b)
		case b.Kind == "section":
			list = append(list, contents(b.Children)...)
		}
	}
	return list
}

func (b *block) unsaid() bool {
	for _, r := range b.Rules {
		for _, s := range r.Said {
			if !s.Phrase.Said() {
				return true
			}
		}
	}
	return false
}

// lists sets the long lists, in the order in which they are needed.
func (q *Questionnaire) lists() []table {
	var list []table
	done := map[*form.List]bool{}
	for _, i := range q.form.Items() {
		if i.List != nil && q.tables[i.List] && !done[i.List] {
			done[i.List] = true
			list = append(list, table{i.List.Name, i.List.Columns, q.listed(i, i.List, i.List.Columns)})
		}
	}
	return list
}

// switches are the rules that show one language alone where it is chosen at the top of the page.
func (q *Questionnaire) switches() template.CSS {
	var b strings.Builder
	if len(q.tongues) < 2 {
		return ""
	}
	if len(q.tongues) > 2 {
		b.WriteString("@page { size: landscape }\n")
	}
	b.WriteString(".texts>*{grid-column:1/-1}.w>*{display:none}.w>.t0{display:inline}\n")
	fmt.Fprintf(&b, ".texts{display:grid;grid-template-columns:repeat(%d,minmax(0,1fr));gap:0 .8rem}\n", len(q.tongues))
	for n := range q.tongues {
		fmt.Fprintf(&b, ".texts>.c%d{grid-column:%d}#show%d:checked~main .texts{display:block}\n", n, n+1, n)
		fmt.Fprintf(&b, "#show%d:checked~main .t:not(.t%d){display:none}#show%d:checked~main .w>*{display:none}#show%d:checked~main .w>.t%d{display:inline}\n", n, n, n, n, n)
		fmt.Fprintf(&b, "#show%d:checked~nav label[for=show%d]{background:#000;color:#fff}\n", n, n)
	}
	return template.CSS(b.String())
}

func (q *Questionnaire) functions() template.FuncMap {
	return template.FuncMap{
		"w":       q.inAll,
		"phrase":  phraseHTML,
		"anchor":  anchor,
		"shown":   q.shown,
		"tongues": func() []tongue { return q.tongues },
		"add":     func(a, b int) int { return a + b },
		"slice":   func(n int) []int { return make([]int, n) },
		"wide":    func(*block) bool { return len(q.tongues) > 1 },
		"long":    func(b *block) bool { return len(q.tongues) == 1 && len(b.Answer.Choices) > manyChoices },
		"deep":    func(b *block) bool { return len(b.Number) > 5 },
		"prose": func(labels []said) bool {
			return len(labels) > 0 && len(labels[0].Phrase.String()) > longLabel
		},
		"rank":  func(key string) string { return "rule-" + strings.ReplaceAll(key, ".", "-") },
		"multi": func() bool { return len(q.tongues) > 1 },
		"label": func(c choice, tongue int) phrase.Phrase { return labelIn(c.Labels, tongue) },
	}
}

func labelIn(labels []said, tongue int) phrase.Phrase {
	for _, s := range labels {
		if s.Tongue == tongue {
			return s.Phrase
		}
	}
	return nil
}

// shown returns the classes of a phrase among those that say the same: those of the languages it stands for.
func (q *Questionnaire) shown(s said, all []said) string {
	if s.Only {
		return ""
	}
	has := map[int]bool{}
	for _, other := range all {
		has[other.Tongue] = true
	}
	classes := "t"
	if s.Tongue >= 0 {
		classes += fmt.Sprintf(" t%d", s.Tongue)
	}
	if len(all) > 1 {
		classes += fmt.Sprintf(" c%d", s.Tongue)
	}
	for n := range q.tongues {
		if s.Tongue == all[0].Tongue && !has[n] {
			classes += fmt.Sprintf(" t%d", n)
		}
	}
	return classes
}

// inAll says a text of the page in the first language, and hidden in the others, for whoever chooses one of them.
func (q *Questionnaire) inAll(key string, args ...any) template.HTML {
	if len(q.tongues) == 1 {
		return template.HTML(template.HTMLEscapeString(q.tongues[0].words.Say(key, args...)))
	}
	var b strings.Builder
	b.WriteString(`<span class="w">`)
	for n, t := range q.tongues {
		fmt.Fprintf(&b, `<span class="t%d">%s</span>`, n, template.HTMLEscapeString(t.words.Say(key, args...)))
	}
	b.WriteString("</span>")
	return template.HTML(b.String())
}

// phraseHTML writes a phrase: questions as links, expressions as code, lines as lines.
func phraseHTML(p phrase.Phrase) template.HTML {
	var b strings.Builder
	for _, piece := range p {
		words := strings.ReplaceAll(template.HTMLEscapeString(strings.TrimSuffix(piece.Words, "\n")), "\n", "<br>")
		switch {
		case piece.Code:
			b.WriteString("<code>" + words + "</code>")
		case piece.Item != nil:
			fmt.Fprintf(&b, `<a href="#%s">%s</a>`, template.HTMLEscapeString(anchor(piece.Item)), words)
		default:
			b.WriteString(words)
		}
	}
	return template.HTML(b.String())
}

// anchor is the name of a question's place on the page.
func anchor(i *form.Item) string { return "q." + strings.ReplaceAll(string(i.Path), "/", ".") }
