package interview

import (
	"strings"
	"testing"

	"vereda/survey/xpath"
)

// Whatever comes with a form as data is a root with items, each of them named and in its place, and no more of them than the file can mean.
func FuzzExternal(f *testing.F) {
	f.Add("towns.csv", []byte("name;label\nt1;\"Río \"\"Seco\"\"\"\nt2\n"))
	f.Add("towns.csv", []byte("\ufeffname,label\nt1,Seco,more\n"))
	f.Add("places.geojson", []byte(`{"features":[{"id":7,"properties":{"name":"Norte"},"geometry":{"type":"Polygon","coordinates":[[[1.50,2],[3,4]]]}},{"geometry":{"type":"Point","coordinates":[1]}}]}`))
	f.Add("tree.xml", []byte(`<root><item><name>t1</name></item></root>`))
	f.Fuzz(func(t *testing.T, name string, file []byte) {
		var root *xpath.Node
		switch {
		case strings.HasSuffix(name, ".csv"):
			root = tableNode(file)
		case strings.HasSuffix(name, ".geojson"):
			root = featureNode(file)
		default:
			root = documentNode(file)
		}
		if root == nil {
			t.Fatal("nothing at all")
		}
		if n := whole(t, root); n > mostPadding+2*len(file)+1 {
			t.Fatalf("%d nodes of %d bytes", n, len(file))
		}
	})
}

// whole counts the nodes below one, each of which knows its parent.
func whole(t *testing.T, n *xpath.Node) (count int) {
	for _, child := range n.Children {
		if child.Parent != n {
			t.Fatalf("%q is somebody else's child", child.Name)
		}
		count += 1 + whole(t, child)
	}
	return count
}

// A table whose short rows stand under very many headings expands to nothing, and not to all memory.
func TestATableDoesNotExpandWithoutBounds(t *testing.T) {
	wide := strings.Repeat("h,", 4000) + "h\n"
	if n := len(tableNode([]byte(wide + strings.Repeat("a\n", 10))).Children); n != 10 {
		t.Errorf("%d rows", n)
	}
	if n := len(tableNode([]byte(wide + strings.Repeat("a\n", 1000))).Children); n != 0 {
		t.Errorf("%d rows of 4 million empty cells", n)
	}
}
