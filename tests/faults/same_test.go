//go:build linux

package faults

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
)

// sameWeights is an error unless two checkpoints hold the same variables, bit
// for bit. Their headers hold times besides.
func sameWeights(got, want string) error {
	a, err := variables(got)
	if err != nil {
		return err
	}
	b, err := variables(want)
	if err != nil {
		return err
	}
	for name, value := range b {
		if !bytes.Equal(a[name], value) {
			return fmt.Errorf("%s holds another %s than %s", got, name, want)
		}
	}
	if len(a) != len(b) {
		return fmt.Errorf("%s holds %d variables, %s %d", got, len(a), want, len(b))
	}
	return nil
}

// variables are those of a checkpoint, by name.
func variables(file string) (map[string][]byte, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	const magic = "convlab checkpoint 1\n"
	if len(data) < len(magic)+8+32 || !strings.HasPrefix(string(data), magic) {
		return nil, fmt.Errorf("%s is no checkpoint", file)
	}
	size := binary.LittleEndian.Uint64(data[len(magic):])
	body := data[len(magic)+8 : len(data)-32]
	if size > uint64(len(body)) {
		return nil, fmt.Errorf("%s has a header of %d bytes", file, size)
	}
	var header struct {
		Variables []struct {
			Path, DType string
			Dims        []int
		}
	}
	if err := json.Unmarshal(body[:size], &header); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	all, body := map[string][]byte{}, body[size:]
	for _, v := range header.Variables {
		n, known := map[string]int{"Float32": 4, "Int32": 4, "Int64": 8, "Uint64": 8}[v.DType]
		for _, side := range v.Dims {
			n *= side
		}
		if !known || n > len(body) {
			return nil, fmt.Errorf("%s: %s is of type %s, %d bytes of %d that are left", file, v.Path, v.DType, n, len(body))
		}
		all[v.Path], body = body[:n], body[n:]
	}
	if len(body) > 0 {
		return nil, fmt.Errorf("%s has %d bytes too many", file, len(body))
	}
	return all, nil
}

// same is an error if two files differ.
func same(got, want string) error {
	a, err := os.ReadFile(got)
	if err != nil {
		return err
	}
	b, err := os.ReadFile(want)
	if err != nil {
		return err
	}
	if !bytes.Equal(a, b) {
		return fmt.Errorf("%s (%d bytes) is not %s (%d bytes)", got, len(a), want, len(b))
	}
	return nil
}

// oneOf is an error unless a file is the same as one of those given.
func oneOf(got string, want ...string) error {
	var all []error
	for _, w := range want {
		err := same(got, w)
		if err == nil {
			return nil
		}
		all = append(all, err)
	}
	return errors.Join(all...)
}

func copyFile(from, to string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, data, 0o644)
}
