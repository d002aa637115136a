package transfer

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"vereda/sync/batch"
	"vereda/sync/device"
)

// keyOf returns the key that a seed makes.
func keyOf(t testing.TB, seed byte) device.Key {
	t.Helper()
	k, err := device.NewKey(bytes.NewReader(bytes.Repeat([]byte{seed}, 32)))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// certifiedBy is the certificate of a device in a project.
func certifiedBy(t testing.TB, key device.Key, project string, who device.Key, role device.Role) device.Certificate {
	t.Helper()
	at := time.Date(2026, 11, 23, 13, 30, 0, 0, time.UTC)
	c, err := device.Issue(key, device.Claims{Project: project, Device: who.Public(), Name: "Ana", Role: role, From: at, Until: at.AddDate(2, 0, 0)})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// What does not answer this very request is no answer: the receipts of another one settle nothing.
func TestAnAnswerToAnotherRequestIsNone(t *testing.T) {
	_, _, told, asked, entries, _ := exchangeOfV1(t)
	parts, err := split(told, maxAnswer)
	if err != nil {
		t.Fatal(err)
	}
	for what, change := range map[string]func(*answer){
		"of another version":      func(a *answer) { a.V = 2 },
		"to another request":      func(a *answer) { a.Nonce = "another" },
		"to no request":           func(a *answer) { a.Nonce = "" },
		"of no archive":           func(a *answer) { a.Archive = "" },
		"of an endless archive":   func(a *answer) { a.Archive = strings.Repeat("a", maxArchive+1) },
		"without receipts":        func(a *answer) { a.Receipts = nil },
		"with too few receipts":   func(a *answer) { a.Receipts = [][]device.Run{{}} },
		"with too many receipts":  func(a *answer) { a.Receipts = [][]device.Run{{{Status: "stored", Count: 2}}} },
		"for another batch, too":  func(a *answer) { a.Receipts = append(a.Receipts, a.Receipts[0]) },
		"with an unknown status":  func(a *answer) { a.Receipts = [][]device.Run{{{Status: "eaten", Count: 1}}} },
		"with more from its end":  func(a *answer) { a.More, a.Cursor = true, asked.Cursors[a.Archive] },
		"a right one":             func(*answer) {},
		"a right one with no end": func(a *answer) { a.More = true },
	} {
		var a answer
		if err := json.Unmarshal(parts[0], &a); err != nil {
			t.Fatal(err)
		}
		change(&a)
		first, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = readAnswer(join(first, parts[1]), asked, entries)
		var again *RetryError
		if right := strings.HasPrefix(what, "a right one"); right != (err == nil) || err != nil && !errors.As(err, &again) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// What comes down counts when a collector or a coordinator sealed it; an enumerator's word, certified as he is, gets as far as nobody's.
func TestATabletBelievesCollectorsAndCoordinatorsAlone(t *testing.T) {
	body, _, _, asked, _, _ := exchangeOfV1(t)
	parts, err := split(body, maxAsk)
	if err != nil {
		t.Fatal(err)
	}
	c := &Client{opener: batch.Opener{Project: asked.Project, ProjectKey: projectOfV1(t)}}
	var again *RetryError
	if err := c.accept(&run{}, 0, answered{}, parts[1:]); !errors.As(err, &again) || !strings.Contains(err.Error(), "who may not") {
		t.Errorf("an enumerator's batch: %v", err)
	}
	damaged := bytes.Clone(parts[1])
	damaged[len(damaged)-1] ^= 1
	if err := c.accept(&run{}, 0, answered{}, [][]byte{damaged}); !errors.As(err, &again) {
		t.Errorf("a damaged batch: %v", err)
	}
}

// An answer to an enrolment is believed when it is of the project that invited, and certifies this device; whoever else answers is told from it.
func TestAnEnrolmentIsOfThisDeviceAndProject(t *testing.T) {
	const id = "0193a5b2-7d1c-7000-8000-0000000000aa"
	project, own, other := keyOf(t, 1), keyOf(t, 2), keyOf(t, 3)
	i := device.Invitation{V: 1, Address: "https://192.0.2.1", Project: project.Public(), Code: "1234-567Y"}
	for what, c := range map[string]struct {
		key         device.Key // that is told to be the project's
		certificate device.Certificate
		want        any
	}{
		"a right one":                {project, certifiedBy(t, project, id, own, device.Enumerator), nil},
		"another project's key":      {other, certifiedBy(t, other, id, own, device.Enumerator), &ErrOtherProject},
		"a certificate of his own":   {project, certifiedBy(t, other, id, own, device.Enumerator), new(*device.CertificateError)},
		"another device":             {project, certifiedBy(t, project, id, other, device.Enumerator), &errNotOurs},
		"another project of the key": {project, certifiedBy(t, project, "another", own, device.Enumerator), &errNotOurs},
	} {
		b, err := json.Marshal(enrolled{protocol, device.Project{ID: id, Name: "Norte", Key: c.key.Public()}, json.RawMessage(c.certificate)})
		if err != nil {
			t.Fatal(err)
		}
		m, err := joined(b, i, own)
		right := c.want == nil && err == nil && m.Project.ID == id
		switch want := c.want.(type) {
		case *error:
			right = errors.Is(err, *want)
		case **device.CertificateError:
			right = errors.As(err, want)
		}
		if !right {
			t.Errorf("%s: %+v, %v", what, m, err)
		}
	}
}

// FuzzJoined: whatever answers to an enrolment makes a member of this very key in the project that invited, or an error.
func FuzzJoined(f *testing.F) {
	project, own := keyOf(f, 1), keyOf(f, 2)
	i := device.Invitation{V: 1, Address: "https://192.0.2.1", Project: project.Public(), Code: "1234-567Y"}
	b, err := json.Marshal(enrolled{protocol, device.Project{ID: "p", Name: "Norte", Key: project.Public()}, json.RawMessage(certifiedBy(f, project, "p", own, device.Enumerator))})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte(`{"v":1,"project":{"id":"p"},"certificate":null}`))
	f.Add([]byte("<html>"))
	f.Fuzz(func(t *testing.T, answer []byte) {
		m, err := joined(answer, i, own)
		if err != nil {
			return
		}
		if claims, err := m.Certificate.Open(project.Public()); err != nil || claims.ID() != own.ID() || claims.Project != m.Project.ID {
			t.Fatalf("%+v, %v", m, err)
		}
	})
}

// proofOf makes a collector's proof, and whom a tablet trusts that asks for it.
func proofOf(t testing.TB) ([]byte, *device.Trust) {
	t.Helper()
	project, own := keyOf(t, 1), keyOf(t, 4)
	trust, err := device.NewTrust(device.Project{ID: "p", Key: project.Public()})
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(proven{Archive: "a", Name: "Centro", Certificate: json.RawMessage(certifiedBy(t, project, "p", own, device.Collector)),
		Signature: own.Sign(purposeHello, helloProof("nonce", "ab", "a"))})
	if err != nil {
		t.Fatal(err)
	}
	return b, trust
}

// A proof that is changed anywhere is none, or still says the same: only what the collector is called is not signed; it is shown and proves nothing.
func TestAChangedProofSaysNothingElse(t *testing.T) {
	right, trust := proofOf(t)
	own := keyOf(t, 4).ID()
	check := func(b []byte) (proves, same bool) {
		var p *proven
		if json.Unmarshal(b, &p) != nil {
			return false, true
		}
		claims, err := p.check(trust, "p", "nonce", "ab")
		return err == nil, err != nil || p.Archive == "a" && claims.ID() == own
	}
	if proves, _ := check(right); !proves {
		t.Fatal("a right one is none")
	}
	for i := range right {
		if proves, _ := check(right[:i]); proves {
			t.Errorf("cut at %d", i)
		}
		for bit := range 8 {
			changed := bytes.Clone(right)
			changed[i] ^= 1 << bit
			if _, same := check(changed); !same {
				t.Errorf("byte %d, bit %d: %s", i, bit, changed)
			}
		}
	}
}

// FuzzProof: whoever answers a hello proves by the collector's key who he is, or he is nobody.
func FuzzProof(f *testing.F) {
	right, trust := proofOf(f)
	own := keyOf(f, 4)
	f.Add(right)
	f.Add([]byte("null"))
	f.Add([]byte(`{"archive":"a","certificate":{},"signature":""}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		var p *proven
		if json.Unmarshal(b, &p) != nil {
			return
		}
		claims, err := p.check(trust, "p", "nonce", "ab")
		if err == nil && (p.Archive != "a" || claims.ID() != own.ID()) {
			t.Fatalf("%+v of %s", p, claims.ID())
		}
	})
}
