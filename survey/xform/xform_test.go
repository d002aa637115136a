package xform

import (
	"strings"
	"testing"

	"vereda/survey/form"
)

func readSeed(t *testing.T) *form.Form {
	t.Helper()
	f, problems := Read("water.xml", []byte(seed))
	if f == nil || len(problems) > 0 {
		t.Fatal(problems)
	}
	return f
}

func TestAFormIsReadWhole(t *testing.T) {
	f := readSeed(t)
	if f.ID != "water" || f.Version != "3" || f.Title != "Water" || f.DefaultLanguage != "Español (es)" || f.Languages[0].Code != "es" {
		t.Errorf("%s %s %s %v", f.ID, f.Version, f.Title, f.Languages)
	}
	types := map[string]form.Type{"name": form.TypeText, "day": form.TypeToday, "n": form.TypeInteger, "source": form.TypeSelectOne, "other": form.TypeCalculate,
		"roster/age": form.TypeInteger, "roster/known": form.TypeHidden, "meta/instanceID": form.TypeHidden}
	for path, want := range types {
		if i := mustItem(t, f, path); i.Type != want {
			t.Errorf("%s is of type %s, not %s", path, i.Type, want)
		}
	}
	n := mustItem(t, f, "n")
	if n.Label.Plain("", "") != "¿Cuántos, …?" || n.Guidance.Plain("", "") != "Guía" || n.Hint.Plain("", "") != "Todas" || n.ConstraintMessage.Plain("", "") != "More" {
		t.Errorf("texts of n: %q %q %q %q", n.Label.Plain("", ""), n.Guidance.Plain("", ""), n.Hint.Plain("", ""), n.ConstraintMessage.Plain("", ""))
	}
	if source := mustItem(t, f, "source"); len(source.List.Choices) != 1 || source.List.Choices[0].Label.Plain("", "") != "Pozo" {
		t.Errorf("choices %v", source.List.Choices)
	}
	if starts := f.Starts["roster"]; len(starts) != 1 || starts[0].Texts["roster/age"] != "7" {
		t.Errorf("starts %v", f.Starts)
	}
}

func mustItem(t *testing.T, f *form.Form, path string) *form.Item {
	t.Helper()
	for _, i := range f.Items() {
		if string(i.Path) == path {
			return i
		}
	}
	t.Fatalf("the form has no %s", path)
	return nil
}

// What the reader or the engine cannot run is refused by name.
func TestWhatCannotBeRunIsNamed(t *testing.T) {
	cases := []struct{ old, with, code, text string }{
		{`event="xforms-value-changed"`, `event="xforms-select"`, "unknown-event", "xforms-select"},
		{`event="xforms-value-changed"`, `event="odk-new-repeat"`, "event", "odk-new-repeat"},
		{`<input ref="age"/>`, `<input ref="agee"/>`, "unknown-path", "agee"},
		{`jr:itext('q')`, `jr:itext('w')`, "unknown-text", "jr:itext('w')"},
		{`instance('sources')/root`, `instance('wells')/root`, "unknown-instance", "wells"},
		{`sum(/data/roster/age)`, `summ(/data/roster/age)`, "bad-expression", "summ"},
		{`calculate="sum(/data/roster/age)"`, `calculate="/data/other + 1"`, "cycle", "/data/other + 1"},
		{`</h:html>`, ``, "bad-xml", ""},
		{`<input ref="/data/name">`, `<range ref="/data/name" start="1" end="ten" step="1"/><input ref="/data/name">`, "bad-range", "ten"},
		{`<input ref="/data/name">`, `<input ref="/data/name" query="choices">`, "bad-itemset", "choices"},
	}
	for _, c := range cases {
		f, problems := Read("water.xml", []byte(strings.Replace(seed, c.old, c.with, 1)))
		found := false
		for _, p := range problems {
			found = found || p.Severity == form.Error && p.Code == c.code && strings.Contains(p.Text, c.text)
		}
		if f != nil || !found {
			t.Errorf("%s: form %v, problems %v; want %s", c.with, f != nil, problems, c.code)
		}
	}
}

