// Package xform turns an XForm, the XML that ODK tools exchange, into a form, or into a list of problems, and a form into an XForm.
//
// Read parses the document once (package xpath, whose nodes secondary instances stay), makes the tree of items from the primary instance
// (instance.go), gives them the rules of the binds (bind.go), their controls (body.go), choices (choice.go, query.go) and texts (text.go), settles what
// follows from all of these (finish.go), reads the actions (action.go), and last compiles the form. What has no effect in ODK Collect either is a warning; what else
// Vereda does not run is an error that names the element; nothing that could change an answer is passed over.
//
// Write makes the same document as a tree of nodes, part by part (write*.go), and prints it (print.go).
package xform

import (
	"bytes"
	"fmt"
	"path"
	"strings"

	"vereda/survey/form"
	"vereda/survey/xpath"
)

// MaxBytes is the largest document read.
const MaxBytes = 16 << 20

// maxTags bounds the elements of a document, and so the memory that it takes.
const maxTags = 600_000

// maxItems bounds the questions, groups and repeats of a form.
const maxItems = 50_000

// Read reads an XForm. name is its file name, for messages. A form is returned when no problem is an Error; warnings come beside it. A
// problem's Cell.Sheet is the element at fault or the path of the question, its Column the attribute. It never panics, whatever the bytes.
func Read(name string, document []byte) (*form.Form, []form.Problem) {
	r := &reader{
		form:     &form.Form{Lists: map[string]*form.List{}, Settings: map[string]string{"allow_choice_duplicates": "yes"}, Instances: map[string]*xpath.Node{}, External: map[string]string{}},
		items:    map[string]*form.Item{},
		controls: map[*form.Item]bool{},
		binds:    map[*form.Item]*xpath.Node{},
		bindIDs:  map[string]string{},
		types:    map[*form.Item]string{},
		texts:    map[string]form.Text{},
		lists:    map[string]*form.List{},
		parsed:   map[string]*xpath.Expr{},
		devices:  map[*form.Item]preloaded{},
		prefixes: []string{"orx"},
	}
	if r.open(name, document) {
		r.readTexts()
		r.readPrimary()
		r.readInstances()
		r.readBinds()
		r.readBody()
		r.finishItems()
		r.readActions()
		r.findNotes()
	}
	if r.form.Root != nil && !form.HasErrors(r.problems) {
		for _, p := range r.form.Compile() {
			r.problems = append(r.problems, placed(p))
		}
	}
	if r.form.Root == nil || form.HasErrors(r.problems) {
		return nil, r.problems
	}
	return r.form, r.problems
}

// Looks reports whether a file is XML rather than a workbook.
func Looks(document []byte) bool {
	text := bytes.TrimLeft(bytes.TrimPrefix(document, []byte("\ufeff")), " \t\r\n")
	return bytes.HasPrefix(text, []byte("<"))
}

// reader is the state of one Read.
type reader struct {
	form        *form.Form
	file        string
	top         *xpath.Node // <h:html>
	model, body *xpath.Node
	title       string
	instances   map[string]*xpath.Node // secondary instances, the <instance> elements
	items       map[string]*form.Item  // by element path
	written     []written              // groups and questions with the nodes they are written in
	controls    map[*form.Item]bool    // that have a control in the body
	order       []*form.Item           // in the order of the body
	binds       map[*form.Item]*xpath.Node
	bindIDs     map[string]string      // nodeset by id
	types       map[*form.Item]string  // of binds
	texts       map[string]form.Text   // itext, by id
	lists       map[string]*form.List  // of secondary instances, by all that makes them
	listed      int                    // choices in lists of secondary instances
	parsed      map[string]*xpath.Expr // by source
	events      []event
	devices     map[*form.Item]preloaded // what the device answers
	prefixes    []string                 // of names in the primary instance
	problems    []form.Problem
}

// written is an item and a node of the primary instance it is written in.
type written struct {
	item *form.Item
	node *xpath.Node
}

