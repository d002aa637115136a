package change

import (
	"reflect"
	"slices"

	"vereda/survey/xpath"
)

// form compares what the forms are as a whole.
func (c *comparer) form() {
	o, n := c.old, c.new
	say := func(kind Kind, name string, verdict Verdict, before, after, why string) {
		if before != after {
			c.report(Change{Kind: kind, Name: name, Verdict: verdict, Before: before, After: after, Why: why})
		}
	}
	say(IDChanged, "", WithCare, o.ID, n.ID, "To a collector these are two forms: their interviews are kept and exported apart.")
	say(TitleChanged, "", Comparable, o.Title, n.Title, "People see another title.")
	c.formLanguages()
	say(SettingChanged, "default_language", Comparable, o.DefaultLanguage, n.DefaultLanguage, "The interview begins in another language.")
	say(SettingChanged, "instance_name", Comparable, canonical(o, c.oldNames, o.Root, o.InstanceName), canonical(n, c.newNames, n.Root, n.InstanceName), "Interviews are called otherwise in lists.")
	say(SettingChanged, "style", Comparable, o.Style, n.Style, "It looks otherwise on the screen.")
	c.settings()
	c.externals()
}

func (c *comparer) formLanguages() {
	for _, l := range c.new.Languages {
		if !hasLanguage(c.old, l.Name) {
			c.report(Change{Kind: LanguageAdded, Verdict: Comparable, Language: l.Name, After: l.Name, Why: "It can be asked in one more language."})
		}
	}
	for _, l := range c.old.Languages {
		if !hasLanguage(c.new, l.Name) {
			c.report(Change{Kind: LanguageGone, Verdict: WithCare, Language: l.Name, Before: l.Name, Why: "Who was asked in this language is asked in another."})
		}
	}
}

// told are settings that have changes of their own, or, as the version, are meant to differ.
var told = map[string]bool{"form_id": true, "id_string": true, "form_title": true, "title": true, "version": true, "default_language": true, "instance_name": true, "style": true}

func (c *comparer) settings() {
	for _, name := range keys(c.old.Settings, c.new.Settings) {
		if before, after := c.old.Settings[name], c.new.Settings[name]; before != after && !told[name] {
			c.report(Change{Kind: SettingChanged, Name: name, Verdict: Comparable, Before: before, After: after, Why: "It has no effect on what is asked."})
		}
	}
}

// externals compares the tables that come with the forms.
func (c *comparer) externals() {
	names := append(keys(c.old.External, c.new.External), keys(c.old.Instances, c.new.Instances)...)
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		if c.old.Lists[name] != nil || c.new.Lists[name] != nil { // compared as choices
			continue
		}
		if c.old.External[name] != c.new.External[name] || !sameNode(c.old.Instances[name], c.new.Instances[name]) {
			c.report(Change{Kind: Externals, Name: name, Verdict: WithCare, Before: c.old.External[name], After: c.new.External[name],
				Why: "Choices and calculations that read this table may find something else."})
		}
	}
	if c.old.Starts != nil && c.new.Starts != nil && !reflect.DeepEqual(c.old.Starts, c.new.Starts) { // nil: one of each, as a workbook means it
		c.report(Change{Kind: SettingChanged, Name: "instances at the beginning", Verdict: WithCare, Why: "Repeats begin with other instances or answers."})
	}
	if !reflect.DeepEqual(c.old.Entities, c.new.Entities) {
		c.report(Change{Kind: SettingChanged, Name: "entities", Verdict: Comparable, Why: "It has no effect on what is asked."})
	}
}

func sameNode(a, b *xpath.Node) bool {
	if a == nil || b == nil {
		return a == b
	}
	if a.Name != b.Name || a.Value != b.Value || len(a.Children) != len(b.Children) || len(a.Attrs) != len(b.Attrs) {
		return false
	}
	for n := range a.Attrs {
		if a.Attrs[n].Name != b.Attrs[n].Name || a.Attrs[n].Value != b.Attrs[n].Value {
			return false
		}
	}
	for n := range a.Children {
		if !sameNode(a.Children[n], b.Children[n]) {
			return false
		}
	}
	return true
}
