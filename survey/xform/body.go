package xform

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"vereda/survey/form"
	"vereda/survey/record"
	"vereda/survey/xpath"
)

// controls are the elements of the body that refer to answers, or hold such.
var controls = map[string]bool{"input": true, "select1": true, "select": true, "rank": true, "range": true, "trigger": true, "upload": true, "secret": true,
	"group": true, "repeat": true}

// parts of controls that are read with them.
var controlParts = map[string]bool{"label": true, "hint": true, "item": true, "itemset": true, "help": true, "tag": true}

// readBody gives items their controls.
func (r *reader) readBody() {
	if r.form.Root == nil {
		return
	}
	r.form.Style = attr(r.body, "class")
	r.readControls(r.body, "/"+r.form.Root.Name)
}

func (r *reader) readControls(n *xpath.Node, base string) {
	for _, c := range elements(n) {
		name := local(c.Name)
		switch {
		case controls[name]:
			r.readControl(c, name, base)
		case actions[name]: // read later, when the types are known
		case controlParts[name] && n != r.body:
		default:
			r.note(form.Warning, "unknown-element", form.Cell{Sheet: "body " + base}, c.Name, fmt.Sprintf("Vereda does not know the element <%s> of a form's body; it is left out, as in ODK Collect, and what it holds is shown.", c.Name), "")
			r.readControls(c, base)
		}
	}
}

func (r *reader) readControl(n *xpath.Node, name, base string) {
	ref := r.refOf(n)
	if ref == "" && name == "group" {
		r.readHeading(n, base)
		return
	}
	here := r.absolute(ref, base)
	at := form.Cell{Sheet: here}
	i := r.items[here]
	if i == nil {
		r.refuse("unknown-path", at, ref, fmt.Sprintf("The %s is about something that the primary instance does not have.", name))
		return
	}
	if name == "group" || name == "repeat" {
		r.readSection(i, n, name, base, at)
		r.readControls(n, here)
		return
	}
	if i.Kind != form.Question {
		r.refuse("wrong-control", at, n.Name, fmt.Sprintf("A %s is no question: <%s> cannot ask it.", i.Kind, n.Name))
		return
	}
	if r.controls[i] {
		r.note(form.Warning, "two-controls", at, n.Name, "The body asks the same question more than once; it is shown where it stands first.", "")
		r.readControls(n, here)
		return
	}
	r.controls[i] = true
	r.order = append(r.order, i)
	r.readQuestion(i, n, name, at)
	r.readControls(n, here)
}

// readHeading reads a group that refers to nothing: it only shows what it holds.
func (r *reader) readHeading(n *xpath.Node, base string) {
	if child(n, "label") != nil || attr(n, "appearance") != "" {
		r.note(form.Warning, "group-without-ref", form.Cell{Sheet: "body " + base}, attr(n, "appearance"),
			"A group that refers to nothing in the instance is not shown; what it holds is.", "")
	}
	r.readControls(n, base)
}

// readSection reads a group or repeat. The group around a repeat carries its label.
func (r *reader) readSection(i *form.Item, n *xpath.Node, name, base string, at form.Cell) {
	if i.Kind == form.Question && name == "group" {
		i.Kind, i.DefaultText = form.Group, ""
	}
	if label := child(n, "label"); label != nil && i.Label.IsZero() {
		i.Label = r.textOfElement(label, at)
		if m := itextCall.FindStringSubmatch(attr(label, "ref")); m != nil {
			i.Media, i.Short = r.mediaOf(m[1]), r.texts[m[1]+"#short"]
		}
	}
	for _, a := range n.Attrs {
		if !sectionAttributes[local(a.Name)] && !strings.HasPrefix(a.Name, "xmlns") {
			r.keep(i, "body::"+a.Name, a.Value)
		}
	}
	i.Appearance = append(i.Appearance, strings.Fields(attr(n, "appearance"))...)
	if name == "group" {
		if appear := attr(n, "relevant"); appear != "" {
			r.note(form.Warning, "unknown-attribute", at, appear, "A group has its relevance in a bind; what stands here has no effect, as in ODK Collect.", "")
		}
		return
	}
	at.Column = "jr:count"
	switch count := attr(n, "count"); {
	case count != "":
		if up := strings.Count(i.ElementPath(), "/") - strings.Count(base, "/"); !relativePath.MatchString(count) {
		} else if up >= 0 { // it starts at the control around the repeat
			count = strings.Repeat("../", up) + count
		} else {
			count = r.absolute(count, base)
		}
		i.RepeatCount = r.parse(count, at)
	case has(n, "noAddRemove") && attr(n, "noAddRemove") != "false()":
		i.RepeatCount = r.parse(fmt.Sprint(max(i.Begins, mostInstances(i.Path, r.form.Starts))), at)
	}
}

