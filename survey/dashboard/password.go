package dashboard

import (
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// The cost of a hash: OWASP's second recommendation for argon2id (Password Storage Cheat Sheet). The parameters stand in each hash, so
// they can be raised without anybody's password being lost.
const (
	hashMemory  = 19 << 10 // KiB
	hashTime    = 2
	hashThreads = 1
	hashSize    = 32
	saltSize    = 16
)

// hashesAtOnce bounds the memory that logins take together.
const hashesAtOnce = 2

// The length of a password, in characters (at least, NIST SP 800-63B) and bytes (at most).
const (
	MinPassword = 8
	maxPassword = 1024
)

// ErrPasswordLength is returned for a new password that is shorter than MinPassword characters, or absurdly long.
var ErrPasswordLength = fmt.Errorf("a password has at least %d characters and at most %d bytes", MinPassword, maxPassword)

// ErrHash is returned for a stored hash that HashPassword did not write.
var ErrHash = errors.New("dashboard: not a password hash")

// HashPassword returns the argon2id hash of a password in PHC form ("$argon2id$v=19$m=...,t=...,p=...$salt$hash"), with a salt from random.
// It fails with ErrPasswordLength, and when random fails.
func HashPassword(password string, random io.Reader) (string, error) {
	if utf8.RuneCountInString(password) < MinPassword || len(password) > maxPassword {
		return "", ErrPasswordLength
	}
	salt := make([]byte, saltSize)
	if _, err := io.ReadFull(random, salt); err != nil {
		return "", fmt.Errorf("dashboard: salt: %w", err)
	}
	key := argon2.IDKey(normal(password), salt, hashTime, hashMemory, hashThreads, hashSize)
	b64 := base64.RawStdEncoding
	cost := hashParts{memory: hashMemory, time: hashTime, threads: hashThreads}.cost()
	return fmt.Sprintf("$argon2id$v=%d$%s$%s$%s", argon2.Version, cost,
		b64.EncodeToString(salt), b64.EncodeToString(key)), nil
}

// CheckPassword reports whether a password is the one that was hashed. It fails with ErrHash.
func CheckPassword(password, hash string) (bool, error) {
	p, err := parseHash(hash)
	if err != nil {
		return false, err
	}
	if len(password) > maxPassword {
		return false, nil
	}
	key := argon2.IDKey(normal(password), p.salt, p.time, p.memory, p.threads, uint32(len(p.key)))
	return subtle.ConstantTimeCompare(key, p.key) == 1, nil
}

// normal makes passwords equal that look so: "ñ" has two spellings in Unicode, and keyboards differ (RFC 8265, section 4.2).
func normal(password string) []byte { return norm.NFC.Bytes([]byte(password)) }

type hashParts struct {
	memory, time uint32
	threads      uint8
	salt, key    []byte
}

// cost is how the parameters are written.
func (p hashParts) cost() string { return fmt.Sprintf("m=%d,t=%d,p=%d", p.memory, p.time, p.threads) }

func parseHash(hash string) (hashParts, error) {
	var p hashParts
	fields := strings.Split(hash, "$")
	if len(fields) != 6 || fields[0] != "" || fields[1] != "argon2id" {
		return p, ErrHash
	}
	_, err := fmt.Sscanf(fields[3], "m=%d,t=%d,p=%d", &p.memory, &p.time, &p.threads)
	if err != nil || fields[2] != fmt.Sprintf("v=%d", argon2.Version) || fields[3] != p.cost() {
		return p, ErrHash
	}
	var err1, err2 error
	p.salt, err1 = base64.RawStdEncoding.DecodeString(fields[4])
	p.key, err2 = base64.RawStdEncoding.DecodeString(fields[5])
	if err1 != nil || err2 != nil || !p.sane() {
		return p, ErrHash
	}
	return p, nil
}

// sane keeps a damaged hash from taking all memory or time.
func (p hashParts) sane() bool {
	return p.memory >= 8 && p.memory <= 1<<20 && p.time >= 1 && p.time <= 16 && p.threads >= 1 && p.threads <= 16 &&
		len(p.salt) >= 8 && len(p.salt) <= 64 && len(p.key) >= 16 && len(p.key) <= 64
}
