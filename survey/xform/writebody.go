package xform

import (
	"slices"
	"strings"

	"vereda/survey/form"
	"vereda/survey/xpath"
)

// body makes the controls.
func (x *writer) body() *xpath.Node {
	n := element("h:body")
	if x.form.Style != "" {
		set(n, "class", x.form.Style)
	}
	x.controls(n, x.form.Root)
	return n
}

// controls writes what is shown of the children of a section.
func (x *writer) controls(n *xpath.Node, section *form.Item) {
	for _, i := range section.Children {
		switch {
		case i.Kind == form.Repeat:
			x.repeat(n, i)
		case i.Kind == form.Group:
			if x.hasControls(i) {
				add(n, x.group(i))
			}
		case i.Type.Shown():
			if head := x.tableHead(i); head != "" {
				add(n, x.tableHeadControl(i, head))
			}
			add(n, x.question(i))
		}
	}
}

// hasControls reports whether anything of a group is shown.
func (x *writer) hasControls(i *form.Item) bool {
	if !i.Label.IsZero() || len(i.Appearance) > 0 || len(columnsOf(i, "body::")) > 0 || i.Kind == form.Repeat || i.Kind == form.Question && i.Type.Shown() {
		return true
	}
	return i.Kind == form.Group && len(i.Children) == 0 || slices.ContainsFunc(i.Children, x.hasControls) // an empty group would be taken for a question
}

func (x *writer) group(i *form.Item) *xpath.Node {
	n := element("group")
	set(n, "ref", i.ElementPath())
	if words := x.appearance(i); words != "" {
		set(n, "appearance", words)
	}
	x.ownAttributes(n, i)
	add(n, x.shown("label", i.ElementPath()+":label", x.labelForms(i.Label, i.Short, i.Media)...))
	x.controls(n, i)
	return n
}

// repeat writes a repeat within the group that carries its label.
func (x *writer) repeat(n *xpath.Node, i *form.Item) {
	path := i.ElementPath()
	around := element("group")
	set(around, "ref", path)
	label := x.shown("label", path+":label", x.labelForms(i.Label, i.Short, i.Media)...)
	if label == nil {
		label = element("label")
	}
	repeat := element("repeat")
	set(repeat, "nodeset", path)
	if words := x.appearance(i); words != "" {
		set(repeat, "appearance", words)
	}
	switch name := x.counts[i]; {
	case name != "":
		set(repeat, "jr:count", i.Parent.ElementPath()+"/"+name)
	case x.fixed(i):
		set(repeat, "jr:noAddRemove", "true()")
	case i.RepeatCount != nil:
		set(repeat, "jr:count", i.RepeatCount.String())
	}
	x.ownAttributes(repeat, i)
	x.controls(repeat, i)
	x.actionsIn(repeat, i)
	add(around, label, repeat)
	add(n, around)
}

// controlNames are the elements that ask questions, by type; others are inputs.
var controlNames = map[form.Type]string{form.TypeSelectOne: "select1", form.TypeSelectMultiple: "select", form.TypeRank: "odk:rank", form.TypeRange: "range",
	form.TypeAcknowledge: "trigger", form.TypeImage: "upload", form.TypeAudio: "upload", form.TypeVideo: "upload", form.TypeFile: "upload"}

var mediaTypes = map[form.Type]string{form.TypeImage: "image/*", form.TypeAudio: "audio/*", form.TypeVideo: "video/*", form.TypeFile: "application/*"}

// bodyParameters are the parameters that stand in controls, by type of question.
var bodyParameters = map[form.Type][]parameter{
	form.TypeText:     {{"rows", "rows"}},
	form.TypeRange:    {{"start", "start"}, {"end", "end"}, {"step", "step"}, {"tick_interval", "odk:tick-interval"}, {"placeholder", "odk:placeholder"}},
	form.TypeImage:    {{"app", "intent"}},
	form.TypeGeopoint: {{"capture-accuracy", "accuracyThreshold"}, {"warning-accuracy", "unacceptableAccuracyThreshold"}},
	form.TypeGeotrace: {{"incremental", "incremental"}}, form.TypeGeoshape: {{"incremental", "incremental"}},
}

func (x *writer) question(i *form.Item) *xpath.Node {
	name := controlNames[i.Type]
	if name == "" {
		name = "input"
	}
	n := element(name)
	set(n, "ref", i.ElementPath())
	if media := mediaTypes[i.Type]; i.Tags != nil {
		set(n, "mediatype", "osm/*")
	} else if media != "" {
		set(n, "mediatype", media)
	}
	if words := x.appearance(i); words != "" {
		set(n, "appearance", words)
	}
	for _, p := range bodyParameters[i.Type] {
		if v := i.Parameters[p.parameter]; v != "" && (p.attribute != "intent" || startsApp(i)) {
			set(n, p.attribute, v)
		}
	}
	x.ownAttributes(n, i)
	add(n, x.shown("label", i.ElementPath()+":label", x.labelForms(i.Label, i.Short, i.Media)...))
	add(n, x.shown("hint", i.ElementPath()+":hint", formText{"", i.Hint}, formText{"guidance", i.Guidance}))
	x.choices(n, i)
	x.actionsIn(n, i)
	return n
}