// mostInstances is the largest number of instances of a repeat that stand together in the primary instance.
func mostInstances(repeat record.Path, starts map[record.Path][]form.Instance) int {
	most := len(starts[repeat])
	for _, list := range starts {
		for _, instance := range list {
			most = max(most, mostInstances(repeat, instance.Repeats))
		}
	}
	return most
}

// sectionAttributes are the attributes of groups and repeats that are read.
var sectionAttributes = map[string]bool{"ref": true, "nodeset": true, "bind": true, "appearance": true, "relevant": true, "count": true, "noAddRemove": true}

// relativePath is a path that starts at the place where it is written.
var relativePath = regexp.MustCompile(`^(\.\./)*[A-Za-z_][\w.-]*(/[A-Za-z_][\w.-]*)*$`)

// absolutePath is a path that starts at the outermost element.
var absolutePath = regexp.MustCompile(`^(/[A-Za-z_][\w.-]*)+$`)

// readQuestion gives a question the type, texts and parameters of its control.
func (r *reader) readQuestion(i *form.Item, n *xpath.Node, name string, at form.Cell) {
	i.Type = r.typeOf(i, n, name)
	r.askDevice(i)
	r.readLabels(i, n, at)
	i.Appearance = strings.Fields(attr(n, "appearance"))
	for _, a := range n.Attrs {
		r.readAttribute(i, n, a, at)
	}
	if i.Type.Select() {
		r.readChoices(i, n, at)
	} else {
		r.readExtraItems(i, n, at)
	}
}

// olderInputs are the types of questions that an input asks, by types of binds that workbooks do not have.
var olderInputs = map[string]form.Type{"": form.TypeText, "intent": form.TypeText, "boolean": form.TypeText, "long": form.TypeInteger, "double": form.TypeDecimal}

func (r *reader) typeOf(i *form.Item, n *xpath.Node, name string) form.Type {
	bound := r.types[i]
	if name == "input" && attr(n, "query") != "" {
		return form.TypeSelectOne
	}
	switch name {
	case "select1":
		return form.TypeSelectOne
	case "select":
		return form.TypeSelectMultiple
	case "rank":
		return form.TypeRank
	case "range":
		return form.TypeRange
	case "trigger":
		return form.TypeAcknowledge
	case "upload":
		return uploadType(attr(n, "mediatype"))
	}
	if t, ok := form.BoundType(bound); ok {
		return t
	}
	if t, ok := olderInputs[bound]; ok {
		return t
	}
	if _, known := kinds[bound]; known {
		r.note(form.Warning, "wrong-control", form.Cell{Sheet: i.ElementPath(), Column: "type"}, bound, fmt.Sprintf("<%s> cannot ask for an answer of type %q; it asks for a text.", n.Name, bound), "")
	}
	return form.TypeText
}

func uploadType(media string) form.Type {
	switch {
	case strings.HasPrefix(media, "image/"):
		return form.TypeImage
	case strings.HasPrefix(media, "audio/"):
		return form.TypeAudio
	case strings.HasPrefix(media, "video/"):
		return form.TypeVideo
	}
	return form.TypeFile
}

