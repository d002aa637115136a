package discover

import (
	"net"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/hashicorp/mdns"
)

// What a stranger announces is passed over, or a collector with an address that is one and a name that can be shown.
func FuzzRead(f *testing.F) {
	f.Add("vereda-XK3M7._vereda._tcp.local.", "v=1\np=0123456789ab\nn=Escuela", []byte{192, 0, 2, 1}, 8443)
	f.Add("x."+Service, "v=1\nn=\\195\\177\\", []byte{0, 0, 0, 0}, 0)
	f.Add(Service, "v=2", []byte{255, 255, 255, 255}, 70000)
	f.Fuzz(func(t *testing.T, name, text string, ip []byte, port int) {
		found, ok := read(&mdns.ServiceEntry{Name: name, InfoFields: strings.Split(text, "\n"), AddrV4: net.IP(ip), Port: port})
		if !ok {
			return
		}
		if u, err := url.Parse(found.Address); err != nil || u.Scheme != "https" || u.Port() == "" {
			t.Errorf("%q", found.Address)
		}
		if !utf8.ValidString(found.Name) || len(found.Name) > 60 || found.Name == "" || strings.ContainsAny(found.Name, "\x00\x1b\n\r") {
			t.Errorf("%q", found.Name)
		}
	})
}
