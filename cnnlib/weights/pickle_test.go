package weights

import "testing"

func FuzzUnpickle(f *testing.F) {
	f.Add([]byte(tensorPickle(8, 0, []int{8}, []int{1})))
	f.Add([]byte("\x80\x02}q\x00X\x01\x00\x00\x00ah\x00s."))
	f.Fuzz(func(t *testing.T, data []byte) { newUnpickler(data).value() })
}
