package xpath

import (
	"errors"
	"io"
)

// Bounds on a document that ParseXML reads.
const (
	MaxXMLBytes = 64 << 20
	MaxXMLDepth = 200
	maxXMLNodes = 2_000_000
)

// Document is an XML document as expressions see it.
type Document struct {
	Root      *Node            // the element that "/" leads to: the document's, or that of the first instance of a <model>
	Top       *Node            // the document itself (kind DocumentNode)
	Instances map[string]*Node // the <instance id="..."> of a <model>, by id
}

// ErrXMLSize means that a document is larger or deeper than ParseXML reads.
var ErrXMLSize = errors.New("the XML document is too large")

// ParseXML reads a document: an instance ("<data>...</data>"), or a form's <model> (alone or anywhere inside, as in an XForm), of which the first
// instance becomes the Root and those with an id the Instances. It must be UTF-8. White space between elements is kept
// only where text stands beside it.
func ParseXML(r io.Reader) (*Document, error) {
	raw, err := io.ReadAll(io.LimitReader(r, MaxXMLBytes+1))
	if err != nil {
		return nil, err
	}
	if len(raw) > MaxXMLBytes {
		return nil, ErrXMLSize
	}
	top, err := readXML(raw)
	if err != nil {
		if mended, changed := escapeQuoted(raw); changed {
			top, err = readXML(mended)
		}
	}
	if err != nil {
		return nil, err
	}
	d := &Document{Top: top, Root: firstElement(top), Instances: map[string]*Node{}}
	if d.Root == nil {
		return nil, errors.New("the XML document has no element")
	}
	if model := findModel(d.Root); model != nil {
		d.takeInstances(model)
	}
	return d, nil
}

func (d *Document) takeInstances(model *Node) {
	primary := true
	for _, c := range model.Children {
		if c.Kind != Element || localName(c.Name) != "instance" {
			continue
		}
		if id := c.Attr("id"); id != "" {
			d.Instances[id] = c
		}
		if root := firstElement(c); primary && root != nil {
			d.Root = root
		}
		primary = false
	}
}

func findModel(root *Node) *Node {
	if localName(root.Name) == "model" {
		return root
	}
	for _, head := range root.Children {
		if localName(head.Name) != "head" {
			continue
		}
		for _, c := range head.Children {
			if localName(c.Name) == "model" {
				return c
			}
		}
	}
	return nil
}

func firstElement(n *Node) *Node {
	for _, c := range n.Children {
		if c.Kind == Element {
			return c
		}
	}
	return nil
}

// Text returns the text that the form's itext has for an id in a language; in the form's default language or else its first when it has none in
// that. Only the text itself is meant, not its short or guidance form.
func (d *Document) Text(id, language string) string {
	model := findModel(topElement(d.Root))
	if model == nil {
		return ""
	}
	rank, text := 0, ""
	for _, itext := range named(model, "itext") {
		for _, translation := range named(itext, "translation") {
			_, isDefault := translation.attr("default")
			r := 1
			switch {
			case translation.Attr("lang") == language:
				r = 3
			case isDefault:
				r = 2
			}
			if s, ok := textIn(translation, id); ok && r > rank {
				rank, text = r, s
			}
		}
	}
	return text
}

func textIn(translation *Node, id string) (string, bool) {
	for _, t := range named(translation, "text") {
		if t.Attr("id") != id {
			continue
		}
		for _, v := range named(t, "value") {
			if _, special := v.attr("form"); !special {
				return v.StringValue(), true
			}
		}
	}
	return "", false
}

func named(n *Node, local string) (found []*Node) {
	for _, c := range n.Children {
		if c.Kind == Element && localName(c.Name) == local {
			found = append(found, c)
		}
	}
	return found
}
