package transfer

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"vereda/survey/record"
	"vereda/sync/device"
)

// Files (photos, recordings, what comes with forms) travel after the answers, each by its SHA-256 and resumable at any byte: up by tus 1.0,
// down by ranges of HTTP. docs/media.md is the specification.

// The paths of files on the wire.
const (
	pathMedia      = "/api/v1/media/"
	pathMediaState = "/api/v1/media/state"
)

// mostAsked is how many files one request asks about at most, mostNews how many one answer names.
const (
	mostAsked = 100
	mostNews  = 500
)

// mediaAsk asks how a collector stands with files. It is signed as an exchange is, for the purpose "media".
type mediaAsk struct {
	V           int             `json:"v"`
	Project     string          `json:"project"`
	Device      device.ID       `json:"device"`
	Certificate json.RawMessage `json:"certificate,omitempty"` // left out when the collector has seen it
	Nonce       string          `json:"nonce"`
	To          string          `json:"to,omitempty"`    // as of an exchange
	Files       []record.ID     `json:"files,omitempty"` // at most mostAsked

	News  bool   `json:"news,omitempty"`  // of a collector: which files came there behind a place
	After uint64 `json:"after,omitempty"` // that place
	From  string `json:"from,omitempty"`  // the asking collector's own archive
}

// mediaState is the answer.
type mediaState struct {
	V       int        `json:"v"`
	At      time.Time  `json:"at"`
	Nonce   string     `json:"nonce"`
	Archive string     `json:"archive"`
	Name    string     `json:"name,omitempty"`
	Here    []int      `json:"here,omitempty"`    // which of the files are whole there, by their places in the request
	Open    []openFile `json:"open,omitempty"`    // which this device has begun to send
	Central []byte     `json:"central,omitempty"` // of the central collector: the project's signature of a receipt for those that are there

	News   []newFile `json:"news,omitempty"`
	Cursor uint64    `json:"cursor,omitempty"` // behind them
}

// openFile is a file that came in part.
type openFile struct {
	File   int   `json:"file"`   // its place in the request
	Offset int64 `json:"offset"` // how many bytes are there
}

// newFile is a file that another collector has whole.
type newFile struct {
	SHA256 record.ID `json:"sha256"`
	Size   int64     `json:"size"`
}

// receiptForFiles is what the central collector says about files that it has.
func receiptForFiles(archive string, who device.ID, files []record.ID) device.Receipt {
	r := device.Receipt{Archive: archive, Device: who}
	for _, id := range files {
		r.Media = append(r.Media, id.String())
	}
	return r
}

// CoverFiles is what the central collector says about files of a device that came by another way: to be signed with the project's key.
func CoverFiles(archive string, who device.ID, files []record.ID) device.Receipt {
	return receiptForFiles(archive, who, files)
}

// The headers of requests about a single file.
const (
	headerDevice      = "Vereda-Device"
	headerCertificate = "Vereda-Certificate" // base64; left out when the collector has seen it
	headerTime        = "Vereda-Time"        // seconds since 1970, by the collector's clock as the last answer told it
)

// clockTolerance is how far the time of a request may be off: so long can a request that somebody recorded be repeated, which changes
// nothing.
const clockTolerance = 10 * time.Minute

// mediaText is what a device signs of a request about a single file.
func mediaText(r *http.Request, path, archive string) []byte {
	length := ""
	if r.ContentLength > 0 {
		length = strconv.FormatInt(r.ContentLength, 10)
	}
	lines := []string{r.Method, path, archive, r.Header.Get(headerTo), r.Header.Get(headerTime), r.Header.Get("Upload-Offset"), r.Header.Get("Upload-Length"),
		r.Header.Get("Upload-Metadata"), r.Header.Get("Range"), length, ""}
	sum := sha256.Sum256([]byte(strings.Join(lines, "\n")))
	return sum[:]
}

const purposeMedia = "media"

// uploadName is the last part of an upload's path: two devices that send the same file do not meet before it is whole.
func uploadName(file record.ID, who device.ID) string { return file.String() + "." + string(who) }

// parseUploadName reads what uploadName writes.
func parseUploadName(name string) (file record.ID, who device.ID, err error) {
	hash, rest, ok := strings.Cut(name, ".")
	if file, err = record.ParseID(hash); err != nil || !ok {
		return file, "", errors.New("it is no name of an upload")
	}
	if who, err = device.ParseID(rest); err != nil || string(who) != rest {
		return file, "", errors.New("it is no name of an upload")
	}
	return file, who, nil
}

// uploadMetadata is the header Upload-Metadata of a file; from is the archive of a collector that relays it, "" of a tablet.
func uploadMetadata(file record.ID, from string) string {
	text := "sha256 " + base64.StdEncoding.EncodeToString(file[:])
	if from != "" {
		text += ",from " + base64.StdEncoding.EncodeToString([]byte(from))
	}
	return text
}

// parseUploadMetadata reads the header Upload-Metadata: pairs of a key and a value in base64, separated by commas. Other keys are passed
// over.
func parseUploadMetadata(header string) (file record.ID, from string, err error) {
	seen := map[string]bool{}
	for pair := range strings.SplitSeq(header, ",") {
		key, value, _ := strings.Cut(strings.TrimSpace(pair), " ")
		if key != "sha256" && key != "from" {
			continue
		}
		raw, err := base64.StdEncoding.DecodeString(value)
		switch {
		case err != nil || seen[key]:
			return record.ID{}, "", fmt.Errorf("%s is there twice, or no base64", key)
		case key == "from" && len(raw) > maxArchive:
			return record.ID{}, "", errors.New("it is from no archive")
		case key == "from":
			from = string(raw)
		case len(raw) != len(file):
			return record.ID{}, "", fmt.Errorf("%.60q is no SHA-256", value)
		default:
			copy(file[:], raw)
		}
		seen[key] = true
	}
	if !seen["sha256"] {
		return record.ID{}, "", errors.New("no sha256")
	}
	return file, from, nil
}
