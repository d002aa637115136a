package xform

import (
	"bytes"
	"strings"
	"testing"

	"vereda/survey/form"
)

// inXML is a form as it is written.
func inXML(t *testing.T, f *form.Form) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, f); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// reread writes a form and reads what was written.
func reread(t *testing.T, f *form.Form) (again *form.Form, document string) {
	t.Helper()
	document = inXML(t, f)
	again, problems := Read("again.xml", []byte(document))
	if again == nil {
		t.Fatalf("what was written cannot be read: %v\n%s", problems, document)
	}
	return again, document
}

// refusedAlike reports whether a form is refused for what ODK Collect refuses and workbooks may have: a rule that reads its own answer.
func refusedAlike(problems []form.Problem) bool {
	for _, p := range problems {
		if p.Severity == form.Error && p.Code != "cycle" {
			return false
		}
	}
	return true
}

// What is written of a form that was read is written of what that reads, to the byte.
func TestWritingIsAFixedPoint(t *testing.T) {
	again, once := reread(t, readSeed(t))
	if twice := inXML(t, again); twice != once {
		t.Errorf("written once\n%s\ntwice\n%s", once, twice)
	}
}

// oddities is a form of what is seldom: names from elsewhere, attributes, texts that expressions name, sizes that are fixed.
const oddities = `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa" xmlns:odk="http://www.opendatakit.org/xforms" xmlns:orx="http://openrosa.org/xforms" xmlns:own="http://example.org/own?a=1&amp;b=2">
<h:head><h:title>Odd &amp; "even" &lt;form&gt;</h:title><model entities:entities-version="2024.1.0" xmlns:entities="http://www.opendatakit.org/xforms/entities">
<submission action="https://example.org/?a=1&amp;b=2" method="post" base64RsaPublicKey="MIIB" orx:auto-send="true"/>
<itext><translation lang="ქართული (ka)"><text id="a&lt;b"><value>&lt;b&gt;ერთი&lt;/b&gt;
 <output value="/data/q"/>  <output value="/data/q"/></value><value form="short">ა</value><value form="image">jr://images/ა.png</value></text><text id="t"><value>T</value></text></translation>
<translation lang="العربية" default=""><text id="a&lt;b"><value>واحد "١" &amp; ٢</value></text><text id="t"><value>ت</value></text></translation></itext>
<instance><own:data xmlns:own="http://example.org/own?a=1&amp;b=2" id="odd" version="1" own:origin="x" mode="&quot;"><own:q> a
b </own:q><fixed><n/></fixed><fixed><n>3</n></fixed><place/><sound/><phone/><orx:meta><orx:instanceID/><entity dataset="trees" id="" create="1"><label/></entity></orx:meta></own:data></instance>
<instance id="it's"><list kind="x"><e a="1">one</e><e>two &lt; 3<!-- not kept --></e></list></instance>
<instance id="towns" src="jr://file-csv/towns.csv"><root><item><name>_</name></item></root></instance>
<instance id="__last-saved" src="jr://instance/last-saved"/>
<bind nodeset="/own:data/own:q" type="string" constraint="not(contains(., '&lt;')) and
 . != &quot;&amp;&quot;" jr:constraintMsg="jr:itext('a&lt;b')" own:note="&lt;x&gt;&#10;y"/>
<bind nodeset="/own:data/phone" type="string" jr:preload="property" jr:preloadParams="phonenumber"/>
<bind nodeset="/own:data/place" type="geopoint"/>
<bind nodeset="/own:data/sound" type="binary"/>
<bind nodeset="/own:data/orx:meta/entity/@id" type="string" readonly="true()" calculate="concat(/own:data/own:q, jr:itext('t'))"/>
<bind nodeset="/own:data/orx:meta/entity/label" calculate="instance(&quot;it's&quot;)/list/e[2]"/>
<bind nodeset="/own:data/orx:meta/orx:instanceID" jr:preload="uid"/>
<setvalue ref="/own:data/orx:meta/entity/@id" event="odk-instance-first-load" value="uuid()"/>
<odk:recordaudio ref="/own:data/sound" event="odk-instance-load" odk:quality="voice-only"/>
</model></h:head>
<h:body class="pages theme-grid">
<input ref="/own:data/own:q" rows="3" own:x="&quot;1&quot;"><label ref="jr:itext('a&lt;b')"/><odk:setgeopoint ref="/own:data/place" event="xforms-value-changed"/><setvalue event="xforms-value-changed" ref="/own:data/fixed[1]/n">7</setvalue></input>
<group ref="/own:data/fixed"><repeat nodeset="/own:data/fixed" jr:noAddRemove="true()" class="x"><select1 ref="n"><label>N &lt;</label><item><label>One</label><value>1</value></item><item><label ref="jr:itext('t')"/><value>2</value></item></select1></repeat></group>
</h:body></h:html>`

// Everything that is seldom comes through: markup in texts, languages of other scripts, quotes in names, blanks in attributes.
func TestOdditiesComeThrough(t *testing.T) {
	f, problems := Read("odd.xml", []byte(oddities))
	if f == nil {
		t.Fatal(problems)
	}
	again, document := reread(t, f)
	for _, d := range append(unlike(f, again), behaveUnlike(f, again, 1, 30)...) {
		t.Error(d)
	}
	if twice := inXML(t, again); twice != document {
		t.Errorf("written once\n%s\ntwice\n%s", document, twice)
	}
	for _, want := range []string{
		`<h:title>Odd &amp; "even" &lt;form&gt;</h:title>`,
		`xmlns:own="http://example.org/own?a=1&amp;b=2"`,
		`<submission action="https://example.org/?a=1&amp;b=2" method="post" base64RsaPublicKey="MIIB" orx:auto-send="true"/>`,
		`<translation lang="العربية" default="true()">`,
		"<value>&lt;b&gt;ერთი&lt;/b&gt;\n <output value=\"/data/q\"/>  <output value=\"/data/q\"/></value>",
		`<value form="short">ა</value>`,
		`<value form="image">jr://images/ა.png</value>`,
		`<data id="odd" version="1" own:origin="x" mode="&quot;">`,
		`<entity dataset="trees" id="" create="1">`,
		`<instance id="it's">`,
		`<e>two &lt; 3</e>`,
		`<instance id="towns" src="jr://file-csv/towns.csv"/>`,
		`<instance id="__last-saved" src="jr://instance/last-saved"/>`,
		`constraint="not(contains(., '&lt;')) and&#10; . != &quot;&amp;&quot;"`,
		`own:note="&lt;x&gt;&#10;y"`,
		`<bind nodeset="/data/phone" type="string" jr:preload="property" jr:preloadParams="phonenumber"/>`,
		`<bind nodeset="/data/meta/entity/@id" calculate="concat(/data/q, jr:itext('t'))" readonly="true()" type="string"/>`,
		`<bind nodeset="/data/meta/instanceID" type="string" jr:preload="uid"/>`,
		`<setvalue ref="/data/meta/entity/@id" event="odk-instance-first-load" value="uuid()"/>`,
		`<odk:recordaudio ref="/data/sound" event="odk-instance-load" odk:quality="voice-only"/>`,
		`<odk:setgeopoint ref="/data/place" event="xforms-value-changed"/>`,
		`<h:body class="pages theme-grid">`,
		`<repeat nodeset="/data/fixed" jr:noAddRemove="true()" class="x">`,
	} {
		if !strings.Contains(document, want) {
			t.Errorf("there is no %s in\n%s", want, document)
		}
	}
}
