package xpath

import (
	"crypto/ed25519"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"math"
	"strings"
	"unicode/utf8"
)

// Texts.
var textFunctions = []function{
	{name: "concat", max: -1, result: kindString, eval: concat},
	{name: "join", min: 1, max: -1, result: kindString, eval: join},
	{name: "contains", min: 2, max: 2, result: kindBool, eval: two(func(a, b string) Value { return boolValue(strings.Contains(a, b)) })},
	{name: "starts-with", min: 2, max: 2, result: kindBool, eval: two(func(a, b string) Value { return boolValue(strings.HasPrefix(a, b)) })},
	{name: "ends-with", min: 2, max: 2, result: kindBool, eval: two(func(a, b string) Value { return boolValue(strings.HasSuffix(a, b)) })},
	{name: "substring-before", min: 2, max: 2, result: kindString, eval: two(substringBefore)},
	{name: "substring-after", min: 2, max: 2, result: kindString, eval: two(substringAfter)},
	{name: "substring", min: 2, max: 3, result: kindString, eval: substring},
	{name: "substr", min: 2, max: 3, result: kindString, eval: substr},
	{name: "string-length", max: 1, result: kindNumber, eval: stringLength, reads: readsContext},
	{name: "normalize-space", max: 1, result: kindString, eval: normalizeSpace, reads: readsContext},
	{name: "translate", min: 3, max: 3, result: kindString, eval: translate},
	{name: "regex", min: 2, max: 2, result: kindBool, eval: regex, prepare: prepareRegex},
	{name: "digest", min: 2, max: 3, result: kindString, eval: digest},
	{name: "extract-signed", min: 2, max: 2, result: kindString, eval: extractSigned},
	{name: "base64-decode", min: 1, max: 1, result: kindString, eval: base64Decode},
}

func two(fn func(a, b string) Value) func(*frame, *call) Value {
	return func(f *frame, c *call) Value { return fn(c.args[0].text(f), c.args[1].text(f)) }
}

func concat(f *frame, c *call) Value {
	return stringValue(joined(f, "", c.spread(f, 0)))
}

func join(f *frame, c *call) Value {
	return stringValue(joined(f, c.args[0].text(f), c.spread(f, 1)))
}

// maxText bounds the text that one function may make.
const maxText = 1 << 24

func joined(f *frame, sep string, values []Value) string {
	var b strings.Builder
	for i := range values {
		if i > 0 {
			b.WriteString(sep)
		}
		b.WriteString(values[i].String())
		if b.Len() > maxText {
			f.fail(0, "a text grows too long")
			return ""
		}
	}
	return b.String()
}

func substringBefore(s, mark string) Value {
	before, _, ok := strings.Cut(s, mark)
	if !ok {
		return stringValue("")
	}
	return stringValue(before)
}

func substringAfter(s, mark string) Value {
	_, after, _ := strings.Cut(s, mark)
	return stringValue(after)
}

// substring is XPath's: the first character is number 1, bounds are rounded.
func substring(f *frame, c *call) Value {
	s := []rune(c.args[0].text(f))
	from := roundHalfUp(c.args[1].number(f))
	to := math.Inf(1)
	if len(c.args) == 3 {
		to = from + roundHalfUp(c.args[2].number(f))
	}
	start, end := len(s), 0
	for i := range s {
		if p := float64(i + 1); p >= from && p < to {
			start, end = min(start, i), i+1
		}
	}
	if start >= end {
		return stringValue("")
	}
	return stringValue(string(s[start:end]))
}

// substr is ODK's: the first character is number 0, the second bound is exclusive, negative numbers count from the end.
func substr(f *frame, c *call) Value {
	s := []rune(c.args[0].text(f))
	bound := func(n float64) int {
		i := whole(n)
		if i < 0 {
			i += len(s)
		}
		return min(max(i, 0), len(s))
	}
	start, end := bound(c.args[1].number(f)), len(s)
	if len(c.args) == 3 {
		end = bound(c.args[2].number(f))
	}
	if start >= end {
		return stringValue("")
	}
	return stringValue(string(s[start:end]))
}

func stringLength(f *frame, c *call) Value {
	return numberValue(float64(utf8.RuneCountInString(c.arg(f, 0))))
}

func normalizeSpace(f *frame, c *call) Value {
	return stringValue(strings.Join(strings.FieldsFunc(c.arg(f, 0), isXMLSpace), " "))
}

func isXMLSpace(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' }

func translate(f *frame, c *call) Value {
	from, to := []rune(c.args[1].text(f)), []rune(c.args[2].text(f))
	become := map[rune]rune{}
	for i, r := range from {
		if _, done := become[r]; done {
			continue
		}
		become[r] = -1
		if i < len(to) {
			become[r] = to[i]
		}
	}
	return stringValue(strings.Map(func(r rune) rune {
		if t, ok := become[r]; ok {
			return t
		}
		return r
	}, c.args[0].text(f)))
}

func digest(f *frame, c *call) Value {
	data, algorithm, encoding := []byte(c.args[0].text(f)), c.args[1].text(f), "base64"
	if len(c.args) == 3 {
		encoding = c.args[2].text(f)
	}
	sum := digestOf(data, algorithm)
	if sum == nil {
		f.fail(c.at, "digest(): the algorithm is one of MD5, SHA-1, SHA-256, SHA-384, SHA-512")
		return stringValue("")
	}
	switch strings.ToLower(encoding) {
	case "base64":
		return stringValue(base64.StdEncoding.EncodeToString(sum))
	case "hex":
		return stringValue(hex.EncodeToString(sum))
	}
	f.fail(c.at, "digest(): the encoding is hex or base64")
	return stringValue("")
}

// digestOf returns the digest, nil for an algorithm that ODK does not have.
func digestOf(data []byte, algorithm string) []byte {
	switch strings.ToUpper(algorithm) {
	case "MD5":
		s := md5.Sum(data)
		return s[:]
	case "SHA-1", "SHA1":
		s := sha1.Sum(data)
		return s[:]
	case "SHA-256", "SHA256":
		s := sha256.Sum256(data)
		return s[:]
	case "SHA-384", "SHA384":
		s := sha512.Sum384(data)
		return s[:]
	case "SHA-512", "SHA512":
		s := sha512.Sum512(data)
		return s[:]
	}
	return nil
}

// base64Decode ignores what is no base64 and takes bytes for UTF-8, as JavaRosa does.
func base64Decode(f *frame, c *call) Value {
	raw, ok := fromBase64(c.args[0].text(f))
	if !ok {
		return stringValue("")
	}
	return stringValue(strings.ToValidUTF8(string(raw), "\uFFFD"))
}

func fromBase64(text string) ([]byte, bool) {
	clean := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '+' || r == '/' {
			return r
		}
		return -1
	}, text)
	raw, err := base64.RawStdEncoding.DecodeString(clean)
	return raw, err == nil
}

// extractSigned returns what stands after an Ed25519 signature of 64 bytes, if that is good for the public key; both are base64. Otherwise it is blank.
func extractSigned(f *frame, c *call) Value {
	signed, ok1 := fromBase64(c.args[0].text(f))
	key, ok2 := fromBase64(c.args[1].text(f))
	if !ok1 || !ok2 || len(key) != ed25519.PublicKeySize || len(signed) < ed25519.SignatureSize {
		return stringValue("")
	}
	contents := signed[ed25519.SignatureSize:]
	if !ed25519.Verify(key, contents, signed[:ed25519.SignatureSize]) {
		return stringValue("")
	}
	return stringValue(strings.ToValidUTF8(string(contents), "\uFFFD"))
}