// What ODK Collect opens all the same is read with a warning.
func TestWhatHasNoEffectIsAWarning(t *testing.T) {
	cases := []struct{ old, with, code, text string }{
		{`<input ref="/data/name">`, `<secret2 ref="/data/name"/><input ref="/data/name">`, "unknown-element", "secret2"},
		{`type="int" constraint`, `type="colour" constraint`, "unknown-type", "colour"},
		{`<bind nodeset="/data/day"`, `<bind nodeset="/data/n" required="false()"/><bind nodeset="/data/day"`, "two-binds", "/data/n"},
		{`<select1 ref="/data/source">`, `<input ref="/data/n"/><select1 ref="/data/source">`, "two-controls", "input"},
		{`required="true()"`, `required="true()" wanted="1"`, "unknown-attribute", "1"},
		{`jr:preload="uid"`, `jr:preload="patient"`, "unknown-preload", "patient"},
		{`<age>7</age>`, `<age>seven</age>`, "bad-default", "seven"},
		{`<itextId>c-0</itextId>`, ``, "unknown-column", "itextId"},
	}
	for _, c := range cases {
		f, problems := Read("water.xml", []byte(strings.Replace(seed, c.old, c.with, 1)))
		if f == nil || len(problems) != 1 || problems[0].Code != c.code || !strings.Contains(problems[0].Text, c.text) {
			t.Errorf("%s: form %v, problems %v; want %s", c.with, f != nil, problems, c.code)
		}
	}
}

func TestXMLIsToldFromWorkbooks(t *testing.T) {
	for text, want := range map[string]bool{"\ufeff \n<?xml version='1.0'?><a/>": true, "PK\x03\x04": false, "": false, "| survey |": false} {
		if Looks([]byte(text)) != want {
			t.Errorf("%q", text)
		}
	}
}

// Documents made to take memory are refused; long lists are read.
func TestSizesAreBounded(t *testing.T) {
	many := strings.Replace(seed, "<n/>", strings.Repeat("<n/>", maxTags), 1)
	items := strings.Repeat("<item><itextId>c-0</itextId><name>well</name><n>1</n></item>", maxTags/16)
	_, problems := Read("form.xml", []byte(many))
	if len(problems) != 1 || problems[0].Code != "too-large" {
		t.Errorf("many tags: %d problems, %v", len(problems), problems[0])
	}
	long := strings.Replace(seed, "</root>", items+"</root>", 1)
	f, problems := Read("form.xml", []byte(long))
	if f == nil {
		t.Fatal(problems)
	}
	if n := len(mustItem(t, f, "source").List.Choices); n != maxTags/16+1 {
		t.Errorf("%d choices", n)
	}
}

// olden is a form as older tools wrote them.
const olden = `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa">
<h:head><h:title>Old</h:title><model><instance><data id="old"><day/><ready/><town/><outer><inner><n/></inner><inner><n/></inner></outer><x/></data></instance>
<instance id="prices" src="jr://file-csv/prices.csv"><root><item><name>_</name><label>_</label></item></root></instance>
<bind nodeset="/data/day" type="date" jr:preload="date" jr:preloadParams="today"/>
<bind nodeset="/data/x" calculate="/data/day &amp;gt; 0"/>
<setvalue ref="/data/ready" event="xforms-ready" value="1 + 1"/></model></h:head>
<h:body><input ref="/data/day"><label>Day</label></input><panel><input ref="/data/ready"><label>Ready</label></input></panel>
<input ref="/data/town" query="instance('towns')/root/item[region = /data/ready]"><label>Town</label></input>
<group ref="/data/outer"><repeat nodeset="/data/outer"><group ref="/data/outer/inner"><repeat nodeset="/data/outer/inner" jr:noAddRemove="true()"><input ref="/data/outer/inner/n"><label>N</label></input></repeat></group></repeat></group></h:body></h:html>`

func TestOldWaysAreRead(t *testing.T) {
	f, problems := Read("old.xml", []byte(olden))
	if f == nil {
		t.Fatal(problems)
	}
	if day := mustItem(t, f, "day"); day.Type != form.TypeDate {
		t.Errorf("what the device records and a control asks is of type %s", day.Type)
	}
	actions := map[string]string{}
	for _, a := range f.Actions {
		if a.Event == form.FirstLoad {
			actions[a.Target.Name] = a.Value.String()
		}
	}
	if actions["day"] != "today()" || actions["ready"] != "1 + 1" {
		t.Errorf("at the beginning: %v", actions)
	}
	town := mustItem(t, f, "town")
	if want := "instance('itemsets')/root/item[list_name = 'towns'][region = /data/ready]"; town.Type != form.TypeSelectOne || town.ChoiceFilter.String() != want || f.External["itemsets"] != "itemsets.csv" {
		t.Errorf("the choices of a query are %v in %v", town.ChoiceFilter, f.External)
	}
	if f.External["prices"] != "prices.csv" || f.Instances["prices"] != nil {
		t.Errorf("a placeholder stands for a file: %v", f.External)
	}
	if inner := mustItem(t, f, "outer/inner"); inner.RepeatCount == nil || inner.RepeatCount.String() != "2" {
		t.Errorf("a repeat of a fixed size in another has the count %v", inner.RepeatCount)
	}
	if x := mustItem(t, f, "x"); x.Calculation.String() != "/data/day > 0" {
		t.Errorf("an expression that is escaped twice is %v", x.Calculation)
	}
}
