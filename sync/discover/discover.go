// Package discover lets tablets find a collector on a network without Internet: the collector announces itself by DNS-SD over multicast DNS (RFC 6763,
// RFC 6762), the tablet asks who is there. What is found proves nothing; transfer.Meet does that. docs/sync-protocol.md says what is announced.
package discover

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/mdns"
)

// Service is the name under which collectors are announced.
const Service = "_vereda._tcp"

// version is that of the announcement.
const version = "1"

// Announcement is what a collector says of itself, for everybody on the network to read.
type Announcement struct {
	Instance string // one word, of its own
	Name     string // what it is called; cut to 60 bytes
	Project  string // the project's ID, of which Short is told
	Address  net.IP // on which it listens; unspecified: on all
	Port     int
}

// Short is how a project is named on the network: enough to tell those of one region apart, and nothing about it.
func Short(project string) string {
	sum := sha256.Sum256([]byte(project))
	return hex.EncodeToString(sum[:6])
}

// ErrNowhere says that there is no network to announce on: the collector listens for this machine alone, or no network takes multicast.
var ErrNowhere = errors.New("discover: there is no network to be found on")

// Announce answers who asks for collectors, on the networks that the address belongs to alone, until the context ends or stop is called. It never does on
// loopback.
func Announce(ctx context.Context, a Announcement) (stop func(), err error) {
	faces, err := facesOf(a.Address)
	if err != nil {
		return nil, err
	}
	return announce(ctx, a, faces)
}

// face is a network interface with the addresses that are announced on it.
type face struct {
	net.Interface
	ips    []net.IP
	v4, v6 bool // it has an address of the kind: on one without, asking fails
}

// facesOf returns the interfaces on which who listens at an address is reached from other machines.
func facesOf(address net.IP) (faces []face, err error) {
	all, err := net.Interfaces()
	if err != nil {
		return nil, err
	}
	for _, i := range all {
		if i.Flags&net.FlagUp == 0 || i.Flags&net.FlagMulticast == 0 || i.Flags&net.FlagLoopback != 0 {
			continue
		}
		addresses, err := i.Addrs()
		if err != nil {
			continue
		}
		one := face{Interface: i}
		for _, b := range addresses {
			n, ok := b.(*net.IPNet)
			if !ok {
				continue
			}
			one.v4, one.v6 = one.v4 || n.IP.To4() != nil, one.v6 || n.IP.To4() == nil
			if !n.IP.IsLoopback() && (address == nil || address.IsUnspecified() || address.Equal(n.IP)) && !n.IP.IsLinkLocalUnicast() {
				one.ips = append(one.ips, n.IP)
			}
		}
		if len(one.ips) > 0 {
			faces = append(faces, one)
		}
	}
	return faces, nil
}

func announce(ctx context.Context, a Announcement, faces []face) (func(), error) {
	name := a.Name
	if len(name) > 60 {
		name = strings.ToValidUTF8(name[:60], "")
	}
	text := []string{"v=" + version, "p=" + Short(a.Project), "n=" + strings.ReplaceAll(name, `\`, `\\`)}
	var servers []*mdns.Server
	stop := func() {
		for _, s := range servers {
			_ = s.Shutdown()
		}
	}
	var failed error
	for _, f := range faces {
		zone, err := mdns.NewMDNSService(a.Instance, Service, "", a.Instance+".local.", a.Port, f.ips, text)
		if err != nil {
			stop()
			return nil, fmt.Errorf("discover: %w", err)
		}
		s, err := mdns.NewServer(&mdns.Config{Zone: zone, Iface: &f.Interface, Logger: quiet()})
		if err != nil {
			failed = err
			continue
		}
		servers = append(servers, s)
	}
	if len(servers) == 0 {
		return nil, errors.Join(ErrNowhere, failed)
	}
	context.AfterFunc(ctx, stop)
	return stop, nil
}

// quiet is a log for what strangers send.
func quiet() *log.Logger { return log.New(io.Discard, "", 0) }

// Found is a collector that announced itself. Anybody can say so.
type Found struct {
	Name    string
	Project string // as Short
	Address string // URL
}

// Browse asks on all networks who is there, for so long, and returns the answers by address.
func Browse(ctx context.Context, patience time.Duration) ([]Found, error) {
	faces, err := facesOf(nil)
	if err != nil {
		return nil, err
	}
	return browse(ctx, faces, patience)
}

func browse(ctx context.Context, faces []face, patience time.Duration) (all []Found, err error) {
	entries := make(chan *mdns.ServiceEntry, 256)
	failures := make(chan error, len(faces))
	for _, f := range faces {
		go func() {
			failures <- mdns.QueryContext(ctx, &mdns.QueryParam{Service: Service, Domain: "local", Timeout: patience, Interface: &f.Interface, Entries: entries,
				DisableIPv4: !f.v4, DisableIPv6: !f.v6, Logger: quiet()})
		}()
	}
	var failed error
	for waiting := len(faces); waiting > 0; {
		select {
		case e := <-entries:
			all = add(all, e)
		case err := <-failures:
			waiting--
			failed = errors.Join(failed, err)
		}
	}
	for {
		select {
		case e := <-entries:
			all = add(all, e)
		default:
			if len(all) > 0 || ctx.Err() != nil {
				failed = ctx.Err()
			}
			return all, failed
		}
	}
}

// mostFound bounds what strangers can make a tablet list.
const mostFound = 50

// add reads one answer; what is none of a collector of this version is passed over.
func add(all []Found, e *mdns.ServiceEntry) []Found {
	f, ok := read(e)
	if !ok || len(all) >= mostFound || slices.ContainsFunc(all, func(o Found) bool { return o.Address == f.Address }) {
		return all
	}
	return append(all, f)
}

func read(e *mdns.ServiceEntry) (f Found, ok bool) {
	known := false
	for _, field := range e.InfoFields {
		key, value, _ := strings.Cut(field, "=")
		switch key {
		case "v":
			known = value == version
		case "p":
			f.Project = value
		case "n":
			f.Name = shown(unescaped(value))
		}
	}
	ip := e.AddrV4
	if ip == nil && e.AddrV6IPAddr != nil {
		ip = e.AddrV6IPAddr.IP
	}
	if !known || ip.To16() == nil || ip.IsUnspecified() || ip.IsMulticast() || e.Port < 1 || e.Port > 65535 || !strings.Contains(e.Name, Service) {
		return Found{}, false
	}
	f.Address = "https://" + net.JoinHostPort(ip.String(), strconv.Itoa(e.Port))
	if f.Name == "" {
		f.Name = ip.String()
	}
	return f, true
}

// unescaped reads a text as the master file format of DNS writes it (RFC 1035, 5.1): a backslash and three digits are a byte, a backslash
// and another character that character.
func unescaped(s string) string {
	var b strings.Builder
	for len(s) > 0 {
		if n, err := strconv.ParseUint(s[min(1, len(s)):min(4, len(s))], 10, 8); s[0] == '\\' && len(s) >= 4 && err == nil {
			b.WriteByte(byte(n))
			s = s[4:]
			continue
		}
		if s[0] == '\\' && len(s) > 1 {
			s = s[1:]
		}
		b.WriteByte(s[0])
		s = s[1:]
	}
	return b.String()
}

// shown is what a stranger wrote, short and without what would control a screen.
func shown(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == 0xfffd {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	if len(s) > 60 {
		s = strings.ToValidUTF8(s[:60], "")
	}
	return strings.TrimSpace(s)
}
