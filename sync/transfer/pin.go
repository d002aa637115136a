package transfer

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"syscall"
	"time"
)

// Fingerprint returns the SHA-256 of a TLS certificate (DER) in hexadecimal, as invitations carry it.
func Fingerprint(der []byte) string {
	sum := sha256.Sum256(der)
	return hex.EncodeToString(sum[:])
}

// PinError says that something else than the invited collector answered: another server at this address, or a portal
// that wants somebody to log in first. Nothing was sent to it.
type PinError struct {
	Got string // fingerprint
}

func (e *PinError) Error() string {
	return "transfer: what answers at the collector's address is not that collector (" + e.Got + ")"
}

// selfSignedYears is how long a collector's own TLS certificate lasts. It is pinned: it cannot be renewed in the field.
const selfSignedYears = 10

// SelfSigned makes a TLS certificate for a collector (ECDSA P-256, ten years from now), to be pinned by its Fingerprint. hosts
// are names and IP addresses. random is used where the standard library allows; keys need the system's own randomness.
func SelfSigned(random io.Reader, now time.Time, hosts []string) (certPEM, keyPEM []byte, err error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, fmt.Errorf("transfer: TLS key: %w", err)
	}
	serial := make([]byte, 16)
	if _, err := io.ReadFull(random, serial); err != nil {
		return nil, nil, fmt.Errorf("transfer: TLS serial number: %w", err)
	}
	serial[0] &= 0x7f
	template := &x509.Certificate{
		SerialNumber: new(big.Int).SetBytes(serial),
		Subject:      pkix.Name{CommonName: "Vereda"},
		NotBefore:    now.AddDate(0, 0, -1),
		NotAfter:     now.AddDate(selfSignedYears, 0, 0),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	for _, h := range hosts {
		if ip := net.ParseIP(h); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, h)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, nil, fmt.Errorf("transfer: TLS certificate: %w", err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, nil, fmt.Errorf("transfer: TLS key: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), nil
}

// How long a link may be silent.
const (
	silence   = 90 * time.Second
	dialLimit = 30 * time.Second
)

// newTransport returns the transport for one collector: pinned when there is a fingerprint, else checked against the
// system's authorities. It keeps the connection and resumes TLS sessions, so that a poor link pays for a handshake seldom.
func newTransport(fingerprint string) *http.Transport {
	dialer := &net.Dialer{Timeout: dialLimit, KeepAlive: 30 * time.Second}
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := dialer.DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &impatient{c}, nil
	}
	return &http.Transport{
		DialContext:           dial,
		DialTLSContext:        dialTLS(dial, tlsConfig(fingerprint)),
		ResponseHeaderTimeout: silence,
		IdleConnTimeout:       silence,
		MaxIdleConns:          1,
		DisableCompression:    true,
		WriteBufferSize:       64 << 10, // headers and a small body in one write
	}
}

// tlsConfig pins the collector's certificate. The key exchange is X25519 alone: the hybrid with ML-KEM costs 2.3 kB more a handshake,
// a third of a second at 64 kbit/s.
func tlsConfig(fingerprint string) *tls.Config {
	c := &tls.Config{
		MinVersion:         tls.VersionTLS13,
		CurvePreferences:   []tls.CurveID{tls.X25519, tls.CurveP256},
		ClientSessionCache: tls.NewLRUClientSessionCache(4),
		NextProtos:         []string{"http/1.1"},
	}
	if fingerprint != "" {
		c.InsecureSkipVerify = true // VerifyConnection takes exactly one certificate instead; it also runs when a session is resumed
		c.VerifyConnection = func(s tls.ConnectionState) error { return verifyPin(s, fingerprint) }
	}
	return c
}

func verifyPin(s tls.ConnectionState, fingerprint string) error {
	if len(s.PeerCertificates) == 0 {
		return &PinError{Got: "no certificate"}
	}
	got := Fingerprint(s.PeerCertificates[0].Raw)
	if subtle.ConstantTimeCompare([]byte(got), []byte(fingerprint)) != 1 {
		return &PinError{Got: got}
	}
	return nil
}

// SyscallConn is that of the connection beneath.
func (c *impatient) SyscallConn() (syscall.RawConn, error) {
	if s, ok := c.Conn.(syscall.Conn); ok {
		return s.SyscallConn()
	}
	return nil, errors.ErrUnsupported
}

// impatient is a connection that gives up when nothing moves, instead of waiting a quarter of an hour for TCP to.
type impatient struct{ net.Conn }

func (c *impatient) Read(b []byte) (int, error) {
	if err := c.SetReadDeadline(time.Now().Add(silence)); err != nil {
		return 0, err
	}
	return c.Conn.Read(b)
}

func (c *impatient) Write(b []byte) (int, error) {
	if err := c.SetWriteDeadline(time.Now().Add(silence)); err != nil {
		return 0, err
	}
	return c.Conn.Write(b)
}

// CheckAddress holds that nothing travels in the clear beyond this machine.
func CheckAddress(address, fingerprint string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return fmt.Errorf("transfer: %q is no address of a collector", address)
	}
	switch u.Scheme {
	case "https":
		if b, err := hex.DecodeString(fingerprint); err != nil || len(b) != 0 && len(b) != sha256.Size {
			return errors.New("transfer: the fingerprint is no SHA-256 in hexadecimal")
		}
		return nil
	case "http":
		if ip := net.ParseIP(u.Hostname()); u.Hostname() == "localhost" || ip != nil && ip.IsLoopback() {
			return nil
		}
		return fmt.Errorf("transfer: %s is not encrypted; only https is used beyond this machine", address)
	}
	return fmt.Errorf("transfer: %q is no address of a collector", address)
}
