package xpath

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
)

// expressionAttributes are the attributes of an XForm that hold expressions.
var expressionAttributes = map[string]bool{
	"nodeset": true, "ref": true, "relevant": true, "constraint": true, "calculate": true, "required": true, "readonly": true,
	"value": true, "count": true, "jr:count": true,
}

// noXPath are expressions in the converter's own tests that no engine can read: they test the converter, not the form.
var noXPath = map[string]bool{
	`pulldata('OtherID', 'ParticipantID', ParticipantIDValue',.)`: true,
	`$(myField)='1'`: true,
	`instance("c1")/root/item[name &lt;&gt; 1 and "&lt;&gt;&amp;" = "1"]/label`: true,
}

// TestFormsAreRead reads every expression of the forms that JavaRosa's own tests run and of those that the reference converter made.
func TestFormsAreRead(t *testing.T) {
	for _, source := range []struct{ file, field string }{{"form_scenarios.jsonl", "form"}, {"xlsform_cases.jsonl", "xform"}} {
		file, err := os.Open(conformance + source.file)
		if err != nil {
			t.Skip("left out: the conformance data are not beside the checkout")
		}
		defer file.Close()
		lines := bufio.NewScanner(file)
		lines.Buffer(nil, 64<<20)
		forms, expressions := 0, 0
		for lines.Scan() {
			var row map[string]any
			if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
				t.Fatal(err)
			}
			xml, _ := row[source.field].(string)
			if xml == "" || row["load_error"] != nil {
				continue
			}
			d, err := ParseXML(strings.NewReader(xml))
			if err != nil {
				t.Errorf("%v: %v", row["id"], err)
				continue
			}
			forms++
			expressions += readAll(t, row["id"], d.Top)
		}
		t.Logf("%s: %d forms, %d expressions", source.file, forms, expressions)
	}
}

func readAll(t *testing.T, id any, n *Node) (count int) {
	for _, a := range n.Attrs {
		isValue := a.Name == "value" && localName(n.Name) != "setvalue" && localName(n.Name) != "output"
		isItemRef := a.Name == "ref" && (localName(n.Name) == "value" || localName(n.Name) == "label")
		if !expressionAttributes[a.Name] || isValue || isItemRef || a.Value == "" || noXPath[a.Value] {
			continue
		}
		count++
		_, err := Parse(a.Value)
		var unknown *FunctionError
		if err != nil && !(errors.As(err, &unknown) && !unknown.Known) {
			t.Errorf("%v: <%s %s=%q>: %v", id, n.Name, a.Name, a.Value, err)
		}
		if unknown != nil && unknown.Nearest != "" {
			t.Logf("%v: %v", id, err)
		}
	}
	for _, c := range n.Children {
		count += readAll(t, id, c)
	}
	return count
}