// readLabels reads label and hint, and what belongs to them in the itext.
func (r *reader) readLabels(i *form.Item, n *xpath.Node, at form.Cell) {
	if label := child(n, "label"); label != nil {
		i.Label = r.textOfElement(label, at)
		if m := itextCall.FindStringSubmatch(attr(label, "ref")); m != nil {
			i.Media, i.Short = r.mediaOf(m[1]), r.texts[m[1]+"#short"]
		}
	}
	if hint := child(n, "hint"); hint != nil {
		i.Hint = r.textOfElement(hint, at)
		if m := itextCall.FindStringSubmatch(attr(hint, "ref")); m != nil {
			i.Guidance = r.texts[m[1]+"#guidance"]
		}
	}
}

// mediaOf returns the pictures and sounds of a text, without the scheme of their addresses.
func (r *reader) mediaOf(id string) map[string]form.Text {
	var media map[string]form.Text
	for _, m := range mediaForms {
		text, ok := r.texts[id+"#"+m.form]
		if !ok {
			continue
		}
		files := map[string][]form.Part{}
		for _, language := range text.Languages() {
			files[language] = withoutFolder(text.In(language, language))
		}
		if media == nil {
			media = map[string]form.Text{}
		}
		media[m.form] = form.NewText(files)
	}
	return media
}

// withoutFolder leaves the address of a folder before a file's name away.
func withoutFolder(parts []form.Part) []form.Part {
	if len(parts) == 0 || parts[0].Expr != nil || !strings.HasPrefix(parts[0].Words, "jr://") {
		return parts
	}
	_, name, folder := strings.Cut(strings.TrimPrefix(parts[0].Words, "jr://"), "/")
	switch {
	case !folder || name == "" && len(parts) == 1:
		return parts
	case name == "":
		return parts[1:]
	}
	return append([]form.Part{{Words: name}}, parts[1:]...)
}

// parameters are the attributes of controls that Vereda has as parameters.
var parameters = map[string]string{"start": "start", "end": "end", "step": "step", "max-pixels": "max-pixels", "accuracyThreshold": "capture-accuracy",
	"unacceptableAccuracyThreshold": "warning-accuracy", "rows": "rows", "incremental": "incremental", "quality": "quality", "allow-mock-accuracy": "allow-mock-accuracy",
	"tick-interval": "tick_interval", "placeholder": "placeholder"}

// readAttribute reads an attribute of a control.
func (r *reader) readAttribute(i *form.Item, n *xpath.Node, a xpath.Attr, at form.Cell) {
	name := local(a.Name)
	switch {
	case name == "ref" || name == "nodeset" || name == "bind" || name == "appearance" || name == "mediatype" || strings.HasPrefix(a.Name, "xmlns"):
	case name == "intent" && i.Type == form.TypeImage:
		r.parameter(i, "app", a.Value)
	case parameters[name] != "":
		if _, err := strconv.ParseFloat(a.Value, 64); err != nil && i.Type == form.TypeRange && (name == "start" || name == "end" || name == "step") {
			at.Column = name
			r.note(form.Error, "bad-range", at, a.Value, fmt.Sprintf("The %s of a range must be a number.", name), "")
		}
		r.parameter(i, parameters[name], a.Value)
	case name == "query" && i.Type == form.TypeSelectOne:
	case strings.Contains(a.Name, ":") || name == "autoplay" || name == "class":
		r.keep(i, "body::"+a.Name, a.Value)
	default:
		at.Column = a.Name
		r.note(form.Warning, "unknown-attribute", at, a.Value, fmt.Sprintf("Vereda does not know the attribute %s of <%s>.", a.Name, n.Name), "")
		r.keep(i, "body::"+a.Name, a.Value)
	}
}
