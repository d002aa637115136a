package transfer

// A request says whom it is for, so that a collector to which it was made cannot use it at another one: a hub that was shut out would
// otherwise go on reading with what tablets and other hubs ask of it. It names the TLS certificate that the client has pinned, which nobody can
// show without its key.

// headerTo says it in requests about a single file, whose body is the file's.
const headerTo = "Vereda-To"

// addressee is how a request names the collector with a TLS certificate: the first 32 digits of its fingerprint; "" where none is pinned.
func addressee(fingerprint string) string { return fingerprint[:min(len(fingerprint), 32)] }

// meant returns the problem of a request that was made for another collector. A collector that does not end TLS itself cannot tell.
func (h *handler) meant(to string) error {
	if h.Fingerprint == "" || h.Proxied || to == addressee(h.Fingerprint) {
		return nil
	}
	return problem(CodeOtherCollector, "")
}
