package dashboard

import (
	"errors"
	"mime"
	"net/http"

	"vereda/survey/desk"
	"vereda/survey/export"
	"vereda/survey/fieldwork"
	"vereda/survey/form"
)

// downloadsBody lists the forms that can be downloaded.
type downloadsBody struct{ Forms []downloadForm }

type downloadForm struct {
	ID, Title, Version string
	Languages          []form.Language
	Total              int
}

func (s *server) downloads(w http.ResponseWriter, v *visit) {
	body, err := s.readDownloads(v)
	if err != nil {
		s.fail(w, v, err)
		return
	}
	s.show(w, v, http.StatusOK, "downloads", body)
}

func (s *server) readDownloads(v *visit) (body downloadsBody, err error) {
	n, err := s.names(v.Request.Context(), v.Words)
	if err != nil {
		return body, err
	}
	for _, c := range n.formChoices("") {
		f := n.form(c.Value, "")
		d := downloadForm{ID: f.ID, Title: c.Name, Version: f.Version, Languages: f.Languages}
		if d.Total, err = s.Data.Total(v.Request.Context(), fieldwork.Filter{Form: f.ID}); err != nil {
			return body, err
		}
		body.Forms = append(body.Forms, d)
	}
	return body, nil
}

// fileTypes are what can be downloaded.
var fileTypes = map[string]struct{ ext, mime string }{
	"csv":     {".zip", "application/zip"},
	"xlsx":    {".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
	"geojson": {".geojson", "application/geo+json"},
}

func (s *server) download(w http.ResponseWriter, v *visit) {
	q := v.Request.URL.Query()
	n, err := s.names(v.Request.Context(), v.Words)
	if err != nil {
		s.fail(w, v, err)
		return
	}
	file, known := fileTypes[q.Get("format")]
	versions := n.versions(q.Get("form"))
	if !known || len(versions) == 0 {
		s.message(w, v, http.StatusNotFound, "error.nowhere")
		return
	}
	e, err := export.New(export.Options{Forms: versions, Language: q.Get("language"), Split: q.Get("split") != "", Guard: true,
		Drafts: q.Get("drafts") != "", WithoutPersonal: q.Get("personal") == "without", Duplicates: q.Get("all") != ""})
	if errors.Is(err, export.ErrNothingPersonal) {
		s.message(w, v, http.StatusConflict, "error.personal")
		return
	}
	if err != nil {
		s.fail(w, v, err)
		return
	}
	s.audit(v, "download", e.Form()+file.ext)
	w.Header().Set("Content-Type", file.mime)
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": e.FileBase() + file.ext}))
	s.stream(w, v, e, q.Get("format"))
}

// stream writes the file as it is made. An error in its middle cuts the connection, so that nobody takes a part for the whole.
func (s *server) stream(w http.ResponseWriter, v *visit, e *export.Exporter, format string) {
	ctx := v.Request.Context()
	var source export.Source = desk.Kept{Tables: s.Data}
	if v.Request.URL.Query().Get("all") != "" {
		source = desk.Marked{Tables: s.Data}
	}
	var err error
	switch format {
	case "csv":
		err = e.WriteZip(ctx, w, source)
	case "xlsx":
		err = e.WriteXLSX(ctx, w, source)
	case "geojson":
		err = e.WriteGeoJSON(ctx, w, source)
	}
	if limit := (*export.LimitError)(nil); errors.As(err, &limit) {
		w.Header().Del("Content-Disposition")
		s.message(w, v, http.StatusConflict, "error.workbook")
		return
	}
	if err != nil {
		s.Log.Error("download failed", "form", e.Form(), "error", err)
		panic(http.ErrAbortHandler)
	}
}
