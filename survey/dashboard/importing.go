package dashboard

import (
	"errors"
	"io"
	"net/http"
	"slices"
)

// importBody is the page that takes batch files.
type importBody struct {
	Files []importedFile
	Fault string // key of what is wrong with all of it; "" for nothing
	Max   int    // MB
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
		if part.FormName() != "batch" || part.FileName() == "" {
			continue
		}
		one, err := s.take(v, part.FileName(), part)
		if err != nil {
			return err
		}
		body.Files = append(body.Files, one)
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
