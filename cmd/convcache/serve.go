package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// request and response are the messages of Go's protocol for such programs,
// as cmd/go/internal/cacheprog documents it.
type request struct {
	ID                 int64
	Command            string
	ActionID, OutputID []byte
	BodySize           int64
}

type response struct {
	ID            int64
	Err           string     `json:",omitempty"`
	KnownCommands []string   `json:",omitempty"`
	Miss          bool       `json:",omitempty"`
	OutputID      []byte     `json:",omitempty"`
	Size          int64      `json:",omitempty"`
	Time          *time.Time `json:",omitempty"`
	DiskPath      string     `json:",omitempty"`
}

// serve answers requests in their order until one says close or there are no
// more. A request that fails is answered with its error; serve itself fails
// where the messages are not of the protocol.
func serve(in *bufio.Reader, out io.Writer, l layers) error {
	answers := json.NewEncoder(out)
	if err := answers.Encode(response{KnownCommands: []string{"get", "put", "close"}}); err != nil {
		return err
	}
	for {
		line, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) && len(bytes.TrimSpace(line)) == 0 {
			return nil
		}
		if err != nil {
			return err
		}
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		var r request
		if err := json.Unmarshal(line, &r); err != nil {
			return fmt.Errorf("a request that is no JSON: %w", err)
		}
		answer, err := l.answer(r, in)
		if err != nil {
			return err
		}
		if err := answers.Encode(answer); err != nil {
			return err
		}
		if r.Command == "close" {
			return nil
		}
	}
}

// answer answers one request; the error is of reading the body that follows it.
func (l layers) answer(r request, in *bufio.Reader) (response, error) {
	answer := response{ID: r.ID}
	if r.Command != "close" && len(r.ActionID) == 0 {
		answer.Err = "the request names no action"
		return answer, nil
	}
	switch r.Command {
	case "get":
		e, file, ok := l.get(r.ActionID)
		if !ok {
			answer.Miss = true
			break
		}
		answer.OutputID, answer.Size, answer.Time, answer.DiskPath = e.OutputID, e.Size, &e.Time, file
	case "put":
		var body io.Reader = bytes.NewReader(nil)
		if r.BodySize > 0 {
			quoted, err := in.ReadBytes('"') // up to its beginning
			if err == nil && len(bytes.TrimSpace(quoted)) != 1 {
				err = fmt.Errorf("%q stands before the body of a put", quoted)
			}
			if err == nil {
				quoted, err = in.ReadBytes('"')
			}
			if err != nil {
				return answer, err
			}
			body = base64.NewDecoder(base64.StdEncoding, bytes.NewReader(quoted[:len(quoted)-1]))
		}
		file, err := l.put(r.ActionID, entry{OutputID: r.OutputID, Size: r.BodySize, Time: time.Now()}, body)
		if err != nil {
			answer.Err = err.Error()
		}
		answer.DiskPath = file
	case "close":
	default:
		answer.Err = fmt.Sprintf("the command %q is not known", r.Command)
	}
	return answer, nil
}
