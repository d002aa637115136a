package xform

import (
	"strings"

	"vereda/survey/form"
	"vereda/survey/record"
	"vereda/survey/xpath"
)

// binds makes the binds of all items, in form order, and those of the nodes that the writer adds.
func (x *writer) binds() []*xpath.Node {
	var list []*xpath.Node
	for _, i := range x.form.Items() {
		if name := x.counts[i]; name != "" {
			list = append(list, x.countBind(i, name))
		}
		if head := x.tableHead(i); head != "" {
			n := element("bind")
			set(n, "nodeset", i.Parent.ElementPath()+"/"+head)
			set(n, "type", "string")
			list = append(list, n)
		}
		if n := x.bind(i); n != nil {
			list = append(list, n)
		}
		for _, a := range i.Attributes {
			if a.Bind == nil {
				continue
			}
			n := element("bind")
			set(n, "nodeset", x.pathOf(i)+"/@"+a.Name)
			for _, name := range sortedIDs(a.Bind) {
				set(n, name, a.Bind[name])
			}
			list = append(list, n)
		}
	}
	for n := range x.form.Entities {
		if e := &x.form.Entities[n]; x.entityAt(e.At) == e {
			list = append(list, x.entityBinds(e)...)
		}
	}
	if x.fromWorkbook() {
		list = append(list, x.metaBinds()...)
	}
	return list
}

// countBind calculates how many instances a repeat has, on a node beside it.
func (x *writer) countBind(i *form.Item, name string) *xpath.Node {
	n := element("bind")
	set(n, "nodeset", i.Parent.ElementPath()+"/"+name)
	set(n, "type", "string")
	source := i.RepeatCount.String()
	if strings.HasPrefix(source, "./") { // what the repeat itself holds
		source = "../" + i.Name + source[1:]
	}
	set(n, "calculate", source)
	set(n, "readonly", "true()")
	return n
}

// bind makes the bind of an item; nil for a section without rules.
func (x *writer) bind(i *form.Item) *xpath.Node {
	n := element("bind")
	set(n, "nodeset", x.pathOf(i))
	if i.Kind == form.Question {
		set(n, "type", x.bindType(i))
	}
	expr := func(name string, e *xpath.Expr) {
		if e != nil {
			set(n, name, e.String())
		}
	}
	expr("relevant", i.Relevant)
	expr("calculate", i.Calculation)
	expr("constraint", i.Constraint)
	x.message(n, i, "jr:constraintMsg", i.ConstraintMessage)
	expr("required", i.Required)
	x.message(n, i, "jr:requiredMsg", i.RequiredMessage)
	if expr("readonly", i.ReadOnly); i.ReadOnly == nil && i.Type == form.TypeNote {
		set(n, "readonly", "true()")
	}
	if preload, params, ok := i.Type.Preload(); ok {
		set(n, "jr:preload", preload)
		set(n, "jr:preloadParams", params)
	}
	if x.unique[i] {
		set(n, "jr:preload", "uid")
	}
	for _, p := range bindParameters[i.Type] {
		if v := i.Parameters[p.parameter]; v != "" {
			set(n, p.attribute, v)
		}
	}
	if v := i.Columns["save_to"]; v != "" {
		set(n, "entities:saveto", property(v))
	}
	for _, a := range columnsOf(i, "bind::") {
		if !hasExactly(n, a.Name) {
			set(n, a.Name, a.Value)
		}
	}
	if len(n.Attrs) == 1 {
		return nil
	}
	return n
}

// message writes the text of a bind: itself where nothing is shown in it and there is one language, else by its name in the itext.
func (x *writer) message(n *xpath.Node, i *form.Item, name string, t form.Text) {
	switch {
	case t.IsZero():
	case x.plain(t):
		set(n, name, t.Plain(x.form.DefaultLanguage, x.form.DefaultLanguage))
	default:
		set(n, name, "jr:itext('"+x.text(x.pathOf(i)+":"+name, formText{"", t})+"')")
	}
}

