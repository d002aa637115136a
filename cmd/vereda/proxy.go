package main

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// proxies are the addresses from which what X-Forwarded-For says is believed: those of reverse proxies in front of this collector. Limits of
// rate go by where a request came from, which behind a proxy only the proxy knows.
type proxies []netip.Prefix

// parseProxies reads addresses (10.0.0.5, ::1) and networks (10.0.0.0/24).
func parseProxies(texts []string) (proxies, error) {
	var list proxies
	for _, text := range texts {
		p, err := netip.ParsePrefix(text)
		if err != nil {
			a, failed := netip.ParseAddr(text)
			if failed != nil {
				return nil, usage{fmt.Errorf("--trusted-proxy: %q is neither an address nor a network like 10.0.0.0/24", text)}
			}
			p = netip.PrefixFrom(a.Unmap(), a.Unmap().BitLen())
		}
		list = append(list, p.Masked())
	}
	return list, nil
}

func (p proxies) trusts(a netip.Addr) bool {
	for _, one := range p {
		if one.Contains(a.Unmap().WithZone("")) {
			return true
		}
	}
	return false
}

// maxForwarded bounds the hops of a request that are looked at.
const maxForwarded = 32

// behind lets a handler see where requests came from before they came through the proxies. Of the addresses in X-Forwarded-For the last one counts
// that is none of them: whatever stands before it, the sender may have written himself.
func (p proxies) behind(next http.Handler) http.Handler {
	if len(p) == 0 {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if from := p.origin(r); from != r.RemoteAddr {
			r = r.WithContext(r.Context())
			r.RemoteAddr = from
		}
		next.ServeHTTP(w, r)
	})
}

// origin returns the address that counts, as RemoteAddr has it.
func (p proxies) origin(r *http.Request) string {
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil || !p.trusts(at.Addr()) {
		return r.RemoteAddr
	}
	from := at.Addr()
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= max(0, len(hops)-maxForwarded) && p.trusts(from); i-- {
		a, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		from = a.Unmap()
	}
	return net.JoinHostPort(from.String(), "0")
}
