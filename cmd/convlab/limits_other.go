//go:build !unix

package main

// limits is for shells that have limits.
func limits() string { return "" }
