package transfer

import (
	"errors"
	"fmt"
	"net/http"
	"time"
)

// The codes of problems, as they stand in answers. docs/sync-protocol.md says what each side does about them.
const (
	CodeMalformed         = "malformed"          // 400: not what the protocol says
	CodeBadBatch          = "bad-batch"          // 400: a batch was refused; the message names the reason
	CodeSignature         = "signature"          // 401: the device did not sign this request
	CodeOtherCollector    = "other-collector"    // 401: the request was made for another collector
	CodeCertificate       = "certificate"        // 401: the project did not sign the certificate
	CodeRevoked           = "revoked"            // 403
	CodeExpired           = "expired"            // 403: the certificate's time is over
	CodeOtherProject      = "other-project"      // 403
	CodeNotYours          = "not-yours"          // 403: a batch of another device, from a device that may not relay
	CodeRole              = "role"               // 403: only a collector may ask for batches as they came
	CodeAskCentral        = "ask-central"        // 503: a hub cannot enrol anybody while it does not reach the central collector
	CodeUnknownInvitation = "unknown-invitation" // 403
	CodeInvitationExpired = "invitation-expired" // 403
	CodeInvitationUsed    = "invitation-used"    // 403
	CodeNotFound          = "not-found"          // 404: no such address here
	CodeMethod            = "method"             // 405
	CodeUnknownDictionary = "unknown-dictionary" // 409: send again without
	CodeTooLarge          = "too-large"          // 413: send less at once
	CodeNewerVersion      = "newer-version"      // 400: the client speaks a newer protocol
	CodeTooMany           = "too-many"           // 429
	CodeInternal          = "internal"           // 500
	CodeBusy              = "busy"               // 503
	CodeFull              = "full"               // 507: the collector's disk is full

	CodeWhoAreYou = "who-are-you"      // 401: about a file, without a certificate, from a device that this program has not met
	CodeStale     = "stale"            // 401: about a file, and not of this time; ask how it stands
	CodeHere      = "here"             // 409: the file is here whole
	CodeBegun     = "begun"            // 409: this device has begun to send the file; ask how it stands
	CodeWrongHash = "wrong-hash"       // 460: what came is another file; it was set aside, send it from the beginning
	CodeUploads   = "too-many-uploads" // 429: this device has begun too much and not finished it

	codeUnknownDevice = "unknown-device" // of an Archive only: enrolled elsewhere, which its certificate proves
)

// statusWrongHash is the status that tus 1.0 has for it.
const statusWrongHash = 460

// failure says with which status a code travels, and its sentence for people who read logs.
var failure = map[string]struct {
	status  int
	message string
}{
	CodeMalformed:      {http.StatusBadRequest, "the request is not what the protocol says"},
	CodeBadBatch:       {http.StatusBadRequest, "a batch was refused"},
	CodeNewerVersion:   {http.StatusBadRequest, "the request is of a newer version; update the collector"},
	CodeSignature:      {http.StatusUnauthorized, "the device did not sign this request"},
	CodeCertificate:    {http.StatusUnauthorized, "the project did not sign this certificate"},
	CodeOtherCollector: {http.StatusUnauthorized, "the request was made for another collector, or came through a proxy that this one was not told of"},
	CodeRevoked:        {http.StatusForbidden, "this device is revoked"},
	CodeExpired:        {http.StatusForbidden, "the certificate of this device has expired"},
	CodeOtherProject:   {http.StatusForbidden, "this collector serves another project"},
	CodeNotYours:       {http.StatusForbidden, "this device may not send batches of another"},
	CodeRole:           {http.StatusForbidden, "only a collector may ask for batches as they came"},
	CodeAskCentral: {http.StatusServiceUnavailable, "this collector is a hub and does not reach the central collector now, which alone can let a device into the project; " +
		"try again when the hub has a link, or join at the central collector"},
	CodeUnknownInvitation: {http.StatusForbidden, "there is no invitation with this code"},
	CodeInvitationExpired: {http.StatusForbidden, "the invitation has expired"},
	CodeInvitationUsed:    {http.StatusForbidden, "the invitation is used up"},
	CodeNotFound:          {http.StatusNotFound, "there is nothing at this address"},
	CodeMethod:            {http.StatusMethodNotAllowed, "this address takes another method"},
	CodeUnknownDictionary: {http.StatusConflict, "the batch is compressed against a form version that is not here; send it without a dictionary"},
	CodeTooLarge:          {http.StatusRequestEntityTooLarge, "the request is too large; send less at once"},
	CodeTooMany:           {http.StatusTooManyRequests, "too many attempts"},
	CodeInternal:          {http.StatusInternalServerError, "the collector has a problem of its own"},
	CodeBusy:              {http.StatusServiceUnavailable, "the collector is busy"},
	CodeFull:              {http.StatusInsufficientStorage, "the disk of the collector is full; nothing of this was stored"},

	CodeWhoAreYou: {http.StatusUnauthorized, "this program has not met the device; send its certificate"},
	CodeStale:     {http.StatusUnauthorized, "the request is not of this time"},
	CodeHere:      {http.StatusConflict, "the file is here"},
	CodeBegun:     {http.StatusConflict, "a part of the file is here"},
	CodeWrongHash: {statusWrongHash, "what came is not the file that its hash says; it was set aside"},
	CodeUploads:   {http.StatusTooManyRequests, "this device has begun to send too many files, and not finished them"},
}

// Problem is why a collector refused a request. As JSON it is the body of every answer that is not 200.
type Problem struct {
	Code    string `json:"code"`
	Message string `json:"message"`

	Status int           `json:"-"` // of HTTP
	After  time.Duration `json:"-"` // not to be tried again before; 0: not said
}

func (p *Problem) Error() string { return fmt.Sprintf("transfer: %s: %s", p.Code, p.Message) }

// problem returns the problem with a code; detail is put behind its sentence.
func problem(code, detail string) *Problem {
	f := failure[code]
	p := &Problem{Code: code, Message: f.message, Status: f.status}
	if detail != "" {
		p.Message += ": " + detail
	}
	switch code {
	case CodeBusy:
		p.After = 5 * time.Second
	case CodeTooMany, CodeFull, CodeAskCentral, CodeUploads:
		p.After = time.Minute
	}
	return p
}

// problemOf makes a problem of an Archive's error.
func problemOf(err error) *Problem {
	var coded interface{ Code() string }
	if errors.As(err, &coded) {
		if _, known := failure[coded.Code()]; known {
			return problem(coded.Code(), "")
		}
	}
	return problem(CodeInternal, "")
}

// codeOf returns the code of an Archive's error, "" when it has none.
func codeOf(err error) string {
	var coded interface{ Code() string }
	if errors.As(err, &coded) {
		return coded.Code()
	}
	return ""
}

// RetryError says that a sync failed for now: no link, a collector that is busy, an answer from somebody else.
type RetryError struct {
	After time.Duration // not to be tried again before; 0: not said
	Err   error
}

func (e *RetryError) Error() string { return "transfer: not now: " + e.Err.Error() }

func (e *RetryError) Unwrap() error { return e.Err }

// worthRetrying reports whether trying again may help: the refusals that a person has to settle are final. A request that
// is malformed or wrongly signed was damaged on the way.
func (p *Problem) worthRetrying() bool {
	switch p.Code {
	case CodeCertificate, CodeRevoked, CodeExpired, CodeOtherProject, CodeNotYours, CodeRole, CodeNewerVersion,
		CodeUnknownInvitation, CodeInvitationExpired, CodeInvitationUsed:
		return false
	}
	return true
}
