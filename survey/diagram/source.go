package diagram

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"

	"vereda/survey/form"
)

// dotStyles draw the kinds of edges apart in black and white.
var dotStyles = map[Kind]string{Asked: "solid", Calculated: "dashed", Offered: "dotted", Counted: "bold", Checked: "dashed", Required: "dashed", Shown: "dotted"}

// DOT writes the graph in the language of Graphviz, sections as clusters.
func (g Graph) DOT(w io.Writer, words Words) error {
	var b bytes.Buffer
	b.WriteString("digraph form {\n  rankdir=LR;\n  node [shape=box, fontname=\"sans-serif\", fontsize=10];\n  edge [fontname=\"sans-serif\", fontsize=8];\n")
	for n, band := range g.layout().bands {
		indent := "  "
		if band.section != nil {
			fmt.Fprintf(&b, "  subgraph cluster_%d {\n    label=%s;\n", n, strconv.Quote(name(words, band.section, 60)))
			indent = "    "
		}
		for _, i := range band.nodes {
			shape := ""
			if i.Kind == form.Question && !i.Type.Shown() {
				shape = ", style=rounded"
			}
			fmt.Fprintf(&b, "%s%s [label=%s%s];\n", indent, strconv.Quote(string(i.Path)), strconv.Quote(name(words, i, 40)), shape)
		}
		if band.section != nil {
			b.WriteString("  }\n")
		}
	}
	for _, e := range g.Edges {
		fmt.Fprintf(&b, "  %s -> %s [style=%s, label=%s];\n", strconv.Quote(string(e.From.Path)), strconv.Quote(string(e.To.Path)), dotStyles[e.Kind], strconv.Quote(words.Kind(e.Kind)))
	}
	b.WriteString("}\n")
	_, err := w.Write(b.Bytes())
	return err
}

// mermaidArrows draw the kinds of edges apart.
var mermaidArrows = map[Kind]string{Asked: "-->", Calculated: "-.->", Offered: "-.->", Counted: "==>", Checked: "-->", Required: "-->", Shown: "-.->"}

// Mermaid writes the graph as a Mermaid flowchart.
func (g Graph) Mermaid(w io.Writer, words Words) error {
	var b bytes.Buffer
	b.WriteString("flowchart LR\n")
	for n, band := range g.layout().bands {
		if band.section != nil {
			fmt.Fprintf(&b, "  subgraph s%d[%s]\n", n, mermaidText(name(words, band.section, 60)))
		}
		for _, i := range band.nodes {
			open, shut := "[", "]"
			if i.Kind == form.Question && !i.Type.Shown() {
				open, shut = "([", "])"
			}
			fmt.Fprintf(&b, "    n%d%s%s%s\n", i.Index, open, mermaidText(name(words, i, 40)), shut)
		}
		if band.section != nil {
			b.WriteString("  end\n")
		}
	}
	for _, e := range g.Edges {
		fmt.Fprintf(&b, "  n%d %s|%s| n%d\n", e.From.Index, mermaidArrows[e.Kind], mermaidText(words.Kind(e.Kind)), e.To.Index)
	}
	_, err := w.Write(b.Bytes())
	return err
}

// mermaidText quotes a text; Mermaid writes a quote as an entity.
func mermaidText(s string) string {
	return `"` + strings.NewReplacer(`"`, "#quot;", "\n", " ", "#", "#35;").Replace(s) + `"`
}
