package quality_test

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"vereda/survey/form"
	"vereda/survey/quality"
	"vereda/survey/questionnaire"
	"vereda/survey/record"
	"vereda/survey/xlsform"
	"vereda/survey/xlsform/xlsformtest"
)

func TestBuiltInQuestionnaire(t *testing.T) {
	want := quality.Mapping{
		EA:       []record.Path{"grp_a/a_country", "grp_a/a_ea"},
		Number:   "grp_a/a_hh_num",
		Position: []record.Path{"grp_a/a_gps"},
		Members:  "grp_c/roster",
		Name:     "grp_c/roster/m_name",
		Sex:      "grp_c/roster/m_sex",
		Age:      "grp_c/roster/m_age",
	}
	if got := quality.MappingOf(questionnaire.Form()); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, not %+v", got, want)
	}
}

func read(t *testing.T, tables string) *form.Form {
	t.Helper()
	f, problems := xlsform.Read("test.xlsx", xlsformtest.Workbook(tables))
	if f == nil {
		t.Fatalf("the form was not read: %+v", problems)
	}
	return f
}

func TestGuesses(t *testing.T) {
	f := read(t, `
		| survey  |                   |                     |        |
		|         | type              | name                | label  |
		|         | text              | nombre_encuestador  | ¿Su nombre? |
		|         | text              | UPM                 | UPM    |
		|         | text              | num_vivienda        | N.º    |
		|         | geopoint          | toma_de_agua        | Agua   |
		|         | geopoint          | ubicacion_hogar     | Casa   |
		|         | text              | direccion           | Dirección |
		|         | text              | telefono1           | Teléfono |
		|         | text              | telefono2           | Otro   |
		|         | begin repeat      | personas            | Personas |
		|         | text              | nombreCompleto      | Nombre |
		|         | integer           | edad                | Edad   |
		|         | select_one sx     | sexo                | Sexo   |
		|         | end repeat        |                     |        |
		| choices |                   |                     |        |
		|         | list_name         | name                | label  |
		|         | sx                | 1                   | H      |
	`)
	want := quality.Mapping{EA: []record.Path{"UPM"}, Number: "num_vivienda", Position: []record.Path{"ubicacion_hogar"}, Members: "personas",
		Name: "personas/nombreCompleto", Sex: "personas/sexo", Age: "personas/edad", Phones: []record.Path{"telefono1", "telefono2"}, Address: []record.Path{"direccion"}}
	if got := quality.MappingOf(f); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, not %+v", got, want)
	}
}

func TestWhatTheFormMarksIsNotGuessed(t *testing.T) {
	f := read(t, `
		| survey |          |          |       |            |
		|        | type     | name     | label | duplicates |
		|        | text     | dept     | D     | ea         |
		|        | text     | manzana  | M     | EA         |
		|        | text     | ea       | old   |            |
		|        | integer  | orden    | O     | number     |
		|        | text     | jefa     | J     | name       |
		|        | text     | phone    | shop  | no         |
		|        | geopoint | place    | P     |            |
	`)
	want := quality.Mapping{EA: []record.Path{"dept", "manzana"}, Number: "orden", Head: "jefa", Position: []record.Path{"place"}}
	if got := quality.MappingOf(f); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, not %+v", got, want)
	}
}

func value(t *testing.T, kind record.Kind, s string) record.Value {
	t.Helper()
	v, err := record.New(kind, s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestAHouseholdIsTakenOutOfAnswers(t *testing.T) {
	m := quality.Mapping{EA: []record.Path{"country", "ea"}, Number: "n", Position: []record.Path{"gps0", "gps"}, Head: "head", Members: "g/r", Name: "g/r/name",
		Sex: "g/r/sex", Age: "g/r/age", Phones: []record.Path{"tel", "g/r/tel"}, Address: []record.Path{"road"}}
	answers := record.Answers{
		"country": record.NewText("CO"), "ea": record.NewText("0012"), "n": record.NewInteger(7), "head": record.NewText("Rosa Quispe"), "road": record.NewText("Camino"),
		"gps0": value(t, record.Geopoint, "0 0 0 0"), "gps": value(t, record.Geopoint, "4.5 -75.25 1200 8"),
		"g/r/0002bbbbbb": record.Exists(), "g/r/0001aaaaaa": record.Exists(), "g/r/0003cccccc": record.Exists(),
		"g/r/0002bbbbbb/name": record.NewText("Luis"), "g/r/0002bbbbbb/age": record.NewInteger(0),
		"g/r/0001aaaaaa/name": record.NewText("Ana"), "g/r/0001aaaaaa/sex": record.NewText("2"),
		"g/r/0003cccccc/sex": record.NewText("1"), // without a name
		"tel":                record.NewText("300 123 4567"), "g/r/0002bbbbbb/tel": record.NewText("311 765 4321"),
	}
	got := m.Household(quality.Household{Form: "hh", By: "vera"}, answers)
	want := quality.Household{Form: "hh", By: "vera", EA: "CO-0012", Number: "7", Address: "Camino", Position: quality.Position{Known: true, Lat: 4.5, Lon: -75.25, Accuracy: 8},
		Members: []quality.Member{{Name: "Rosa Quispe"}, {Name: "Ana", Sex: "2"}, {Name: "Luis", HasAge: true}}, Phones: []string{"300 123 4567", "311 765 4321"}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, not %+v", got, want)
	}
	delete(answers, "ea")
	if got := m.Household(quality.Household{}, answers); got.EA != "" {
		t.Errorf("without the code of the area the EA is %q", got.EA)
	}
	if got := (quality.Mapping{}).Household(quality.Household{}, answers); !reflect.DeepEqual(got, quality.Household{}) {
		t.Errorf("a form that asks nothing tells %+v", got)
	}
}

// TestRealForms holds what is guessed for workbooks that teams have used.
func TestRealForms(t *testing.T) {
	folder := "../../../shared/data/conformance/forms"
	if _, err := os.Stat(folder); err != nil {
		t.Skip("the folder of real forms beside the checkout is missing: they were left out")
	}
	for name, want := range map[string]quality.Mapping{
		"abidjan_household_2022_fr.xls": {Number: "group_HH_location/HH_Number", Position: []record.Path{"group_HH_location/HH_Record_location"},
			Members: "group_HH_members/Rep_names_HH", Name: "group_HH_members/Rep_names_HH/Name"},
		"pma_wge_household_ng.xlsx":   {EA: []record.Path{"EA"}, Position: []record.Path{"location"}, Members: "hh_rpt", Name: "hh_rpt/firstname", Sex: "hh_rpt/mb_grp/gender", Age: "hh_rpt/mb_grp/age"},
		"unhcr_peru_pdm_2022_es.xlsx": {Phones: []record.Path{"group_Demographic/group_nv8at35/telephone_num"}},
	} {
		t.Run(name, func(t *testing.T) {
			workbook, err := os.ReadFile(filepath.Join(folder, name))
			if err != nil {
				t.Fatal(err)
			}
			f, problems := xlsform.Read(name, workbook)
			if f == nil {
				t.Fatal(problems[0])
			}
			got := quality.MappingOf(f)
			if g, w := fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", want); g != w {
				t.Errorf("%s\nnot %s", g, w)
			}
		})
	}
}
