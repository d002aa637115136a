package device_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"vereda/sync/device"
)

func receipt(t testing.TB) device.Receipt {
	return device.Receipt{V: 1, Archive: "0193a5b2-7d1c-7000-8000-0000000000aa", Device: newKey(t, 2).ID(), Batch: strings.Repeat("ab", 32),
		Runs: []device.Run{{Status: "stored", Count: 49}, {Status: "refused", Count: 1, Reason: "role"}}, Media: []string{strings.Repeat("cd", 32)}}
}

// The statement in the bytes of docs/identity.md; whoever knows what it is about can make it again of its signature.
func TestReceipt(t *testing.T) {
	project, r := newKey(t, 1), receipt(t)
	statement, err := device.SignReceipt(project, r)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"receipt":{"v":1,"archive":"0193a5b2-7d1c-7000-8000-0000000000aa","device":"` + string(r.Device) + `","batch":"` + r.Batch +
		`","runs":[["stored",49],["refused",1,"role"]],"media":["` + r.Media[0] + `"]},"signature":"`
	if !bytes.HasPrefix(statement, []byte(want)) {
		t.Errorf("%s", statement)
	}
	if got, err := device.OpenReceipt(statement, project.Public()); err != nil || !reflect.DeepEqual(got, r) {
		t.Errorf("%+v, %v", got, err)
	}
	signature, err := r.Signature(project)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := r.Statement(signature); err != nil || !bytes.Equal(again, statement) {
		t.Errorf("%s, %v", again, err)
	}
}

// Every flipped bit and every cut is refused, and so are another project's receipts, a certificate, a newer version.
func TestReceiptsAreRefused(t *testing.T) {
	project := newKey(t, 1)
	statement, err := device.SignReceipt(project, receipt(t))
	if err != nil {
		t.Fatal(err)
	}
	refused := func(what string, b []byte, want device.CertificateReason) {
		t.Helper()
		var e *device.ReceiptError
		if _, err := device.OpenReceipt(b, project.Public()); !errors.As(err, &e) || want != "" && e.Reason != want {
			t.Errorf("%s: %v", what, err)
		}
	}
	announcement, err := device.SignReceipt(project, device.Receipt{Archive: receipt(t).Archive, Batch: strings.Repeat("00", 32)})
	if err != nil {
		t.Fatal(err)
	}
	for _, whole := range [][]byte{statement, announcement} {
		forEachBitFlip(whole, func(_ int, damaged []byte) { refused("a flipped bit", damaged, "") })
		for i := range whole {
			refused("a cut", whole[:i], device.Malformed)
		}
	}
	foreign, err := device.SignReceipt(newKey(t, 3), receipt(t))
	if err != nil {
		t.Fatal(err)
	}
	refused("a hub's own", foreign, device.WrongSignature)
	refused("a space behind", append(bytes.Clone(statement), ' '), device.Malformed)
	refused("a newer version", bytes.Replace(statement, []byte(`{"v":1`), []byte(`{"v":2`), 1), device.NewerVersion)
	refused("too long", make([]byte, device.MaxReceipt+1), device.Malformed)
	certificate, err := device.Issue(project, claims(t))
	if err != nil {
		t.Fatal(err)
	}
	refused("a certificate", certificate, device.Malformed)
	refused("a certificate's claims", bytes.Replace(certificate, []byte(`"claims"`), []byte(`"receipt"`), 1), device.WrongSignature)
	huge := receipt(t)
	huge.Archive = strings.Repeat("x", device.MaxReceipt)
	if _, err := device.SignReceipt(project, huge); err == nil {
		t.Error("a receipt that nobody can read was signed")
	}
}

// Odd runs are no runs.
func TestOddRuns(t *testing.T) {
	for _, odd := range []string{`[]`, `["stored"]`, `["stored",1,"",""]`, `{}`, `[1,1]`, `["stored","1"]`, `["stored",1,2]`} {
		var r device.Run
		if json.Unmarshal([]byte(odd), &r) == nil {
			t.Errorf("%s was taken", odd)
		}
	}
}

// A certificate that replaces older devices says so, and no more of them than fit.
func TestACertificateReplaces(t *testing.T) {
	project, c := newKey(t, 1), claims(t)
	for range device.MaxReplaces {
		c.Replaces = append(c.Replaces, newKey(t, 9).ID())
	}
	certificate, err := device.Issue(project, c)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := certificate.Open(project.Public()); err != nil || !reflect.DeepEqual(got.Replaces, c.Replaces) {
		t.Errorf("%v, %v", got.Replaces, err)
	}
	c.Replaces = append(c.Replaces, newKey(t, 9).ID())
	if _, err := device.Issue(project, c); err == nil {
		t.Error("one device too many was taken")
	}
}

func FuzzReceipt(f *testing.F) {
	project := newKey(f, 1)
	statement, err := device.SignReceipt(project, receipt(f))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(statement)
	f.Add([]byte(`{"receipt":{"v":1},"signature":""}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		var e *device.ReceiptError
		got, err := device.OpenReceipt(b, project.Public())
		if err == nil && !bytes.Equal(b, statement) {
			t.Fatalf("forged: %+v", got)
		}
		if err != nil && !errors.As(err, &e) {
			t.Fatal(err)
		}
	})
}
