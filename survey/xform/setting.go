package xform

import (
	"strings"

	"vereda/survey/form"
	"vereda/survey/xpath"
)

// usual are the prefixes that every XForm has.
var usual = map[string]bool{"h": true, "ev": true, "xsd": true, "jr": true, "orx": true, "odk": true, "entities": true}

// readSettings keeps what an XForm says of itself beside its questions as the settings that a workbook has for it.
func (r *reader) readSettings(top, root *xpath.Node) {
	s := r.form.Settings
	var spaces []string
	seen := map[string]bool{}
	var collect func(n *xpath.Node)
	collect = func(n *xpath.Node) {
		for _, a := range n.Attrs {
			if prefix, ok := strings.CutPrefix(a.Name, "xmlns:"); ok && !usual[prefix] && !seen[prefix] && form.ValidName(prefix) && !strings.Contains(a.Value, `"`) {
				seen[prefix] = true
				spaces = append(spaces, prefix+`="`+a.Value+`"`)
			}
		}
		for _, c := range n.Children {
			if c.Kind == xpath.Element && local(c.Name) != "instance" || c == root {
				collect(c)
			}
		}
	}
	collect(top)
	collect(root)
	if len(spaces) > 0 {
		s["namespaces"] = strings.Join(spaces, " ")
	}
	for _, a := range root.Attrs {
		if a.Name == "xmlns" && a.Value != namespaces[0].Value {
			s["instance_xmlns"] = a.Value
		}
	}
	if v := attr(r.model, "entities-version"); v != "" {
		s["entities-version"] = v
	}
	if n := child(r.model, "submission"); n != nil {
		if url := attr(n, "action"); url != "" {
			s["submission_url"] = url
		}
		for _, a := range submissionSettings {
			if v := attr(n, local(a.attribute)); v != "" {
				s[a.setting] = v
			}
		}
	}
}
