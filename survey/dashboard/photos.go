package dashboard

import (
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"vereda/survey/fieldwork"
	"vereda/survey/photo"
	"vereda/survey/record"
)

// Files are the photos and other attachments of interviews.
type Files interface {
	// MediaOf returns those that an interview refers to, and whether they are here.
	MediaOf(ctx context.Context, interview uuid.UUID) ([]fieldwork.File, error)
	OpenMedia(ctx context.Context, id record.ID) (io.ReadSeekCloser, error)
}

// attachment is a file as a page shows it.
type attachment struct {
	Address string // "": it is still on the way
	Picture bool   // it can be shown small
	Size    string
}

// shownTypes are the types that browsers show by themselves, and that hold nothing that runs. All others are downloaded.
var shownTypes = []string{"image/jpeg", "image/png", "image/gif", "image/webp", "audio/mpeg", "audio/mp4", "audio/ogg", "audio/wav", "video/mp4", "video/webm"}

// smallTypes are those of which a small picture can be made.
var smallTypes = []string{"image/jpeg", "image/png"}

// attachments returns the files of an interview by hash; none where the collector keeps none.
func (s *server) attachments(ctx context.Context, interview uuid.UUID) (map[record.ID]fieldwork.File, error) {
	files := map[record.ID]fieldwork.File{}
	if s.Files == nil {
		return files, nil
	}
	list, err := s.Files.MediaOf(ctx, interview)
	for _, f := range list {
		files[f.SHA256] = f
	}
	return files, err
}

// attachment says how a file that an answer names is shown.
func (r *reader) attachment(name string) *attachment {
	m, named := r.merged.Media[name]
	f, known := r.files[m.SHA256]
	if !named || !known {
		return nil
	}
	a := &attachment{Size: r.words.Megabytes(f.Size)}
	if f.Here {
		a.Address = fmt.Sprintf("/interviews/%s/files/%s", r.interview, f.SHA256)
		a.Picture = slices.Contains(smallTypes, f.Type)
	}
	return a
}

// file sends a file of an interview; with small=1 a small picture of it.
func (s *server) file(w http.ResponseWriter, v *visit) {
	ctx := v.Request.Context()
	interview, err := uuid.Parse(v.Request.PathValue("id"))
	id, err2 := record.ParseID(v.Request.PathValue("file"))
	if err != nil || err2 != nil || s.Files == nil {
		s.nowhere(w, v)
		return
	}
	files, err := s.attachments(ctx, interview)
	if err != nil {
		s.fail(w, v, err)
		return
	}
	f, known := files[id]
	if !known || !f.Here {
		s.nowhere(w, v)
		return
	}
	content, err := s.Files.OpenMedia(ctx, id)
	if absent(err) {
		s.nowhere(w, v)
		return
	}
	if err != nil {
		s.fail(w, v, err)
		return
	}
	defer content.Close()
	w.Header().Set("Cache-Control", "private, max-age=86400")
	if v.Request.URL.Query().Get("small") != "" && slices.Contains(smallTypes, f.Type) {
		if small, ok := s.small(content); ok {
			w.Header().Set("Content-Type", "image/jpeg")
			_ = jpeg.Encode(w, small, &jpeg.Options{Quality: 75})
			return
		}
		s.nowhere(w, v)
		return
	}
	serveFile(w, v.Request, f, content)
}

// serveFile sends a file as what it is said to be, where browsers run nothing of that; else as something to be kept.
func serveFile(w http.ResponseWriter, r *http.Request, f fieldwork.File, content io.ReadSeeker) {
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	if slices.Contains(shownTypes, f.Type) {
		h.Set("Content-Type", f.Type)
	} else {
		h.Set("Content-Type", "application/octet-stream")
		h.Set("Content-Disposition", `attachment; filename="`+f.FileName()+`"`)
	}
	http.ServeContent(w, r, "", time.Time{}, content)
}

// smallSide is how many pixels the longer side of a small picture has.
const smallSide = 320

// shrinking lets one picture at a time be made small: a large one takes some hundred megabytes.
var shrinking sync.Mutex

// small makes a small picture; false for what is no picture, or too large a one.
func (s *server) small(content io.Reader) (image.Image, bool) {
	shrinking.Lock()
	defer shrinking.Unlock()
	b, err := io.ReadAll(io.LimitReader(content, photo.MostBytes))
	if err != nil {
		return nil, false
	}
	small, err := photo.Decode(b, smallSide)
	return small, err == nil
}
