package xform

import (
	"bytes"
	"testing"
	"time"

	"vereda/survey/xlsform"
)

// FuzzWrite holds that what is written of any XForm that is read can be read, and is written the same from then on.
func FuzzWrite(f *testing.F) {
	f.Add([]byte(seed))
	f.Add([]byte(oddities))
	f.Add([]byte(`<h:html><h:head><model><instance><a><b/></a></instance><bind nodeset="/a/b" calculate="../b"/></model></h:head><h:body><repeat nodeset="/a/b" jr:count="c"/></h:body></h:html>`))
	f.Add([]byte(`<html><head><model><instance><a x:y="1"><b x="2">&#10;1</b><c><d/></c></a></instance><bind ref="/a/@y" x:type="q"/></model></head><body class="&lt;"><input ref="/a/b"/><repeat nodeset="/a/c" noAddRemove="true()"/></body></html>`))
	f.Fuzz(func(t *testing.T, document []byte) {
		got, _ := Read("form.xml", document)
		if got == nil {
			return
		}
		start := time.Now()
		var once, twice bytes.Buffer
		if err := Write(&once, got); err != nil {
			t.Fatal(err)
		}
		if d := time.Since(start); d > time.Second {
			t.Fatalf("%d bytes took %v", len(document), d)
		}
		again, problems := Read("form.xml", once.Bytes())
		if again == nil {
			t.Fatalf("what was written cannot be read: %v\n%s", problems, once.Bytes())
		}
		if err := Write(&twice, again); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(once.Bytes(), twice.Bytes()) {
			t.Fatalf("written once\n%s\ntwice\n%s", once.Bytes(), twice.Bytes())
		}
	})
}

// FuzzWriteTables holds that what is written of any workbook that is read can be read.
func FuzzWriteTables(f *testing.F) {
	f.Add([]byte("| survey |\n| | type | name | label::Español (es) | relevant | default | repeat_count | bind::x:y | media::image |\n| | begin repeat | r | R | | | 1 + 1 | | |\n| | select_one l or_other | q | <&\"'> ${r} | . = '\"' | b | | ' | a.png |\n| | end repeat | | | | | | | |\n" +
		"| choices |\n| | list_name | name | label | x y |\n| | l | a | A | 1 |\n| | l | b | ]]> | 2 |\n| settings |\n| | namespaces | instance_name | form_id |\n| | x=\"http://x\" | ${q} | <f> |\n"))
	f.Fuzz(func(t *testing.T, tables []byte) {
		got, _ := xlsform.Read("form.md", tables)
		if got == nil {
			return
		}
		var b bytes.Buffer
		if err := Write(&b, got); err != nil {
			t.Fatal(err)
		}
		if again, problems := Read("form.xml", b.Bytes()); again == nil && !refusedAlike(problems) {
			t.Fatalf("what was written cannot be read: %v\n%s", problems, b.Bytes())
		}
	})
}
