package fault

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
)

// network lies between all of them. It does to each request what its plan says, and nothing when the plan is at its end.
type network struct {
	random *rand.Rand
	hosts  map[string]host // by address
	plan   []mishap        // of the next requests
	late   []parcel        // delivered when it pleases
	old    []*http.Response
	bodies [][]byte // of old
	log    func(format string, args ...any)
}

// host is where requests arrive; nil while the program there does not run.
type host func() http.Handler

// mishap is what happens to a request.
type mishap int

const (
	fine          mishap = iota
	lost                 // the request never arrives
	cutRequest           // the connection breaks while it is sent
	cutAnswer            // it breaks while the answer comes: the work is done
	shortRequest         // the end is missing, and nobody says so
	shortAnswer          // the same of the answer
	twice                // it arrives twice
	late                 // it arrives after others that were sent later; nobody waits any more
	refusedBefore        // somebody on the way says 500, and the request never arrives
	refusedAfter         // somebody says 502 in place of the answer
	anotherAnswer        // the answer is an old one, to another request
	mishaps              // how many there are
)

var mishapNames = [...]string{"fine", "lost", "request cut", "answer cut", "request short", "answer short", "twice", "late", "500 before", "502 after", "another's answer"}

func (m mishap) String() string { return mishapNames[m] }

// parcel is a request on its way.
type parcel struct {
	to     string
	method string
	target string
	header http.Header
	body   []byte
	length int64 // of the body, as the sender says
}

var errGone = errors.New("the connection is gone")

// RoundTrip brings a request where it is to go, as well as may be.
func (n *network) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	p := parcel{r.URL.Host, r.Method, r.URL.RequestURI(), r.Header.Clone(), body, int64(len(body))}
	m := fine
	if len(n.plan) > 0 {
		m, n.plan = n.plan[0], n.plan[1:]
	}
	if m != fine {
		n.log("  to %s: %s", p.to, m)
	}
	response, err := n.happen(m, p)
	if response != nil {
		response.Request = r
	}
	return response, err
}

func (n *network) happen(m mishap, p parcel) (*http.Response, error) {
	switch m {
	case lost:
		return nil, errGone
	case cutRequest:
		_, _ = n.deliver(p, cut{bytes.NewReader(p.body[:n.some(p.body)]), io.ErrUnexpectedEOF})
		return nil, errGone
	case shortRequest:
		p.body = p.body[:n.some(p.body)]
		p.length = int64(len(p.body))
	case twice:
		_, _ = n.deliver(p, bytes.NewReader(p.body))
	case late:
		n.late = append(n.late, p)
		return nil, errGone
	case refusedBefore:
		return proxied(http.StatusInternalServerError), nil
	}
	response, err := n.deliver(p, bytes.NewReader(p.body))
	if err != nil {
		return nil, err
	}
	got, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	n.old, n.bodies = append(n.old, response), append(n.bodies, got)
	response.Body = io.NopCloser(bytes.NewReader(got))
	switch m {
	case cutAnswer:
		response.Body = io.NopCloser(cut{bytes.NewReader(got[:n.some(got)]), io.ErrUnexpectedEOF})
	case shortAnswer:
		response.Body = io.NopCloser(bytes.NewReader(got[:n.some(got)]))
	case refusedAfter:
		return proxied(http.StatusBadGateway), nil
	case anotherAnswer:
		i := n.random.IntN(len(n.old))
		response = &http.Response{StatusCode: n.old[i].StatusCode, Header: n.old[i].Header, Body: io.NopCloser(bytes.NewReader(n.bodies[i]))}
	}
	return response, nil
}

// some returns a place in a body, its end counted: there a connection breaks when all was sent.
func (n *network) some(body []byte) int { return n.random.IntN(len(body) + 1) }

// cut is what arrives of a body, and how it ends.
type cut struct {
	io.Reader
	end error
}

func (c cut) Read(p []byte) (int, error) {
	k, err := c.Reader.Read(p)
	if err == io.EOF {
		err = c.end
	}
	return k, err
}

// deliver lets a host answer.
func (n *network) deliver(p parcel, body io.Reader) (*http.Response, error) {
	h := n.hosts[p.to]()
	if h == nil {
		return nil, fmt.Errorf("%s does not answer", p.to)
	}
	ctx, cancel := context.WithCancel(background)
	defer cancel()
	r := httptest.NewRequestWithContext(ctx, p.method, p.target, body)
	r.Header, r.ContentLength = p.header.Clone(), p.length
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if n.hosts[p.to]() == nil { // it died of it
		return nil, errGone
	}
	return w.Result(), nil
}

// deliverLate lets one of the late requests arrive, whichever.
func (n *network) deliverLate() {
	if len(n.late) == 0 {
		return
	}
	i := n.random.IntN(len(n.late))
	p := n.late[i]
	n.late = append(n.late[:i], n.late[i+1:]...)
	n.log("a late request arrives at %s", p.to)
	_, _ = n.deliver(p, bytes.NewReader(p.body))
}

// proxied is the answer of something that is no collector.
func proxied(status int) *http.Response {
	page := "<html><h1>" + http.StatusText(status) + "</h1></html>"
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"text/html"}}, Body: io.NopCloser(bytes.NewReader([]byte(page)))}
}
