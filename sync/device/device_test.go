package device_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"vereda/sync/device"
)

const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// newKey returns the key that a seed makes.
func newKey(t testing.TB, seed byte) device.Key {
	t.Helper()
	k, err := device.NewKey(bytes.NewReader(bytes.Repeat([]byte{seed}, 32)))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestKeySurvivesMarshal(t *testing.T) {
	k := newKey(t, 1)
	b := k.Marshal()
	back, err := device.ParseKey(b)
	if err != nil || back.ID() != k.ID() {
		t.Fatalf("read back %v, %v", back.ID(), err)
	}
	for n := range b {
		if _, err := device.ParseKey(b[:n]); !errors.Is(err, device.ErrKey) {
			t.Errorf("cut to %d bytes: %v", n, err)
		}
	}
	forEachBitFlip(b, func(bit int, damaged []byte) {
		if _, err := device.ParseKey(damaged); !errors.Is(err, device.ErrKey) {
			t.Errorf("bit %d flipped: %v", bit, err)
		}
	})
}

func TestSignatureHoldsForOnePurpose(t *testing.T) {
	k, message := newKey(t, 1), []byte("message")
	signature := k.Sign("batch", message)
	if !device.Verify(k.Public(), "batch", message, signature) {
		t.Error("own signature refused")
	}
	if device.Verify(k.Public(), "exchange", message, signature) {
		t.Error("a signature for a batch holds for an exchange")
	}
	if device.Verify(newKey(t, 2).Public(), "batch", message, signature) {
		t.Error("holds for another key")
	}
	if device.Verify(nil, "batch", message, signature) || device.Verify(k.Public(), "batch", message, nil) {
		t.Error("nothing verifies")
	}
}

// Any one wrong character and any swap of two different characters is found, in every place.
func TestEveryMisreadingIsFound(t *testing.T) {
	code, err := device.NewCode(rand.NewChaCha8([32]byte{7}))
	if err != nil {
		t.Fatal(err)
	}
	id := string(newKey(t, 1).ID())
	parsers := []struct {
		text  string
		parse func(string) error
	}{
		{id, func(s string) error { _, err := device.ParseID(s); return err }},
		{code, func(s string) error { _, err := device.ParseCode(s); return err }},
		{invitation(t).Check(), func(s string) error { _, err := device.ParseCheck(s); return err }},
	}
	for _, p := range parsers {
		if err := p.parse(p.text); err != nil {
			t.Fatalf("%s: %v", p.text, err)
		}
		for i := range p.text {
			if p.text[i] == '-' {
				continue
			}
			for _, c := range alphabet {
				damaged := p.text[:i] + string(c) + p.text[i+1:]
				if damaged != p.text {
					wantTextError(t, damaged, p.parse(damaged))
				}
			}
			for j := i + 1; j < len(p.text); j++ {
				damaged := []byte(p.text)
				damaged[i], damaged[j] = damaged[j], damaged[i]
				if p.text[j] != '-' && p.text[i] != p.text[j] {
					wantTextError(t, string(damaged), p.parse(string(damaged)))
				}
			}
			wantTextError(t, "cut", p.parse(p.text[:i]))
			wantTextError(t, "doubled", p.parse(p.text[:i+1]+p.text[i:]))
		}
	}
}

// Any two wrong characters of an ID are found too.
func TestTwoMisreadingsOfAnIDAreFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "seed")
		k, err := device.NewKey(bytes.NewReader(seed))
		if err != nil {
			t.Fatal(err)
		}
		plain := []byte(strings.ReplaceAll(string(k.ID()), "-", ""))
		damaged := slices.Clone(plain)
		for range 2 {
			damaged[rapid.IntRange(0, len(plain)-1).Draw(t, "place")] = alphabet[rapid.IntRange(0, 31).Draw(t, "symbol")]
		}
		got, err := device.ParseID(string(damaged))
		if bytes.Equal(plain, damaged) != (err == nil) {
			t.Fatalf("%s for %s: %q, %v", damaged, k.ID(), got, err)
		}
	})
}

func wantTextError(t *testing.T, what string, err error) {
	t.Helper()
	var e *device.TextError
	if !errors.As(err, &e) || e.Error() == "" {
		t.Errorf("%s: want *TextError, got %v", what, err)
	}
}

