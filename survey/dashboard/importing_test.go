package dashboard

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
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
		return Imported{Batch: "abcdef012345", Stored: 7}, err
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
}