// bindTypes are the types of binds by type of question.
var bindTypes = map[form.Type]string{
	form.TypeText: "string", form.TypeInteger: "int", form.TypeDecimal: "decimal", form.TypeDate: "date", form.TypeTime: "time", form.TypeDateTime: "dateTime",
	form.TypeSelectOne: "string", form.TypeSelectMultiple: "string", form.TypeRank: "odk:rank", form.TypeGeopoint: "geopoint", form.TypeGeotrace: "geotrace",
	form.TypeGeoshape: "geoshape", form.TypeImage: "binary", form.TypeAudio: "binary", form.TypeVideo: "binary", form.TypeFile: "binary",
	form.TypeBarcode: "barcode", form.TypeNote: "string", form.TypeAcknowledge: "string", form.TypeStart: "dateTime", form.TypeEnd: "dateTime",
	form.TypeToday: "date", form.TypeDeviceID: "string", form.TypeUsername: "string", form.TypeAudit: "binary",
}

// typeNames are the types of binds by what they hold.
var typeNames = map[record.Kind]string{record.Integer: "int", record.Decimal: "decimal", record.Date: "date", record.Time: "time", record.DateTime: "dateTime",
	record.Geopoint: "geopoint", record.Geotrace: "geotrace", record.Geoshape: "geoshape", record.File: "binary", record.Choices: "select"}

func (x *writer) bindType(i *form.Item) string {
	switch {
	case i.Boolean:
		return "boolean"
	case i.Type.Select() && i.Numeric:
		return "decimal"
	}
	if name, ok := bindTypes[i.Type]; ok {
		return name
	}
	if name, ok := typeNames[i.KindOf()]; ok {
		return name
	}
	return "string"
}

// parameter is a parameter of a question and the attribute that it is written as.
type parameter struct{ parameter, attribute string }

// bindParameters are the parameters that stand in binds, by type of question.
var bindParameters = map[form.Type][]parameter{
	form.TypeImage: {{"max-pixels", "orx:max-pixels"}}, form.TypeAudio: {{"quality", "odk:quality"}}, form.TypeVideo: {{"quality", "odk:quality"}},
	form.TypeGeopoint: {{"allow-mock-accuracy", "odk:allow-mock-accuracy"}}, form.TypeGeotrace: {{"allow-mock-accuracy", "odk:allow-mock-accuracy"}},
	form.TypeGeoshape: {{"allow-mock-accuracy", "odk:allow-mock-accuracy"}},
	form.TypeAudit: {{"location-priority", "odk:location-priority"}, {"location-min-interval", "odk:location-min-interval"}, {"location-max-age", "odk:location-max-age"},
		{"track-changes", "odk:track-changes"}, {"track-changes-reasons", "odk:track-changes-reasons"}, {"identify-user", "odk:identify-user"}},
}

// uid is what stands for the preload uid.
const uid = "concat('uuid:', uuid())"

// isUIDAction reports whether an action gives an item a unique name when an interview begins.
func isUIDAction(a form.Action) bool {
	return a.Event == form.FirstLoad && a.Does == form.SetAnswer && a.Value != nil && a.Value.String() == uid
}

// metaBinds are those of the nodes in the meta block of a workbook's form.
func (x *writer) metaBinds() []*xpath.Node {
	var list []*xpath.Node
	if !x.omitsID() && !x.hasItem("meta/instanceID") {
		n := element("bind")
		set(n, "nodeset", x.metaPath()+"/instanceID")
		set(n, "type", "string")
		set(n, "readonly", "true()")
		set(n, "jr:preload", "uid")
		if id := x.form.Settings["instance_id"]; id != "" {
			set(n, "jr:preload", id)
		}
		list = append(list, n)
	}
	if x.form.InstanceName != nil && !x.hasItem("meta/instanceName") {
		n := element("bind")
		set(n, "nodeset", x.metaPath()+"/instanceName")
		set(n, "type", "string")
		set(n, "calculate", x.form.InstanceName.String())
		list = append(list, n)
	}
	return list
}

func (x *writer) hasItem(path record.Path) bool {
	_, ok := x.form.Item(path)
	return ok
}
