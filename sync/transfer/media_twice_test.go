package transfer_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"io"
	"sync"
	"testing"
	"time"

	"vereda/survey/record"
	"vereda/sync/transfer"
)

// Two programs of one device that bring the same files at the same time, as `vereda relay` beside the hub that runs, bring each of them whole; neither is
// told of a trouble, and nothing is left of what was begun.
func TestADeviceMayBringAFileTwiceAtOnce(t *testing.T) {
	w := newWorld(t)
	m, _ := w.hubOf("hub")
	var files []record.Media
	contents := map[record.ID][]byte{}
	for i := range 40 {
		content := make([]byte, 1+i*500)
		w.random.Read(content)
		file := record.Media{SHA256: record.ID(sha256.Sum256(content)), Size: int64(len(content)), Type: "image/jpeg"}
		files, contents[file.SHA256] = append(files, file), content
	}
	var both sync.WaitGroup
	for range 3 {
		p, err := transfer.NewPeer(m, "the hub's archive", func() time.Time { return w.now }, nil)
		w.must(err)
		defer p.Close()
		both.Go(func() {
			carrier := p.Carrier()
			stands, err := carrier.Stand(context.Background(), files)
			if err != nil {
				t.Error(err)
				return
			}
			for _, f := range files {
				content := func(offset int64) (io.ReadCloser, error) {
					return io.NopCloser(bytes.NewReader(contents[f.SHA256][offset:])), nil
				}
				if sent, err := carrier.Send(context.Background(), f, stands, content); err != nil || !sent {
					t.Errorf("%d bytes: sent %v, %v", f.Size, sent, err)
				}
			}
		})
	}
	both.Wait()
	for _, f := range files {
		if !bytes.Equal(w.arrived(f), contents[f.SHA256]) {
			t.Errorf("%d bytes: not whole", f.Size)
		}
	}
}
