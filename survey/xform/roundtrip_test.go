package xform

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"vereda/survey/form"
	"vereda/survey/xlsform"
)

// workbooks calls f with every workbook of the conformance data that can be read, by name.
func workbooks(t *testing.T, f func(name string, got *form.Form)) {
	t.Helper()
	files, _ := filepath.Glob("../../../shared/data/conformance/forms/*.xls*")
	lines, err := os.Open(converted)
	if err != nil || len(files) == 0 {
		t.Skip("left out: the conformance data are not beside the checkout")
	}
	defer lines.Close()
	for _, name := range files {
		workbook, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := xlsform.Read(filepath.Base(name), workbook); got != nil {
			f(filepath.Base(name), got)
		}
	}
	scan := bufio.NewScanner(lines)
	scan.Buffer(nil, 64<<20)
	for scan.Scan() {
		var c struct {
			ID string
			MD *string
		}
		if err := json.Unmarshal(scan.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		if c.MD == nil {
			continue
		}
		if got, _ := xlsform.Read(c.ID+".md", []byte(*c.MD)); got != nil {
			f(c.ID, got)
		}
	}
}

// xforms calls f with every XForm of the conformance data that can be read, by name.
func xforms(t *testing.T, f func(name string, got *form.Form)) {
	t.Helper()
	for _, file := range []string{converted, "../../../shared/data/conformance/form_scenarios.jsonl"} {
		lines, err := os.Open(file)
		if err != nil {
			t.Skip("left out: the conformance data are not beside the checkout")
		}
		defer lines.Close()
		scan := bufio.NewScanner(lines)
		scan.Buffer(nil, 64<<20)
		for scan.Scan() {
			var c struct {
				ID          string
				XForm, Form *string
			}
			if err := json.Unmarshal(scan.Bytes(), &c); err != nil {
				t.Fatal(err)
			}
			document := c.XForm
			if document == nil {
				document = c.Form
			}
			if document == nil {
				continue
			}
			if got, _ := Read(c.ID+".xml", []byte(*document)); got != nil {
				f(c.ID, got)
			}
		}
	}
}

// tell reports differences, the first few.
func tell(t *testing.T, name string, differences []string) bool {
	t.Helper()
	for _, d := range differences[:min(4, len(differences))] {
		t.Errorf("%s: %s", name, d)
	}
	return len(differences) == 0
}

// A workbook's form, written as an XForm and read again, asks the same and behaves the same.
func TestWorkbooksGoThroughXForms(t *testing.T) {
	all, same := 0, 0
	workbooks(t, func(name string, f *form.Form) {
		if g, problems := Read(name, []byte(inXML(t, f))); g == nil && refusedAlike(problems) {
			return // ODK Collect opens no such form, and so does Read
		}
		all++
		g, _ := reread(t, f)
		if h, twice := reread(t, g); twice != inXML(t, h) {
			t.Errorf("%s is no fixed point", name)
		}
		ok := tell(t, name, unlike(f, g))
		for seed := range int64(2) {
			ok = ok && tell(t, name, behaveUnlike(f, g, seed, 25))
		}
		if ok {
			same++
		}
	})
	t.Logf("%d of %d the same", same, all)
}

// An XForm that is written and read again says and does the same, and is written the same from then on.
func TestXFormsAreWrittenAgain(t *testing.T) {
	all, same := 0, 0
	xforms(t, func(name string, f *form.Form) {
		all++
		g, once := reread(t, f)
		if twice := inXML(t, g); twice != once {
			t.Errorf("%s is no fixed point", name)
			return
		}
		ok := tell(t, name, unlike(f, g))
		for seed := range int64(2) {
			ok = ok && tell(t, name, behaveUnlike(f, g, seed, 20))
		}
		if ok {
			same++
		}
	})
	t.Logf("%d of %d the same", same, all)
}

// What Vereda writes of a workbook is, read again, what the reference converter wrote of it: the same questions, texts and behaviour.
func TestWhatIsWrittenIsWhatTheReferenceConverterWrites(t *testing.T) {
	all, same := 0, 0
	listed := differences(t, "Written differently")
	converterCases(t, func(id, table, document string) {
		f, _ := xlsform.Read("data.md", []byte(table))
		theirs, _ := Read(id+".xml", []byte(document))
		if f == nil || theirs == nil || strings.Contains(table, "search(") || strings.Contains(table, "table-list") {
			return // docs/xform.md says how these are written
		}
		ours, problems := Read(id+".xml", []byte(renamed(inXML(t, f), f.Root.Name, theirs.Root.Name)))
		if ours == nil {
			t.Errorf("%s: %v", id, problems)
			return
		}
		all++
		theirs.ID, theirs.Title = ours.ID, ours.Title // of the file, where the workbook names none
		theirs.Languages, theirs.DefaultLanguage = ours.Languages, ours.DefaultLanguage
		d := slices.DeleteFunc(unlike(theirs, ours), func(d string) bool { return strings.HasSuffix(d, `, not "-"`) }) // where a translation is missing
		if len(d) == 0 && !slices.ContainsFunc(ours.Items(), func(i *form.Item) bool { return i.Kind == form.Repeat && i.Repeat() != nil }) {
			d = behaveUnlike(theirs, ours, 1, 15)
		}
		if listed[id] && len(d) > 0 {
			return
		}
		if tell(t, id, d) {
			same++
		}
		if listed[id] {
			t.Errorf("docs/xform.md says that %s is written differently, and it is not", id)
		}
	})
	t.Logf("%d of %d the same", same, all)
}

// differences are the cases that a section of docs/xform.md lists.
func differences(t *testing.T, section string) map[string]bool {
	t.Helper()
	page, err := os.ReadFile("../../docs/xform.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(page), "\n## "+section+"\n")
	text, _, _ = strings.Cut(text, "\n## ")
	listed := map[string]bool{}
	for _, id := range regexp.MustCompile(`\bp\d{4}\b`).FindAllString(text, -1) {
		listed[id] = true
	}
	return listed
}

// renamed gives the root of an XForm another name.
func renamed(document, from, to string) string {
	word := regexp.MustCompile(`(</?|/)` + regexp.QuoteMeta(from) + `([\s/>"'\])]|$)`)
	return word.ReplaceAllString(document, "${1}"+to+"${2}")
}

func converterCases(t *testing.T, f func(id, table, document string)) {
	t.Helper()
	lines, err := os.Open(converted)
	if err != nil {
		t.Skip("left out: the conformance data are not beside the checkout")
	}
	defer lines.Close()
	scan := bufio.NewScanner(lines)
	scan.Buffer(nil, 64<<20)
	for scan.Scan() {
		var c struct {
			ID        string
			MD, XForm *string
		}
		if err := json.Unmarshal(scan.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		if c.MD != nil && c.XForm != nil {
			f(c.ID, *c.MD, *c.XForm)
		}
	}
}
