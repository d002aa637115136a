package dashboard

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"io/fs"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// chosen is a file that somebody chooses.
type chosen struct{ name, content string }

// uploads posts files to the import page.
func uploads(t *testing.T, b *browser, files ...chosen) (int, string) {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for _, f := range files {
		io.WriteString(must(w.CreateFormFile("batch", f.name))(t), f.content)
	}
	w.Close()
	r := must(http.NewRequest("POST", b.url+"/import", &body))(t)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return b.do(r)
}

// importer takes all batches but encrypted ones, and believes lists that are not spoilt.
func importer(_ context.Context, files []Upload) (done []Imported, err error) {
	for _, f := range files {
		one := Imported{File: f.Name, Batch: "abcdef012345", Stored: 7, Device: f.Name == "tres.batch"}
		content, err := f.read(1 << 20)
		switch {
		case err != nil:
			return nil, err
		case strings.HasSuffix(f.Name, ".age"):
			one.Refusal = &Refusal{"encrypted", errors.New("there is no key")}
		case f.Name == stickList && string(content) == "spoilt":
			one.Refusal = &Refusal{"list", errors.New("the signature is wrong")}
		case f.Name == stickList:
			continue
		}
		done = append(done, one)
	}
	return done, nil
}

// Several files are taken together: one that is refused is named, and the others are imported.
func TestImportOfSeveralFiles(t *testing.T) {
	o := options(&field{})
	o.Import = importer
	var asked []string
	o.Answers = func(_ context.Context, batches []string, _ [][]byte, out io.Writer) error {
		if asked = batches; batches[0] == "nobody's" {
			return fs.ErrNotExist
		}
		_, err := io.WriteString(out, "a ZIP file")
		return err
	}
	b := member(t, o, "cora")
	status, text := uploads(t, b, chosen{"uno.batch", "batch"}, chosen{"dos.batch.age", "batch"}, chosen{"tres.batch", "batch"})
	missing := lacks(text, "Importado: uno.batch", "Importado: tres.batch", "dos.batch.age", "cifrado para la coordinación", "there is no key")
	if status != http.StatusUnprocessableEntity || len(missing) > 0 {
		t.Errorf("%d, lacks %q", status, missing)
	}
	if strings.Count(text, `name="batch" value="abcdef012345"`) != 1 {
		t.Error("the page does not offer the answer to the one tablet")
	}
	status, text = b.post("/import/answers", url.Values{"batch": {"abcdef012345"}})
	if status != http.StatusOK || text != "a ZIP file" || len(asked) != 1 {
		t.Errorf("%d %q, asked for %q", status, text, asked)
	}
	for _, v := range []url.Values{nil, {"batch": {"nobody's"}}, {"batch": make([]string, mostAnswers+1)}, {"list": {"no base64"}}} {
		if status, _ := b.post("/import/answers", v); status != http.StatusNotFound {
			t.Errorf("%v: %d", v, status)
		}
	}
	if status, _ := member(t, o, "vera").post("/import/answers", url.Values{"batch": {"abcdef012345"}}); status != http.StatusForbidden {
		t.Errorf("a viewer: %d", status)
	}
}

// The list of what lay on a stick comes through the page as it is, to the last byte, also where no batch came with it; one that is refused, or is too long, does not.
func TestTheListOfAStickIsHandedOn(t *testing.T) {
	o := options(&field{})
	o.Import = importer
	var asked []string
	o.Answers = func(_ context.Context, _ []string, lists [][]byte, _ io.Writer) error {
		asked = nil
		for _, list := range lists {
			asked = append(asked, string(list))
		}
		return nil
	}
	b := member(t, o, "cora")
	hidden := regexp.MustCompile(`name="list" value="([^"]*)"`)
	for _, c := range []struct {
		lists []string
		want  []string
	}{
		{[]string{"{}\nabc+/=\r\n<\""}, []string{"{}\nabc+/=\r\n<\""}},
		{[]string{"one", "two"}, []string{"one", "two"}},
		{[]string{"spoilt"}, nil},
		{[]string{strings.Repeat("x", mostListed+1)}, nil},
		{[]string{strings.Repeat("x", mostListed), "one"}, []string{strings.Repeat("x", mostListed)}},
	} {
		var files []chosen
		for _, list := range c.lists {
			files = append(files, chosen{stickList, list})
		}
		_, text := uploads(t, b, files...)
		v := url.Values{}
		for _, m := range hidden.FindAllStringSubmatch(text, -1) {
			v.Add("list", m[1])
		}
		if asked = nil; len(v) > 0 {
			b.post("/import/answers", v)
		}
		if !slices.Equal(asked, c.want) {
			t.Errorf("%.20q: %.60q", c.lists, asked)
		}
	}
	_, text := uploads(t, b, chosen{"tres.batch", "batch"}, chosen{stickList, "spoilt"})
	if missing := lacks(text, "Importado: tres.batch", "the signature is wrong", `name="batch"`); len(missing) > 0 {
		t.Errorf("lacks %q", missing)
	}
	v := url.Values{"list": {base64.RawURLEncoding.EncodeToString([]byte("one"))}}
	if status, _ := member(t, o, "vera").post("/import/answers", v); status != http.StatusForbidden {
		t.Errorf("a viewer: %d", status)
	}
}
