package device

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/crypto/argon2"
)

// linkVersion is the version of links that this package writes and reads.
const linkVersion = 1

// Sizes in symbols.
const (
	codeData   = 7 // 35 bits
	codeChecks = 1
	codeGroup  = 4
	keySymbols = 52
	linkCheck  = 8
	checkData  = 11 // 55 bits
)

// maxLink bounds what ParseLink looks at, in bytes.
const maxLink = 2048

// Invitation lets a device into a project.
type Invitation struct {
	V           int               `json:"v"`
	Address     string            `json:"address"`               // https://192.168.1.5:8443
	Fingerprint string            `json:"fingerprint,omitempty"` // SHA-256 of the TLS certificate, hexadecimal; "" for a publicly trusted one or loopback
	Project     ed25519.PublicKey `json:"project"`
	Code        string            `json:"code"` // "K7M4-P2QX"
}

// NewCode returns a code that can be read aloud: seven random characters (35 bits) and a check character, "K7M4-P2QX".
func NewCode(random io.Reader) (string, error) {
	b := make([]byte, codeData)
	if _, err := io.ReadFull(random, b); err != nil {
		return "", fmt.Errorf("device: no randomness for a code: %w", err)
	}
	for i := range b {
		b[i] &= 31
	}
	return letters(withChecks(b, codeChecks), codeGroup), nil
}

// ParseCode brings what somebody typed (any case, with or without hyphen and blanks, O for 0, I and L for 1) into the
// form of NewCode. Errors are *TextError: any one wrong character, and any two swapped, are found.
func ParseCode(s string) (string, error) { return parseShort("code", s, codeData) }

func parseShort(what, s string, data int) (string, error) {
	all, err := symbols(what, s)
	if err != nil {
		return "", err
	}
	if len(all) != data+codeChecks {
		return "", &TextError{What: what, Reason: WrongLength}
	}
	if _, ok := checked(all, codeChecks); !ok {
		return "", &TextError{What: what, Reason: WrongCheck}
	}
	return letters(all, codeGroup), nil
}

// Check returns what lets a code that was read aloud be as good as a link: 55 bits made of the TLS certificate's fingerprint and the
// project's key, and a check character, "K7M4-P2QX-9TRD". Each takes argon2id 20 MB and some hundredths of a second, so that nobody makes
// certificates until one has the same.
func (i Invitation) Check() string {
	proved := strings.ToLower(i.Fingerprint) + "\n" + letters(toSymbols(i.Project, keySymbols), 0)
	sum := argon2.IDKey([]byte(proved), []byte("vereda check"), checkPasses, checkMemory, 1, sha256.Size)
	return letters(withChecks(toSymbols(sum, checkData), codeChecks), codeGroup)
}

// What argon2id does for check letters: the least that OWASP's Password Storage Cheat Sheet asks for.
const (
	checkPasses = 2
	checkMemory = 19 << 10 // KiB
)

// ParseCheck brings typed check letters into the form of Check, as ParseCode does.
func ParseCheck(s string) (string, error) { return parseShort("check letters", s, checkData) }

// Link writes an invitation as one line to copy or put in a QR code:
//
//	vereda://join?v=1&a=ADDRESS&f=FINGERPRINT&p=PROJECT-KEY&c=CODE&k=CHECK
//
// f is left out when there is none. The key stands in the letters of IDs; k is 40 bits of the SHA-256 of all before "&k=".
func (i Invitation) Link() string {
	link := i.unchecked()
	return link + "&k=" + linkSum(link)
}

// unchecked is the link up to its check. Address and code stand in it as ParseLink gives them back.
func (i Invitation) unchecked() string {
	if address, err := parseAddress(i.Address); err == nil {
		i.Address = address
	}
	if code, err := ParseCode(i.Code); err == nil {
		i.Code = code
	}
	var b strings.Builder
	b.WriteString("vereda://join?v=" + strconv.Itoa(linkVersion) + "&a=" + url.QueryEscape(i.Address))
	if i.Fingerprint != "" {
		b.WriteString("&f=" + strings.ToLower(i.Fingerprint))
	}
	b.WriteString("&p=" + letters(toSymbols(i.Project, keySymbols), 0))
	b.WriteString("&c=" + i.Code)
	return b.String()
}

func linkSum(link string) string {
	sum := sha256.Sum256([]byte(link))
	return letters(toSymbols(sum[:], linkCheck), 0)
}

// ParseLink reads what Link wrote, after it went through people's hands: case (but for a path in the address) and blanks
// don't matter, and the code may be written as ParseCode reads it. Any other change is an error. Errors are *TextError.
func ParseLink(s string) (Invitation, error) {
	if len(s) > maxLink {
		return Invitation{}, linkError(WrongLength, "")
	}
	u, err := url.Parse(strings.Map(visible, s))
	if err != nil || u.Scheme != "vereda" || !strings.EqualFold(u.Host, "join") {
		return Invitation{}, linkError(NotALink, "")
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return Invitation{}, linkError(Incomplete, "")
	}
	part := func(name string) string {
		if v := query[name]; len(v) == 1 {
			return v[0]
		}
		return strings.Join(query[strings.ToUpper(name)], "")
	}
	if v, err := strconv.Atoi(part("v")); err != nil || v < 1 {
		return Invitation{}, linkError(Incomplete, "version")
	} else if v > linkVersion {
		return Invitation{}, linkError(NewerLink, "")
	}
	i, err := invitationOf(part)
	if err != nil {
		return Invitation{}, err
	}
	check, err := symbols("link", part("k"))
	if err != nil || letters(check, 0) != linkSum(i.unchecked()) {
		return Invitation{}, linkError(WrongCheck, "")
	}
	return i, nil
}

// invitationOf reads the parts of a link, before its check is looked at.
func invitationOf(part func(string) string) (Invitation, error) {
	address, err := parseAddress(part("a"))
	if err != nil {
		return Invitation{}, linkError(Incomplete, "address")
	}
	fingerprint := strings.ToLower(part("f"))
	if b, err := hex.DecodeString(fingerprint); err != nil || len(b) != 0 && len(b) != sha256.Size {
		return Invitation{}, linkError(Incomplete, "fingerprint")
	}
	key, err := symbols("link", part("p"))
	if err != nil || len(key) != keySymbols {
		return Invitation{}, linkError(Incomplete, "project key")
	}
	project, ok := fromSymbols(key, ed25519.PublicKeySize)
	if !ok {
		return Invitation{}, linkError(Incomplete, "project key")
	}
	code, err := ParseCode(part("c"))
	if err != nil {
		return Invitation{}, linkError(Incomplete, "code")
	}
	return Invitation{V: linkVersion, Address: address, Fingerprint: fingerprint, Project: project, Code: code}, nil
}

// parseAddress takes http and https addresses of a host, perhaps with a path, and nothing else.
func parseAddress(s string) (string, error) {
	u, err := url.Parse(s)
	if err != nil {
		return "", err
	}
	if u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return "", fmt.Errorf("no address of a collector")
	}
	return u.Scheme + "://" + strings.ToLower(u.Host) + u.EscapedPath(), nil
}

// visible drops blanks, line ends and invisible characters that messengers put in.
func visible(r rune) rune {
	if unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || unicode.IsControl(r) {
		return -1
	}
	return r
}

func linkError(reason TextReason, detail string) error {
	return &TextError{What: "link", Reason: reason, Detail: detail}
}
