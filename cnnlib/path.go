package cnnlib

import (
	"fmt"
	"strings"

	"github.com/gomlx/gomlx/ml/model"
)

// Path says where in a network a layer is: its index in each Sequential and
// Branches on the way to it, such as "3.1.0", or the name of a part, as
// "3.depthwise". The empty path is the whole network. Layers of a chain are
// "0", "1" and so on.
type Path string

// At is the path of these indexes: At(3, 1, 0) is "3.1.0".
func At(index ...int) Path {
	parts := make([]string, len(index))
	for i, v := range index {
		parts[i] = fmt.Sprint(v)
	}
	return Path(strings.Join(parts, "."))
}

// then is the path one element further; "" adds none.
func (p Path) then(element string) Path { return Path(dotted(string(p), element)) }

func dotted(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "." + b
}

// netScope is the scope of all variables of a network: its layers' are below.
const netScope = "/net"

func (p Path) scope() string {
	if p == "" {
		return netScope
	}
	return netScope + "/" + strings.ReplaceAll(string(p), ".", "/")
}

// scopeAt is the sub-scope with the elements of path, which slashes divide.
func scopeAt(scope *model.Scope, path string) *model.Scope {
	if path == "" {
		return scope
	}
	for element := range strings.SplitSeq(path, "/") {
		scope = scope.At("%s", element)
	}
	return scope
}
