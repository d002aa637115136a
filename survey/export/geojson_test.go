package export

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"vereda/survey/form"
	"vereda/survey/record"
)

func geojsonOf(t *testing.T, o Options, src Source) string {
	t.Helper()
	var b bytes.Buffer
	if err := exporter(t, o).WriteGeoJSON(t.Context(), &b, src); err != nil {
		t.Fatal(err)
	}
	if !json.Valid(b.Bytes()) {
		t.Fatalf("no JSON: %s", b.String())
	}
	return b.String()
}

func TestFeatures(t *testing.T) {
	got := geojsonOf(t, Options{Drafts: true, Forms: []*form.Form{households("2")}}, somework(t))
	c, err := geojson.UnmarshalFeatureCollection([]byte(got))
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Features) != 2 || c.Features[0].ID != one || c.Features[1].Geometry != nil {
		t.Fatalf("features %+v", c.Features)
	}
	if p := c.Features[0].Geometry; p != (orb.Point{-74.0817, 4.6097}) {
		t.Errorf("longitude first: %v", p)
	}
	for _, want := range []string{`"grp_a-cost":12.5`, `"grp_a-net":["fiber","mobile"]`, `"grp_c-size":2`, `"grp_a-ea":"EA 1"`, `"CONFLICTS":1`, `"comment":"=1+1"`, `"start":null`} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
	if empty := geojsonOf(t, Options{Drafts: true, Forms: []*form.Form{households("2")}}, rows{}); empty != `{"type":"FeatureCollection","features":[`+"\n]}\n" {
		t.Errorf("without interviews: %s", empty)
	}
}

func TestPositionIsChosen(t *testing.T) {
	f := build("1", ask(form.TypeGeopoint, "near"), ask(form.TypeGeotrace, "path"), ask(form.TypeGeoshape, "plot"))
	src := rows{"": {{Interview: id(1), Answers: record.Answers{
		"path": value(t, record.Geotrace, "1 10 0 0;2 20 0 0"),
		"plot": value(t, record.Geoshape, "0 0 0 0;1 0 0 0;1 1 0 0;0 0 0 0")}}}} // clockwise on the map
	for position, want := range map[record.Path]string{
		"":     `{"type":"LineString","coordinates":[[10,1],[20,2]]}`,
		"near": "null",
		"plot": `{"type":"Polygon","coordinates":[[[0,0],[1,1],[0,1],[0,0]]]}`,
	} {
		if got := geojsonOf(t, Options{Drafts: true, Forms: []*form.Form{f}, Position: position}, src); !strings.Contains(got, `"geometry":`+want+`,`) {
			t.Errorf("%q: no %s in %s", position, want, got)
		}
	}
}
