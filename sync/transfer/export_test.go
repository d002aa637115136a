package transfer

import "net/http"

// NewTransport lets tests put a bad network in front of the real one.
func NewTransport(fingerprint string) http.RoundTripper { return newTransport(fingerprint) }
