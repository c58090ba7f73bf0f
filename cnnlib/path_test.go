package cnnlib

import "testing"

// TestPaths: a path, its scope in the model's store, and the way to a part.
func TestPaths(t *testing.T) {
	if p := At(3, 1, 0); p != "3.1.0" || p.scope() != "/net/3/1/0" || p.then("depthwise") != "3.1.0.depthwise" || p.then("") != p {
		t.Errorf("path %q, scope %q, part %q", p, p.scope(), p.then("depthwise"))
	}
	if p := At(); p != "" || p.scope() != "/net" || p.then("2") != "2" {
		t.Errorf("the whole network: path %q, scope %q, part %q", p, p.scope(), p.then("2"))
	}
}
