package weights

import (
	"context"
	"io"
)

// stoppableReader gives ctx.Err() instead of more of r once ctx has ended.
// Tensors are read one by one, so that this is between two of them.
type stoppableReader struct {
	ctx context.Context
	r   io.ReaderAt
}

// ReadAt implements io.ReaderAt.
func (s stoppableReader) ReadAt(p []byte, offset int64) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.r.ReadAt(p, offset)
}

// stoppableWriter gives ctx.Err() instead of writing on to w once ctx has
// ended.
type stoppableWriter struct {
	ctx context.Context
	w   io.Writer
}

// longestWrite is how many bytes are written between two looks at the context:
// a slow disk takes a fraction of a second for them.
const longestWrite = 16 << 20

// Write implements io.Writer.
func (s stoppableWriter) Write(p []byte) (written int, err error) {
	for {
		if err := s.ctx.Err(); err != nil {
			return written, err
		}
		n, err := s.w.Write(p[:min(len(p), longestWrite)])
		written += n
		if p = p[n:]; err != nil || len(p) == 0 {
			return written, err
		}
	}
}
