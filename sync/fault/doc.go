// Package fault breaks what it can of a project in the small, and looks whether an interview or a photo was lost: tablets with real stores and the
// real client, two hubs and a central collector with real archives, handlers and relays, and between them a network that cuts, doubles,
// delays, reorders, truncates and invents answers. Clocks are years wrong, disks are full, programs are killed, a hub's disk is destroyed.
//
// There is nothing here to import: all of it are tests. docs/faults.md says what is broken, what is checked, and what was found.
package fault
