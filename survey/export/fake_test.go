package export

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"testing"

	"github.com/google/uuid"

	"vereda/survey/fieldwork"
	"vereda/survey/form"
	"vereda/survey/record"
)

// rows is a source in memory, by repeat.
type rows map[record.Path][]fieldwork.Row

func (r rows) Rows(_ context.Context, _ string, repeat record.Path) iter.Seq2[fieldwork.Row, error] {
	return func(yield func(fieldwork.Row, error) bool) {
		for _, row := range r[repeat] {
			if !yield(row, nil) {
				return
			}
		}
	}
}

var errCut = errors.New("the archive went away")

// cutShort is a source that fails after the first row of a table.
type cutShort struct {
	rows
	table record.Path
}

func (c cutShort) Rows(ctx context.Context, form string, repeat record.Path) iter.Seq2[fieldwork.Row, error] {
	if repeat != c.table {
		return c.rows.Rows(ctx, form, repeat)
	}
	return func(yield func(fieldwork.Row, error) bool) {
		if yield(c.rows[repeat][0], nil) {
			yield(fieldwork.Row{}, errCut)
		}
	}
}

// id returns the UUID with a number at its end.
func id(n int) uuid.UUID {
	return uuid.MustParse(fmt.Sprintf("01935000-0000-7000-8000-%012d", n))
}

func value(t testing.TB, kind record.Kind, s string) record.Value {
	t.Helper()
	v, err := record.New(kind, s)
	if err != nil {
		t.Fatalf("%q: %v", s, err)
	}
	return v
}

// plain is a text in Spanish and English.
func plain(es, en string) form.Text {
	return form.NewText(map[string][]form.Part{"Español (es)": {{Words: es}}, "English (en)": {{Words: en}}})
}

func group(kind form.ItemKind, name string, children ...*form.Item) *form.Item {
	return &form.Item{Kind: kind, Name: name, Children: children}
}

func ask(typ form.Type, name string) *form.Item {
	return &form.Item{Kind: form.Question, Type: typ, Name: name}
}

func with(i *form.Item, list *form.List) *form.Item {
	i.List = list
	return i
}

func personally(i *form.Item) *form.Item {
	i.Columns = map[string]string{"personal": "yes"}
	return i
}

// build makes a form of items.
func build(version string, items ...*form.Item) *form.Form {
	f := &form.Form{
		ID: "hh", Version: version, Title: "Hogares",
		Languages:       []form.Language{{Name: "Español (es)", Code: "es"}, {Name: "English (en)", Code: "en"}},
		DefaultLanguage: "Español (es)", Root: &form.Item{Kind: form.Group, Name: "data"},
	}
	attach(f.Root, items)
	return f
}

func attach(parent *form.Item, items []*form.Item) {
	parent.Children = nil
	for _, i := range items {
		children := i.Children
		parent.Add(i)
		attach(i, children)
	}
}

var (
	services = &form.List{Name: "services", Choices: []form.Choice{
		{Name: "fiber", Label: plain("Fibra", "Fibre")}, {Name: "mobile", Label: plain("Móvil", "Mobile")}}}
	sexes = &form.List{Name: "sexes", Choices: []form.Choice{
		{Name: "f", Label: plain("Mujer", "Woman")}, {Name: "m", Label: plain("Hombre", "Man")}}}
)

// households is a form with all that matters to tables: groups, a repeat in a group with a repeat inside, geopoint, choices.
func households(version string) *form.Form {
	return build(version,
		ask(form.TypeStart, "start"),
		group(form.Group, "grp_a",
			ask(form.TypeText, "ea"), ask(form.TypeNote, "hello"), ask(form.TypeGeopoint, "gps"),
			ask(form.TypeDecimal, "cost"), with(ask(form.TypeSelectMultiple, "net"), services)),
		group(form.Group, "grp_c",
			ask(form.TypeInteger, "size"),
			group(form.Repeat, "roster",
				personally(ask(form.TypeText, "name")), with(ask(form.TypeSelectOne, "sex"), sexes),
				group(form.Repeat, "phone", ask(form.TypeText, "number")))),
		ask(form.TypeText, "comment"))
}

// fieldwork of two interviews, the first with two members, one of whom has a telephone.
func somework(t testing.TB) rows {
	ana, luz := record.Path("grp_c/roster/0001aaaaaa"), record.Path("grp_c/roster/0002bbbbbb")
	return rows{
		"": {
			{Interview: id(1), Version: "2", Device: "tab-1", By: "E7", Final: true, Conflicts: 1, Answers: record.Answers{
				"start":    value(t, record.DateTime, "2026-11-23T08:05:00.000-05:00"),
				"grp_a/ea": record.NewText("EA 1"), "grp_a/gps": value(t, record.Geopoint, "4.6097 -74.0817 2600 5"),
				"grp_a/cost": value(t, record.Decimal, "12.50"), "grp_a/net": record.NewChoices([]string{"fiber", "mobile"}),
				"grp_c/size": record.NewInteger(2), "comment": record.NewText("dijo \"no\",\ny se fue")}},
			{Interview: id(2), Version: "2", Device: "tab-2", Answers: record.Answers{
				"grp_a/net": record.NewChoices([]string{"mobile"}), "comment": record.NewText("=1+1")}},
		},
		"grp_c/roster": {
			{Interview: id(1), Final: true, Instance: ana, Answers: record.Answers{
				"grp_c/roster/name": record.NewText("Ana"), "grp_c/roster/sex": record.NewText("f")}},
			{Interview: id(1), Final: true, Instance: luz, Answers: record.Answers{
				"grp_c/roster/name": record.NewText("Luz"), "grp_c/roster/sex": record.NewText("x")}},
		},
		"grp_c/roster/phone": {
			{Interview: id(1), Final: true, Instance: ana + "/phone/0001cccccc", Answers: record.Answers{
				"grp_c/roster/phone/number": record.NewText("300 1")}},
		},
	}
}
