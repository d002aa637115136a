package xform

import (
	"fmt"
	"slices"
	"strings"

	"vereda/survey/form"
	"vereda/survey/record"
	"vereda/survey/xpath"
)

// kinds are the types of binds and what they hold.
var kinds = map[string]record.Kind{"": record.Text, "string": record.Text, "int": record.Integer, "integer": record.Integer, "decimal": record.Decimal,
	"boolean": record.Text, "date": record.Date, "time": record.Time, "dateTime": record.DateTime, "geopoint": record.Geopoint,
	"geotrace": record.Geotrace, "geoshape": record.Geoshape, "binary": record.File, "barcode": record.Text, "intent": record.Text,
	"select": record.Choices, "select1": record.Text, "odk:rank": record.Choices, "rank": record.Choices, "double": record.Decimal, "long": record.Integer,
	"selectList1": record.Text, "selectList": record.Choices}

// bindAttributes are the attributes of a bind that the reader runs; kept ones are notes for servers and converters.
var bindAttributes = map[string]bool{"nodeset": true, "ref": true, "id": true, "type": true, "relevant": true, "calculate": true, "constraint": true, "required": true,
	"readonly": true, "jr:constraintMsg": true, "jr:requiredMsg": true, "jr:preload": true, "jr:preloadParams": true}

// readBinds gives items their rules.
func (r *reader) readBinds() {
	if r.form.Root == nil {
		return
	}
	for _, n := range elements(r.model) {
		if local(n.Name) != "bind" {
			continue
		}
		ref := attr(n, "nodeset")
		if ref == "" {
			ref = attr(n, "ref")
		}
		at := form.Cell{Sheet: "bind " + ref}
		i := r.item(ref)
		if strings.Contains(ref, "@") {
			r.bindAttribute(n, ref, at)
			continue
		}
		if i == nil {
			r.note(form.Warning, "no-effect", at, ref, "The bind is about something that the primary instance does not have.", "")
			continue
		}
		if first := r.binds[i]; first != nil {
			if slices.EqualFunc(first.Attrs, n.Attrs, func(a, b xpath.Attr) bool { return a.Name == b.Name && a.Value == b.Value }) {
				continue
			}
			r.note(form.Warning, "two-binds", at, ref, fmt.Sprintf("There is more than one bind for %s; what the later one says goes before.", ref), "")
		}
		r.binds[i] = n
		r.readBind(i, n, form.Cell{Sheet: ref})
	}
}

func (r *reader) readBind(i *form.Item, n *xpath.Node, at form.Cell) {
	if t := strings.TrimPrefix(attr(n, "type"), "xsd:"); t != "" {
		r.types[i] = t
	}
	for name, rule := range map[string]**xpath.Expr{"relevant": &i.Relevant, "calculate": &i.Calculation, "constraint": &i.Constraint, "required": &i.Required, "readonly": &i.ReadOnly} {
		if source := attr(n, name); source != "" {
			at.Column = name
			*rule = r.parse(source, at)
		}
	}
	r.refuseOwn(i, "required", i.Required, at)
	r.refuseOwn(i, "readonly", i.ReadOnly, at)
	for name, message := range map[string]*form.Text{"jr:constraintMsg": &i.ConstraintMessage, "jr:requiredMsg": &i.RequiredMessage} {
		if words := attr(n, local(name)); words != "" {
			at.Column = name
			*message = r.message(words, at)
		}
	}
	if i.Kind != form.Question && i.Calculation != nil {
		at.Column = "calculate"
		r.refuse("no-effect", at, attr(n, "calculate"), fmt.Sprintf("A %s has no answer to calculate.", i.Kind))
	}
	for _, a := range n.Attrs {
		switch {
		case bindAttributes[a.Name]:
		case a.Name == "entities:saveto":
			r.keep(i, "save_to", a.Value)
		case bindParameterNames[a.Name] != "":
			r.parameter(i, bindParameterNames[a.Name], a.Value)
		default:
			if r.keep(i, "bind::"+a.Name, a.Value); !strings.Contains(a.Name, ":") {
				at.Column = a.Name
				r.note(form.Warning, "unknown-attribute", at, a.Value, fmt.Sprintf("A bind has no attribute %s; it is kept and has no effect.", a.Name), "")
			}
		}
	}
	if preload := attr(n, "preload"); preload != "" {
		r.preload(i, preload, attr(n, "preloadParams"), at)
	}
}

// refuseOwn refuses a condition that reads its own question: ODK Collect opens no such form.
func (r *reader) refuseOwn(i *form.Item, name string, e *xpath.Expr, at form.Cell) {
	if e == nil {
		return
	}
	at.Column = name
	for _, ref := range e.Refs(i.ElementPath()) {
		if ref.Self && !ref.Position {
			r.refuse("cycle", at, e.String(), fmt.Sprintf("Whether %s is %s follows from its own answer.", i.ElementPath(), name))
			return
		}
	}
}

// keep notes an attribute that other tools read.
func (r *reader) keep(i *form.Item, name, value string) {
	if i.Columns == nil {
		i.Columns = map[string]string{}
	}
	i.Columns[name] = value
}

// bindParameterNames are the attributes of binds that Vereda has as parameters.
var bindParameterNames = map[string]string{"orx:max-pixels": "max-pixels", "odk:quality": "quality", "odk:allow-mock-accuracy": "allow-mock-accuracy",
	"odk:location-priority": "location-priority", "odk:location-min-interval": "location-min-interval", "odk:location-max-age": "location-max-age",
	"odk:track-changes": "track-changes", "odk:track-changes-reasons": "track-changes-reasons", "odk:identify-user": "identify-user"}

func (r *reader) parameter(i *form.Item, name, value string) {
	if i.Parameters == nil {
		i.Parameters = map[string]string{}
	}
	i.Parameters[name] = value
}

func (r *reader) preload(i *form.Item, what, params string, at form.Cell) {
	at.Column = "jr:preload"
	if t, ok := form.PreloadType(what, params); ok {
		r.devices[i] = preloaded{t, at}
		return
	}
	switch what {
	case "uid":
		r.events = append(r.events, event{item: i, source: "concat('uuid:', uuid())", at: at})
	case "property":
		r.keepPreload(i, what, params)
		r.note(form.Warning, "stays-empty", at, params, fmt.Sprintf("%s stays empty: the device does not tell its %s.", i.ElementPath(), params), "")
	default:
		r.keepPreload(i, what, params)
		r.note(form.Warning, "unknown-preload", at, what, fmt.Sprintf("There is no preload %q with the parameter %q: %s stays empty, as in ODK Collect.", what, params, i.ElementPath()), "")
	}
}

// keepPreload notes what other tools put into a question.
func (r *reader) keepPreload(i *form.Item, what, params string) {
	if r.keep(i, "bind::jr:preload", what); params != "" {
		r.keep(i, "bind::jr:preloadParams", params)
	}
}
