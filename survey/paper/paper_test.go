package paper

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"vereda/survey/form"
	"vereda/survey/goldentest"
	"vereda/survey/questionnaire"
	"vereda/survey/words"
	"vereda/survey/words/wordstest"
	"vereda/survey/xform"
	"vereda/survey/xlsform"
)

func TestCatalogue(t *testing.T) { wordstest.Check(t, os.DirFS("."), catalogue()) }

func read(t testing.TB, name string) *form.Form {
	t.Helper()
	source, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if xform.Looks(source) {
		f, _ := xform.Read(filepath.Base(name), source)
		return f
	}
	f, _ := xlsform.Read(filepath.Base(name), source)
	return f
}

// TestAllTypes sets a form with every type of question, in one language and in both, as text and as a page.
func TestAllTypes(t *testing.T) {
	f := read(t, "testdata/types.md")
	if f == nil {
		t.Fatal("testdata/types.md is no form")
	}
	for _, kind := range form.Types() {
		found := false
		for _, i := range f.Items() {
			found = found || i.Kind == form.Question && i.Type == kind
		}
		if !found {
			t.Errorf("testdata/types.md has no %s", kind)
		}
	}
	for name, languages := range map[string][]string{"types.es": {"es"}, "types.all": nil, "types.ht": {"ht"}} {
		q := New(f, languages...)
		var text, page bytes.Buffer
		if err := errors.Join(q.Text(&text), q.HTML(&page)); err != nil {
			t.Fatal(err)
		}
		goldentest.Same(t, "testdata/"+name+".txt"+".golden", text.Bytes())
		if name == "types.es" {
			goldentest.Same(t, "testdata/"+name+".html"+".golden", bytes.Replace(page.Bytes(), []byte(style), nil, 1))
		}
		hold(t, page.Bytes())
	}
}

var (
	reference = regexp.MustCompile(`href="#([^"]+)"`)
	anchored  = regexp.MustCompile(`\sid="([^"]+)"`)
)

// hold checks a page: its elements are closed, every link leads to a place on it, no place has its name twice, nothing comes from elsewhere.
func hold(t *testing.T, page []byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(page))
	d.Strict, d.AutoClose, d.Entity = false, append(xml.HTMLAutoClose, "input"), xml.HTMLEntity
	depth := 0
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		switch token.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		}
	}
	if depth != 0 {
		t.Errorf("%d elements are left open", depth)
	}
	there := map[string]bool{}
	for _, m := range anchored.FindAllSubmatch(page, -1) {
		if there[string(m[1])] {
			t.Errorf("the place %s is there twice", m[1])
		}
		there[string(m[1])] = true
	}
	for _, m := range reference.FindAllSubmatch(page, -1) {
		if !there[string(m[1])] {
			t.Errorf("a link leads to %s, which is not there", m[1])
		}
	}
	for _, foreign := range []string{"<script", "http-equiv", "<link", "@import", "url(http"} {
		if bytes.Contains(page, []byte(foreign)) {
			t.Errorf("the page holds %s", foreign)
		}
	}
}

// TestQuestionnaire sets the built-in questionnaire in each language: all its rules are said in words.
func TestQuestionnaire(t *testing.T) {
	f := questionnaire.Form()
	for _, language := range words.Languages {
		var text, page bytes.Buffer
		q := New(f, language)
		if err := errors.Join(q.Text(&text), q.HTML(&page)); err != nil {
			t.Fatal(err)
		}
		hold(t, page.Bytes())
		for _, line := range strings.Split(text.String(), "\n") {
			if strings.Contains(line, "`") {
				t.Errorf("%s: not said in words: %s", language, line)
			}
			if !strings.HasPrefix(line, "--") && cells(line) > width+2 {
				t.Errorf("%s: %d characters in a line: %s", language, cells(line), line)
			}
		}
		for _, i := range f.Items()[1:] {
			if i.Kind == form.Question && i.Type.Shown() && !i.Label.IsZero() && !bytes.Contains(page.Bytes(), []byte(`id="`+anchor(i)+`"`)) {
				t.Errorf("%s: %s is not on the page", language, i.Path)
			}
		}
	}
	var page bytes.Buffer
	if err := New(f).HTML(&page); err != nil {
		t.Fatal(err)
	}
	hold(t, page.Bytes())
}

// TestRealForms sets the real workbooks beside the checkout.
func TestRealForms(t *testing.T) {
	files, _ := filepath.Glob("../../../shared/data/conformance/forms/*")
	if len(files) == 0 {
		t.Skip("left out: the conformance data are not beside the checkout")
	}
	for _, name := range files {
		f := read(t, name)
		if f == nil {
			continue
		}
		q := New(f)
		var page bytes.Buffer
		if err := errors.Join(q.HTML(&page), q.Text(io.Discard), New(f, "pt").HTML(io.Discard)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		hold(t, page.Bytes())
	}
}

// TestXForms sets the forms that JavaRosa's own tests run.
func TestXForms(t *testing.T) {
	file, err := os.Open("../../../shared/data/conformance/form_scenarios.jsonl")
	if err != nil {
		t.Skip("left out: the conformance data are not beside the checkout")
	}
	defer file.Close()
	lines := json.NewDecoder(file)
	count := 0
	for {
		var row struct {
			Form string `json:"form"`
		}
		if err := lines.Decode(&row); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		f, _ := xform.Read("form.xml", []byte(row.Form))
		if f == nil {
			continue
		}
		count++
		q := New(f)
		var page bytes.Buffer
		if err := errors.Join(q.HTML(&page), q.Text(io.Discard)); err != nil {
			t.Fatal(err)
		}
		hold(t, page.Bytes())
	}
	t.Logf("%d forms", count)
}

func TestLanguages(t *testing.T) {
	for _, c := range []struct {
		languages, asked []string
		codes            string
	}{
		{[]string{"English (en)", "Español (es)"}, []string{"es"}, "es"},
		{[]string{"English (en)", "Español (es)"}, []string{"Español (es)", "en"}, "es en"},
		{[]string{"English (en)"}, []string{"fr"}, "fr"},
		{[]string{"French", "Hausa"}, nil, "fr ?"},
		{[]string{"Português do Brasil (pt-BR)"}, []string{"pt"}, "pt"},
		{[]string{"default"}, nil, "?"},
		{[]string{"Kreyòl"}, nil, "ht"},
	} {
		f := &form.Form{Root: &form.Item{Kind: form.Group, Name: "data"}, DefaultLanguage: c.languages[0]}
		f.Root.Add(&form.Item{Kind: form.Question, Type: form.TypeText, Name: "a"})
		for _, l := range c.languages {
			code := ""
			if open := strings.IndexByte(l, '('); open > 0 {
				code = strings.TrimSuffix(l[open+1:], ")")
			}
			f.Languages = append(f.Languages, form.Language{Name: l, Code: code})
		}
		if problems := f.Compile(); form.HasErrors(problems) {
			t.Fatal(problems)
		}
		var got []string
		for _, tongue := range New(f, c.asked...).tongues {
			if tongue.Lang == "" {
				tongue.Lang = "?"
			}
			got = append(got, tongue.Lang)
		}
		if strings.Join(got, " ") != c.codes {
			t.Errorf("%v %v: %v, want %s", c.languages, c.asked, got, c.codes)
		}
	}
}

func BenchmarkHTML(b *testing.B) {
	f := questionnaire.Form()
	for b.Loop() {
		if err := New(f).HTML(io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}
