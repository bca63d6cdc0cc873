package barometer_test

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"hash/crc32"
	"io"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

var keyShape = regexp.MustCompile(`^barometer_([a-z2-7]{8})_([a-z2-7]{52})([a-z2-7]{7})$`)

func newKey(t interface{ Fatal(...any) }, random io.Reader) (text, id string) {
	text, id, err := barometer.NewKey(random)
	if err != nil {
		t.Fatal(err)
	}
	return text, id
}

// What is in a key is worked out here from its text: 256 bits of secret, and the CRC-32 of what stands before it.
func TestKeysHoldTheirSecretAndChecksum(t *testing.T) {
	t.Parallel()
	random := make([]byte, 37)
	_, _ = rand.Read(random)
	source := bytes.NewReader(random)
	text, id := newKey(t, source)
	parts := keyShape.FindStringSubmatch(text)
	if parts == nil || parts[1] != id || source.Len() != 0 {
		t.Fatalf("%q with id %q; %d bytes were left", text, id, source.Len())
	}
	plain := base32.StdEncoding.WithPadding(base32.NoPadding)
	for part, want := range map[string][]byte{parts[1]: random[:5], parts[2]: random[5:]} {
		got, err := plain.DecodeString(strings.ToUpper(part))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is %x (%v); want %x", part, got, err, want)
		}
	}
	if secret, err := plain.DecodeString(strings.ToUpper(parts[2])); err != nil || len(secret)*8 != 256 {
		t.Errorf("the secret has %d bits", len(secret)*8)
	}
	sum := crc32.ChecksumIEEE([]byte(strings.TrimSuffix(text, parts[3])))
	if want := plain.EncodeToString([]byte{byte(sum >> 24), byte(sum >> 16), byte(sum >> 8), byte(sum)}); strings.ToUpper(parts[3]) != want {
		t.Errorf("checksum %s; want %s", parts[3], want)
	}
	hash := sha256.Sum256([]byte(text))
	if barometer.HashKey(text) != hex.EncodeToString(hash[:]) {
		t.Error(barometer.HashKey(text))
	}
	if got, ok := barometer.ParseKey(text); !ok || got != id {
		t.Errorf("its own text is read as %q, %v", got, ok)
	}
}

func TestKeysAreNeverTheSame(t *testing.T) {
	t.Parallel()
	texts, ids := map[string]bool{}, map[string]bool{}
	for range 10_000 {
		text, id := newKey(t, rand.Reader)
		texts[text], ids[id] = true, true
		if barometer.LooksLikePersonalNumber(id) {
			t.Error(id)
		}
	}
	if len(texts) != 10_000 || len(ids) != 10_000 {
		t.Errorf("%d texts, %d ids", len(texts), len(ids))
	}
}

func TestNoKeyIsMadeWithoutRandomBytes(t *testing.T) {
	t.Parallel()
	for _, source := range []io.Reader{strings.NewReader("too few"), iotest.ErrReader(errors.New("broken"))} {
		if text, id, err := barometer.NewKey(source); err == nil || text != "" || id != "" {
			t.Errorf("%q %q %v", text, id, err)
		}
	}
}

// Every other character in any one place, one too few and one too many: none is taken for a key.
func TestMistypedKeysAreRefused(t *testing.T) {
	t.Parallel()
	text, _ := newKey(t, rand.Reader)
	refused := func(other string) {
		if id, ok := barometer.ParseKey(other); ok || id != "" {
			t.Errorf("%q was taken for a key", other)
		}
	}
	for i := range text {
		for c := range 256 {
			if byte(c) != text[i] {
				refused(text[:i] + string([]byte{byte(c)}) + text[i+1:])
			}
		}
		refused(text[:i] + text[i+1:])
		refused(text[:i] + "a" + text[i:])
		refused(text[:i])
	}
	for _, other := range []string{"", " " + text, text + "\n", strings.ToUpper(text), "barometer_", strings.Repeat("a", len(text))} {
		refused(other)
	}
}

func TestAnyKeyWithAnyMistakeIsRefused(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text, id := newKey(t, bytes.NewReader(rapid.SliceOfN(rapid.Byte(), 37, 37).Draw(t, "random")))
		if got, ok := barometer.ParseKey(text); !ok || got != id {
			t.Fatalf("%q is refused", text)
		}
		at := rapid.IntRange(0, len(text)-1).Draw(t, "at")
		other := text[:at] + string(rapid.SampledFrom([]rune("abcdefghijklmnopqrstuvwxyz234567_-018A ")).Draw(t, "letter")) + text[at+1:]
		if _, ok := barometer.ParseKey(other); ok != (other == text) {
			t.Fatalf("%q for %q: %v", other, text, ok)
		}
		if at > 0 && text[at] != text[at-1] {
			swapped := text[:at-1] + text[at:at+1] + text[at-1:at] + text[at+1:]
			if _, ok := barometer.ParseKey(swapped); ok {
				t.Fatalf("%q for %q, with two letters swapped", swapped, text)
			}
		}
	})
}

func FuzzParseKey(f *testing.F) {
	text, _ := newKey(f, rand.Reader)
	f.Add(text)
	f.Add("barometer_")
	f.Fuzz(func(t *testing.T, text string) {
		if id, ok := barometer.ParseKey(text); ok && (!keyShape.MatchString(text) || text[10:18] != id) {
			t.Errorf("%q is taken for key %q", text, id)
		}
	})
}
