package dashboard

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// Several files are taken each for itself: one that is refused is named, and the others are imported.
func TestImportOfSeveralFiles(t *testing.T) {
	o := options(&field{})
	o.Import = func(_ context.Context, name string, file io.Reader) (Imported, error) {
		if strings.HasSuffix(name, ".age") {
			return Imported{}, &Refusal{"encrypted", errors.New("there is no key")}
		}
		_, err := io.Copy(io.Discard, file)
		return Imported{Batch: "abcdef012345", Stored: 7, Device: name == "tres.batch"}, err
	}
	var asked []string
	o.Answers = func(_ context.Context, batches []string, out io.Writer) error {
		if asked = batches; batches[0] == "nobody's" {
			return fs.ErrNotExist
		}
		_, err := io.WriteString(out, "a ZIP file")
		return err
	}
	b := member(t, o, "cora")
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for _, name := range []string{"uno.batch", "dos.batch.age", "tres.batch"} {
		io.WriteString(must(w.CreateFormFile("batch", name))(t), "batch")
	}
	w.Close()
	r := must(http.NewRequest("POST", b.url+"/import", &body))(t)
	r.Header.Set("Content-Type", w.FormDataContentType())
	status, text := b.do(r)
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
	for _, v := range []url.Values{nil, {"batch": {"nobody's"}}, {"batch": make([]string, mostAnswers+1)}} {
		if status, _ := b.post("/import/answers", v); status != http.StatusNotFound {
			t.Errorf("%v: %d", v, status)
		}
	}
	if status, _ := member(t, o, "vera").post("/import/answers", url.Values{"batch": {"abcdef012345"}}); status != http.StatusForbidden {
		t.Errorf("a viewer: %d", status)
	}
}