// open parses the document and finds its parts.
func (r *reader) open(name string, document []byte) bool {
	r.file = name
	at := form.Cell{Sheet: path.Base(strings.ReplaceAll(name, `\`, "/"))}
	if len(document) > MaxBytes || bytes.Count(document, []byte("<")) > maxTags {
		r.note(form.Error, "too-large", at, "", fmt.Sprintf("The document is larger than 16 MB, or has more than %d tags.", maxTags), "")
		return false
	}
	doc, err := xpath.ParseXML(bytes.NewReader(document))
	if err != nil {
		r.note(form.Error, "bad-xml", at, "", "The document cannot be read: "+err.Error()+".", "")
		return false
	}
	top := child(doc.Top, "html")
	r.top = top
	if top == nil {
		r.note(form.Error, "no-xform", at, "", "The document is no XForm: its outermost element is not <h:html>.", "")
		return false
	}
	head := child(top, "head")
	if head != nil {
		r.model = child(head, "model")
		if t := child(head, "title"); t != nil {
			r.title = strings.TrimSpace(t.StringValue())
		}
	}
	if r.body = child(top, "body"); r.model == nil || r.body == nil {
		r.note(form.Error, "no-xform", at, "", "The document is no XForm: it has no <model> or no <h:body>.", "")
		return false
	}
	r.instances = doc.Instances
	return true
}

func (r *reader) note(s form.Severity, code string, at form.Cell, text, message, hint string) {
	r.problems = append(r.problems, form.Problem{Severity: s, Code: code, Cell: at, Text: text, Message: message, Hint: hint})
}

// refuse notes an error.
func (r *reader) refuse(code string, at form.Cell, text, message string) {
	r.note(form.Error, code, at, text, message, "")
}

// columns are the names that XForms have for the columns of XLSForm.
var columns = map[string]string{"calculation": "calculate", "read_only": "readonly", "repeat_count": "jr:count", "choice_filter": "itemset",
	"constraint_message": "jr:constraintMsg", "required_message": "jr:requiredMsg"}

// placed writes the place of a problem of Form.Compile in the words of XForms.
func placed(p form.Problem) form.Problem {
	if p.Code == "unknown-path" {
		p.Severity, p.Hint = form.Warning, "It is taken to be empty, as ODK Collect does."
	}
	if name, ok := columns[p.Cell.Column]; ok {
		p.Cell.Column = name
	}
	return p
}

// local returns a name without its prefix.
func local(name string) string { return name[strings.LastIndexByte(name, ':')+1:] }

// child returns the first child element of a name, whatever its prefix; nil when there is none.
func child(n *xpath.Node, name string) *xpath.Node {
	for _, c := range n.Children {
		if c.Kind == xpath.Element && local(c.Name) == name {
			return c
		}
	}
	return nil
}

// elements returns the child elements of a node.
func elements(n *xpath.Node) []*xpath.Node {
	var list []*xpath.Node
	for _, c := range n.Children {
		if c.Kind == xpath.Element {
			list = append(list, c)
		}
	}
	return list
}

// attr returns an attribute by its local name.
func attr(n *xpath.Node, name string) string {
	for _, a := range n.Attrs {
		if local(a.Name) == name {
			return strings.TrimSpace(a.Value)
		}
	}
	return ""
}

// has reports whether a node has an attribute of that local name.
func has(n *xpath.Node, name string) bool {
	for _, a := range n.Attrs {
		if local(a.Name) == name {
			return true
		}
	}
	return false
}

// item returns the item at an element path as written: prefixes, blanks and positions do not count.
func (r *reader) item(ref string) *form.Item {
	return r.items[plainPath(ref)]
}

func plainPath(ref string) string {
	segments := strings.Split(strings.TrimSpace(ref), "/")
	for n, s := range segments {
		segments[n] = local(strings.TrimSpace(s))
	}
	return strings.Join(segments, "/")
}
