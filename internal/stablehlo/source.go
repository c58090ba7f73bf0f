package stablehlo

import (
	"bytes"
	"fmt"
	"strconv"
)

// A source is a text that is read once, from its beginning to its end.
type source struct {
	text      []byte
	at        int
	loops     bool
	commented func(comment string) // what a comment is told to, if not nil
	fn        *function            // whose statements are read
	counted   int                  // where line has counted to
	lines     int                  // how many lines end before counted
}

// errorf names the line that is read.
func (s *source) errorf(format string, args ...any) error {
	return fmt.Errorf("line %d: %w", s.line(), fmt.Errorf(format, args...))
}

// line is the number of the line that is read. It counts on from where it was,
// as it is asked for each operation.
func (s *source) line() int {
	if s.at < s.counted {
		s.counted, s.lines = 0, 0
	}
	s.lines += bytes.Count(s.text[s.counted:s.at], []byte("\n"))
	s.counted = s.at
	return 1 + s.lines
}

// unexpected is the error of a text that is something else than want.
func (s *source) unexpected(want string) error {
	if s.at >= len(s.text) {
		return s.errorf("the text ends where %s should be", want)
	}
	rest := s.text[s.at:min(len(s.text), s.at+40)]
	if end := bytes.IndexByte(rest, '\n'); end > 0 {
		rest = rest[:end]
	}
	return s.errorf("%q where %s should be", rest, want)
}

// space goes over white space and comments.
func (s *source) space() {
	for s.at < len(s.text) {
		switch s.text[s.at] {
		case ' ', '\t', '\r', '\n':
			s.at++
		case '/':
			if s.at+1 >= len(s.text) || s.text[s.at+1] != '/' {
				return
			}
			end := bytes.IndexByte(s.text[s.at:], '\n')
			if end < 0 {
				end = len(s.text) - s.at
			}
			comment := s.text[s.at : s.at+end]
			if s.commented != nil {
				s.commented(string(comment))
			}
			for i := range comment {
				comment[i] = ' '
			}
			s.at += end
		default:
			return
		}
	}
}

// next is the byte after white space, 0 at the end.
func (s *source) next() byte {
	s.space()
	if s.at < len(s.text) {
		return s.text[s.at]
	}
	return 0
}

// has goes over a sign if it comes next.
func (s *source) has(sign string) bool {
	s.space()
	if !bytes.HasPrefix(s.text[s.at:], []byte(sign)) {
		return false
	}
	s.at += len(sign)
	return true
}

// want goes over a sign that has to come next.
func (s *source) want(signs ...string) error {
	for _, sign := range signs {
		if !s.has(sign) {
			return s.unexpected(strconv.Quote(sign))
		}
	}
	return nil
}

func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' }
func digit(c byte) bool  { return c >= '0' && c <= '9' }

// longestWord is that of names.
const longestWord = 256

// word reads a name of letters, digits, "_", "." and "$", which does not begin
// with a digit unless digits is true; "" if there is none.
func (s *source) word(digits bool) string {
	s.space()
	begin := s.at
	for s.at < len(s.text) && s.at-begin < longestWord {
		c := s.text[s.at]
		if !letter(c) && (!digit(c) && c != '.' && c != '$' || s.at == begin && (!digits || !digit(c))) {
			break
		}
		s.at++
	}
	return string(s.text[begin:s.at])
}

// keyword goes over word if it comes next and is all of a word.
func (s *source) keyword(word string) bool {
	s.space()
	begin := s.at
	if s.word(false) == word {
		return true
	}
	s.at = begin
	return false
}

// name reads a name after a mark, "%" or "@" or "^".
func (s *source) name(mark byte) (string, error) {
	if s.next() != mark {
		return "", s.unexpected(strconv.Quote(string(mark)) + " and a name")
	}
	s.at++
	if s.at < len(s.text) && (letter(s.text[s.at]) || digit(s.text[s.at])) {
		if name := s.word(true); len(name) < longestWord {
			return name, nil
		}
	}
	return "", s.unexpected("a name")
}

// integer reads a whole number of at most 18 digits.
func (s *source) integer() (int64, error) {
	s.space()
	begin := s.at
	if s.at < len(s.text) && s.text[s.at] == '-' {
		s.at++
	}
	for s.at < len(s.text) && s.at-begin < 20 && digit(s.text[s.at]) {
		s.at++
	}
	n, err := strconv.ParseInt(string(s.text[begin:s.at]), 10, 64)
	if err != nil || s.at-begin > 18 {
		s.at = begin
		return 0, s.unexpected("a whole number")
	}
	return n, nil
}

// list reads items between brackets, with commas between them; none too.
func (s *source) list(open, end string, item func() error) error {
	if err := s.want(open); err != nil {
		return err
	}
	if s.has(end) {
		return nil
	}
	for {
		if err := item(); err != nil {
			return err
		}
		if s.has(end) {
			return nil
		}
		if !s.has(",") {
			return s.unexpected(strconv.Quote(",") + " or " + strconv.Quote(end))
		}
	}
}
