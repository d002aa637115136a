package words

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"
)

// folder returns a catalogue's files: the same texts in all languages, but those of others.
func folder(texts string, others map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for _, language := range Languages {
		fsys[language+".json"] = &fstest.MapFile{Data: []byte(texts)}
		if other, ok := others[language]; ok {
			fsys[language+".json"].Data = []byte(other)
		}
	}
	return fsys
}

func load(t *testing.T, texts string, others map[string]string) *Catalogue {
	t.Helper()
	c, err := Load(folder(texts, others))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestSayFillsPlaces(t *testing.T) {
	c := load(t, `{"hello": "Hola {0}", "swap": "{1} de {0}", "brace": "{x} {0} {", "sent": "{0} envíos de {1}", "sent.one": "un envío de {1}"}`, nil)
	w := c.In("es")
	for _, test := range []struct {
		key  string
		args []any
		want string
	}{
		{"hello", []any{"Ana"}, "Hola Ana"},
		{"hello", []any{"{0}"}, "Hola {0}"},
		{"hello", nil, "Hola {0}"},
		{"swap", []any{"mayo", 3}, "3 de mayo"},
		{"brace", []any{time.Second}, "{x} 1s {"},
		{"sent", []any{12345, "T1"}, "12\u00a0345 envíos de T1"},
		{"sent", []any{1, "T1"}, "un envío de T1"},
		{"sent", []any{"1", "T1"}, "1 envíos de T1"},
		{"no.such", []any{1}, "no.such"},
	} {
		if got := w.Say(test.key, test.args...); got != test.want {
			t.Errorf("%s%v: %q, want %q", test.key, test.args, got, test.want)
		}
	}
}

func TestInReturnsTheLanguage(t *testing.T) {
	c := load(t, `{"yes": "sí"}`, map[string]string{"pt": `{"yes": "sim"}`, "fr": `{"yes": "oui"}`})
	for locale, want := range map[string]string{"pt_BR.UTF-8": "sim", "fr-CA": "oui", "de": "sí", "": "sí"} {
		if got := c.In(locale).Say("yes"); got != want {
			t.Errorf("%q: %q, want %q", locale, got, want)
		}
	}
	if got := c.In("pt").Language(); got != "pt" {
		t.Errorf("language %q", got)
	}
	if !c.In("pt").Has("yes") || c.In("pt").Has("no") {
		t.Error("Has is wrong")
	}
}

func TestLoadRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		fsys fstest.MapFS
		want []string
	}{
		"a missing file":            {fstest.MapFS{}, []string{"es.json"}},
		"no JSON":                   {folder(`{"a": "b"}`, map[string]string{"fr": "{"}), []string{"fr.json"}},
		"an empty text":             {folder(`{"a": " "}`, nil), []string{"es.json: a has no text"}},
		"missing keys, all of them": {folder(`{"a": "x", "b": "y"}`, map[string]string{"ht": `{"c": "z", "b": "y"}`}), []string{"ht.json lacks a", "es.json lacks c", "pt.json lacks c"}},
		"other places":              {folder(`{"a": "{0} {1}"}`, map[string]string{"en": `{"a": "{0}"}`}), []string{"en.json: a has the places [0], not [0 1]"}},
		"a twin alone":              {folder(`{"a.one": "x"}`, nil), []string{"a.one has no a beside it"}},
		"a twin with more":          {folder(`{"a": "{0}", "a.one": "{1}"}`, nil), []string{"a.one has the places [1], not [0]"}},
	} {
		_, err := Load(test.fsys)
		for _, want := range test.want {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v, want %q", name, err, want)
			}
		}
	}
}

func TestMatch(t *testing.T) {
	for locale, want := range map[string]string{
		"": "es", "C": "es", "POSIX": "es", "C.UTF-8": "es", "es_CO.UTF-8": "es", "pt_BR": "pt", "PT-br": "pt",
		"en_US@euro": "en", "ht": "ht", "ht_HT": "ht", "de_DE": "es", "gn:pt_BR:en": "pt", "english": "es",
	} {
		if got := Match(locale); got != want {
			t.Errorf("%q: %q, want %q", locale, got, want)
		}
	}
}

func TestEveryLanguageHasAName(t *testing.T) {
	seen := map[string]bool{}
	for _, language := range Languages {
		name := Name(language)
		if name == language || seen[name] {
			t.Errorf("%s: %q", language, name)
		}
		seen[name] = true
	}
	if Name("gn") != "gn" {
		t.Error("an unknown language is named by its code")
	}
}

func TestNumber(t *testing.T) {
	for _, test := range []struct {
		language string
		n        int64
		want     string
	}{
		{"es", 1234, "1234"}, {"es", 12345, "12\u00a0345"}, {"es", -1234567, "−1\u00a0234\u00a0567"}, {"pt", 1234, "1.234"}, {"en", 999, "999"},
		{"en", 1000000, "1,000,000"}, {"fr", 0, "0"}, {"ht", 100000, "100\u00a0000"},
	} {
		w := Words{language: test.language}
		if got := w.Number(test.n); got != test.want {
			t.Errorf("%s %d: %q, want %q", test.language, test.n, got, test.want)
		}
	}
}

// What is not a place is said as it was written, and every place is filled.
func TestCutKeepsAllText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`([a-zñ{} ]|\{[0-9]\}){0,12}`).Draw(t, "text")
		cutUp := cut(s)
		w := Words{texts: map[string]text{"k": cutUp}}
		if got := w.Say("k"); got != s {
			t.Fatalf("without arguments %q became %q", s, got)
		}
	})
}

// A decimal number has the mark of the language, and no size is shown as nothing.
func TestDecimal(t *testing.T) {
	c := load(t, `{"x": "x"}`, nil)
	for language, want := range map[string]string{"es": "-1,50 0,1 12,5 3,25", "pt": "-1,50 0,1 12,5 3,25", "fr": "-1,50 0,1 12,5 3,25", "ht": "-1,50 0,1 12,5 3,25", "en": "-1.50 0.1 12.5 3.25"} {
		w := c.In(language)
		if got := strings.Join([]string{w.Decimal("-1.50"), w.Megabytes(31_000), w.Megabytes(12_470_000), w.Measure(3.25, -1)}, " "); got != want {
			t.Errorf("%s: %s", language, got)
		}
		if got := w.Decimal("17"); got != "17" {
			t.Errorf("%s: %s", language, got)
		}
	}
}
