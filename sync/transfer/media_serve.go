package transfer

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"vereda/survey/record"
	"vereda/sync/device"
)

// Files is what the handler needs of the collector's files. Safe for concurrent use; errors as Archive's.
type Files interface {
	// Here returns those of some files that are whole here, in the order asked for.
	HereMedia(ctx context.Context, ids []record.ID) ([]record.ID, error)
	// MayFetch reports whether a device may have a file, OpenMedia opens it; code "not-found" when it is not here.
	MayFetch(ctx context.Context, who device.Claims, id record.ID) (bool, error)
	OpenMedia(ctx context.Context, id record.ID) (io.ReadSeekCloser, error)
	// Receive takes a complete file out of the folder of uploads; code "wrong-hash" when it is another one, which is then set aside.
	ReceiveMedia(ctx context.Context, id record.ID, path string, from device.ID, origin string) error
	// MediaAfter returns files in the order in which they came, but for those of the archive to, and the place behind them.
	MediaAfter(ctx context.Context, to string, after uint64, n int) (list []record.Media, next uint64, err error)
}

// mediaHandler serves files.
type mediaHandler struct {
	*handler
	files   Files
	uploads *uploads
}

// serveMedia adds what is about files to the handler's addresses.
func (h *handler) serveMedia(mux *http.ServeMux) error {
	if h.Files == nil {
		return nil
	}
	m := &mediaHandler{handler: h, files: h.Files}
	var err error
	if m.uploads, err = newUploads(m); err != nil {
		return err
	}
	mux.Handle(pathMediaState, h.serve(http.MethodPost, maxAsk, m.state))
	mux.HandleFunc(pathMedia, m.one)
	return nil
}

// state answers how this collector stands with files.
func (m *mediaHandler) state(r *http.Request, body []byte) ([]byte, error) {
	var asked mediaAsk
	if json.Unmarshal(body, &asked) != nil {
		return nil, problem(CodeMalformed, "it asks for no files")
	}
	if asked.V > protocol {
		return nil, problem(CodeNewerVersion, "")
	}
	if asked.V != protocol || len(asked.Files) > mostAsked || !goodNonce(asked.Nonce) || len(asked.From) > maxArchive {
		return nil, problem(CodeMalformed, "it asks for no files")
	}
	claims, err := m.who(asked.Project, asked.Device, asked.Certificate)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(body)
	if !verified(claims, sum[:], r.Header.Get(signatureHeader)) {
		return nil, problem(CodeSignature, "")
	}
	if err := m.meant(asked.To); err != nil {
		return nil, err
	}
	if err := m.standing(r.Context(), claims); err != nil {
		return nil, err
	}
	m.known.meet(claims)
	if asked.News && claims.Role != device.Collector {
		return nil, problem(CodeRole, "")
	}
	return m.tell(r.Context(), claims, asked)
}

// who returns the claims of a device, which its certificate proves: the one that it brings, or brought before.
func (m *mediaHandler) who(project string, id device.ID, certificate []byte) (device.Claims, error) {
	if len(certificate) > 0 {
		return m.certified(project, id, certificate)
	}
	claims, ok := m.known.find(id)
	switch {
	case project != m.Project.ID:
		return claims, problem(CodeOtherProject, "")
	case !ok:
		return claims, problem(CodeWhoAreYou, "")
	}
	return claims, nil
}

func verified(claims device.Claims, message []byte, signature string) bool {
	raw, err := base64.StdEncoding.DecodeString(signature)
	return err == nil && device.Verify(claims.Device, purposeMedia, message, raw)
}

