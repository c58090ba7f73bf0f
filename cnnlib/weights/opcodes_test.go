package weights

import (
	"reflect"
	"strings"
	"testing"
)

// TestOpcodes: values as Python's pickle module writes them in protocols 2 to
// 5, and opcodes that a state dict has no use for.
func TestOpcodes(t *testing.T) {
	for pickle, want := range map[string]any{
		"\x80\x02N.": nil, "\x80\x02\x88.": true, "\x80\x02K\x07.": int64(7), "\x80\x02M\x01\x01.": int64(257), "\x80\x02J\xff\xff\xff\xff.": int64(-1),
		"\x80\x02\x8a\x02\x00\xff.":                               int64(-256),
		"\x80\x02G\x3f\xf8\x00\x00\x00\x00\x00\x00.":              1.5,
		"\x80\x04\x95\x04\x00\x00\x00\x00\x00\x00\x00\x8c\x02hi.": "hi",
		"\x80\x02X\x02\x00\x00\x00hi.":                            "hi",
		"\x80\x02K\x01K\x02\x86.":                                 pickleTuple{int64(1), int64(2)},
		"\x80\x02(K\x01K\x02t.":                                   pickleTuple{int64(1), int64(2)},
		"\x80\x02](K\x01K\x02e.":                                  &pickleList{[]any{int64(1), int64(2)}},
		"\x80\x02}X\x01\x00\x00\x00aK\x01s.":                      &pickleDict{[]any{"a"}, []any{int64(1)}},
		"\x80\x02K\x05q\x00h\x00\x86.":                            pickleTuple{int64(5), int64(5)}, // remembered
	} {
		if got, err := newUnpickler([]byte(pickle)).value(); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %#v, error %v, want %#v", pickle, got, err, want)
		}
	}
	for pickle, want := range map[string]string{
		"\x80\x06.":            "pickle protocol 6",
		"\x80\x02o.":           "opcode 0x6f has no place in a state dict",
		"\x80\x02}K\x01a.":     "a dict takes pairs",
		"\x80\x02K\x01K\x02a.": "added to something else",
		"\x80\x02h\x03.":       "nothing was remembered as 3",
		"\x80\x02K\x01b.":      "only an ordered dict can have attributes",
	} {
		if v, err := newUnpickler([]byte(pickle)).value(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %#v, error %v, want one with %q", pickle, v, err, want)
		}
	}
}
