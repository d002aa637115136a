package dashboard

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"slices"
	"strconv"
)

// importBody is the page that takes batch files.
type importBody struct {
	Files []importedFile
	Fault string // key of what is wrong with all of it; "" for nothing
	Max   int    // MB

	Answers []string // batches whose devices wait for an answer
}

// importedFile is what became of one file.
type importedFile struct {
	File   string
	Done   *Imported
	Fault  string // key of what is wrong; "" for nothing
	Detail string
}

func (s *server) importPage(w http.ResponseWriter, v *visit) {
	s.show(w, v, http.StatusOK, "import", importBody{Max: int(s.MaxImport >> 20)})
}

func (s *server) importFile(w http.ResponseWriter, v *visit) {
	r := v.Request
	r.Body = http.MaxBytesReader(w, r.Body, s.MaxImport+maxForm)
	body := importBody{Max: int(s.MaxImport >> 20)}
	err := s.receive(v, &body)
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		body.Fault = "import.large"
	case errors.Is(err, errNoFile):
		body.Fault = "import.none"
	case err != nil:
		s.fail(w, v, err)
		return
	}
	status := http.StatusOK
	if body.Fault != "" || slices.ContainsFunc(body.Files, func(f importedFile) bool { return f.Fault != "" }) {
		status = http.StatusUnprocessableEntity
	}
	s.show(w, v, status, "import", body)
}

// stickList is the list of what lies on a stick, which people choose with the batches beside it.
const stickList = "manifest.json"

// mostAnswers bounds the batches that are answered at once.
const mostAnswers = 500

// importAnswers hands out the answers to what was imported, to be carried back.
func (s *server) importAnswers(w http.ResponseWriter, v *visit) {
	v.Request.Body = http.MaxBytesReader(w, v.Request.Body, maxForm)
	err := v.Request.ParseForm()
	batches := v.Request.PostForm["batch"]
	if err != nil || len(batches) == 0 || len(batches) > mostAnswers {
		s.message(w, v, http.StatusNotFound, "error.nowhere")
		return
	}
	var out bytes.Buffer
	err = s.Answers(v.Request.Context(), batches, &out)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		s.message(w, v, http.StatusNotFound, "error.nowhere")
		return
	case err != nil:
		s.fail(w, v, err)
		return
	}
	s.audit(v, "answers", strconv.Itoa(len(batches)))
	w.Header().Set("Content-Type", "application/zip")
	w.Header().Set("Content-Disposition", `attachment; filename="answers.zip"`)
	_, _ = out.WriteTo(w) // the browser sees a cut answer
}

var errNoFile = errors.New("dashboard: no file in the form")

// receive hands the files over as they arrive, each for itself.
func (s *server) receive(v *visit, body *importBody) error {
	parts, err := v.Request.MultipartReader()
	if err != nil {
		return errNoFile
	}
	for {
		part, err := parts.NextPart()
		if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
			return err
		}
		if err != nil && len(body.Files) > 0 {
			return nil
		}
		if err != nil {
			return errNoFile
		}
		if part.FormName() != "batch" || part.FileName() == "" || part.FileName() == stickList {
			continue
		}
		one, err := s.take(v, part.FileName(), part)
		if err != nil {
			return err
		}
		body.Files = append(body.Files, one)
		if done := one.Done; done != nil && done.Device && s.Answers != nil && len(body.Answers) < mostAnswers {
			body.Answers = append(body.Answers, done.Batch)
		}
	}
}

// take hands one file over. What a person can be told is no error.
func (s *server) take(v *visit, name string, file io.Reader) (importedFile, error) {
	one := importedFile{File: name}
	done, err := s.Import(v.Request.Context(), name, file)
	var refusal *Refusal
	switch {
	case errors.As(err, &refusal) && v.Words.Has("refusal."+refusal.Code):
		one.Fault, one.Detail = "refusal."+refusal.Code, refusal.Err.Error()
		return one, nil
	case err != nil:
		return one, err
	}
	s.audit(v, "import", name+" "+done.Batch)
	one.Done = &done
	return one, nil
}
