package device_test

import (
	"reflect"
	"testing"

	"vereda/sync/device"
)

// Whatever parses is written back in a form that parses to the same.
func FuzzParseID(f *testing.F) {
	f.Add(string(newKey(f, 1).ID()))
	f.Add("xk3m7 9qrta-OOOOO–lllll")
	f.Fuzz(func(t *testing.T, s string) {
		id, err := device.ParseID(s)
		if err != nil {
			return
		}
		if again, err := device.ParseID(string(id)); err != nil || again != id {
			t.Fatalf("%q → %q → %q, %v", s, id, again, err)
		}
	})
}

func FuzzParseCode(f *testing.F) {
	f.Add(invitation(f).Code)
	f.Fuzz(func(t *testing.T, s string) {
		code, err := device.ParseCode(s)
		if err != nil {
			return
		}
		if again, err := device.ParseCode(code); err != nil || again != code {
			t.Fatalf("%q → %q → %q, %v", s, code, again, err)
		}
	})
}

func FuzzParseCheck(f *testing.F) {
	f.Add(invitation(f).Check())
	f.Fuzz(func(t *testing.T, s string) {
		check, err := device.ParseCheck(s)
		if err != nil {
			return
		}
		if again, err := device.ParseCheck(check); err != nil || again != check {
			t.Fatalf("%q → %q → %q, %v", s, check, again, err)
		}
	})
}

func FuzzParseLink(f *testing.F) {
	i := invitation(f)
	f.Add(i.Link())
	i.Fingerprint, i.Address = "", "http://[::1]:8080/a%20b"
	f.Add(i.Link())
	f.Fuzz(func(t *testing.T, s string) {
		i, err := device.ParseLink(s)
		if err != nil {
			return
		}
		if again, err := device.ParseLink(i.Link()); err != nil || !reflect.DeepEqual(again, i) {
			t.Fatalf("%q → %+v → %+v, %v", s, i, again, err)
		}
	})
}

func FuzzCertificate(f *testing.F) {
	project := newKey(f, 1)
	cert, err := device.Issue(project, claims(f))
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(cert))
	f.Add([]byte(`{"claims":{"v":1},"signature":""}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		if got, err := device.Certificate(b).Open(project.Public()); err == nil && string(b) != string(cert) {
			t.Fatalf("forged: %+v", got)
		}
	})
}
