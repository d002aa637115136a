package transfer

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"vereda/sync/device"
)

// enrolment is the body of POST /api/v1/enrol.
type enrolment struct {
	V         int               `json:"v"`
	Code      string            `json:"code"`
	Key       ed25519.PublicKey `json:"key"`
	Name      string            `json:"name"`
	Signature []byte            `json:"signature"` // of proof, by the key, for the purpose "enrol"
}

// proof is what a device signs to show that it has the key: the project's key, the code and the name, with a line end behind each of
// the last two.
func proof(project ed25519.PublicKey, code, name string) []byte {
	b := append([]byte(nil), project...)
	return append(b, code+"\n"+name+"\n"...)
}

// enrolled is the answer.
type enrolled struct {
	V           int             `json:"v"`
	Project     device.Project  `json:"project"`
	Certificate json.RawMessage `json:"certificate"`
}

// hello is the answer of GET /api/v1/hello.
type hello struct {
	V       int               `json:"v"`
	Project string            `json:"project"`
	Name    string            `json:"name"`
	Key     ed25519.PublicKey `json:"key"`
	At      time.Time         `json:"at"`

	Proof *proven `json:"proof,omitempty"` // to who asked with a nonce
}

// ErrOtherProject says that the collector at an invitation's address serves another project than the invitation's.
var ErrOtherProject = errors.New("transfer: the collector serves another project than the invitation")

// errNotOurs says that an enrolment was answered with the certificate of another device or project.
var errNotOurs = errors.New("transfer: the certificate is of another device or project")

// ErrName says that a person's name is empty, longer than 200 bytes, no UTF-8, or would control a terminal.
var ErrName = errors.New("transfer: a name has 1 to 200 bytes, and none that are not shown")

const maxName = 200 // bytes

func validName(s string) bool {
	return s != "" && len(s) <= maxName && utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}

// Enrol makes key a member of the project that invites. name is the person's. Errors are as Client.Sync's. Enrolling the same key
// again with the same code, because the answer was lost, is no harm.
func Enrol(ctx context.Context, i device.Invitation, key device.Key, name string) (Membership, error) {
	if err := CheckAddress(i.Address, i.Fingerprint); err != nil {
		return Membership{}, err
	}
	if !validName(name) {
		return Membership{}, ErrName
	}
	body, err := json.Marshal(enrolment{protocol, i.Code, key.Public(), name, key.Sign("enrol", proof(i.Project, i.Code, name))})
	if err != nil {
		return Membership{}, fmt.Errorf("transfer: enrol: %w", err)
	}
	w := newWire(i.Address, i.Fingerprint, nil)
	defer w.close()
	got, err := w.post(ctx, "/api/v1/enrol", body, "")
	if err != nil {
		return Membership{}, enrolFailed(err)
	}
	return joined(got, i, key)
}

// joined makes a membership of the answer to an enrolment: it must be of the project that invites, and certify this very key. Errors are *RetryError,
// ErrOtherProject, *device.CertificateError, or errNotOurs.
func joined(answer []byte, i device.Invitation, key device.Key) (Membership, error) {
	var e enrolled
	if err := json.Unmarshal(answer, &e); err != nil || e.V != protocol {
		return Membership{}, &RetryError{Err: fmt.Errorf("no answer of a collector: version %d, %v", e.V, err)}
	}
	if !bytes.Equal(e.Project.Key, i.Project) {
		return Membership{}, ErrOtherProject
	}
	m := Membership{V: 1, Project: e.Project, Address: i.Address, Fingerprint: i.Fingerprint, Key: key.Marshal(), Certificate: device.Certificate(e.Certificate)}
	claims, err := m.Certificate.Open(i.Project)
	if err != nil {
		return Membership{}, err
	}
	if claims.ID() != key.ID() || claims.Project != e.Project.ID {
		return Membership{}, errNotOurs
	}
	return m, nil
}

// enrolFailed makes a *RetryError of a problem that passes by itself.
func enrolFailed(err error) error {
	var p *Problem
	if errors.As(err, &p) && p.worthRetrying() {
		return &RetryError{After: p.After, Err: p}
	}
	return err
}

// Hello asks who is at an address: the project's public part. fingerprint may be "" when nothing is known of it yet and the address is
// publicly trusted or on this machine. What it returns proves nothing; an exchange does.
func Hello(ctx context.Context, address, fingerprint string) (device.Project, error) {
	if err := CheckAddress(address, fingerprint); err != nil {
		return device.Project{}, err
	}
	w := newWire(address, fingerprint, nil)
	defer w.close()
	got, err := w.do(ctx, http.MethodGet, "/api/v1/hello", nil, "")
	if err != nil {
		return device.Project{}, enrolFailed(err)
	}
	var h hello
	if err := json.Unmarshal(got, &h); err != nil || h.V != protocol {
		return device.Project{}, &RetryError{Err: fmt.Errorf("no answer of a collector: version %d, %v", h.V, err)}
	}
	return device.Project{ID: h.Project, Name: h.Name, Key: h.Key}, nil
}

// ErrUnvouched is returned for a collector whose certificate no authority vouches for, when nothing else proves it.
var ErrUnvouched = errors.New("transfer: no authority vouches for the collector at this address, and no check letters were given")

// Invited makes an invitation of what was read aloud: an address, a code, and the check letters of device.Invitation.Check, which a collector needs that no
// authority vouches for. It is ErrUnvouched without them, and a *PinError when what answers has others; it learns nothing of the code then.
func Invited(ctx context.Context, address, code, check string) (device.Invitation, error) {
	i := device.Invitation{V: 1, Address: address, Code: code}
	project, err := Hello(ctx, address, "")
	if errors.As(err, new(*tls.CertificateVerificationError)) {
		if check == "" {
			return device.Invitation{}, ErrUnvouched
		}
		if i.Fingerprint, err = shown(ctx, address); err == nil {
			project, err = Hello(ctx, address, i.Fingerprint)
		}
	}
	if err != nil {
		return device.Invitation{}, err
	}
	if i.Project = project.Key; i.Fingerprint != "" && i.Check() != check {
		return device.Invitation{}, &PinError{Got: i.Fingerprint}
	}
	return i, nil
}

// shown returns the fingerprint of the certificate that whoever answers at an address shows. It proves nothing yet.
func shown(ctx context.Context, address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", fmt.Errorf("transfer: %w", err)
	}
	port := u.Port()
	if port == "" {
		port = "443"
	}
	config := tlsConfig("")
	config.InsecureSkipVerify = true
	ctx, cancel := context.WithTimeout(ctx, dialLimit)
	defer cancel()
	c, err := (&tls.Dialer{Config: config}).DialContext(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
	if err != nil {
		return "", &RetryError{Err: err}
	}
	defer c.Close()
	return Fingerprint(c.(*tls.Conn).ConnectionState().PeerCertificates[0].Raw), nil
}
