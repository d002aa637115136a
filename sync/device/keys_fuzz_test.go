package device_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"

	"vereda/sync/device"
)

// What is read as a key is written as it was.
func FuzzParseKey(f *testing.F) {
	f.Add(newKey(f, 1).Marshal())
	f.Add(bytes.Repeat([]byte{1}, 65))
	f.Fuzz(func(t *testing.T, b []byte) {
		k, err := device.ParseKey(b)
		if err == nil && !bytes.Equal(k.Marshal(), b) || err != nil && !errors.Is(err, device.ErrKey) {
			t.Fatal(err)
		}
	})
}

func FuzzParseRecoveryCode(f *testing.F) {
	f.Add("1234-567Y 1234-567Y 1234-567y")
	f.Fuzz(func(t *testing.T, s string) {
		code, err := device.ParseRecoveryCode(s)
		if err != nil {
			var e *device.TextError
			if !errors.As(err, &e) {
				t.Fatal(err)
			}
			return
		}
		if again, err := device.ParseRecoveryCode(code); err != nil || again != code {
			t.Fatalf("%q → %q → %q, %v", s, code, again, err)
		}
	})
}

// What is shown of a certificate, unchecked, is what a project could have signed.
func FuzzUnverified(f *testing.F) {
	cert, err := device.Issue(newKey(f, 1), claims(f))
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(cert))
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := device.Certificate(b).Unverified()
		if err == nil && len(got.ID()) == 0 {
			t.Fatal("nobody's")
		}
	})
}

func FuzzRun(f *testing.F) {
	f.Add([]byte(`["refused",1,"role"]`))
	f.Fuzz(func(t *testing.T, b []byte) {
		var r, again device.Run
		if r.UnmarshalJSON(b) != nil {
			return
		}
		text, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, &again); err != nil || again != r {
			t.Fatalf("%s: %+v, %+v, %v", b, r, again, err)
		}
	})
}
