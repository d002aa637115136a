package xform

import (
	"strings"

	"vereda/survey/form"
	"vereda/survey/xpath"
)

// Entities of a workbook are written as the ODK entities specification has them: an element entity in the meta block of the section they are made in,
// with attributes that are calculated.

// entityAt returns the entity that is made in a section of a form that was read from a workbook; nil when none is.
func (x *writer) entityAt(section *form.Item) *form.Entity {
	for n := range x.form.Entities {
		if e := &x.form.Entities[n]; e.At == section && e.Rules != nil {
			return e
		}
	}
	return nil
}

// creates and updates report what may become of an entity.
func creates(e *form.Entity) bool { return e.Rules["entity_id"] == "" || e.Rules["create_if"] != "" }
func updates(e *form.Entity) bool { return e.Rules["entity_id"] != "" }

// entityNode is the element of an entity.
func entityNode(e *form.Entity) *xpath.Node {
	n := element("entity")
	set(n, "dataset", e.List)
	if creates(e) {
		set(n, "create", "1")
	}
	if updates(e) {
		set(n, "update", "1")
		for _, name := range versions {
			set(n, name, "")
		}
	}
	set(n, "id", "")
	if e.Rules["label"] != "" {
		add(n, element("label"))
	}
	return n
}

// versions are the attributes that tell a server which version of an entity was changed; in a list of entities they are columns named with two underscores.
var versions = []string{"baseVersion", "trunkVersion", "branchId"}

var versionColumns = map[string]string{"baseVersion": "__version", "trunkVersion": "__trunkVersion", "branchId": "__branchId"}

func (x *writer) entityBinds(e *form.Entity) []*xpath.Node {
	path := entityPath(e)
	var list []*xpath.Node
	bind := func(name, source string) {
		n := element("bind")
		set(n, "nodeset", path+name)
		if source != "" {
			set(n, "calculate", source)
		}
		set(n, "type", "string")
		set(n, "readonly", "true()")
		list = append(list, n)
	}
	for _, rule := range []struct{ column, attribute string }{{"create_if", "/@create"}, {"update_if", "/@update"}} {
		if source := e.Rules[rule.column]; source != "" {
			bind(rule.attribute, source)
		}
	}
	if updates(e) {
		for _, name := range versions {
			bind("/@"+name, "instance("+quoted(e.List)+")/root/item[name="+e.Rules["in-list"]+"]/"+versionColumns[name])
		}
	}
	bind("/@id", e.Rules["entity_id"])
	if label := e.Rules["label"]; label != "" {
		bind("/label", label)
	}
	return list
}

func entityPath(e *form.Entity) string { return e.At.ElementPath() + "/meta/entity" }

// entityID gives a new entity its name at an event; nil for one that has a name.
func entityID(e *form.Entity, event string) *xpath.Node {
	if e == nil || e.Rules["entity_id"] != "" {
		return nil
	}
	n := element("setvalue")
	set(n, "ref", entityPath(e)+"/@id")
	set(n, "event", event)
	set(n, "value", "uuid()")
	return n
}

// entitiesVersion is the version of the specification of entities that a form is written by: the later one where they are made in sections.
func (x *writer) entitiesVersion() string {
	if v := x.form.Settings["entities-version"]; v != "" {
		return v
	}
	if list := x.form.Entities; len(list) > 1 || len(list) == 1 && list[0].At != x.form.Root {
		return "2025.1.0"
	}
	return "2024.1.0"
}

// property is what a question is saved to, without the list it belongs to.
func property(saveTo string) string {
	if _, name, ok := strings.Cut(saveTo, "#"); ok {
		return name
	}
	return saveTo
}