// startsApp reports whether a picture is taken by the program that the question names: ODK Collect does so where the appearance asks for nothing else.
func startsApp(i *form.Item) bool {
	appearance := strings.Join(i.Appearance, " ")
	return appearance == "" || appearance == "annotate"
}

// ownAttributes writes the attributes of a control that other tools read.
func (x *writer) ownAttributes(n *xpath.Node, i *form.Item) {
	for _, kind := range []string{"body::", "control::"} {
		for _, a := range columnsOf(i, kind) {
			if !hasExactly(n, a.Name) {
				set(n, a.Name, a.Value)
			}
		}
	}
}

// modelActions are the actions that follow the beginning of an interview, in the model.
func (x *writer) modelActions() []*xpath.Node {
	var holder xpath.Node
	for _, i := range x.form.Items() {
		if i.Default != nil && !i.Type.Metadata() {
			add(&holder, defaultAt(i, "odk-instance-first-load"))
		}
		if e := x.entityAt(i); e != nil {
			add(&holder, entityID(e, "odk-instance-first-load"))
		}
		for _, a := range i.Attributes {
			for _, s := range a.Sets {
				if s.Event == form.FirstLoad || s.Event == form.Load {
					add(&holder, x.attributeSet(i, a, s))
				}
			}
		}
	}
	for _, a := range x.following[nil] {
		if !isUIDAction(a) {
			add(&holder, x.action(a))
		}
	}
	return holder.Children
}

// defaultAt gives a question its default at an event.
func defaultAt(i *form.Item, event string) *xpath.Node {
	n := element("setvalue")
	set(n, "ref", i.ElementPath())
	set(n, "event", event)
	set(n, "value", i.Default.String())
	return n
}

// actionsIn writes the actions that follow a new instance of a repeat, or another answer of a question.
func (x *writer) actionsIn(n *xpath.Node, from *form.Item) {
	if from.Kind == form.Repeat {
		x.defaultsIn(n, from, from)
		for k := range x.form.Entities {
			if e := &x.form.Entities[k]; e.At != nil && x.entityAt(e.At) == e && repeatOf(e.At) == from {
				add(n, entityID(e, "odk-new-repeat"))
			}
		}
	}
	for _, a := range x.following[from] {
		add(n, x.action(a))
	}
}

// defaultsIn gives the questions of a new instance their defaults.
func (x *writer) defaultsIn(n *xpath.Node, section, from *form.Item) {
	for _, i := range section.Children {
		if i.Default != nil && !i.Type.Metadata() {
			add(n, defaultAt(i, "odk-new-repeat"))
		}
		for _, a := range i.Attributes {
			for _, s := range a.Sets {
				if s.Event == form.NewRepeat && repeatOf(i) == from {
					add(n, x.attributeSet(i, a, s))
				}
			}
		}
		x.defaultsIn(n, i, from)
	}
}

// repeatOf returns a repeat itself, and the innermost repeat around anything else.
func repeatOf(i *form.Item) *form.Item {
	if i.Kind == form.Repeat {
		return i
	}
	return i.Repeat()
}

var actionNames = map[form.Deed]string{form.SetAnswer: "setvalue", form.TakePosition: "odk:setgeopoint", form.RecordSound: "odk:recordaudio"}

// nameOf is the name of an event.
func nameOf(e form.Event) string {
	for name, known := range eventNames {
		if known == e {
			return name
		}
	}
	return ""
}

func (x *writer) action(a form.Action) *xpath.Node {
	n := element(actionNames[a.Does])
	ref := a.Target.ElementPath()
	if a.Which != nil {
		ref = a.Which.String()
	}
	set(n, "ref", ref)
	set(n, "event", nameOf(a.Event))
	switch {
	case a.Does == form.RecordSound && a.Quality != "":
		set(n, "odk:quality", a.Quality)
	case a.Value != nil:
		set(n, "value", a.Value.String())
	default:
		n.Value = a.Text
	}
	return n
}

func (x *writer) attributeSet(i *form.Item, a form.Attribute, s form.AttributeSet) *xpath.Node {
	n := element("setvalue")
	set(n, "ref", i.ElementPath()+"/@"+a.Name)
	set(n, "event", nameOf(s.Event))
	if s.Value != "" {
		set(n, "value", s.Value)
	} else {
		n.Value = s.Text
	}
	return n
}
