package xform

import (
	"io"
	"regexp"
	"slices"
	"strings"

	"vereda/survey/form"
	"vereda/survey/xpath"
)

// Write writes a compiled form as an XForm, with the names that the reference converter gives to what XLSForm has no names for: texts by the path
// of their question, choices by their list. What Read has read is written so that reading and writing it again gives the same bytes. The
// output depends on the form alone, is indented by two blanks, and ends with a newline. Errors are those of w.
//
// A language that lacks a text is given the one that is shown in its place, since readers other than Vereda show nothing there.
func Write(w io.Writer, f *form.Form) error {
	x := &writer{form: f, counts: map[*form.Item]string{}, byID: map[string]*entry{}, lists: map[*form.List]string{}, keptTexts: map[string]bool{},
		following: map[*form.Item][]form.Action{}, unique: map[*form.Item]bool{}, named: map[string]bool{}, labelled: map[string]bool{}}
	x.index()
	x.nameLists()
	x.findKept()
	x.nameCounts()
	return printXML(w, x.document())
}

// writer is the state of one Write.
type writer struct {
	form      *form.Form
	texts     []*entry // of the itext, in order
	byID      map[string]*entry
	keptTexts map[string]bool       // ids of texts that expressions name, in Form.Texts
	keptOrder []string              // the same, in order
	lists     map[*form.List]string // ids of the secondary instances that lists become
	listOrder []*form.List          // one for each id, by id
	counts    map[*form.Item]string // names of the nodes that hold how many instances a repeat has
	sources   []string              // of all expressions
	named     map[string]bool       // ids of the secondary instances that expressions name
	labelled  map[string]bool       // those of them whose labels expressions read
	following map[*form.Item][]form.Action
	unique    map[*form.Item]bool // items that are given a unique name when an interview begins
}

// index goes through the form once, so that nothing is looked for again and again.
func (x *writer) index() {
	for _, a := range x.form.Actions {
		x.following[a.From] = append(x.following[a.From], a)
		if isUIDAction(a) {
			x.unique[a.Target] = true
		}
	}
	for _, source := range x.allSources() {
		label := strings.Contains(source, "label")
		for _, m := range instanceCall.FindAllStringSubmatch(source, -1) {
			id := m[1] + m[2]
			x.named[id], x.labelled[id] = true, x.labelled[id] || label
		}
	}
}

// fromWorkbook reports whether the form was read from a workbook: its lists are secondary instances then, and it has no meta block of its own.
func (x *writer) fromWorkbook() bool { return x.form.Instances == nil }

// Namespaces of what the writer writes; those of other prefixes stand in the setting namespaces.
var namespaces = []xpath.Attr{
	{Name: "xmlns", Value: "http://www.w3.org/2002/xforms"}, {Name: "xmlns:h", Value: "http://www.w3.org/1999/xhtml"},
	{Name: "xmlns:ev", Value: "http://www.w3.org/2001/xml-events"}, {Name: "xmlns:xsd", Value: "http://www.w3.org/2001/XMLSchema"},
	{Name: "xmlns:jr", Value: "http://openrosa.org/javarosa"}, {Name: "xmlns:orx", Value: "http://openrosa.org/xforms"},
	{Name: "xmlns:odk", Value: "http://www.opendatakit.org/xforms"},
}

const entitiesSpace = "http://www.opendatakit.org/xforms/entities"

// document makes the whole tree.
func (x *writer) document() *xpath.Node {
	f := x.form
	body := x.body()
	binds := x.binds()
	instances := x.secondary()
	primary := element("instance", x.primary())
	actions := x.modelActions()
	model := element("model")
	set(model, "odk:xforms-version", "1.0.0")
	add(model, x.submission())
	add(model, x.itext())
	add(model, primary)
	add(model, instances...)
	add(model, binds...)
	add(model, actions...)
	html := element("h:html", element("h:head", leaf("h:title", f.Title), model), body)
	html.Attrs = slices.Clone(namespaces)
	for _, a := range x.moreNamespaces() {
		set(html, a.Name, a.Value)
	}
	if usesPrefix(html, "entities") || len(f.Entities) > 0 || f.Settings["entities-version"] != "" {
		set(html, "xmlns:entities", entitiesSpace)
		set(model, "entities:entities-version", x.entitiesVersion())
	}
	declare(html, html, nil)
	slices.SortFunc(html.Attrs[len(namespaces):], func(a, b xpath.Attr) int { return strings.Compare(a.Name, b.Name) })
	return html
}

var namespaceSetting = regexp.MustCompile(`([\w.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')`)

// moreNamespaces are those of the setting namespaces: prefix="address" prefix="address".
func (x *writer) moreNamespaces() []xpath.Attr {
	var list []xpath.Attr
	for _, m := range namespaceSetting.FindAllStringSubmatch(x.form.Settings["namespaces"], -1) {
		prefix := strings.TrimPrefix(m[1], "xmlns:")
		if form.ValidName(prefix) && !strings.HasPrefix(prefix, "xml") {
			list = append(list, xpath.Attr{Name: "xmlns:" + prefix, Value: m[2] + m[3]})
		}
	}
	return list
}

// submission is how a form is to be sent, where it says so.
func (x *writer) submission() *xpath.Node {
	n := element("submission")
	if url := x.form.Settings["submission_url"]; url != "" {
		set(n, "action", url)
		set(n, "method", "post")
	}
	for _, a := range submissionSettings {
		if value := x.form.Settings[a.setting]; value != "" {
			set(n, a.attribute, value)
		}
	}
	if len(n.Attrs) == 0 {
		return nil
	}
	return n
}

// submissionSettings are settings and the attributes of <submission> that they are written as.
var submissionSettings = []struct{ setting, attribute string }{
	{"public_key", "base64RsaPublicKey"}, {"auto_send", "orx:auto-send"}, {"auto_delete", "orx:auto-delete"},
}
