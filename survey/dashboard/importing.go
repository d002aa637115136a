package dashboard

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"slices"
	"strconv"
)

// importBody is the page that takes batch files.
type importBody struct {
	Files []Imported
	Fault string // key of what is wrong with all of it; "" for nothing
	Max   int    // MB

	Answers []string // batches whose devices wait for an answer
	Lists   []string // of what lay on sticks, in base64: they say from where on their devices are to be answered
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
	if body.Fault != "" || slices.ContainsFunc(body.Files, func(f Imported) bool { return f.Refusal != nil }) {
		status = http.StatusUnprocessableEntity
	}
	s.show(w, v, status, "import", body)
}

// stickList is the name of the list of what lies on a stick, which people choose with the batches beside it.
const stickList = "manifest.json"

// What is answered at once, at most: batches, and bytes of lists. A list that is longer, of thousands of photos, is not handed on: its device is answered from the beginning.
const (
	mostAnswers = 500
	mostListed  = 1 << 20
)

// importAnswers hands out the answers to what was imported, to be carried back.
func (s *server) importAnswers(w http.ResponseWriter, v *visit) {
	v.Request.Body = http.MaxBytesReader(w, v.Request.Body, maxForm+2*mostListed)
	err := v.Request.ParseForm()
	batches := v.Request.PostForm["batch"]
	lists, wrong := decoded(v.Request.PostForm["list"])
	if err != nil || wrong != nil || len(batches)+len(lists) == 0 || len(batches) > mostAnswers {
		s.message(w, v, http.StatusNotFound, "error.nowhere")
		return
	}
	var out bytes.Buffer
	err = s.Answers(v.Request.Context(), batches, lists, &out)
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

// receive hands over what was uploaded, all of it together: a list says what the files beside it are.
func (s *server) receive(v *visit, body *importBody) error {
	err := v.Request.ParseMultipartForm(mostListed)
	if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
		return err
	}
	if err != nil {
		return errNoFile
	}
	defer v.Request.MultipartForm.RemoveAll()
	var files []Upload
	for _, f := range v.Request.MultipartForm.File["batch"] {
		if f.Filename != "" {
			files = append(files, Upload{f.Filename, func() (io.ReadCloser, error) { return f.Open() }})
		}
	}
	if len(files) == 0 {
		return errNoFile
	}
	if body.Files, err = s.Import(v.Request.Context(), files); err != nil {
		return err
	}
	for _, one := range body.Files {
		if one.Refusal != nil {
			continue
		}
		s.audit(v, "import", one.File+" "+one.Batch)
		if one.Device && s.Answers != nil && len(body.Answers) < mostAnswers {
			body.Answers = append(body.Answers, one.Batch)
		}
	}
	if s.Answers != nil {
		err = body.ask(files)
	}
	return err
}

// ask hands the lists on to whom the answers are asked of, unless they are refused.
func (b *importBody) ask(files []Upload) error {
	lists := slices.DeleteFunc(slices.Clone(files), func(f Upload) bool { return f.Name != stickList })
	refused := 0
	for _, one := range b.Files {
		if one.File == stickList {
			refused++
		}
	}
	if refused == len(lists) {
		return nil
	}
	left := mostListed
	for _, f := range lists {
		list, err := f.read(left)
		if err != nil {
			return err
		}
		if left -= len(list); left >= 0 {
			b.Lists = append(b.Lists, base64.RawURLEncoding.EncodeToString(list))
		}
	}
	return nil
}

// read reads a file, and no more than a byte more than most.
func (u Upload) read(most int) ([]byte, error) {
	f, err := u.Open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, int64(max(most, 0)+1)))
}

// decoded returns lists as they were.
func decoded(texts []string) (lists [][]byte, err error) {
	for _, text := range texts {
		list, err := base64.RawURLEncoding.DecodeString(text)
		if err != nil {
			return nil, err
		}
		lists = append(lists, list)
	}
	return lists, nil
}
