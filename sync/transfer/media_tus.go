package transfer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/tus/tusd/v2/pkg/filestore"
	tusd "github.com/tus/tusd/v2/pkg/handler"
	"github.com/tus/tusd/v2/pkg/memorylocker"
	"golang.org/x/exp/slog"

	"vereda/survey/record"
	"vereda/sync/device"
)

// Bounds of what devices may have begun and not finished.
const (
	mostUploads     = 64                  // of one device
	mostUploadBytes = 8 << 30             // declared by one device together
	mostUploadsHere = 10_000              // of all devices
	uploadLife      = 30 * 24 * time.Hour // since the last byte came
)

// uploads are files on their way up.
type uploads struct {
	media  *mediaHandler
	folder string
	locker politeLocker
	tus    http.Handler

	mu    sync.Mutex // held while an upload is begun
	swept time.Time
}

func newUploads(m *mediaHandler) (*uploads, error) {
	u := &uploads{media: m, folder: m.Uploads, locker: politeLocker{memorylocker.New()}}
	if err := os.MkdirAll(u.folder, 0o700); err != nil {
		return nil, err
	}
	composer := tusd.NewStoreComposer()
	composer.UseCore(&tusStore{u, filestore.FileStore{Path: u.folder, DirModePerm: 0o700, FileModePerm: 0o600}})
	composer.UseLocker(u.locker)
	tus, err := tusd.NewHandler(tusd.Config{
		StoreComposer: composer, BasePath: pathMedia, MaxSize: record.MaxFile, NetworkTimeout: readSilence,
		DisableDownload: true, DisableTermination: true, DisableConcatenation: true,
		Cors:   &tusd.CorsConfig{Disable: true},
		Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
		PreUploadCreateCallback: func(hook tusd.HookEvent) (tusd.HTTPResponse, tusd.FileInfoChanges, error) {
			return tusd.HTTPResponse{}, tusd.FileInfoChanges{ID: hook.Upload.MetaData["id"], MetaData: tusd.MetaData{"from": hook.Upload.MetaData["from"]}}, nil
		},
	})
	if err != nil {
		return nil, err
	}
	u.tus = http.StripPrefix(strings.TrimSuffix(pathMedia, "/"), tus)
	return u, nil
}

// create begins an upload. Its ID is the file's hash and the device: both ends know it beforehand.
func (u *uploads) create(w http.ResponseWriter, r *http.Request, claims device.Claims) error {
	file, from, err := parseUploadMetadata(r.Header.Get("Upload-Metadata"))
	if err != nil || from != "" && claims.Role != device.Collector {
		return problem(CodeMalformed, "Upload-Metadata")
	}
	name := uploadName(file, claims.ID())
	ctx, unlock, err := u.hold(r.Context(), name)
	if err != nil {
		return err
	}
	defer unlock()
	here, err := u.media.files.HereMedia(ctx, []record.ID{file})
	if err != nil {
		return err
	}
	if len(here) > 0 {
		return problem(CodeHere, "")
	}
	r.Header.Set("Upload-Metadata", tusd.SerializeMetadataHeader(map[string]string{"id": name, "from": from}))
	u.tus.ServeHTTP(w, r.WithContext(ctx))
	return nil
}

// offset returns how much of a file a device has sent; -1 when it has not begun, or all of it came and it is whole now. What is complete and was not looked at
// is looked at now.
func (u *uploads) offset(ctx context.Context, file record.ID, claims device.Claims) (int64, error) {
	u.sweep()
	name := uploadName(file, claims.ID())
	if _, err := os.Stat(filepath.Join(u.folder, name+".info")); errors.Is(err, os.ErrNotExist) {
		return -1, nil
	}
	ctx, unlock, err := u.hold(ctx, name)
	if err != nil {
		return -1, err
	}
	defer unlock()
	upload, err := u.store().GetUpload(ctx, name)
	if errors.Is(err, tusd.ErrNotFound) {
		return -1, nil
	}
	if err != nil {
		return -1, err
	}
	info, err := upload.GetInfo(ctx)
	if err != nil || info.Offset < info.Size {
		return info.Offset, err
	}
	err = u.finish(ctx, name, info)
	if codeOf(err) == CodeWrongHash {
		return -1, nil
	}
	return -1, err
}

func (u *uploads) store() *tusStore {
	return &tusStore{u, filestore.FileStore{Path: u.folder, DirModePerm: 0o700, FileModePerm: 0o600}}
}

// finish takes a complete upload in: its hash decides whether it is the file.
func (u *uploads) finish(ctx context.Context, name string, info tusd.FileInfo) error {
	file, who, err := parseUploadName(name)
	if err != nil {
		return err
	}
	err = u.media.files.ReceiveMedia(context.WithoutCancel(ctx), file, filepath.Join(u.folder, name), who, info.MetaData["from"])
	if err == nil || codeOf(err) == CodeWrongHash {
		err = errors.Join(err, os.Remove(filepath.Join(u.folder, name+".info")))
	}
	return err
}

