package replay

import (
	"fmt"
	"maps"
	"math/rand"
	"slices"
	"strings"
	"testing"
	"time"

	"vereda/survey/interview"
	"vereda/survey/xform"
)

// play does acts in a form and returns the changes as lines: act, then what became different as path=value with ! (not asked), * (required), # (read-only).
func play(t *testing.T, model, body string, files map[string]string, acts ...string) []string {
	t.Helper()
	document := `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa"><h:head><model>` +
		model + `</model></h:head><h:body>` + body + `</h:body></h:html>`
	f, problems := xform.Read("form.xml", []byte(document))
	if f == nil {
		t.Fatal(problems)
	}
	env := interview.Env{Now: func() time.Time { return time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC) }, Random: rand.New(rand.NewSource(1)), Files: map[string][]byte{}}
	for name, text := range files {
		env.Files[name] = []byte(text)
	}
	todo := make([]Act, len(acts))
	for n, text := range acts {
		var err error
		if todo[n], err = ReadAct([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	env.Walked = Walks(todo)
	p, first, err := Start(f, env, true)
	if err != nil {
		t.Fatal(err)
	}
	lines := []string{line(first)}
	for _, act := range todo {
		lines = append(lines, line(p.Do(act)))
	}
	return lines
}

func line(o Outcome) string {
	parts := []string{o.Op}
	if o.Error != "" {
		parts = append(parts, "error: "+o.Error)
	}
	if o.Event != "" {
		parts = append(parts, o.Event)
		if o.Ref != nil {
			parts = append(parts, *o.Ref)
		}
	}
	if o.Result != "" && o.Result != "OK" {
		parts = append(parts, o.Result)
	}
	if o.Choices != nil {
		parts = append(parts, fmt.Sprint(o.Choices, o.Labels))
	}
	for _, ref := range slices.Sorted(maps.Keys(o.State.Set)) {
		n := o.State.Set[ref]
		if n.V == nil && n.Relevant {
			continue
		}
		word := ref[strings.IndexByte(ref[1:], '/')+2:] + "="
		if n.V != nil {
			word += *n.V
		}
		if !n.Relevant {
			word += "!"
		}
		if n.Required {
			word += "*"
		}
		if !n.Enabled {
			word += "#"
		}
		parts = append(parts, word)
	}
	if len(o.State.Gone) > 0 {
		parts = append(parts, "gone "+strings.Join(o.State.Gone, " "))
	}
	return strings.Join(parts, " ")
}

func expect(t *testing.T, got []string, want ...string) {
	t.Helper()
	for n := range max(len(got), len(want)) {
		g, w := "nothing", "nothing"
		if n < len(got) {
			g = got[n]
		}
		if n < len(want) {
			w = want[n]
		}
		if g != w {
			t.Errorf("line %d\ngot  %s\nwant %s", n+1, g, w)
		}
	}
}

func TestActionsFollowTheirEvents(t *testing.T) {
	got := play(t, `<instance><data><a/><b>1</b><c/><r jr:template=""><p/><s/></r></data></instance>
		<bind nodeset="/data/b" type="int" readonly="true()"/><bind nodeset="/data/r/p" type="int"/>
		<setvalue ref="/data/c" event="odk-instance-first-load" value="/data/b + 1"/>`,
		`<input ref="/data/a"><setvalue event="xforms-value-changed" ref="/data/b" value="/data/b * 2"/></input>
		<input ref="/data/b"><setvalue event="xforms-value-changed" ref="/data/c">doubled</setvalue></input>
		<repeat nodeset="/data/r"><setvalue event="odk-new-repeat" ref="/data/r/p" value="position(..)"/>
		<input ref="/data/r/p"><setvalue event="xforms-value-changed" ref="/data/r/s" value="concat('now ', ../p)"/></input></repeat>`, nil,
		`{"op": "answer", "ref": "/data/a", "value": "x"}`,
		`{"op": "answer", "ref": "/data/a", "value": "x"}`,
		`{"op": "newRepeat", "ref": "/data/r"}`,
		`{"op": "newRepeat", "ref": "/data/r[2]"}`,
		`{"op": "answer", "ref": "/data/r[2]/p", "value": "9"}`)
	expect(t, got,
		"load a= b=1# c=2",
		"answer a=x b=2# c=doubled",
		"answer",
		"newRepeat r[1]/p=1 r[1]/s=",
		"newRepeat r[2]/p=2 r[2]/s=",
		"answer r[2]/p=9 r[2]/s=now 9")
}

// Two questions that set each other come to rest after a bounded number of steps.
func TestActionsThatChaseEachOtherEnd(t *testing.T) {
	got := play(t, `<instance><data><a/><b/></data></instance><bind nodeset="/data/a" type="int"/><bind nodeset="/data/b" type="int"/>`,
		`<input ref="/data/a"><setvalue event="xforms-value-changed" ref="/data/b" value="/data/a + 1"/></input>
		<input ref="/data/b"><setvalue event="xforms-value-changed" ref="/data/a" value="/data/b + 1"/></input>`, nil,
		`{"op": "answer", "ref": "/data/a", "value": "0"}`)
	expect(t, got, "load a= b=", "answer a=1000 b=999")
}

func TestChoicesFromARepeatFollowItsInstances(t *testing.T) {
	got := play(t, `<instance><data><r><name/><id/></r><who/></data></instance>`,
		`<repeat nodeset="/data/r"><input ref="name"/><input ref="id"/></repeat>
		<select1 ref="/data/who"><itemset nodeset="../r[name != 'Bo']"><value ref="id"/><label ref="name"/></itemset></select1>`, nil,
		`{"op": "answer", "ref": "/data/r[1]/name", "value": "Ana"}`,
		`{"op": "answer", "ref": "/data/r[1]/id", "value": "1"}`,
		`{"op": "choicesOf", "ref": "/data/who"}`,
		`{"op": "answer", "ref": "/data/who", "value": "1"}`,
		`{"op": "answer", "ref": "/data/r[1]/name", "value": "Bo"}`,
		`{"op": "choicesOf", "ref": "/data/who"}`)
	expect(t, got,
		"load r[1]/id= r[1]/name= who=",
		"answer r[1]/name=Ana",
		"answer r[1]/id=1",
		"choicesOf [1] [Ana]",
		"answer who=1",
		"answer r[1]/name=Bo",
		"choicesOf [] [] who=")
}

func TestSecondaryInstancesInFiles(t *testing.T) {
	body := `<select1 ref="/data/q"><itemset nodeset="instance('x')/root/item[n &lt; 3]"><value ref="id"/><label ref="name"/></itemset></select1>`
	files := map[string]string{
		"x.csv":     "\ufeffid;name;n\n1;One;1\n5;Five;5\n",
		"x.xml":     "<root><item><id>1</id><name>One</name><n>1</n></item><item><id>5</id><n>5</n></item></root>",
		"x.geojson": `{"features": [{"id": 1, "properties": {"name": "One", "n": 1}, "geometry": {"type": "Point", "coordinates": [10, 5]}}, {"id": 5, "properties": {"n": 5}}]}`,
	}
	for name := range files {
		model := `<instance><data><q/><g/></data></instance><instance id="x" src="jr://file/` + name + `"/>
			<bind nodeset="/data/g" calculate="instance('x')/root/item[id = /data/q]/geometry"/>`
		got := play(t, model, body, files, `{"op": "choicesOf", "ref": "/data/q"}`, `{"op": "answer", "ref": "/data/q", "value": "1"}`)
		if got[1] != "choicesOf [1] [One]" {
			t.Errorf("%s: %s", name, got[1])
		}
		if name == "x.geojson" && got[2] != "answer g=5 10 0 0 q=1" {
			t.Error(got[2])
		}
		if got = play(t, model, body, nil, `{"op": "choicesOf", "ref": "/data/q"}`); got[1] != "choicesOf [] []" {
			t.Errorf("%s: without the file: %s", name, got[1])
		}
	}
}

func TestTheFormGoesOnAsItIsShown(t *testing.T) {
	got := play(t, `<instance><data><g><b/><a/></g><r><x/></r><hidden/></data></instance><bind nodeset="/data/g/b" relevant="/data/g/a = 'yes'"/>`,
		`<group ref="/data/g"><input ref="/data/g/a"/><input ref="/data/g/b"/></group><repeat nodeset="/data/r"><input ref="/data/r/x"/></repeat>`, nil,
		`{"op": "next"}`, `{"op": "next"}`, `{"op": "next"}`, `{"op": "next"}`, `{"op": "next"}`, `{"op": "next"}`, `{"op": "next"}`,
		`{"op": "answer", "ref": "/data/g/a", "value": "yes"}`, `{"op": "next"}`, `{"op": "next", "ref": "/data/r[1]/x"}`, `{"op": "next", "ref": "/data/r[2]/x"}`)
	expect(t, got,
		"load g/a= g/b=! hidden= r[1]/x=",
		"next group /data/g", "next question /data/g/a", "next repeat /data/r[1]", "next question /data/r[1]/x", "next prompt_new_repeat /data/r[2]", "next end", "next end",
		"answer g/a=yes g/b=", "next question /data/g/b", "next question /data/r[1]/x", "next error: /data/r[2]/x names nothing: r has 1 instances")
}

// What a form writes into its instance stands there; new instances begin with the template.
func TestInstancesBeginAsWritten(t *testing.T) {
	got := play(t, `<instance><data><o jr:template=""><n>0</n><i jr:template=""><v>t</v></i><i><v>t</v></i></o><o><n>1</n></o><o><n>2</n><i><v>a</v></i><i><v>b</v></i></o></data></instance>`,
		`<repeat nodeset="/data/o"><input ref="n"/><repeat nodeset="/data/o/i"><input ref="v"/></repeat></repeat>`, nil,
		`{"op": "newRepeat", "ref": "/data/o"}`, `{"op": "newRepeat", "ref": "/data/o[1]/i"}`, `{"op": "removeRepeat", "ref": "/data/o[2]"}`)
	expect(t, got,
		"load o[1]/n=1 o[2]/i[1]/v=a o[2]/i[2]/v=b o[2]/n=2",
		"newRepeat o[3]/i[1]/v=t o[3]/n=0",
		"newRepeat o[1]/i[1]/v=t",
		"removeRepeat o[2]/i[1]/v=t o[2]/n=0 gone /data/o[2]/i[2] /data/o[2]/i[2]/v /data/o[3] /data/o[3]/i[1] /data/o[3]/i[1]/v /data/o[3]/n")
}

// A new language is heard in expressions at once.
func TestLanguagesChange(t *testing.T) {
	got := play(t, `<itext><translation lang="en"><text id="y"><value>Yes</value></text></translation><translation lang="fr"><text id="y"><value>Oui</value></text></translation></itext>
		<instance><data><q>1</q><l/></data></instance><bind nodeset="/data/l" calculate="concat(jr:choice-name(/data/q, '/data/q'), '/', jr:itext('y'))"/>`,
		`<select1 ref="/data/q"><item><label ref="jr:itext('y')"/><value>1</value></item></select1>`, nil,
		`{"op": "setLanguage", "value": "fr"}`, `{"op": "choicesOf", "ref": "/data/q"}`, `{"op": "setLanguage", "value": "de"}`)
	expect(t, got, "load l=Yes/Yes q=1", "setLanguage l=Oui/Oui", "choicesOf [1] [Oui]", "setLanguage error: the form does not speak de")
}

func TestActsAreWrittenInManyWays(t *testing.T) {
	for line, want := range map[string]string{
		`{"op": "answer", "ref": "/data/a", "value": 7}`:                                 "answer /data/a 7",
		`{"op": "answer", "ref": " /data/a ", "value": ["b", 3]}`:                        "answer /data/a b 3",
		`{"op": "answer", "ref": "/data/a", "value": true, "state": {}, "result": "OK"}`: "answer /data/a 1",
		`{"op": "answer", "ref": "/data/a", "value": null}`:                              "answer /data/a nothing",
		`{"op": "new repeat", "ref": "/data/r"}`:                                         "newRepeat /data/r nothing",
		`{"op": "language", "ref": null, "value": "fr"}`:                                 "setLanguage  fr",
		`{"op": "jump"}`: "jump  nothing",
	} {
		a, err := ReadAct([]byte(line))
		value := "nothing"
		if a.Value != nil {
			value = *a.Value
		}
		if got := a.Op + " " + a.Ref + " " + value; err != nil || got != want {
			t.Errorf("%s: %q %v", line, got, err)
		}
	}
	for _, line := range []string{`{"op": "answer", "value": {}}`, `{"op": 1}`, `[]`, `{`} {
		if _, err := ReadAct([]byte(line)); err == nil {
			t.Errorf("%s is read", line)
		}
	}
}

// An action may say which instance it means.
func TestActionsOnOneInstance(t *testing.T) {
	got := play(t, `<instance><data><n>2</n><r><v/><w/></r><r><v/><w/></r><r><v/><w/></r></data></instance>`,
		`<input ref="/data/n"><setvalue event="xforms-value-changed" ref="/data/r[position() = /data/n]/v">here</setvalue></input>
		<repeat nodeset="/data/r"><input ref="v"/><input ref="w"><setvalue event="xforms-value-changed" ref="/data/r[position() = position(current()/..) - 1]/v" value="concat(position(..), 'st')"/></input></repeat>`, nil,
		`{"op": "answer", "ref": "/data/n", "value": "3"}`,
		`{"op": "answer", "ref": "/data/r[2]/w", "value": "x"}`)
	expect(t, got,
		"load n=2 r[1]/v= r[1]/w= r[2]/v= r[2]/w= r[3]/v= r[3]/w=",
		"answer n=3 r[3]/v=here",
		"answer r[1]/v=1st r[2]/w=x")
}

// As in ODK Collect, an answer that the constraint rejects is not taken.
func TestAnswersThatAConstraintRejectsAreNotTaken(t *testing.T) {
	got := play(t, `<instance><data><a/><b/></data></instance><bind nodeset="/data/a" type="int" constraint=". &lt; 10"/><bind nodeset="/data/b" required="true()" calculate="/data/a * 2"/>`,
		`<input ref="/data/a"/><input ref="/data/b"/>`, nil,
		`{"op": "answer", "ref": "/data/a", "value": 7}`, `{"op": "answer", "ref": "/data/a", "value": 70}`, `{"op": "answer", "ref": "/data/a"}`, `{"op": "validate"}`)
	expect(t, got, "load a= b=*", "answer a=7 b=14*", "answer CONSTRAINT_VIOLATED", "answer a= b=*", "validate REQUIRED_BUT_EMPTY")
}

const counted = `<instance><data><n/><r jr:template=""><v/></r></data></instance><bind nodeset="/data/n" type="int"/>`

// Where the acts walk, what is counted is made as they come by; where they do not, at once.
func TestCountedInstancesAreMadeAsActsComeBy(t *testing.T) {
	body := `<input ref="/data/n"/><repeat nodeset="/data/r" jr:count="/data/n"><input ref="/data/r/v"/></repeat>`
	got := play(t, counted, body, nil, `{"op": "answer", "ref": "/data/n", "value": 2}`, `{"op": "answer", "ref": "/data/r[2]/v", "value": "x"}`)
	expect(t, got, "load n=", "answer n=2 r[1]/v= r[2]/v=", "answer r[2]/v=x")
	got = play(t, counted, body, nil, `{"op": "next"}`, `{"op": "answer", "ref": "/data/n", "value": 3}`, `{"op": "next"}`, `{"op": "next"}`, `{"op": "answer", "ref": "/data/r[3]/v", "value": "x"}`,
		`{"op": "next"}`, `{"op": "answer", "ref": "/data/n", "value": 1}`, `{"op": "next", "ref": "/data/r[1]/v[1]"}`, `{"op": "next"}`, `{"op": "next", "ref": "/data/r[2]"}`)
	expect(t, got, "load n=", "next question /data/n", "answer n=3", "next repeat /data/r[1] r[1]/v=", "next question /data/r[1]/v", "answer r[2]/v= r[3]/v=x", "next end",
		"answer n=1 gone /data/r[2] /data/r[2]/v /data/r[3] /data/r[3]/v", "next question /data/r[1]/v", "next end", "next error: /data/r[2] names nothing: r has 1 instances")
}

// A state that was printed is a saved interview that goes on: what begins an interview does not happen again.
func TestASavedStateGoesOn(t *testing.T) {
	model := `<instance><data><a/><r jr:template=""><v/></r><sum/></data></instance><bind nodeset="/data/r/v" type="int"/><bind nodeset="/data/sum" calculate="sum(/data/r/v)"/>
		<setvalue ref="/data/a" event="odk-instance-first-load" value="'begun'"/>`
	body := `<input ref="/data/a"/><repeat nodeset="/data/r"><input ref="/data/r/v"/></repeat>`
	got := play(t, model, body, nil,
		`{"op": "load", "state": {"set": {"/data": {"v": null}, "/data/a": {"v": "old"}, "/data/r[2]": {"v": null}, "/data/r[2]/v": {"v": "5"}, "/data/r[1]/v": {"v": "3"}, "/data/r[10]": {"v": null}}}}`,
		`{"op": "answer", "ref": "/data/r[2]/v", "value": 6}`,
		`{"op": "load"}`, `{"op": "load", "state": {"set": {"/data/no": {"v": "1"}}}}`, `{"op": "load", "state": {"set": {"/data/r[x]/v": {"v": "1"}}}}`, `{"op": "load", "state": {"set": {"/data/r[1]/v": {"v": "x"}}}}`)
	expect(t, got, "load a=begun sum=0", "load a=old r[1]/v=3 r[2]/v=5 r[3]/v= sum=8", "answer r[2]/v=6 sum=9",
		`load error: "load" needs the state of a saved interview: {"op": "load", "state": {"set": {...}}}`, "load error: /data/no names nothing in this form",
		"load error: /data/r[x]/v names no instance", `load error: /data/r[1]/v: "x" is no whole number`)
}

// What ODK Collect does not open is told with the beginning.
func TestAFormThatCannotBeginSaysWhy(t *testing.T) {
	files := map[string]string{"x.csv": "id,name\n1,One\n"}
	got := play(t, `<instance><data><q/></data></instance><instance id="x" src="jr://file-csv/x.csv"/>`,
		`<select1 ref="/data/q"><itemset nodeset="instance('x')/root/item"><value ref="code"/><label ref="name"/></itemset></select1>`, files)
	expect(t, got, "load error: /data/q: The form's choice_filter could not be evaluated: the file x.csv has no code: there is nothing to choose q=")
}
