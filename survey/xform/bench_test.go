package xform

import (
	"fmt"
	"strings"
	"testing"
)

// BenchmarkRead reads a form of 1,000 questions in 50 groups, each question relevant by the one before, with texts in two languages.
func BenchmarkRead(b *testing.B) {
	var instance, binds, body, es, fr strings.Builder
	for g := range 50 {
		fmt.Fprintf(&instance, "<g%d>", g)
		fmt.Fprintf(&body, `<group ref="/data/g%d">`, g)
		for q := range 20 {
			path := fmt.Sprintf("/data/g%d/q%d", g, q)
			fmt.Fprintf(&instance, "<q%d/>", q)
			relevant := ""
			if q > 0 {
				relevant = fmt.Sprintf(`relevant="/data/g%d/q%d != 3"`, g, q-1)
			}
			fmt.Fprintf(&binds, `<bind nodeset="%s" type="int" constraint=". &gt; 0" %s/>`, path, relevant)
			fmt.Fprintf(&body, `<input ref="%s"><label ref="jr:itext('%s:label')"/></input>`, path, path)
			fmt.Fprintf(&es, `<text id="%s:label"><value>¿Cuántos %d?</value></text>`, path, q)
			fmt.Fprintf(&fr, `<text id="%s:label"><value>Combien %d ?</value></text>`, path, q)
		}
		fmt.Fprintf(&instance, "</g%d>", g)
		body.WriteString("</group>")
	}
	document := []byte(`<h:html xmlns:h="http://www.w3.org/1999/xhtml"><h:head><model><itext><translation lang="es">` + es.String() + `</translation><translation lang="fr">` + fr.String() +
		`</translation></itext><instance><data>` + instance.String() + `</data></instance>` + binds.String() + `</model></h:head><h:body>` + body.String() + `</h:body></h:html>`)
	b.ReportAllocs()
	b.SetBytes(int64(len(document)))
	for b.Loop() {
		if f, problems := Read("form.xml", document); f == nil {
			b.Fatal(problems[0])
		}
	}
}