func TestIDsAreReadAsPeopleWriteThem(t *testing.T) {
	id := newKey(t, 1).ID()
	s := string(id)
	spoken := strings.NewReplacer("0", "o", "1", "l").Replace(strings.ToLower(s))
	for _, written := range []string{s, strings.ToLower(s), strings.ReplaceAll(s, "-", ""), " " + strings.ReplaceAll(s, "-", " – ") + "\n", spoken} {
		if got, err := device.ParseID(written); err != nil || got != id {
			t.Errorf("%q: %s, %v", written, got, err)
		}
	}
	if _, err := device.ParseID(strings.Replace(s, s[:1], "U", 1)); err == nil {
		t.Error("U is no letter of IDs")
	}
	if id.Short() != s[:5] {
		t.Errorf("short: %s", id.Short())
	}
}

func claims(t testing.TB) device.Claims {
	from := time.Date(2026, 11, 23, 8, 30, 0, 999, time.FixedZone("", -5*3600))
	return device.Claims{Project: "0193a5b2-7d1c-7000-8000-000000000001", Device: newKey(t, 2).Public(),
		Name: "Inés <Ñ> & Co.", Role: device.Enumerator, From: from, Until: from.AddDate(2, 0, 0)}
}

func TestCertificate(t *testing.T) {
	project := newKey(t, 1)
	cert, err := device.Issue(project, claims(t))
	if err != nil {
		t.Fatal(err)
	}
	got, err := cert.Open(project.Public())
	if err != nil {
		t.Fatal(err)
	}
	if got.Name != "Inés <Ñ> & Co." || got.ID() != newKey(t, 2).ID() || got.From.Format(time.RFC3339Nano) != "2026-11-23T13:30:00Z" {
		t.Errorf("claims came back as %+v", got)
	}
	again, _ := device.Issue(project, claims(t))
	if !bytes.Equal(cert, again) {
		t.Error("the same claims make different bytes")
	}
	wrapped, _ := json.Marshal(json.RawMessage(cert))
	if !bytes.Equal(cert, wrapped) {
		t.Error("JSON encoders change the bytes")
	}
	wantReason(t, "other project", cert, newKey(t, 3).Public(), device.WrongSignature)
	wantReason(t, "no key", cert, nil, device.WrongSignature)
}

func wantReason(t *testing.T, what string, c device.Certificate, key ed25519.PublicKey, reason device.CertificateReason) {
	t.Helper()
	var e *device.CertificateError
	if _, err := c.Open(key); !errors.As(err, &e) || e.Reason != reason || e.Error() == "" {
		t.Errorf("%s: want %s, got %v", what, reason, err)
	}
}

func TestDamagedCertificatesAreRefused(t *testing.T) {
	project := newKey(t, 1)
	cert, _ := device.Issue(project, claims(t))
	refused := func(what string, i int, damaged []byte) {
		var e *device.CertificateError
		if _, err := device.Certificate(damaged).Open(project.Public()); !errors.As(err, &e) {
			t.Errorf("%s %d: want *CertificateError, got %v", what, i, err)
		}
	}
	for n := range cert {
		refused("cut to", n, cert[:n])
	}
	forEachBitFlip(cert, func(bit int, damaged []byte) { refused("bit", bit, damaged) })
	refused("blank behind", 0, append(slices.Clone(cert), ' '))
	refused("huge", 0, bytes.Repeat([]byte("["), 1<<20))
	newer := bytes.Replace(cert, []byte(`"v":1`), []byte(`"v":2`), 1)
	wantReason(t, "newer", newer, project.Public(), device.NewerVersion)
}

func TestIssueRefusesWhatCannotBeRead(t *testing.T) {
	noKey, noRole, long := claims(t), claims(t), claims(t)
	noKey.Device, noRole.Role, long.Name = nil, "king", strings.Repeat("x", 5000)
	for _, c := range []device.Claims{noKey, noRole, long} {
		var e *device.CertificateError
		if _, err := device.Issue(newKey(t, 1), c); !errors.As(err, &e) {
			t.Errorf("issued: %.60v", c)
		}
	}
}

// forEachBitFlip calls f with b, one bit changed, for each of its bits. f does not keep the slice.
func forEachBitFlip(b []byte, f func(bit int, damaged []byte)) {
	damaged := slices.Clone(b)
	for bit := range len(b) * 8 {
		damaged[bit/8] ^= 1 << (bit % 8)
		f(bit, damaged)
		damaged[bit/8] ^= 1 << (bit % 8)
	}
}
