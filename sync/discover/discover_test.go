package discover

import (
	"context"
	"net"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/hashicorp/mdns"
)

func entry(change func(*mdns.ServiceEntry)) *mdns.ServiceEntry {
	e := &mdns.ServiceEntry{Name: "hub." + Service + ".local.", AddrV4: net.IPv4(192, 168, 1, 5), Port: 8090, InfoFields: []string{"v=1", "p=0011", "n=Valle"}}
	change(e)
	return e
}

func TestWhatStrangersAnnounceIsReadWithCare(t *testing.T) {
	f, ok := read(entry(func(*mdns.ServiceEntry) {}))
	if want := (Found{Name: "Valle", Project: "0011", Address: "https://192.168.1.5:8090"}); !ok || f != want {
		t.Errorf("%+v", f)
	}
	for name, change := range map[string]func(*mdns.ServiceEntry){
		"another version":     func(e *mdns.ServiceEntry) { e.InfoFields[0] = "v=2" },
		"no text":             func(e *mdns.ServiceEntry) { e.InfoFields = nil },
		"no address":          func(e *mdns.ServiceEntry) { e.AddrV4 = nil },
		"everybody's address": func(e *mdns.ServiceEntry) { e.AddrV4 = net.IPv4zero },
		"a multicast address": func(e *mdns.ServiceEntry) { e.AddrV4 = net.IPv4(224, 0, 0, 251) },
		"no port":             func(e *mdns.ServiceEntry) { e.Port = 0 },
		"a port too high":     func(e *mdns.ServiceEntry) { e.Port = 70000 },
		"another service":     func(e *mdns.ServiceEntry) { e.Name = "printer._ipp._tcp.local." },
	} {
		if f, ok := read(entry(change)); ok {
			t.Errorf("%s: %+v", name, f)
		}
	}
	f, _ = read(entry(func(e *mdns.ServiceEntry) { e.InfoFields[2] = "n=\x1b[2J\x07" + strings.Repeat("ñ", 80) + "\xff" }))
	if strings.ContainsAny(f.Name, "\x1b\x07") || !utf8.ValidString(f.Name) || len(f.Name) > 60 {
		t.Errorf("%q", f.Name)
	}
	f, _ = read(entry(func(e *mdns.ServiceEntry) { e.InfoFields[2] = "n=" }))
	if f.Name != "192.168.1.5" {
		t.Errorf("%q", f.Name)
	}
	var all []Found
	for i := range 200 {
		all = add(all, entry(func(e *mdns.ServiceEntry) { e.Port = 1 + i/2 }))
	}
	if len(all) != mostFound {
		t.Errorf("%d of a crowd are listed", len(all))
	}
}

func TestNothingIsAnnouncedOnLoopback(t *testing.T) {
	_, err := Announce(context.Background(), Announcement{Instance: "x", Project: "p", Address: net.IPv4(127, 0, 0, 1), Port: 1})
	if err == nil {
		t.Error("a collector for this machine alone was announced")
	}
	faces, err := facesOf(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range faces {
		if f.Flags&net.FlagLoopback != 0 {
			t.Errorf("%s", f.Name)
		}
	}
}

func TestShortTellsProjectsApart(t *testing.T) {
	if a, b := Short("0193a5b2-7d1c-7000-8000-0000000000aa"), Short("0193a5b2-7d1c-7000-8000-0000000000ab"); a == b || a != "693ba3668221" {
		t.Error(a, b)
	}
}

// loop is the loopback interface, on which the test speaks to itself alone.
func loop(t *testing.T) face {
	t.Helper()
	all, err := net.Interfaces()
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range all {
		if i.Flags&net.FlagLoopback != 0 && i.Flags&net.FlagUp != 0 {
			if err := multicast(i); err != nil {
				t.Skip("this machine brings no multicast back on loopback; one without any route does after `ip route add 224.0.0.0/4 dev lo`: ", err)
			}
			return face{Interface: i, ips: []net.IP{net.IPv4(127, 0, 0, 1)}, v4: true}
		}
	}
	t.Fatal("this machine has no loopback interface that is up: `ip link set lo up`")
	return face{}
}

// multicast sends a packet to a group on the loopback interface and waits for it, without anything of this package.
func multicast(lo net.Interface) error {
	group := net.IPv4(239, 255, 77, 77)
	if every, err := net.ListenMulticastUDP("udp4", nil, &net.UDPAddr{IP: group}); err != nil { // whose interface a route chooses
		return err
	} else {
		every.Close()
	}
	in, err := net.ListenMulticastUDP("udp4", &lo, &net.UDPAddr{IP: group})
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := net.DialUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)}, &net.UDPAddr{IP: group, Port: in.LocalAddr().(*net.UDPAddr).Port})
	if err != nil {
		return err
	}
	defer out.Close()
	if _, err := out.Write([]byte("vereda")); err != nil {
		return err
	}
	_ = in.SetReadDeadline(time.Now().Add(5 * time.Second))
	_, err = in.Read(make([]byte, 16))
	return err
}

// found asks until somebody of a project answers, for a busy machine may be late; others may announce theirs on this machine.
func found(t *testing.T, lo face, project string) (all []Found) {
	t.Helper()
	for range 40 {
		all, err := browse(t.Context(), []face{lo}, 500*time.Millisecond)
		if err != nil {
			t.Fatal(err)
		}
		if all = of(all, project); len(all) > 0 {
			return all
		}
	}
	t.Fatal("multicast on loopback comes back, and nobody of the project answers: does a firewall forbid UDP on port 5353?")
	return nil
}

func of(all []Found, project string) []Found {
	return slices.DeleteFunc(all, func(f Found) bool { return f.Project != Short(project) })
}

// A real announcement, asked for by real multicast, on the loopback interface, which takes it on Linux and macOS.
func TestAnnouncedAndFound(t *testing.T) {
	lo := loop(t)
	stop, err := announce(t.Context(), Announcement{Instance: "vereda-test", Name: "Acopio \"Ñandú\" \\o/", Project: "p", Port: 8090}, []face{lo})
	if err != nil {
		t.Fatal("this machine takes no multicast on loopback: does another program hold UDP port 5353 for itself? ", err)
	}
	defer stop()
	all := found(t, lo, "p")
	if want := (Found{Name: "Acopio \"Ñandú\" \\o/", Project: Short("p"), Address: "https://127.0.0.1:8090"}); len(all) != 1 || all[0] != want {
		t.Errorf("%+v", all)
	}
	stop()
	if all, err := browse(t.Context(), []face{lo}, 300*time.Millisecond); len(of(all, "p")) > 0 {
		t.Errorf("it is still announced: %+v %v", all, err)
	}
}
