package transfer

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"vereda/sync/device"
)

// memberYears is how long a certificate lasts.
const memberYears = 2

// enrol answers POST /api/v1/enrol. The invitation is used up in the same transaction that makes the device known, and only
// then the certificate leaves.
func (h *handler) enrol(r *http.Request, body []byte) ([]byte, error) {
	if !h.attempts.allowed(r.RemoteAddr, h.Now()) {
		return nil, problem(CodeTooMany, "")
	}
	var e enrolment
	if err := json.Unmarshal(body, &e); err != nil {
		return nil, problem(CodeMalformed, "no enrolment")
	}
	if e.V > protocol {
		return nil, problem(CodeNewerVersion, "")
	}
	if e.V != protocol || !validName(e.Name) {
		return nil, problem(CodeMalformed, "no enrolment")
	}
	if !device.Verify(e.Key, "enrol", proof(h.Trust.Key(), e.Code, e.Name), e.Signature) {
		if h.ofFormerKey(e) {
			return nil, problem(CodeInvitationExpired, "the project has changed its key since")
		}
		return nil, problem(CodeSignature, "or the invitation is of another project")
	}
	code, err := device.ParseCode(e.Code)
	if err != nil {
		return nil, problem(CodeUnknownInvitation, "")
	}
	if h.ProjectKey.IsZero() {
		return h.askCentral(r.Context(), body)
	}
	answer, err := h.admit(r, code, e)
	if err == nil {
		h.attempts.forgive(r.RemoteAddr)
	}
	return answer, err
}

// askCentral lets the central collector answer: a hub has not the project's key, which signs certificates. What the device has signed names
// the project, the code and the person, so that nothing can be changed on the way.
func (h *handler) askCentral(ctx context.Context, body []byte) ([]byte, error) {
	if h.Enrol == nil {
		return nil, problem(CodeAskCentral, "")
	}
	answer, err := h.Enrol(ctx, body)
	var told *Problem
	if err == nil || errors.As(err, &told) && !told.worthRetrying() {
		return answer, err
	}
	return nil, problem(CodeAskCentral, "")
}

// admit makes a device a member. A code that is used up is still tried: by this very device perhaps, whose answer was lost.
func (h *handler) admit(r *http.Request, code string, e enrolment) ([]byte, error) {
	role, err := h.archive.Invited(r.Context(), code)
	if err != nil && (role == "" || codeOf(err) != CodeInvitationUsed && codeOf(err) != CodeInvitationExpired) {
		return nil, err
	}
	replaces, err := h.archive.Replaced(r.Context(), code)
	if err != nil {
		return nil, err
	}
	now := h.Now()
	claims := device.Claims{Replaces: replaces, V: 1, Project: h.Project.ID, Device: e.Key, Name: e.Name, Role: role, From: now, Until: now.AddDate(memberYears, 0, 0)}
	certificate, err := device.Issue(h.ProjectKey, claims)
	if err != nil {
		return nil, err
	}
	if err := h.archive.Redeem(r.Context(), code, claims); err != nil {
		return nil, err
	}
	return json.Marshal(enrolled{protocol, h.project(), json.RawMessage(certificate)})
}

// attempts bounds how often somebody may try codes: so many in a row from one place, and then one in a while. 35 bits of a code
// outlast its days that way.
type attempts struct {
	mu     sync.Mutex
	places map[netip.Prefix]tries
}

type tries struct {
	n     int
	since time.Time
}

const (
	freeTries   = 20
	tryInterval = 10 * time.Second
	maxPlaces   = 10_000
)

func newAttempts() *attempts { return &attempts{places: map[netip.Prefix]tries{}} }

// place is an IPv4 address, or an IPv6 network of 48 bits, the most that one site is given: with networks of 64 bits it could try from 65,536
// places at once.
func place(remote string) netip.Prefix {
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		return netip.Prefix{}
	}
	a, err := netip.ParseAddr(host)
	if err != nil {
		return netip.Prefix{}
	}
	a = a.Unmap().WithZone("")
	bits := 48
	if a.Is4() {
		bits = 32
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return p
}

// allowed counts one more attempt and reports whether it may be made.
func (a *attempts) allowed(remote string, now time.Time) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.places) >= maxPlaces {
		clear(a.places)
	}
	p := place(remote)
	t := a.places[p]
	if passed := now.Sub(t.since); passed > 0 {
		t.n = max(0, t.n-int(passed/tryInterval))
	}
	if t.n >= freeTries {
		return false
	}
	a.places[p] = tries{t.n + 1, now}
	return true
}

// forgive takes back one attempt, which was right: a whole team may enrol from one place. What was wrong before stays counted, so that
// a device that has a code cannot wash guesses away with it.
func (a *attempts) forgive(remote string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	p := place(remote)
	t := a.places[p]
	if t.n--; t.n <= 0 {
		delete(a.places, p)
		return
	}
	a.places[p] = t
}
