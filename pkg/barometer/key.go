package barometer

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
)

// The text of an API key is a prefix, an id that is no secret, a secret of 256 random bits, and a checksum, by which a
// mistyped key is refused without asking the database and a leaked one is found by a scanner.
const (
	keyPrefix     = "barometer_"
	idLetters     = 8
	secretLetters = 52
	sumLetters    = 7
	keyLength     = len(keyPrefix) + idLetters + len("_") + secretLetters + sumLetters

	idBytes     = idLetters * 5 / 8
	secretBytes = 32
)

// alphabet is that of base32 (RFC 4648) in lower case, five bits a letter.
const alphabet = "abcdefghijklmnopqrstuvwxyz234567"

var letters = base32.NewEncoding(alphabet).WithPadding(base32.NoPadding)

// NewKey makes the text of an API key from random bytes, such as crypto/rand.Reader gives, and its id. The text is shown
// once and kept nowhere; what is kept is its [HashKey].
func NewKey(random io.Reader) (text, id string, err error) {
	var bytes [idBytes + secretBytes]byte
	if _, err := io.ReadFull(random, bytes[:]); err != nil {
		return "", "", fmt.Errorf("no random bytes for a key: %w", err)
	}
	id = letters.EncodeToString(bytes[:idBytes])
	text = keyPrefix + id + "_" + letters.EncodeToString(bytes[idBytes:])
	return text + checksum(text), id, nil
}

// ParseKey tells whether a text is whole as the text of an API key, and gives the id in it. Whether there is such a key
// only the database knows.
func ParseKey(text string) (id string, ok bool) {
	body, isKey := strings.CutPrefix(text, keyPrefix)
	if len(text) != keyLength || !isKey || body[idLetters] != '_' || !inLetters(body[:idLetters]+body[idLetters+1:]) {
		return "", false
	}
	if end := len(text) - sumLetters; text[end:] != checksum(text[:end]) {
		return "", false
	}
	return body[:idLetters], true
}

// HashKey gives what is kept of a key: SHA-256 of its text, in hexadecimal. The secret is too long to be guessed, so
// that no slower hash is needed.
func HashKey(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// checksum gives seven letters that are others when one letter of the text is.
func checksum(text string) string {
	return letters.EncodeToString(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE([]byte(text))))
}

func inLetters(text string) bool { return strings.Trim(text, alphabet) == "" }
