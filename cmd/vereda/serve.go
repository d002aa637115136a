package main

import (
	"context"
	"crypto/tls"
	"encoding/pem"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"vereda/survey/dashboard"
	"vereda/survey/questionnaire"
	"vereda/sync/device"
	"vereda/sync/transfer"
)

// serveCommand is `vereda serve`.
type serveCommand struct {
	Data     string   `default:"${data}" placeholder:"DIR" help:"The data folder, made when missing (${data})."`
	Listen   string   `default:"127.0.0.1:8090" placeholder:"ADDR" help:"Address and port to listen on; port 0 chooses a free one."`
	TLS      string   `default:"auto" enum:"auto,on,off" help:"Encrypt: auto is on everywhere but on loopback; off is for a named proxy in front."`
	Address  string   `placeholder:"URL" help:"How tablets reach this collector, for invitations; made from --listen if not given."`
	Proxies  []string `name:"trusted-proxy" placeholder:"ADDR" help:"Address or network of a reverse proxy in front, whose X-Forwarded-For is believed: limits of rate go by it. May be given several times."`
	Announce bool     `default:"true" negatable:"" help:"Let tablets on the same network find this collector (DNS-SD); never on loopback."`
	Project  string   `default:"Vereda" placeholder:"NAME" help:"Name of the project, when it is made."`
	Name     string   `placeholder:"NAME" help:"What this collector is called, when its data folder is made."`

	Join     string `placeholder:"LINK" help:"Make a hub of this collector: an invitation's link, made at the central collector with invite --role collector. Once is enough."`
	Upstream string `placeholder:"URL|LINK" help:"The collector that this hub relays to; remembered. An invitation's link joins, as --join does; a hub that has joined takes a URL, and behind # the SHA-256 of its TLS certificate where no authority vouches for it."`
}

// The first invitation is for a small team for a week; `vereda invite` makes others.
const (
	firstDevices = 50
	firstDays    = 7
)

func (c *serveCommand) Run(w *world) error {
	before, err := parseProxies(c.Proxies)
	if err != nil {
		return err
	}
	if err := c.checkUpstream(); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("cannot listen on %s (%w): is another collector running there? Choose another address with --listen", c.Listen, err)
	}
	defer listener.Close()
	col, err := startCollector(w, c.Data, func(col *collector) error { return c.begin(w, col) })
	if err != nil {
		return err
	}
	defer col.archive.Close()
	secure := c.TLS == "on" || c.TLS == "auto" && !loopback(listener.Addr())
	address := c.Address
	if address == "" {
		address = reachable(listener.Addr(), secure)
	}
	u, err := c.upstream(w, col)
	if err != nil {
		return err
	}
	if err := col.remember(w, address, secure); err != nil {
		return err
	}
	if err := col.welcome(w); err != nil {
		return err
	}
	if err := col.archive.Announce(w); err != nil {
		return err
	}
	var up *hub
	if u.Address != "" {
		if up, err = col.newHub(w, u); err != nil {
			return err
		}
	}
	col.proxied = len(c.Proxies) > 0
	handler, err := col.handler(w, secure || strings.HasPrefix(address, "https://"), up) // a proxy may encrypt
	if err != nil {
		return err
	}
	c.announce(w, col, listener.Addr(), secure)
	debug.FreeOSMemory() // reading forms took more than serving does
	go col.keepSettled(w)
	if up != nil {
		fmt.Fprintf(w.err, "hub: relays to %s\n", u.Address)
		go up.relay.Run(w)
	}
	fmt.Fprintf(w.err, "collector of project %q, data in %s\ndashboard: %s\n", col.Project.Name, c.Data, address)
	return serve(w, listener, before.behind(handler), col, secure)
}

// welcome makes what a new collector needs: the built-in questionnaire, an invitation, and last an administrator: a collector without one
// was interrupted when it began, and begins again.
func (col *collector) welcome(w *world) error {
	users, err := col.archive.Users(w)
	if err != nil || len(users) > 0 {
		return err
	}
	if err := col.welcomeTeam(w); err != nil {
		return err
	}
	password, err := col.addUser(w, "admin", dashboard.Administrator, "")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w.err, "user: admin\npassword: %s\n", password)
	return err
}

// welcomeTeam gives a new project its first form and its first invitation. A hub gets its forms from its upstream, and its people are invited there.
func (col *collector) welcomeTeam(w *world) error {
	if !col.central() {
		return nil
	}
	if err := col.publish(w, questionnaire.Form(), questionnaire.Name, questionnaire.Workbook()); err != nil {
		return err
	}
	invitation, err := col.invite(w, device.Enumerator, firstDevices, firstDays)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w.err, "invitation for %d devices, %d days: %s\n", firstDevices, firstDays, invitation.Link())
	return err
}

