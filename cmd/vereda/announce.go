package main

import (
	"errors"
	"fmt"
	"net"

	"vereda/sync/discover"
)

// announce lets tablets on the same network find this collector, where it can be reached by others at all. That it cannot is told, and hinders nothing else.
func (c *serveCommand) announce(w *world, col *collector, at net.Addr, secure bool) {
	address, ok := at.(*net.TCPAddr)
	if !c.Announce || !ok || loopback(at) || !secure {
		return // nothing travels in the clear: tablets would not come
	}
	claims, err := col.keys().Certificate.Unverified() // its own
	if err == nil {
		_, err = discover.Announce(w, discover.Announcement{
			Instance: "vereda-" + claims.ID().Short(), Name: claims.Name, Project: col.Project.ID, Address: address.IP, Port: address.Port})
	}
	switch {
	case errors.Is(err, discover.ErrNowhere):
		fmt.Fprintln(w.err, "vereda: tablets cannot find this collector by themselves: no network here takes multicast. Give them the address")
	case err != nil:
		fmt.Fprintf(w.err, "vereda: tablets cannot find this collector by themselves (%v). Give them the address\n", err)
	}
}
