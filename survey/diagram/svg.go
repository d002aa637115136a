package diagram

import (
	"bytes"
	"fmt"
	"html"
	"io"
	"slices"

	"vereda/survey/form"
)

// Words are what a drawing says. All fields must be set.
type Words struct {
	Number func(*form.Item) string // "7.1", "" for none
	Label  func(*form.Item) string // in one line; whole, it is cut here
	Link   func(*form.Item) string // address of the question, "" for none
	Kind   func(Kind) string       // "asked if"
}

const styles = `.v-band{fill:#f3f3f3}.v-title{font-weight:700}.v-node rect{fill:#fff;stroke:#000}.v-section rect{stroke-width:2.2}.v-computed rect{stroke-dasharray:3 2}` +
	`.v-edge{fill:none;stroke:#333;stroke-width:1.1}.v-calculated{stroke-dasharray:7 3}.v-offered{stroke-dasharray:1.5 3}.v-counted{stroke-width:2}.v-checked{stroke-dasharray:8 3 1.5 3}.v-required{stroke-dasharray:3 3}.v-shown{stroke:#888;stroke-dasharray:1 4}` +
	`.v-edge:hover{stroke-width:3.5}.v-drawing text{font:11px "Noto Sans","DejaVu Sans",sans-serif;fill:#000}.v-drawing a{text-decoration:none}`

// SVG writes the drawing, which needs nothing else: a document of its own, or a part of an HTML page.
func (g Graph) SVG(w io.Writer, words Words) error {
	l := g.layout()
	var b bytes.Buffer
	legend := 24
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" class="v-drawing" viewBox="0 0 %d %d" width="%d" height="%d" role="img">`+"\n<style>%s</style>\n", max(l.wide, 900), l.high+legend, max(l.wide, 900), l.high+legend, styles)
	b.WriteString(`<defs><marker id="v-tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L8 4L0 8z"/></marker></defs>` + "\n")
	writeLegend(&b, g, words)
	fmt.Fprintf(&b, `<g transform="translate(0 %d)">`+"\n", legend)
	for _, band := range l.bands {
		if band.section != nil {
			fmt.Fprintf(&b, `<rect class="v-band" x="2" y="%d" width="%d" height="%d"/><text class="v-title" x="%d" y="%d">%s</text>`+"\n",
				band.y, max(l.wide, 900)-4, band.high, margin, band.y+14, html.EscapeString(name(words, band.section, 80)))
		}
	}
	lane := g.lanesOf(l)
	for _, e := range g.Edges {
		fmt.Fprintf(&b, `<path class="v-edge v-%s" marker-end="url(#v-tip)" d="%s"><title>%s → %s: %s</title></path>`+"\n",
			e.Kind, route(l.spots[e.From], l.spots[e.To], lane[e]), html.EscapeString(name(words, e.From, 40)), html.EscapeString(name(words, e.To, 40)), html.EscapeString(words.Kind(e.Kind)))
	}
	for _, i := range g.Nodes {
		writeNode(&b, l.spots[i], words)
	}
	b.WriteString("</g>\n</svg>\n")
	_, err := w.Write(b.Bytes())
	return err
}

// writeLegend shows how each kind of edge is drawn.
func writeLegend(b *bytes.Buffer, g Graph, words Words) {
	x := margin
	for _, k := range Kinds() {
		if !g.has(k) {
			continue
		}
		said := words.Kind(k)
		fmt.Fprintf(b, `<path class="v-edge v-%s" marker-end="url(#v-tip)" d="M%d 14h34"/><text x="%d" y="18">%s</text>`+"\n", k, x, x+40, html.EscapeString(said))
		x += 62 + 6*len([]rune(said))
	}
}

func (g Graph) has(k Kind) bool {
	for _, e := range g.Edges {
		if e.Kind == k {
			return true
		}
	}
	return false
}

func writeNode(b *bytes.Buffer, s *spot, words Words) {
	class, round := "v-question", 2
	switch {
	case s.item.Kind != form.Question:
		class = "v-section"
	case !s.item.Type.Shown():
		class, round = "v-computed", nodeHeight/2
	}
	link := words.Link(s.item)
	if link != "" {
		fmt.Fprintf(b, `<a href="%s">`, html.EscapeString(link))
	}
	fmt.Fprintf(b, `<g class="v-node %s"><title>%s</title><rect x="%d" y="%d" width="%d" height="%d" rx="%d"/><text x="%d" y="%d">%s</text></g>`,
		class, html.EscapeString(name(words, s.item, 400)), s.x, s.y, nodeWidth, nodeHeight, round, s.x+8, s.y+17, html.EscapeString(name(words, s.item, 27)))
	if link != "" {
		b.WriteString("</a>")
	}
	b.WriteByte('\n')
}

// name says number and label in at most n characters.
func name(words Words, i *form.Item, n int) string {
	s := words.Label(i)
	if number := words.Number(i); number != "" {
		s = number + " " + s
	}
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

// lanes are how many vertical lines run beside each other between two columns; the edges of one question share one.
const (
	lanes    = 10
	laneGap  = 6
	rounding = 6
)

// trunk is the vertical line that the edges of one question to one column share.
type trunk struct {
	from     *form.Item
	rank     int
	top, end int
}

// lanesOf gives each trunk a lane in which no other runs beside it, as long as there are lanes.
func (g Graph) lanesOf(l layout) map[Edge]int {
	var trunks []*trunk
	of := map[Edge]*trunk{}
	for _, e := range g.Edges {
		from, to := l.spots[e.From], l.spots[e.To]
		k := slices.IndexFunc(trunks, func(t *trunk) bool { return t.from == e.From && t.rank == to.rank })
		if k < 0 {
			k, trunks = len(trunks), append(trunks, &trunk{e.From, to.rank, from.y, from.y})
		}
		t := trunks[k]
		t.top, t.end = min(t.top, to.y), max(t.end, to.y)
		of[e] = t
	}
	slices.SortStableFunc(trunks, func(a, b *trunk) int { return a.top - b.top })
	lane := map[*trunk]int{}
	ends := map[int]*[lanes]int{}
	for _, t := range trunks {
		if ends[t.rank] == nil {
			ends[t.rank] = &[lanes]int{}
		}
		used := ends[t.rank]
		free := slices.IndexFunc(used[:], func(end int) bool { return end < t.top })
		if free < 0 {
			free = slices.Index(used[:], slices.Min(used[:]))
		}
		used[free], lane[t] = max(used[free], t.end), free
	}
	all := map[Edge]int{}
	for e, t := range of {
		all[e] = lane[t]
	}
	return all
}

// route draws an edge: to the right behind the nodes, along its lane before the column of its target, and in; to a node that stands left of it, over that node and in.
func route(from, to *spot, lane int) string {
	x1, y1 := from.x+nodeWidth, from.y+nodeHeight/2
	x2, y2 := to.x, to.y+nodeHeight/2
	x := x2 - 10 - lane*laneGap
	if x2 <= x1 {
		return fmt.Sprintf("M%d %dh8V%dH%dV%dH%d", x1, y1, to.y-rowGap/2, x2-8, y2, x2)
	}
	if y1 == y2 {
		return fmt.Sprintf("M%d %dH%d", x1, y1, x2)
	}
	r := min(rounding, abs(y2-y1)/2)
	v := r
	if y2 < y1 {
		v = -r
	}
	return fmt.Sprintf("M%d %dH%dQ%d %d %d %dV%dQ%d %d %d %dH%d", x1, y1, x-r, x, y1, x, y1+v, y2-v, x, y2, x+r, y2, x2)
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}
