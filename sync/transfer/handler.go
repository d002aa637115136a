package transfer

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"sync/atomic"
	"time"
)

// How long a request may take: so long between two reads, so long in all, and so long again until its answer is fetched.
const (
	readSilence  = 90 * time.Second
	requestLimit = 30 * time.Minute
)

// mostInFlight bounds the bytes of all requests that are being read or answered: what strangers can make a collector hold.
const mostInFlight = 32 << 20

// handler serves one collector.
type handler struct {
	archive Archive
	Collector
	attempts *attempts
	known    acquaintances
	inFlight atomic.Int64 // bytes
	most     int64        // of inFlight
	expanded int64        // bytes of a request's batches after decompression, at most
}

// Handler serves POST /api/v1/exchange, POST /api/v1/enrol, GET /api/v1/hello, and what is about files. Every answer that is not 200 is a Problem.
func Handler(a Archive, c Collector) http.Handler {
	h := &handler{archive: a, Collector: c.trusting(), attempts: newAttempts(), most: mostInFlight, expanded: maxExpanded}
	mux := http.NewServeMux()
	mux.Handle("/api/v1/exchange", h.serve(http.MethodPost, maxBody, h.exchange))
	mux.Handle("/api/v1/enrol", h.serve(http.MethodPost, maxAsk, h.enrol))
	mux.Handle("/api/v1/hello", h.serve(http.MethodGet, 0, h.hello))
	if err := h.serveMedia(mux); err != nil && c.Log != nil {
		c.Log(fmt.Errorf("files are not taken: %w", err))
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { write(w, nil, problem(CodeNotFound, "")) })
	return mux
}

// serve wraps what makes an answer of a request and its body.
func (h *handler) serve(method string, most int64, f func(r *http.Request, body []byte) ([]byte, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != method {
			w.Header().Set("Allow", method)
			write(w, nil, problem(CodeMethod, ""))
			return
		}
		in := &patient{ReadCloser: r.Body, control: http.NewResponseController(w), start: time.Now(), h: h}
		defer in.forget()
		body, err := readBody(w, r, in, most)
		if err != nil {
			write(w, nil, err)
			return
		}
		answer, err := f(r, body)
		_ = in.control.SetWriteDeadline(time.Now().Add(requestLimit)) // not every writer can
		var p *Problem
		if err != nil && !errors.As(err, &p) {
			p = problemOf(err)
			if h.Log != nil && p.Status >= 500 && r.Context().Err() == nil {
				h.Log(fmt.Errorf("%s: %w", r.URL.Path, err))
			}
			err = p
		}
		write(w, answer, err)
	})
}

// readBody reads a body within limits of size and time.
func readBody(w http.ResponseWriter, r *http.Request, in io.ReadCloser, most int64) ([]byte, error) {
	if r.ContentLength > most {
		return nil, problem(CodeTooLarge, "")
	}
	body, err := readAll(http.MaxBytesReader(w, in, most))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, problem(CodeTooLarge, "")
	case errors.Is(err, errCrowded):
		return nil, problem(CodeBusy, "")
	case err != nil:
		return nil, problem(CodeMalformed, "the body was cut")
	}
	err = http.NewResponseController(w).SetReadDeadline(time.Time{}) // what follows may take its time
	if err != nil && !errors.Is(err, http.ErrNotSupported) {
		return nil, err
	}
	return body, nil
}

// readAll reads to the end in pieces that are joined at last: unlike a buffer that grows, it leaves nothing to be collected while the
// link is slow, and believes nobody's word about how much will come.
func readAll(r io.Reader) ([]byte, error) {
	var pieces [][]byte
	piece := make([]byte, 0, 4<<10)
	for {
		n, err := r.Read(piece[len(piece):cap(piece)])
		piece = piece[:len(piece)+n]
		if err == io.EOF {
			return slices.Concat(append(pieces, piece)...), nil
		}
		if err != nil {
			return nil, err
		}
		if len(piece) == cap(piece) {
			pieces = append(pieces, piece)
			piece = make([]byte, 0, min(2*len(piece), 1<<20))
		}
	}
}

// errCrowded says that too much is in flight.
var errCrowded = errors.New("transfer: too much is being read at once")

// patient reads from a slow link as long as something comes, and counts what it read until it is forgotten.
type patient struct {
	io.ReadCloser
	control *http.ResponseController
	start   time.Time
	h       *handler
	read    int64
}

func (p *patient) Read(b []byte) (int, error) {
	until := time.Now().Add(readSilence)
	if last := p.start.Add(requestLimit); until.After(last) {
		until = last
	}
	if err := p.control.SetReadDeadline(until); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return 0, err
	}
	n, err := p.ReadCloser.Read(b)
	p.read += int64(n)
	if p.h.inFlight.Add(int64(n)) > p.h.most {
		return 0, errCrowded
	}
	return n, err
}

// forget gives back what was counted.
func (p *patient) forget() { p.h.inFlight.Add(-p.read) }

// write answers with a body, or with the problem that err is. Headers that nobody reads are left out: they travel over the
// poorest link.
func write(w http.ResponseWriter, body []byte, err error) {
	header, status := w.Header(), http.StatusOK
	header["Date"], header["Content-Type"] = nil, nil
	var p *Problem
	if errors.As(err, &p) {
		header.Set("Content-Type", "application/json")
		if p.After > 0 {
			header.Set("Retry-After", strconv.Itoa(int(p.After/time.Second)))
		}
		status = p.Status
		body, _ = json.Marshal(p) // strings only
	}
	header.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	w.Write(body) // the client sees a cut answer and asks again
}

func (h *handler) hello(r *http.Request, _ []byte) ([]byte, error) {
	a := hello{V: protocol, Project: h.Project.ID, Name: h.Project.Name, Key: h.Trust.Key(), At: h.Now().UTC()}
	if nonce := r.URL.Query().Get("nonce"); nonce != "" {
		if !goodNonce(nonce) {
			return nil, problem(CodeMalformed, "the nonce")
		}
		a.Proof = h.prove(nonce)
	}
	return json.Marshal(a)
}
