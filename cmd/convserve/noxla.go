//go:build !cgo

package main

import "errors"

// compiled is a program that a plugin compiled: none, without cgo.
type compiled struct{}

var errWithout = errors.New("this convserve was built without cgo, which XLA needs: build it with CGO_ENABLED=1 and a C compiler")

func (p *program) compile(string, string, []byte) error { return errWithout }

func (p *program) run([]uint8) ([]float32, error) { return nil, errWithout }

func (p *program) close() {}
