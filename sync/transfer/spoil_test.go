package transfer_test

import (
	"bytes"
	"io"
	"net/http"
)

// spoil sends a request and damages its answer.
func (l *link) spoil(r *http.Request, fault string) (*http.Response, error) {
	response, err := l.real.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	switch fault {
	case "cut-reply":
		body = body[:len(body)/2]
	case "flip-reply":
		body[len(body)-1] ^= 1
	case "portal":
		body = []byte("<html>Welcome to the hotel. Please log in.</html>")
		response.StatusCode = http.StatusOK
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	response.ContentLength = int64(len(body))
	return response, nil
}

// CloseIdleConnections passes on what http.Client asks of a transport.
func (l *link) CloseIdleConnections() { l.real.(*http.Transport).CloseIdleConnections() }
