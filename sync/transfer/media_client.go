package transfer

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"vereda/survey/record"
	"vereda/sync/device"
)

// courier carries files between this device and one collector. Not safe for concurrent use.
type courier struct {
	credentials *credentials
	key         device.Key
	now         func() time.Time
	wire        wire
	pace        piecePace

	from          string // this collector's own archive; "" of a tablet
	archive, name string
	ahead         time.Duration // of this clock, against the collector's
	up            atomic.Int64  // bytes of files and of what is said about them, as they were given to the link
	down          int64
}

// newCourier returns what carries files over a link that is there.
func newCourier(c *credentials, key device.Key, now func() time.Time, w wire) *courier {
	return &courier{credentials: c, key: key, now: now, wire: w, pace: newPiecePace()}
}

// MediaAnswer says how a collector stands with files.
type MediaAnswer struct {
	Archive, Name string
	Here          []record.ID         // of those asked about
	Open          map[record.ID]int64 // what this device has begun to send: how much of it is there
	Central       bool                // the project's key signed that the central collector has those that are Here

	News   []record.Media // without types: what came there behind the place asked about
	Cursor uint64         // behind them
}

// ask learns how the collector stands with files.
func (c *courier) ask(ctx context.Context, asked mediaAsk) (MediaAnswer, error) {
	sent := c.now()
	got, err := c.postAsk(ctx, &asked, false) // the exchange before has brought it
	var p *Problem
	if errors.As(err, &p) && p.Code == CodeWhoAreYou {
		sent = c.now()
		got, err = c.postAsk(ctx, &asked, true)
	}
	if err != nil {
		return MediaAnswer{}, mediaFailed(err)
	}
	took := c.now().Sub(sent)
	var a mediaState
	if err := json.Unmarshal(got, &a); err != nil || a.V != protocol || a.Nonce != asked.Nonce || a.Archive == "" || len(a.Archive) > maxArchive {
		return MediaAnswer{}, &RetryError{Err: errors.New("no answer to this request about files")}
	}
	c.archive, c.name, c.ahead = a.Archive, a.Name, sent.Add(took/2).Sub(a.At)
	return c.read(asked, a)
}

// postAsk sends a request about files; introduce puts the certificate in it, which a collector that has met the device, as in an exchange, does not need.
func (c *courier) postAsk(ctx context.Context, asked *mediaAsk, introduce bool) ([]byte, error) {
	asked.V, asked.Project, asked.Device, asked.Nonce = protocol, c.credentials.m.Project.ID, c.key.ID(), rand.Text()[:16]
	asked.To = addressee(c.credentials.m.Fingerprint)
	if introduce {
		asked.Certificate = json.RawMessage(c.credentials.certificate())
	}
	body, err := json.Marshal(asked)
	if err != nil {
		return nil, fmt.Errorf("transfer: %w", err)
	}
	sum := sha256.Sum256(body)
	c.up.Add(int64(len(body)))
	got, err := c.wire.post(ctx, pathMediaState, body, base64.StdEncoding.EncodeToString(c.key.Sign(purposeMedia, sum[:])))
	c.down += int64(len(got))
	return got, err
}

// read makes of an answer what it says; one that names what was not asked about says nothing.
func (c *courier) read(asked mediaAsk, a mediaState) (MediaAnswer, error) {
	out := MediaAnswer{Archive: a.Archive, Name: a.Name, Open: map[record.ID]int64{}, Cursor: a.Cursor}
	nonsense := &RetryError{Err: errors.New("an answer about files that were not asked about")}
	for _, i := range a.Here {
		if i < 0 || i >= len(asked.Files) {
			return out, nonsense
		}
		out.Here = append(out.Here, asked.Files[i])
	}
	for _, o := range a.Open {
		if o.File < 0 || o.File >= len(asked.Files) || o.Offset < 0 {
			return out, nonsense
		}
		out.Open[asked.Files[o.File]] = o.Offset
	}
	for _, n := range a.News {
		out.News = append(out.News, record.Media{SHA256: n.SHA256, Size: n.Size})
	}
	if len(out.Here) > 0 && len(a.Central) > 0 {
		statement, err := receiptForFiles(a.Archive, c.key.ID(), out.Here).Statement(a.Central)
		if err == nil {
			_, err = c.credentials.trust.OpenReceipt(statement)
		}
		out.Central = err == nil
	}
	return out, nil
}

// mediaFailed makes a *RetryError of a problem that passes by itself.
func mediaFailed(err error) error {
	var p *Problem
	if errors.As(err, &p) && p.worthRetrying() {
		return &RetryError{After: p.After, Err: p}
	}
	return err
}

// counted counts what is read of a body: a piece that the link cut did not go up as a whole.
type counted struct {
	io.Reader
	n *atomic.Int64
}

func (c counted) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	c.n.Add(int64(n))
	return n, err
}

// request makes a signed request about a single file.
func (c *courier) request(ctx context.Context, method, path string, body []byte, introduce bool, headers ...string) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, method, c.wire.address+path, http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("transfer: %w", err)
	}
	if len(body) > 0 {
		r.ContentLength = int64(len(body))
		r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(counted{bytes.NewReader(body), &c.up}), nil }
		r.Body, _ = r.GetBody()
	}
	r.Header.Set("User-Agent", "Vereda")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	r.Header.Set(headerDevice, string(c.key.ID()))
	if introduce {
		r.Header.Set(headerCertificate, base64.StdEncoding.EncodeToString(c.credentials.certificate()))
	}
	if to := addressee(c.credentials.m.Fingerprint); to != "" {
		r.Header.Set(headerTo, to)
	}
	r.Header.Set(headerTime, strconv.FormatInt(c.now().Add(-c.ahead).Unix(), 10))
	r.Header.Set(signatureHeader, base64.StdEncoding.EncodeToString(c.key.Sign(purposeMedia, mediaText(r, path, c.archive))))
	return r, nil
}

// do sends a request about a single file; a second time with the certificate, when the collector wants to see it. The caller closes the
// body. Errors are *Problem, or *RetryError.
func (c *courier) do(ctx context.Context, method, path string, body []byte, headers ...string) (*http.Response, error) {
	for _, introduce := range []bool{false, true} {
		r, err := c.request(ctx, method, path, body, introduce, headers...)
		if err != nil {
			return nil, err
		}
		response, err := c.wire.http.Do(r)
		if err != nil {
			return nil, &RetryError{Err: err}
		}
		if response.StatusCode < 300 {
			return response, nil
		}
		text, _ := io.ReadAll(io.LimitReader(response.Body, maxAsk))
		response.Body.Close()
		err = refused(response, text)
		var p *Problem
		if introduce || !errors.As(err, &p) || p.Code != CodeWhoAreYou {
			return nil, err
		}
	}
	return nil, errors.New("transfer: the collector does not know this device")
}

// without returns the files that are not among others.
func without(files []record.Media, ids []record.ID) []record.Media {
	return slices.DeleteFunc(slices.Clone(files), func(m record.Media) bool { return slices.Contains(ids, m.SHA256) })
}

func idsOf(files []record.Media) []record.ID {
	ids := make([]record.ID, len(files))
	for i, m := range files {
		ids[i] = m.SHA256
	}
	return ids
}
