package export

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"vereda/survey/form"
	"vereda/survey/record"
)

// exporter plans the tables, or ends the test.
func exporter(t testing.TB, o Options) *Exporter {
	t.Helper()
	e, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func csvOf(t testing.TB, o Options, src Source, repeat record.Path) string {
	t.Helper()
	var b bytes.Buffer
	if err := exporter(t, o).WriteCSV(t.Context(), &b, src, repeat); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func lines(l ...string) string { return strings.Join(l, "\r\n") + "\r\n" }

func same(t *testing.T, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

const one, two = "01935000-0000-7000-8000-000000000001", "01935000-0000-7000-8000-000000000002"

func TestMainTable(t *testing.T) {
	got := csvOf(t, Options{Drafts: true, Forms: []*form.Form{households("2")}}, somework(t), "")
	same(t, got, lines(
		"KEY,VERSION,DEVICE,BY,FINAL,CONFLICTS,start,grp_a-ea,grp_a-gps-Latitude,grp_a-gps-Longitude,grp_a-gps-Altitude,grp_a-gps-Accuracy,grp_a-cost,grp_a-net,grp_c-size,comment",
		one+`,2,tab-1,E7,1,1,2026-11-23T08:05:00.000-05:00,EA 1,4.6097,-74.0817,2600,5,12.5,fiber mobile,2,"dijo ""no"",`+"\ny se fue\"",
		two+",2,tab-2,,0,0,,,,,,,,mobile,,=1+1"))
}

func TestRepeatTables(t *testing.T) {
	o := Options{Drafts: true, Forms: []*form.Form{households("2")}}
	same(t, csvOf(t, o, somework(t), "grp_c/roster"), lines("KEY,PARENT_KEY,name,sex",
		one+"/grp_c/roster/0001aaaaaa,"+one+",Ana,f",
		one+"/grp_c/roster/0002bbbbbb,"+one+",Luz,x"))
	same(t, csvOf(t, o, somework(t), "grp_c/roster/phone"), lines("KEY,PARENT_KEY,number",
		one+"/grp_c/roster/0001aaaaaa/phone/0001cccccc,"+one+"/grp_c/roster/0001aaaaaa,300 1"))
}

func TestSplitGivesAColumnPerChoice(t *testing.T) {
	f := build("2", with(ask(form.TypeSelectMultiple, "net"), services))
	src := rows{"": {
		{Interview: id(1), Answers: record.Answers{"net": record.NewChoices([]string{"mobile"})}},
		{Interview: id(2), Answers: record.Answers{}},
	}}
	same(t, csvOf(t, Options{Drafts: true, Forms: []*form.Form{f}, Split: true}, src, ""), lines(
		"KEY,VERSION,DEVICE,BY,FINAL,CONFLICTS,net,net/fiber,net/mobile", one+",,,,0,0,mobile,0,1", two+",,,,0,0,,,"))
}

func TestLabelsInALanguage(t *testing.T) {
	o := Options{Drafts: true, Forms: []*form.Form{households("2")}, Language: "en"}
	same(t, csvOf(t, o, somework(t), "grp_c/roster"), lines("KEY,PARENT_KEY,name,sex",
		one+"/grp_c/roster/0001aaaaaa,"+one+",Ana,Woman",
		one+"/grp_c/roster/0002bbbbbb,"+one+",Luz,x")) // a name without a choice stays
	if got := csvOf(t, o, somework(t), ""); !strings.Contains(got, ",Fibre; Mobile,") {
		t.Errorf("no labels in\n%s", got)
	}
}

func TestPersonalDataIsLeftOut(t *testing.T) {
	o := Options{Drafts: true, Forms: []*form.Form{households("2")}, WithoutPersonal: true}
	same(t, csvOf(t, o, somework(t), "grp_c/roster"), lines("KEY,PARENT_KEY,sex",
		one+"/grp_c/roster/0001aaaaaa,"+one+",f", one+"/grp_c/roster/0002bbbbbb,"+one+",x"))

	bare := build("1", ask(form.TypeText, "name"))
	if _, err := New(Options{Drafts: true, Forms: []*form.Form{bare}, WithoutPersonal: true}); !errors.Is(err, ErrNothingPersonal) {
		t.Errorf("a form that marks nothing: %v", err)
	}
	// What one version marks is left out of all; a group marks what lies in it.
	marked := build("2", personally(group(form.Group, "who", ask(form.TypeText, "name"))), ask(form.TypeText, "rest"))
	older := build("1", group(form.Group, "who", ask(form.TypeText, "name"), ask(form.TypeText, "nick")))
	got := exporter(t, Options{Drafts: true, Forms: []*form.Form{older, marked}, WithoutPersonal: true}).main().header()
	if want := append(slices.Clone(aboutInterview), "who-nick", "rest"); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestOlderVersionsAddColumns(t *testing.T) {
	radio := &form.List{Choices: []form.Choice{{Name: "radio", Label: plain("Radio", "Radio")}, {Name: "fiber", Label: plain("Fibra óptica", "Fibre")}}}
	newest := build("2", ask(form.TypeText, "b"), with(ask(form.TypeSelectMultiple, "net"), services))
	older := build("1", ask(form.TypeText, "a"), with(ask(form.TypeSelectMultiple, "net"), radio), ask(form.TypeText, "b"),
		group(form.Repeat, "old", ask(form.TypeText, "a")))
	e := exporter(t, Options{Drafts: true, Forms: []*form.Form{newest, older}, Split: true, Language: "es"})
	if want := append(slices.Clone(aboutInterview), "b", "net", "net/fiber", "net/mobile", "net/radio", "a"); !slices.Equal(e.main().header(), want) {
		t.Errorf("%q, want %q", e.main().header(), want)
	}
	if got := e.Repeats(); !slices.Equal(got, []record.Path{"old"}) {
		t.Errorf("repeats %q", got)
	}
	if got := e.main().questions[1].label("fiber"); got != "Fibra" {
		t.Errorf("the newest version's label, not %q", got)
	}
}

func TestAnOlderAnswerOfAnotherKindIsKept(t *testing.T) {
	src := rows{"": {{Interview: id(1), Answers: record.Answers{"where": record.NewText("by the well")}}}}
	got := csvOf(t, Options{Drafts: true, Forms: []*form.Form{build("2", ask(form.TypeGeopoint, "where"))}}, src, "")
	same(t, got, lines("KEY,VERSION,DEVICE,BY,FINAL,CONFLICTS,where-Latitude,where-Longitude,where-Altitude,where-Accuracy", one+",,,,0,0,by the well,,,"))
}

func TestColumnsAndTablesAreToldApart(t *testing.T) {
	f := build("1", ask(form.TypeText, "KEY"), ask(form.TypeText, "a-b"), group(form.Group, "a", ask(form.TypeText, "b"),
		group(form.Repeat, "r", ask(form.TypeText, "PARENT_KEY"))), group(form.Repeat, "r", ask(form.TypeText, "x")))
	e := exporter(t, Options{Drafts: true, Forms: []*form.Form{f}})
	if want := append(slices.Clone(aboutInterview), "KEY_2", "a-b", "a-b_2"); !slices.Equal(e.main().header(), want) {
		t.Errorf("%q, want %q", e.main().header(), want)
	}
	if names := []string{e.tables[1].name, e.tables[2].name}; !slices.Equal(names, []string{"a-r", "r"}) {
		t.Errorf("tables %q", names)
	}
}

func TestGuardBOMAndNoDrafts(t *testing.T) {
	f := build("1", ask(form.TypeText, "a"), ask(form.TypeInteger, "n"))
	src := rows{"": {
		{Interview: id(1), Final: true, Answers: record.Answers{"a": record.NewText("=1+1"), "n": record.NewInteger(-5)}},
		{Interview: id(2), Answers: record.Answers{"a": record.NewText("draft")}},
	}}
	got := csvOf(t, Options{Forms: []*form.Form{f}, Guard: true, BOM: true}, src, "")
	same(t, got, "\uFEFF"+lines("KEY,VERSION,DEVICE,BY,FINAL,CONFLICTS,a,n", one+",,,,1,0,'=1+1,-5"))
}

func TestNewRefuses(t *testing.T) {
	other := households("1")
	other.ID = "else"
	for name, o := range map[string]Options{
		"no form": {}, "two forms": {Forms: []*form.Form{households("2"), other}},
		"a position that is none": {Forms: []*form.Form{households("2")}, Position: "comment"},
		"an unknown position":     {Forms: []*form.Form{households("2")}, Position: "grp_a/nowhere"},
	} {
		if _, err := New(o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	err := exporter(t, Options{Drafts: true, Forms: []*form.Form{households("2")}}).WriteCSV(t.Context(), io.Discard, rows{}, "nowhere")
	if err == nil {
		t.Error("an unknown repeat: no error")
	}
}

func TestZipHoldsAllTables(t *testing.T) {
	e := exporter(t, Options{Drafts: true, Forms: []*form.Form{households("2")}})
	var a, b bytes.Buffer
	if err := errors.Join(e.WriteZip(t.Context(), &a, somework(t)), e.WriteZip(t.Context(), &b, somework(t))); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("the same interviews gave other bytes")
	}
	z, err := zip.NewReader(bytes.NewReader(a.Bytes()), int64(a.Len()))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range z.File {
		names = append(names, f.Name)
	}
	if want := []string{"hh.csv", "hh-roster.csv", "hh-phone.csv"}; !slices.Equal(names, want) {
		t.Errorf("%q, want %q", names, want)
	}
}

func TestFileSafe(t *testing.T) {
	for name, want := range map[string]string{"hh": "hh", "../etc/x": ".._etc_x", "a:b\n": "a_b_", "..": "form", "": "form", "año 1": "año 1"} {
		if got := fileSafe(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

// Whatever people write, another CSV reader reads the same.
func TestCSVIsReadAsWritten(t *testing.T) {
	f := build("1", ask(form.TypeText, "a"), ask(form.TypeText, "b"))
	rapid.Check(t, func(r *rapid.T) {
		text := rapid.StringMatching(`[a-z ,;"'\n=ñ\\\t]{0,8}`)
		a, b := text.Draw(r, "a"), text.Draw(r, "b")
		src := rows{"": {{Interview: id(1), Answers: record.Answers{"a": record.NewText(a), "b": record.NewText(b)}}}}
		read, err := csv.NewReader(strings.NewReader(csvOf(t, Options{Drafts: true, Forms: []*form.Form{f}}, src, ""))).ReadAll()
		if err != nil {
			r.Fatal(err)
		}
		if got := read[1][6:]; got[0] != a || got[1] != b {
			r.Fatalf("%q, want %q and %q", got, a, b)
		}
	})
}

func TestSourceErrorIsReported(t *testing.T) {
	e := exporter(t, Options{Drafts: true, Forms: []*form.Form{households("2")}})
	src := cutShort{somework(t), "grp_c/roster"}
	for name, write := range map[string]func() error{
		"zip":     func() error { return e.WriteZip(t.Context(), io.Discard, src) },
		"csv":     func() error { return e.WriteCSV(t.Context(), io.Discard, src, "grp_c/roster") },
		"xlsx":    func() error { return e.WriteXLSX(t.Context(), io.Discard, src) },
		"geojson": func() error { return e.WriteGeoJSON(t.Context(), io.Discard, cutShort{somework(t), ""}) },
	} {
		if err := write(); !errors.Is(err, errCut) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
