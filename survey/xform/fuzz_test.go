package xform

import (
	"testing"
	"time"

	"vereda/survey/form"
)

// seed is a small form with everything that the reader reads.
const seed = `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa" xmlns:odk="http://www.opendatakit.org/xforms" xmlns:orx="http://openrosa.org/xforms">
<h:head><h:title>Water</h:title><model>
<itext><translation lang="Español (es)" default="true()"><text id="q"><value>¿Cuántos, <output value="/data/name"/>?</value></text><text id="h"><value>Todas</value><value form="guidance">Guía</value></text><text id="c-0"><value>Pozo</value></text></translation></itext>
<instance><data id="water" version="3"><name>Ana</name><day/><n/><source/><other/><roster jr:template=""><age/><known/></roster><roster><age>7</age><known/></roster><orx:meta><orx:instanceID/></orx:meta></data></instance>
<instance id="sources"><root><item><itextId>c-0</itextId><name>well</name><n>1</n></item></root></instance>
<bind nodeset="/data/n" type="int" constraint=". &gt; 0" jr:constraintMsg="More" required="true()"/>
<bind nodeset="/data/day" type="date" jr:preload="date" jr:preloadParams="today"/>
<bind nodeset="/data/roster" relevant="/data/n &gt; 1"/>
<bind nodeset="/data/roster/age" type="int"/>
<bind nodeset="/data/other" calculate="sum(/data/roster/age)"/>
<bind nodeset="/data/orx:meta/orx:instanceID" readonly="true()" jr:preload="uid"/>
</model></h:head>
<h:body>
<input ref="/data/name"><label>Name</label></input>
<input ref="/data/n"><label ref="jr:itext('q')"/><hint ref="jr:itext('h')"/><setvalue event="xforms-value-changed" ref="/data/name">Eva</setvalue></input>
<select1 ref="/data/source"><itemset nodeset="randomize(instance('sources')/root/item[n &lt;= /data/n])"><value ref="name"/><label ref="jr:itext(itextId)"/></itemset></select1>
<group ref="/data/roster"><label>Members</label><repeat nodeset="/data/roster"><setvalue event="odk-new-repeat" ref="/data/roster/known" value="position(..)"/><input ref="age"/></repeat></group>
</h:body></h:html>`

// FuzzRead holds that no document makes the reader panic, and that a form comes exactly when there is no error.
func FuzzRead(f *testing.F) {
	f.Add([]byte(seed))
	f.Add([]byte(`<h:html><h:head><model><instance><a><b/></a></instance><bind nodeset="/a/b" calculate="../b"/></model></h:head><h:body><repeat nodeset="/a/b" jr:count="c"/></h:body></h:html>`))
	f.Add([]byte(`<html><head><model><instance><a><b><b/></b></a></instance></model></head><body><group ref="../../b"><select1 ref="b"><itemset nodeset="instance('x')/y"/></select1></group></body></html>`))
	f.Add([]byte("<"))
	f.Fuzz(func(t *testing.T, document []byte) {
		start := time.Now()
		got, problems := Read("form.xml", document)
		if d := time.Since(start); d > time.Second {
			t.Fatalf("%d bytes took %v", len(document), d)
		}
		if (got == nil) != form.HasErrors(problems) {
			t.Fatalf("form %v, problems %v", got != nil, problems)
		}
	})
}
