package weights

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
)

// The values that a state dict's pickle is made of, besides bool, int64,
// float64, string and nil.
type (
	pickleMark   struct{}
	pickleGlobal string
	pickleTuple  []any
	pickleList   struct{ items []any }
	pickleDict   struct{ keys, values []any }
	pickleOpaque struct{} // something that holds no tensor
	storage      struct {
		dtype   DType
		key     string
		numbers int64
	}
	view struct { // a tensor: a part of a storage
		storage        storage
		offset         int64
		shape, strides []int64
	}
)

// get is the value of a key, nil if there is none.
func (d *pickleDict) get(key string) any {
	for i, k := range d.keys {
		if k == key {
			return d.values[i]
		}
	}
	return nil
}

// unpickler is the pickle machine without its power to call anything: a global
// that is not listed in pickleglobals.go is an error before it is used.
type unpickler struct {
	data     []byte
	at       int
	stack    []any
	memo     map[uint32]any
	storages map[string]storage // that the pickle mentions, by key
}

func newUnpickler(data []byte) *unpickler {
	return &unpickler{data: data, storages: make(map[string]storage)}
}

// value reads the pickle that begins here, of protocol 2 to 5.
func (u *unpickler) value() (any, error) {
	u.stack, u.memo = nil, make(map[uint32]any)
	for {
		at := u.at
		op, err := u.take(1)
		if err != nil {
			return nil, err
		}
		if op[0] == '.' {
			if len(u.stack) != 1 {
				return nil, fmt.Errorf("byte %d: the pickle ends with %d values, want 1", at, len(u.stack))
			}
			return u.stack[0], nil
		}
		if err := u.do(op[0]); err != nil {
			return nil, fmt.Errorf("byte %d: %w", at, err)
		}
	}
}

func (u *unpickler) take(n int) ([]byte, error) {
	if n < 0 || n > len(u.data)-u.at {
		return nil, fmt.Errorf("byte %d: the pickle ends where %d bytes more are wanted", u.at, n)
	}
	u.at += n
	return u.data[u.at-n : u.at], nil
}

func (u *unpickler) push(v any) { u.stack = append(u.stack, v) }

func (u *unpickler) pop() (any, error) {
	if len(u.stack) == 0 {
		return nil, fmt.Errorf("the stack is empty")
	}
	v := u.stack[len(u.stack)-1]
	u.stack = u.stack[:len(u.stack)-1]
	return v, nil
}

// popN takes n values that lie above the mark below them.
func (u *unpickler) popN(n int) ([]any, error) {
	if len(u.stack) < n {
		return nil, fmt.Errorf("%d values wanted, the stack has %d", n, len(u.stack))
	}
	v := append([]any(nil), u.stack[len(u.stack)-n:]...)
	u.stack = u.stack[:len(u.stack)-n]
	return v, nil
}

// popMark takes what lies above the last mark, and the mark.
func (u *unpickler) popMark() ([]any, error) {
	for i := len(u.stack) - 1; i >= 0; i-- {
		if _, ok := u.stack[i].(pickleMark); ok {
			v, err := u.popN(len(u.stack) - i - 1)
			u.stack = u.stack[:i]
			return v, err
		}
	}
	return nil, fmt.Errorf("no mark on the stack")
}

// number reads n bytes little endian.
func (u *unpickler) number(n int) (uint64, error) {
	b, err := u.take(n)
	if err != nil {
		return 0, err
	}
	var wide [8]byte
	copy(wide[:], b)
	return binary.LittleEndian.Uint64(wide[:]), nil
}

// text reads a string whose length has n bytes.
func (u *unpickler) text(n int) (string, error) {
	length, err := u.number(n)
	if err != nil {
		return "", err
	}
	if length > uint64(len(u.data)) {
		return "", fmt.Errorf("a text of %d bytes in a pickle of %d", length, len(u.data))
	}
	b, err := u.take(int(length))
	return string(b), err
}

func (u *unpickler) line() (string, error) {
	n := bytes.IndexByte(u.data[u.at:], '\n')
	if n < 0 {
		return "", fmt.Errorf("a line without an end")
	}
	b, err := u.take(n + 1)
	return string(b[:n]), err
}

// long reads a signed number of n bytes.
func (u *unpickler) long(n int) (int64, error) {
	if n > 8 {
		return 0, fmt.Errorf("a number of %d bytes", n)
	}
	v, err := u.number(n)
	if n == 0 {
		return 0, err
	}
	return int64(v<<(64-8*n)) >> (64 - 8*n), err
}

func (u *unpickler) float() (float64, error) {
	b, err := u.take(8)
	if err != nil {
		return 0, err
	}
	return math.Float64frombits(binary.BigEndian.Uint64(b)), nil
}
