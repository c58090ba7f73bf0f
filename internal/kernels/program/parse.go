// Package program reads the programs that go-xla hands to XLA, in the generic
// form of StableHLO's text, and puts calls of our kernels into them.
//
// go-xla writes one operation after the other, each as
//
//	%4 = "stablehlo.add"(%2, %3) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
//
// with regions in ({ … }) and attributes in { … } between operands and types.
// What is not of this form is left as it is.
package program

import (
	"slices"
	"strings"
)

// operation is one statement of the text.
type operation struct {
	start, end int               // of the statement in the text
	results    []string          // %0
	name       string            // stablehlo.add
	operands   []string          // %arg0
	attributes map[string]string // as they are written
	regions    bool              // it has some
	inputs     []string          // types
	outputs    []string
}

// parse lists the operations of a program, without those in the regions of
// others. ok is false if the text is not of the form above.
func parse(text string) (all []operation, ok bool) {
	for at := 0; at < len(text); {
		end := strings.IndexByte(text[at:], '\n')
		if end < 0 {
			end = len(text) - at
		}
		line := strings.TrimSpace(text[at : at+end])
		if !strings.HasPrefix(line, "%") && !strings.HasPrefix(line, `"`) { // module, function, closing bracket, empty
			at += end + 1
			continue
		}
		r := reader{text: text, at: at}
		o, good := r.operation()
		if !good {
			return nil, false
		}
		all = append(all, o)
		at = r.at
	}
	return all, true
}

// reader reads one statement.
type reader struct {
	text string
	at   int
}

func (r *reader) space() {
	for r.at < len(r.text) && strings.IndexByte(" \t\n\r", r.text[r.at]) >= 0 {
		r.at++
	}
}

// take reads a token after white space; it is false if another is there.
func (r *reader) take(token string) bool {
	r.space()
	if !strings.HasPrefix(r.text[r.at:], token) {
		return false
	}
	r.at += len(token)
	return true
}

func (r *reader) operation() (o operation, ok bool) {
	r.space()
	o.start = r.at
	if strings.HasPrefix(r.text[r.at:], "%") {
		o.results = r.values()
		if !r.take("=") {
			return o, false
		}
	}
	if !r.take(`"`) {
		return o, false
	}
	name := strings.IndexByte(r.text[r.at:], '"')
	if name < 0 {
		return o, false
	}
	o.name = r.text[r.at : r.at+name]
	r.at += name + 1
	if !r.take("(") {
		return o, false
	}
	o.operands = r.values()
	if !r.take(")") {
		return o, false
	}
	if r.space(); strings.HasPrefix(r.text[r.at:], "(") {
		o.regions = true
		if _, ok := r.balanced(); !ok {
			return o, false
		}
	}
	if r.space(); strings.HasPrefix(r.text[r.at:], "{") {
		inside, ok := r.balanced()
		if !ok {
			return o, false
		}
		o.attributes = map[string]string{}
		for _, part := range split(inside) {
			key, value, found := strings.Cut(part, "=")
			if !found {
				return o, false
			}
			o.attributes[strings.TrimSpace(key)] = strings.TrimSpace(value)
		}
	}
	if !r.take(":") || !r.take("(") {
		return o, false
	}
	r.at--
	inside, ok := r.balanced()
	if !ok || !r.take("->") {
		return o, false
	}
	o.inputs = split(inside)
	if r.space(); strings.HasPrefix(r.text[r.at:], "(") {
		inside, ok := r.balanced()
		if !ok {
			return o, false
		}
		o.outputs = split(inside)
	} else {
		end := strings.IndexByte(r.text[r.at:], '\n')
		if end < 0 {
			end = len(r.text) - r.at
		}
		o.outputs = []string{strings.TrimSpace(r.text[r.at : r.at+end])}
		r.at += end
	}
	o.end = r.at
	return o, len(o.inputs) == len(o.operands) && (len(o.results) == 0 || len(o.outputs) == len(o.results))
}

// values reads "%a, %b", or nothing.
func (r *reader) values() (all []string) {
	for {
		if r.space(); r.at == len(r.text) || r.text[r.at] != '%' {
			return all
		}
		from := r.at
		for r.at++; r.at < len(r.text) && isName(r.text[r.at]); r.at++ {
		}
		all = append(all, r.text[from:r.at])
		if !r.take(",") {
			return all
		}
	}
}

func isName(c byte) bool {
	return c == '_' || c == '#' || c == '$' || c == '.' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// balanced reads from an opening bracket to the one that closes it and gives
// what is between. Brackets in strings do not count, and neither does the ">"
// of an arrow.
func (r *reader) balanced() (inside string, ok bool) {
	from := r.at
	if end, ok := closing(r.text, from); ok {
		r.at = end + 1
		return r.text[from+1 : end], true
	}
	return "", false
}

// closing finds the bracket that closes the one at from.
func closing(text string, from int) (end int, ok bool) {
	depth := 0
	for i := from; i < len(text); i++ {
		switch text[i] {
		case '"':
			for i++; i < len(text) && text[i] != '"'; i++ {
				if text[i] == '\\' {
					i++
				}
			}
		case '(', '{', '[', '<':
			depth++
		case '>':
			if text[i-1] != '-' {
				depth--
			}
		case ')', '}', ']':
			depth--
		}
		if depth == 0 {
			return i, true
		}
	}
	return 0, false
}

// split separates at the commas that stand in no brackets.
func split(text string) (parts []string) {
	from := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"', '(', '{', '[', '<':
			if text[i] == '"' {
				for i++; i < len(text) && text[i] != '"'; i++ {
					if text[i] == '\\' {
						i++
					}
				}
			} else if end, ok := closing(text, i); ok {
				i = end
			}
		case ',':
			parts = append(parts, strings.TrimSpace(text[from:i]))
			from = i + 1
		}
	}
	if last := strings.TrimSpace(text[from:]); last != "" {
		parts = append(parts, last)
	}
	return slices.DeleteFunc(parts, func(s string) bool { return s == "" })
}
