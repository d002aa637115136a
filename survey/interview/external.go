package interview

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"maps"
	"path"
	"slices"
	"strings"

	"vereda/survey/xpath"
)

// readExternal reads the secondary instances that are files: tables (.csv), XML, and GeoJSON, as ODK Collect shows them to expressions. One whose file did not come
// or cannot be read is empty.
func (s *Session) readExternal(instances map[string]*xpath.Node) map[string]*xpath.Node {
	if len(s.form.External) == 0 {
		return instances
	}
	all := maps.Clone(instances)
	if all == nil {
		all = map[string]*xpath.Node{}
	}
	for id, name := range s.form.External {
		file, ok := s.env.Files[name]
		if !ok {
			all[id] = &xpath.Node{Name: "root"}
			continue
		}
		switch path.Ext(name) {
		case ".csv":
			all[id] = tableNode(file)
		case ".geojson":
			all[id] = featureNode(file)
		default:
			all[id] = documentNode(file)
		}
	}
	return all
}

// mostPadding is how many cells may be missing in the short rows of a table: each becomes an empty one, which costs memory that no byte of the file paid for.
const mostPadding = 1 << 20

// tableNode makes root/item/column of a table whose first row is its headings; nothing of one with more missing cells than mostPadding.
func tableNode(file []byte) *xpath.Node {
	root := &xpath.Node{Name: "root"}
	rows, _ := csvRows(file)
	padding := 0
	for _, row := range rows {
		padding += max(0, len(rows[0])-len(row))
	}
	if padding > mostPadding {
		return root
	}
	for n, row := range rows {
		if n == 0 {
			continue
		}
		item := childNode(root, "item", "")
		for k, heading := range rows[0] {
			if k < len(row) {
				childNode(item, heading, row[k])
			} else {
				childNode(item, heading, "")
			}
		}
	}
	return root
}

// csvRows reads a table separated by commas, or by semicolons where its first line has more of them.
func csvRows(file []byte) ([][]string, error) {
	file = bytes.TrimPrefix(file, []byte("\ufeff"))
	first, _, _ := bytes.Cut(file, []byte("\n"))
	r := csv.NewReader(bytes.NewReader(file))
	if bytes.Count(first, []byte(";")) > bytes.Count(first, []byte(",")) {
		r.Comma = ';'
	}
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	return r.ReadAll()
}

func childNode(parent *xpath.Node, name, value string) *xpath.Node {
	n := &xpath.Node{Name: name, Value: value, Parent: parent}
	parent.Children = append(parent.Children, n)
	return n
}

func documentNode(file []byte) *xpath.Node {
	d, err := xpath.ParseXML(bytes.NewReader(file))
	if err != nil {
		return &xpath.Node{Name: "root"}
	}
	return d.Top
}

// feature is a place of a GeoJSON file.
type feature struct {
	ID         any            `json:"id"`
	Properties map[string]any `json:"properties"`
	Geometry   struct {
		Type        string          `json:"type"`
		Coordinates json.RawMessage `json:"coordinates"`
	} `json:"geometry"`
}

// featureNode makes root/item of the features of a GeoJSON file: geometry as ODK writes it, properties, and the id.
func featureNode(file []byte) *xpath.Node {
	root := &xpath.Node{Name: "root"}
	var collection struct {
		Features []feature `json:"features"`
	}
	d := json.NewDecoder(bytes.NewReader(file))
	d.UseNumber()
	if d.Decode(&collection) != nil {
		return root
	}
	for _, f := range collection.Features {
		item := childNode(root, "item", "")
		childNode(item, "geometry", f.points())
		for _, name := range slices.Sorted(maps.Keys(f.Properties)) {
			childNode(item, name, scalar(f.Properties[name]))
		}
		if _, has := f.Properties["id"]; !has {
			childNode(item, "id", scalar(f.ID))
		}
	}
	return root
}

// points writes a geometry as ODK does: "lat lon 0 0", several with "; " between; "" for one that it has no text for.
func (f *feature) points() string {
	var list [][]json.Number
	switch f.Geometry.Type {
	case "Point":
		var one []json.Number
		if json.Unmarshal(f.Geometry.Coordinates, &one) != nil {
			return ""
		}
		list = [][]json.Number{one}
	case "LineString":
		if json.Unmarshal(f.Geometry.Coordinates, &list) != nil {
			return ""
		}
	case "Polygon":
		var rings [][][]json.Number
		if json.Unmarshal(f.Geometry.Coordinates, &rings) != nil || len(rings) == 0 {
			return ""
		}
		list = rings[0]
	}
	points := make([]string, 0, len(list))
	for _, p := range list {
		if len(p) >= 2 {
			points = append(points, p[1].String()+" "+p[0].String()+" 0 0")
		}
	}
	return strings.Join(points, "; ")
}

func scalar(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		if v {
			return "true"
		}
		return "false"
	}
	return ""
}
