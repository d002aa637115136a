package xform

import (
	"bufio"
	"io"
	"strings"
	"unicode/utf8"

	"vereda/survey/xpath"
)

// element makes an element of others; nil ones are left out.
func element(name string, children ...*xpath.Node) *xpath.Node {
	n := &xpath.Node{Name: name}
	add(n, children...)
	return n
}

// leaf makes an element of a text.
func leaf(name, text string) *xpath.Node { return &xpath.Node{Name: name, Value: text} }

func add(n *xpath.Node, children ...*xpath.Node) {
	for _, c := range children {
		if c != nil {
			n.Children = append(n.Children, c)
		}
	}
}

// set sets an attribute.
func set(n *xpath.Node, name, value string) {
	for k := range n.Attrs {
		if n.Attrs[k].Name == name {
			n.Attrs[k].Value = value
			return
		}
	}
	n.Attrs = append(n.Attrs, xpath.Attr{Name: name, Value: value})
}

func hasExactly(n *xpath.Node, name string) bool {
	for _, a := range n.Attrs {
		if a.Name == name {
			return true
		}
	}
	return false
}

// usesPrefix reports whether an element or attribute in a tree has a prefix.
func usesPrefix(n *xpath.Node, prefix string) bool {
	if strings.HasPrefix(n.Name, prefix+":") {
		return true
	}
	for _, a := range n.Attrs {
		if strings.HasPrefix(a.Name, prefix+":") {
			return true
		}
	}
	for _, c := range n.Children {
		if usesPrefix(c, prefix) {
			return true
		}
	}
	return false
}

// declare declares on the outermost element the prefixes that no element around declares: a document that left them out stays readable.
func declare(top, n *xpath.Node, scope []string) {
	for _, a := range n.Attrs {
		if prefix, ok := strings.CutPrefix(a.Name, "xmlns:"); ok {
			scope = append(scope, prefix)
		}
	}
	use := func(name string) {
		prefix, _, ok := strings.Cut(name, ":")
		if !ok || prefix == "xml" || prefix == "xmlns" || prefix == "" {
			return
		}
		for _, known := range scope {
			if known == prefix {
				return
			}
		}
		if !hasExactly(top, "xmlns:"+prefix) {
			set(top, "xmlns:"+prefix, prefix)
		}
	}
	use(n.Name)
	for _, a := range n.Attrs {
		use(a.Name)
	}
	for _, c := range n.Children {
		if c.Kind == xpath.Element {
			declare(top, c, scope[:len(scope):len(scope)])
		}
	}
}

// printXML writes a document. Elements that hold text beside elements stand in one line, since blanks count there; all others are indented.
func printXML(out io.Writer, top *xpath.Node) error {
	w := bufio.NewWriter(out)
	w.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	printNode(w, top, 0)
	return w.Flush()
}

// printed is what an element is written as.
func printed(n *xpath.Node) string {
	var b strings.Builder
	w := bufio.NewWriter(&b)
	printNode(w, n, 0)
	w.Flush()
	return b.String()
}

func printNode(w *bufio.Writer, n *xpath.Node, depth int) {
	indent(w, depth)
	if printTag(w, n) {
		w.WriteByte('\n')
		return
	}
	if mixed(n) {
		printInline(w, n)
	} else {
		escape(w, n.Value, false)
		if len(n.Children) > 0 {
			w.WriteByte('\n')
			for _, c := range n.Children {
				if c.Kind == xpath.Element {
					printNode(w, c, depth+1)
				}
			}
			indent(w, depth)
		}
	}
	w.WriteString("</" + n.Name + ">\n")
}

// printInline writes what stands in an element that has text.
func printInline(w *bufio.Writer, n *xpath.Node) {
	escape(w, n.Value, false)
	for _, c := range n.Children {
		switch c.Kind {
		case xpath.TextNode:
			escape(w, c.Value, false)
		case xpath.Element:
			if !printTag(w, c) {
				printInline(w, c)
				w.WriteString("</" + c.Name + ">")
			}
		}
	}
}

// printTag writes the opening tag of an element, or the whole of an empty one, which it reports.
func printTag(w *bufio.Writer, n *xpath.Node) (whole bool) {
	w.WriteString("<" + n.Name)
	for _, a := range n.Attrs {
		w.WriteString(" " + a.Name + `="`)
		escape(w, a.Value, true)
		w.WriteByte('"')
	}
	if n.Value == "" && len(n.Children) == 0 {
		w.WriteString("/>")
		return true
	}
	w.WriteByte('>')
	return false
}

// mixed reports whether an element holds text beside other elements, and not only blanks between them.
func mixed(n *xpath.Node) bool {
	for _, c := range n.Children {
		if c.Kind == xpath.TextNode && strings.TrimSpace(c.Value) != "" {
			return true
		}
	}
	return n.Data == inline
}

// inline marks elements whose blanks count.
var inline = new(int)

func indent(w *bufio.Writer, depth int) {
	for range depth {
		w.WriteString("  ")
	}
}

// escape writes a text so that a reader of XML has the same text again; characters that XML cannot hold become U+FFFD.
func escape(w *bufio.Writer, s string, attribute bool) {
	for n := 0; n < len(s); {
		r, size := utf8.DecodeRuneInString(s[n:])
		n += size
		switch {
		case r == '&':
			w.WriteString("&amp;")
		case r == '<':
			w.WriteString("&lt;")
		case r == '>':
			w.WriteString("&gt;")
		case r == '"' && attribute:
			w.WriteString("&quot;")
		case r == '\r':
			w.WriteString("&#13;")
		case r == '\n' && attribute:
			w.WriteString("&#10;")
		case r == '\t' && attribute:
			w.WriteString("&#9;")
		case r < 0x20 && r != '\n' && r != '\t', r == 0xFFFE, r == 0xFFFF:
			w.WriteRune(utf8.RuneError)
		default:
			w.WriteRune(r)
		}
	}
}