// sweep throws away what nobody went on sending, once an hour at most.
func (u *uploads) sweep() {
	u.mu.Lock()
	defer u.mu.Unlock()
	now := u.media.Now()
	if now.Sub(u.swept).Abs() < time.Hour {
		return
	}
	u.swept = now
	entries, err := os.ReadDir(u.folder)
	if err != nil {
		return // the next time
	}
	for _, e := range entries {
		i, err := e.Info()
		if err != nil || strings.HasSuffix(e.Name(), ".info") || strings.HasPrefix(e.Name(), ".") || now.Sub(i.ModTime()) < uploadLife {
			continue
		}
		_ = os.Remove(filepath.Join(u.folder, e.Name()+".info"))
		_ = os.Remove(filepath.Join(u.folder, e.Name()))
	}
}

// room returns why a device may not begin another upload.
func (u *uploads) room(who device.ID, more int64) error {
	entries, err := os.ReadDir(u.folder)
	if err != nil {
		return err
	}
	own, bytes := 0, more
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), "."+string(who)+".info") {
			continue
		}
		own++
		var info tusd.FileInfo
		if b, err := os.ReadFile(filepath.Join(u.folder, e.Name())); err == nil && json.Unmarshal(b, &info) == nil {
			bytes += info.Size
		}
	}
	if own >= mostUploads || bytes > mostUploadBytes || len(entries) >= 2*mostUploadsHere {
		return problem(CodeUploads, "")
	}
	return nil
}

// tusStore is the folder of uploads as tusd's handler sees it.
type tusStore struct {
	uploads *uploads
	filestore.FileStore
}

// NewUpload begins an upload, unless it was begun.
func (s *tusStore) NewUpload(ctx context.Context, info tusd.FileInfo) (tusd.Upload, error) {
	_, who, err := parseUploadName(info.ID)
	if err != nil {
		return nil, s.uploads.failed(problem(CodeMalformed, ""))
	}
	s.uploads.mu.Lock()
	defer s.uploads.mu.Unlock()
	if err := s.mend(info.ID); err != nil {
		return nil, s.uploads.failed(err)
	}
	if _, err := os.Stat(filepath.Join(s.Path, info.ID+".info")); err == nil {
		return nil, s.uploads.failed(problem(CodeBegun, ""))
	}
	if err := s.uploads.room(who, info.Size); err != nil {
		return nil, s.uploads.failed(err)
	}
	upload, err := s.FileStore.NewUpload(ctx, info)
	if err != nil {
		_ = os.Remove(filepath.Join(s.Path, info.ID+".info"))
		_ = os.Remove(filepath.Join(s.Path, info.ID))
		return nil, s.uploads.failed(err)
	}
	return &tusUpload{upload, s.uploads, info.ID}, nil
}

// GetUpload finds an upload.
func (s *tusStore) GetUpload(ctx context.Context, id string) (tusd.Upload, error) {
	if err := s.mend(id); err != nil {
		return nil, s.uploads.failed(err)
	}
	upload, err := s.FileStore.GetUpload(ctx, id)
	if err != nil {
		return nil, err // tusd's own
	}
	return &tusUpload{upload, s.uploads, id}, nil
}

// tusUpload is one upload.
type tusUpload struct {
	tusd.Upload
	uploads *uploads
	id      string
}

// WriteChunk says when the disk is full.
func (u *tusUpload) WriteChunk(ctx context.Context, offset int64, src io.Reader) (int64, error) {
	n, err := u.Upload.WriteChunk(ctx, offset, src)
	return n, u.uploads.failed(err)
}

// FinishUpload is called when all bytes are there.
func (u *tusUpload) FinishUpload(ctx context.Context) error {
	info, err := u.GetInfo(ctx)
	if err == nil {
		err = u.uploads.finish(ctx, u.id, info)
	}
	return u.uploads.failed(err)
}

// failed makes an error that tusd's handler answers in this protocol's form.
func (u *uploads) failed(err error) error {
	if err == nil {
		return nil
	}
	var p *Problem
	switch {
	case errors.As(err, &p):
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		p = problem(CodeFull, "")
	default:
		if p = problemOf(err); p.Code == CodeInternal && u.media.Log != nil {
			u.media.Log(fmt.Errorf("an upload: %w", err))
		}
	}
	body, _ := json.Marshal(p) // strings only
	return tusd.Error{ErrorCode: p.Code, Message: p.Message,
		HTTPResponse: tusd.HTTPResponse{StatusCode: p.Status, Body: string(body), Header: tusd.HTTPHeader{"Content-Type": "application/json"}}}
}