// tell writes the answer to a state request.
func (m *mediaHandler) tell(ctx context.Context, claims device.Claims, asked mediaAsk) ([]byte, error) {
	a := mediaState{V: protocol, At: m.Now().UTC().Round(0), Nonce: asked.Nonce, Archive: m.archive.ID(), Name: m.Name}
	for i, id := range asked.Files {
		offset, err := m.uploads.offset(ctx, id, claims)
		if err != nil {
			return nil, err
		}
		if offset >= 0 {
			a.Open = append(a.Open, openFile{i, offset})
		}
	}
	here, err := m.files.HereMedia(ctx, asked.Files)
	if err != nil {
		return nil, err
	}
	for i, id := range asked.Files {
		if slices.Contains(here, id) {
			a.Here = append(a.Here, i)
			a.Open = slices.DeleteFunc(a.Open, func(o openFile) bool { return o.File == i })
		}
	}
	if len(here) > 0 && !m.ProjectKey.IsZero() {
		if a.Central, err = receiptForFiles(a.Archive, claims.ID(), here).Signature(m.ProjectKey); err != nil {
			return nil, err
		}
	}
	if asked.News {
		list, next, err := m.files.MediaAfter(ctx, asked.From, asked.After, mostNews)
		if err != nil {
			return nil, err
		}
		for _, f := range list {
			a.News = append(a.News, newFile{f.SHA256, f.Size})
		}
		a.Cursor = next
	}
	return json.Marshal(a)
}

// one serves a single file: tus 1.0, and GET.
func (m *mediaHandler) one(w http.ResponseWriter, r *http.Request) {
	r.Header.Del("X-HTTP-Method-Override") // what was signed is what counts
	claims, err := m.whoSigned(r)
	if err == nil {
		err = m.route(w, r, claims)
	}
	var p *Problem
	if err != nil && !errors.As(err, &p) {
		p = problemOf(err)
		if m.Log != nil && p.Status >= 500 && r.Context().Err() == nil {
			m.Log(err)
		}
		err = p
	}
	if err != nil {
		write(w, nil, err)
	}
}

// whoSigned returns who sent a request about a single file.
func (m *mediaHandler) whoSigned(r *http.Request) (claims device.Claims, err error) {
	certificate, err := base64.StdEncoding.DecodeString(r.Header.Get(headerCertificate))
	if err != nil {
		return claims, problem(CodeCertificate, "")
	}
	if claims, err = m.who(m.Project.ID, device.ID(r.Header.Get(headerDevice)), certificate); err != nil {
		return claims, err
	}
	if !verified(claims, mediaText(r, r.URL.Path, m.archive.ID()), r.Header.Get(signatureHeader)) {
		return claims, problem(CodeSignature, "")
	}
	if err := m.meant(r.Header.Get(headerTo)); err != nil {
		return claims, err
	}
	m.known.meet(claims)
	seconds, err := strconv.ParseInt(r.Header.Get(headerTime), 10, 64)
	if off := m.Now().Sub(time.Unix(seconds, 0)); err != nil || off.Abs() > clockTolerance {
		return claims, problem(CodeStale, "")
	}
	return claims, m.standing(r.Context(), claims)
}

// route does what is asked of one file.
func (m *mediaHandler) route(w http.ResponseWriter, r *http.Request, claims device.Claims) error {
	name := strings.TrimPrefix(r.URL.Path, pathMedia)
	switch r.Method {
	case http.MethodGet:
		id, err := record.ParseID(name)
		if err != nil {
			return problem(CodeNotFound, "")
		}
		return m.fetch(w, r, claims, id)
	case http.MethodPost:
		if name != "" {
			return problem(CodeNotFound, "")
		}
		return m.uploads.create(w, r, claims)
	case http.MethodHead, http.MethodPatch:
		_, who, err := parseUploadName(name)
		if err != nil || who != claims.ID() {
			return problem(CodeNotFound, "")
		}
		m.uploads.tus.ServeHTTP(w, r)
		return nil
	}
	w.Header().Set("Allow", "GET, HEAD, PATCH, POST")
	return problem(CodeMethod, "")
}

// fetch sends a file, or a range of it.
func (m *mediaHandler) fetch(w http.ResponseWriter, r *http.Request, claims device.Claims, id record.ID) error {
	may, err := m.files.MayFetch(r.Context(), claims, id)
	if err != nil {
		return err
	}
	if !may {
		return problem(CodeNotFound, "")
	}
	file, err := m.files.OpenMedia(r.Context(), id)
	if err != nil {
		return err
	}
	defer file.Close()
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(requestLimit)) // not every writer can
	header := w.Header()
	header["Date"] = nil
	header.Set("Content-Type", "application/octet-stream")
	http.ServeContent(w, r, "", time.Time{}, file)
	return nil
}
