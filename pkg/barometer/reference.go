package barometer

import (
	"crypto/rand"
	"fmt"
)

// referenceLetters has no digit, so that no reference looks like a personal number; no vowel, so that none is a word;
// and no letter that is rare in Danish.
const referenceLetters = "BCDFGHJKLMNPRSTV"

// NewReference makes a reference for a case: eight random consonants in two groups, such as KVBT-MRPD. There are four
// thousand million of them.
func NewReference() (string, error) {
	var random [8]byte
	if _, err := rand.Read(random[:]); err != nil {
		return "", fmt.Errorf("no random bytes for a reference: %w", err)
	}
	reference := make([]byte, 0, len(random)+1)
	for i, b := range random {
		if i == len(random)/2 {
			reference = append(reference, '-')
		}
		reference = append(reference, referenceLetters[int(b)%len(referenceLetters)]) // 16 of them: all alike probable
	}
	return string(reference), nil
}
