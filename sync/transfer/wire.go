package transfer

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"vereda/sync/device"
)

// signatureHeader carries a device's signature of a request's body, in base64.
const signatureHeader = "Vereda-Signature"

// sign signs a request's body.
func sign(key device.Key, body []byte) []byte {
	sum := sha256.Sum256(body)
	return key.Sign("exchange", sum[:])
}

// wire sends requests to one collector and tells its problems from those of the link.
type wire struct {
	address string
	http    *http.Client
}

func newWire(address, fingerprint string, transport http.RoundTripper) wire {
	if transport == nil {
		transport = newTransport(fingerprint)
	}
	return wire{strings.TrimSuffix(address, "/"), &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

func (w wire) close() { w.http.CloseIdleConnections() }

// post sends a body and returns that of the answer. Errors are *Problem when the collector said so, else *RetryError. What was read of
// the answer is returned also beside an error.
func (w wire) post(ctx context.Context, path string, body []byte, signature string) ([]byte, error) {
	return w.do(ctx, http.MethodPost, path, body, signature)
}

func (w wire) do(ctx context.Context, method, path string, body []byte, signature string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, method, w.address+path, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("transfer: %w", err)
	}
	request.Header.Set("User-Agent", "Vereda") // every byte of a header travels over the poorest link
	if signature != "" {
		request.Header.Set(signatureHeader, signature)
	}
	response, err := w.http.Do(request)
	if err != nil {
		return nil, &RetryError{Err: err}
	}
	defer response.Body.Close()
	got, err := io.ReadAll(io.LimitReader(response.Body, maxDown+1))
	if err != nil {
		return got, &RetryError{Err: fmt.Errorf("the answer was cut: %w", err)}
	}
	if len(got) > maxDown {
		return got, &RetryError{Err: errors.New("the answer is larger than answers are")}
	}
	if response.StatusCode != http.StatusOK {
		return got, refused(response, got)
	}
	return got, nil
}

// refused makes an error of an answer that is not 200. One that is not in the protocol's form is somebody else's: a portal, a
// proxy, a broken collector.
func refused(response *http.Response, body []byte) error {
	p := &Problem{Status: response.StatusCode}
	if json.Unmarshal(body, p) != nil || p.Code == "" || response.StatusCode < 400 {
		return &RetryError{After: retryAfter(response), Err: fmt.Errorf("status %d, and no answer of a collector", response.StatusCode)}
	}
	p.After = retryAfter(response)
	return p
}

// retryAfter reads the header of that name, in seconds or, against the answer's own Date, as a moment; at most an hour is believed.
func retryAfter(response *http.Response) time.Duration {
	said := response.Header.Get("Retry-After")
	if seconds, err := strconv.Atoi(said); err == nil {
		return time.Duration(min(max(seconds, 0), 3600)) * time.Second
	}
	then, err := http.ParseTime(said)
	now, err2 := http.ParseTime(response.Header.Get("Date"))
	if err != nil || err2 != nil {
		return 0
	}
	return min(max(then.Sub(now), 0), time.Hour)
}