// handler joins the wire and the dashboard.
func (col *collector) handler(w *world, secure bool, up *hub) (http.Handler, error) {
	wire, err := col.turning(func() (http.Handler, error) { return col.wire(w, up) })
	if err != nil {
		return nil, err
	}
	pages, err := col.dashboard(w, secure, up)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/api/", wire)
	mux.Handle("/", col.attentive(pages))
	return mux, nil
}

// wire is what tablets and other collectors talk to.
func (col *collector) wire(w *world, up *hub) (http.Handler, error) {
	t, err := col.transfer(w.now)
	if err != nil {
		return nil, err
	}
	if t.Fingerprint, err = col.setting(w, "fingerprint"); err != nil {
		return nil, err
	}
	t.Proxied = col.proxied
	log := slog.New(slog.NewTextHandler(w.err, nil))
	t.Log = func(err error) { log.Error("an exchange failed", "error", err) }
	if up != nil {
		t.Enrol = up.peer.Enrol
	}
	return transfer.Handler(col.archive, t), nil
}

// mostRequest is how long somebody may take to send a request to the dashboard: a batch file over a poor link. An answer may take as
// long again.
const mostRequest = 30 * time.Minute

// maxHeaders bounds the headers of a request, in bytes: each connection may hold so much before anybody knows who it is.
const maxHeaders = 64 << 10

// serve answers until the context ends, then lets what is under way finish.
func serve(w *world, listener net.Listener, handler http.Handler, col *collector, secure bool) error {
	server := &http.Server{
		Handler:           handler,
		MaxHeaderBytes:    maxHeaders,
		ReadHeaderTimeout: 30 * time.Second,
		ReadTimeout:       mostRequest, // the wire's handler has its own
		WriteTimeout:      2 * mostRequest,
		IdleTimeout:       5 * time.Minute,
		ErrorLog:          slog.NewLogLogger(slog.NewTextHandler(w.err, nil), slog.LevelWarn),
	}
	if secure {
		pair, err := tls.X509KeyPair(col.TLSCert, col.TLSKey)
		if err != nil {
			return err
		}
		server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS13, NextProtos: []string{"http/1.1"}}
		listener = tls.NewListener(listener, server.TLSConfig)
	}
	go func() {
		<-w.Done()
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if server.Shutdown(ctx) != nil {
			server.Close()
		}
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// keepSettled merges what came while nobody looks, so that the next page has little to wait for.
func (col *collector) keepSettled(ctx context.Context) {
	tick := time.NewTicker(5 * time.Second)
	defer tick.Stop()
	col.tend(ctx)
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			col.tend(ctx)
		}
	}
}

// loopback reports whether only this machine can reach an address.
func loopback(a net.Addr) bool {
	t, ok := a.(*net.TCPAddr)
	return ok && t.IP.IsLoopback()
}

// reachable writes the URL of a listening address; where it listens on all of them, that of the machine's own network.
func reachable(a net.Addr, secure bool) string {
	scheme := "http"
	if secure {
		scheme = "https"
	}
	host, port, _ := net.SplitHostPort(a.String())
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = ownAddress()
	}
	return scheme + "://" + net.JoinHostPort(host, port)
}

// ownAddress returns an address of this machine that others may reach.
func ownAddress() string {
	addresses, err := net.InterfaceAddrs()
	if err == nil {
		for _, a := range addresses {
			if n, ok := a.(*net.IPNet); ok && !n.IP.IsLoopback() && n.IP.To4() != nil {
				return n.IP.String()
			}
		}
	}
	return "127.0.0.1"
}

// remember keeps how the collector is reached, for invitations made while it runs.
func (col *collector) remember(ctx context.Context, address string, secure bool) error {
	if !secure {
		return errors.Join(col.archive.SetSetting(ctx, "address", []byte(address)), col.archive.SetSetting(ctx, "fingerprint", nil))
	}
	block, _ := pem.Decode(col.TLSCert)
	if block == nil {
		return errors.New("the collector's TLS certificate is damaged")
	}
	return errors.Join(col.archive.SetSetting(ctx, "address", []byte(address)),
		col.archive.SetSetting(ctx, "fingerprint", []byte(transfer.Fingerprint(block.Bytes))))
}
