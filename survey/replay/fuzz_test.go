package replay

import (
	"bytes"
	"math/rand"
	"testing"
	"time"

	"vereda/survey/interview"
	"vereda/survey/xform"
)

const fuzzed = `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa"><h:head><model>
<instance><data><n/><total/><r jr:template=""><age/><i><v/></i></r><c><w/></c><pick/></data></instance>
<bind nodeset="/data/n" type="int" constraint=". &lt; 9"/><bind nodeset="/data/total" calculate="sum(/data/r/age)" relevant="/data/n &gt; 1"/><bind nodeset="/data/r/age" type="int"/></model></h:head>
<h:body><input ref="/data/n"><setvalue event="xforms-value-changed" ref="/data/r/age" value="../age + 1"/></input>
<repeat nodeset="/data/r"><input ref="age"/><repeat nodeset="/data/r/i"><input ref="v"/></repeat></repeat>
<repeat nodeset="/data/c" jr:count="/data/n"><input ref="w"/></repeat>
<select1 ref="/data/pick"><itemset nodeset="/data/r[age &gt; 3]"><value ref="age"/><label ref="age"/></itemset></select1></h:body></h:html>`

// FuzzActs holds that no acts, however written, make a replay panic, and that an act that was not possible changed nothing.
func FuzzActs(f *testing.F) {
	f.Add([]byte("{\"op\":\"answer\",\"ref\":\"/data/n\",\"value\":3}\n{\"op\":\"newRepeat\",\"ref\":\"/data/r\"}\n{\"op\":\"answer\",\"ref\":\"/data/r[1]/age\",\"value\":\"7\"}\n{\"op\":\"choicesOf\",\"ref\":\"/data/pick\"}"))
	f.Add([]byte("{\"op\":\"next\"}\n{\"op\":\"next\",\"ref\":\"/data/r[1]\"}\n{\"op\":\"removeRepeat\",\"ref\":\"/data/c[1]\"}\n{\"op\":\"newRepeat\",\"ref\":\"/data/r[0]/i[\"}"))
	f.Add([]byte("{\"op\":\"newInstance\"}\n{\"op\":\"validate\"}\n{\"op\":\"answerOf\",\"ref\":\"/data\"}\n{\"op\":\"setLanguage\",\"value\":\"default\"}\n{\"op\":\"answer\",\"ref\":\"/data/c[-1]/w\"}"))
	f.Add([]byte("{\"op\":\"load\",\"state\":{\"set\":{\"/data/n\":{\"v\":\"2\"},\"/data/r[2]/i[1]/v\":{\"v\":\"x\"},\"/data/c[1]\":{\"v\":null},\"/data\":{}}}}\n{\"op\":\"next\",\"ref\":\"/data/c[2]/w\"}\n{\"op\":\"answer\",\"ref\":\"/data/n\",\"value\":\"9\"}"))
	form, problems := xform.Read("form.xml", []byte(fuzzed))
	if form == nil {
		f.Fatal(problems)
	}
	f.Fuzz(func(t *testing.T, acts []byte) {
		env := interview.Env{Now: func() time.Time { return time.Unix(0, 0).UTC() }, Random: rand.New(rand.NewSource(1)), Walked: len(acts)%2 == 0}
		p, _, err := Start(form, env, true)
		if err != nil {
			t.Fatal(err)
		}
		for n, line := range bytes.Split(acts, []byte("\n")) {
			act, err := ReadAct(line)
			if err != nil || n > 50 {
				continue
			}
			if got := p.Do(act); got.Error != "" && (len(got.State.Set) > 0 || len(got.State.Gone) > 0) {
				t.Fatalf("%s: %s changed %v %v", line, got.Error, got.State.Set, got.State.Gone)
			}
		}
	})
}
