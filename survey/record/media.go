package record

import "strings"

// MaxFile is the size of the largest file that an answer or a form may refer to, in bytes. It holds on both ends.
const MaxFile = 256 << 20

// fileEndings are the endings of the names of files, by MIME type. They do not depend on the system.
var fileEndings = map[string]string{
	"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "image/gif": ".gif", "image/heic": ".heic",
	"audio/mp4": ".m4a", "audio/mpeg": ".mp3", "audio/ogg": ".ogg", "audio/wav": ".wav",
	"video/mp4": ".mp4", "video/webm": ".webm", "text/csv": ".csv", "application/pdf": ".pdf",
	"application/xml": ".xml", "application/geo+json": ".geojson", "application/zip": ".zip",
}

// FileType returns the MIME type of a file by the ending of its name; "application/octet-stream" for others.
func FileType(name string) string {
	ending := strings.ToLower(name[strings.LastIndexByte(name, '.')+1:])
	if ending == "jpeg" {
		ending = "jpg"
	}
	for kind, known := range fileEndings {
		if known == "."+ending {
			return kind
		}
	}
	return "application/octet-stream"
}

// FileName returns the name under which an answer refers to the file: its hash, and an ending that says its type.
// Two different files thus never have one name, and FileID finds the file again.
func (m Media) FileName() string {
	kind, _, _ := strings.Cut(m.Type, ";")
	ending, ok := fileEndings[strings.ToLower(strings.TrimSpace(kind))]
	if !ok {
		ending = ".bin"
	}
	return m.SHA256.String() + ending
}

// FileID returns the hash in a name that FileName made; false for other names.
func FileID(name string) (ID, bool) {
	hash, _, _ := strings.Cut(name, ".")
	id, err := ParseID(hash)
	return id, err == nil
}
