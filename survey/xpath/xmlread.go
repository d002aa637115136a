package xpath

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// reader builds the tree.
type reader struct {
	d      *xml.Decoder
	at     *Node
	spaces []map[string]string // namespaces in scope, one map for each open element, nil where it declares none
	nodes  int
}

func readXML(raw []byte) (*Node, error) {
	x := &reader{d: xml.NewDecoder(bytes.NewReader(raw)), at: &Node{Kind: DocumentNode}}
	x.d.Entity = xml.HTMLEntity
	top := x.at
	for {
		t, err := x.d.RawToken()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("the XML cannot be read: %w", err)
		}
		if err := x.token(t); err != nil {
			return nil, err
		}
	}
	if x.at != top {
		return nil, fmt.Errorf("the XML ends inside <%s>", x.at.Name)
	}
	return top, nil
}

func (x *reader) token(t xml.Token) error {
	switch t := t.(type) {
	case xml.StartElement:
		return x.open(t)
	case xml.EndElement:
		if x.at.Kind == DocumentNode || qualified(t.Name) != x.at.Name {
			return fmt.Errorf("the XML closes </%s> where it is not open", qualified(t.Name))
		}
		x.close()
	case xml.CharData:
		return x.text(string(t))
	case xml.Comment:
		return x.add(&Node{Kind: Comment, Value: string(t)})
	case xml.ProcInst:
		if t.Target != "xml" {
			return x.add(&Node{Kind: Instruction, Name: t.Target, Value: string(t.Inst)})
		}
	}
	return nil
}

func qualified(n xml.Name) string {
	if n.Space == "" {
		return n.Local
	}
	return n.Space + ":" + n.Local
}

func (x *reader) add(n *Node) error {
	if x.nodes++; x.nodes > maxXMLNodes {
		return ErrXMLSize
	}
	n.Parent = x.at
	x.at.Children = append(x.at.Children, n)
	return nil
}

func (x *reader) open(t xml.StartElement) error {
	if len(x.spaces) >= MaxXMLDepth {
		return ErrXMLSize
	}
	if x.at.Kind == DocumentNode && firstElement(x.at) != nil {
		return errors.New("the XML document has more than one outermost element")
	}
	n := &Node{Name: qualified(t.Name)}
	var declared map[string]string
	for _, a := range t.Attr {
		name := qualified(a.Name)
		n.Attrs = append(n.Attrs, Attr{Name: name, Value: a.Value})
		if name == "xmlns" || a.Name.Space == "xmlns" {
			if declared == nil {
				declared = map[string]string{}
			}
			declared[strings.TrimPrefix(strings.TrimPrefix(name, "xmlns"), ":")] = a.Value
		}
	}
	if err := x.add(n); err != nil {
		return err
	}
	x.spaces = append(x.spaces, declared)
	n.space = x.namespace(t.Name.Space)
	for i := range n.Attrs {
		if a := &n.Attrs[i]; t.Attr[i].Name.Space != "" {
			a.space = x.namespace(t.Attr[i].Name.Space)
		}
	}
	x.at = n
	return nil
}

func (x *reader) namespace(prefix string) string {
	for i := len(x.spaces) - 1; i >= 0; i-- {
		if s, ok := x.spaces[i][prefix]; ok {
			return s
		}
	}
	if prefix == "xml" {
		return usualNamespaces["xml"]
	}
	return ""
}

func (x *reader) text(s string) error {
	if x.at.Kind == DocumentNode || s == "" {
		return nil
	}
	if n := len(x.at.Children); n > 0 && x.at.Children[n-1].Kind == TextNode {
		x.at.Children[n-1].Value += s
		return nil
	}
	return x.add(&Node{Kind: TextNode, Value: s})
}

// close settles an element: a lone text becomes its value, and children of one name that do not stand together are marked.
func (x *reader) close() {
	n := x.at
	if len(n.Children) == 1 && n.Children[0].Kind == TextNode {
		n.Value, n.Children = n.Children[0].Value, nil
	}
	last := map[string]int{}
	if len(n.Children) > fewChildren {
		seen := 0
		for _, c := range n.Children {
			if c.Kind != Element {
				continue
			}
			seen++
			if at, ok := last[c.Name]; ok && at != seen-1 {
				n.scattered = true
			}
			last[c.Name] = seen
		}
		n.scattered = n.scattered || seen < len(n.Children)
	}
	x.at = n.Parent
	x.spaces = x.spaces[:len(x.spaces)-1]
}

// escapeQuoted escapes "<" within the quoted values of attributes.
func escapeQuoted(raw []byte) (out []byte, changed bool) {
	for i := 0; i < len(raw); {
		end := i + 1
		switch rest := raw[i:]; {
		case bytes.HasPrefix(rest, []byte("<!--")):
			end = i + after(rest, "-->")
		case bytes.HasPrefix(rest, []byte("<![CDATA[")):
			end = i + after(rest, "]]>")
		case len(rest) > 1 && rest[0] == '<' && nameRune(rune(rest[1]), true):
			tag, n, fixed := escapeTag(rest)
			out, changed, i = append(out, tag...), changed || fixed, i+n
			continue
		}
		out = append(out, raw[i:end]...)
		i = end
	}
	return out, changed
}

// after returns the length of text up to and with a mark.
func after(text []byte, mark string) int {
	if i := bytes.Index(text, []byte(mark)); i >= 0 {
		return i + len(mark)
	}
	return len(text)
}

// escapeTag copies one tag, and returns its length.
func escapeTag(text []byte) (tag []byte, n int, changed bool) {
	var quote byte
	for n < len(text) {
		c := text[n]
		n++
		switch {
		case quote != 0 && c == '<':
			tag, changed = append(tag, "&lt;"...), true
			continue
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return append(tag, c), n, changed
		}
		tag = append(tag, c)
	}
	return tag, n, changed
}
