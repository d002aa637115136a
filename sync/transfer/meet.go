package transfer

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"vereda/sync/device"
)

// proven is what a collector says to who asks with a nonce: a device that the project certified as a collector, and its signature of the nonce and of
// the TLS certificate that it means to be reached by.
type proven struct {
	Archive     string          `json:"archive"`
	Name        string          `json:"name"` // what it is called
	Certificate json.RawMessage `json:"certificate"`
	Signature   []byte          `json:"signature"` // of helloProof, for the purpose "hello"
}

// purposeHello is what a hello is signed for.
const purposeHello = "hello"

// helloProof is what a collector signs: the nonce, the fingerprint of its TLS certificate and its archive, with a line end behind each.
func helloProof(nonce, fingerprint, archive string) []byte {
	return []byte(nonce + "\n" + fingerprint + "\n" + archive + "\n")
}

func (h *handler) prove(nonce string) *proven {
	id := h.archive.ID()
	return &proven{Archive: id, Name: h.Name, Certificate: json.RawMessage(h.Sealer.Certificate),
		Signature: h.Sealer.Key.Sign(purposeHello, helloProof(nonce, h.Fingerprint, id))}
}

// Met is a collector that proved to be one of the project.
type Met struct {
	Archive, Name string
	Address       string
	Fingerprint   string // of its TLS certificate: with it and Address a Membership reaches exactly this collector
	Device        device.ID
}

// ForeignError says that a collector of another project answered. Nothing but a question was sent to it.
type ForeignError struct{ Project string } // its name

func (e *ForeignError) Error() string {
	return fmt.Sprintf("transfer: a collector of another project, %q", e.Project)
}

// UnprovenError says that something answered that claims to be a collector of this project and did not prove it. Nothing but a question was sent to it.
type UnprovenError struct{ Err error }

func (e *UnprovenError) Error() string {
	return "transfer: it did not prove to be a collector of this project: " + e.Err.Error()
}

// Unwrap returns the cause.
func (e *UnprovenError) Unwrap() error { return e.Err }

// Meet asks who is at an address that nobody vouches for, such as one found on the network, and lets it prove that it is a collector of this membership's
// project: it must sign a nonce of ours together with the TLS certificate that it answers with, so that nobody in between can pass another's proof on. Errors are
// *ForeignError, *UnprovenError, or *RetryError when nobody answered.
func Meet(ctx context.Context, address string, m Membership) (Met, error) {
	trust, err := device.NewTrust(m.Project, m.Rotations...)
	if err != nil {
		return Met{}, err
	}
	if err := CheckAddress(address, ""); err != nil {
		return Met{}, err
	}
	fingerprint := ""
	transport, config := newTransport(""), tlsConfig("")
	config.InsecureSkipVerify = true // whoever it is: the proof names this certificate
	config.VerifyConnection = func(s tls.ConnectionState) error {
		if len(s.PeerCertificates) == 0 {
			return errors.New("no certificate")
		}
		fingerprint = Fingerprint(s.PeerCertificates[0].Raw)
		return nil
	}
	transport.DialTLSContext, transport.TLSClientConfig, transport.TLSHandshakeTimeout, transport.DisableKeepAlives = nil, config, dialLimit, true
	w := newWire(address, "", transport)
	defer w.close()
	nonce := rand.Text()
	got, err := w.do(ctx, http.MethodGet, "/api/v1/hello?nonce="+url.QueryEscape(nonce), nil, "")
	if err != nil {
		return Met{}, enrolFailed(err)
	}
	var h hello
	if err := json.Unmarshal(got, &h); err != nil || h.V != protocol {
		return Met{}, &UnprovenError{fmt.Errorf("version %d, %v", h.V, err)}
	}
	if h.Project != m.Project.ID {
		return Met{}, &ForeignError{h.Name}
	}
	claims, err := h.Proof.check(trust, m.Project.ID, nonce, fingerprint)
	if err != nil {
		return Met{}, &UnprovenError{err}
	}
	return Met{h.Proof.Archive, h.Proof.Name, address, fingerprint, claims.ID()}, nil
}

// check opens a proof. The certificate's time is compared with no clock: a tablet's may be wrong.
func (p *proven) check(trust *device.Trust, project, nonce, fingerprint string) (device.Claims, error) {
	if p == nil || len(p.Archive) > maxArchive || strings.Contains(p.Archive, "\n") { // of more lines, it might be what was signed for another nonce
		return device.Claims{}, errors.New("there is no proof")
	}
	claims, _, err := trust.Open(device.Certificate(p.Certificate))
	if err != nil {
		return claims, err
	}
	if claims.Project != project || claims.Role != device.Collector {
		return claims, fmt.Errorf("the certificate is that of %s", claims.Role)
	}
	if !device.Verify(claims.Device, purposeHello, helloProof(nonce, fingerprint, p.Archive), p.Signature) {
		return claims, errors.New("the signature is of another question, or of another TLS certificate")
	}
	return claims, nil
}
