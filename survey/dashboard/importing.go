package dashboard

import (
	"errors"
	"net/http"
)

// importBody is the page that takes batch files.
type importBody struct {
	Done   *Imported
	File   string
	Fault  string // key of what is wrong; "" for nothing
	Detail string
	Max    int // MB
}

func (s *server) importPage(w http.ResponseWriter, v *visit) {
	s.show(w, v, http.StatusOK, "import", importBody{Max: int(s.MaxImport >> 20)})
}

func (s *server) importFile(w http.ResponseWriter, v *visit) {
	r := v.Request
	r.Body = http.MaxBytesReader(w, r.Body, s.MaxImport+maxForm)
	body := importBody{Max: int(s.MaxImport >> 20)}
	done, err := s.receive(r, &body)
	var refusal *Refusal
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		body.Fault = "import.large"
	case errors.Is(err, errNoFile):
		body.Fault = "import.none"
	case errors.As(err, &refusal) && v.Words.Has("refusal."+refusal.Code):
		body.Fault, body.Detail = "refusal."+refusal.Code, refusal.Err.Error()
	case err != nil:
		s.fail(w, v, err)
		return
	default:
		s.audit(v, "import", body.File+" "+done.Batch)
		body.Done = &done
		s.show(w, v, http.StatusOK, "import", body)
		return
	}
	s.show(w, v, http.StatusUnprocessableEntity, "import", body)
}

var errNoFile = errors.New("dashboard: no file in the form")

// receive hands the file over as it arrives.
func (s *server) receive(r *http.Request, body *importBody) (Imported, error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return Imported{}, errNoFile
	}
	for {
		part, err := parts.NextPart()
		if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
			return Imported{}, err
		}
		if err != nil {
			return Imported{}, errNoFile
		}
		if part.FormName() == "batch" && part.FileName() != "" {
			body.File = part.FileName()
			return s.Import(r.Context(), body.File, part)
		}
	}
}
