package filekind

import (
	"strings"
	"testing"
)

func TestOf(t *testing.T) {
	for start, want := range map[string]string{
		"": "an empty file", "hello": "", "BMW is a car, and this is a text": "",
		"BM\x00\x01\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00\x01": "a BMP image",
		"convlab checkpoint 1\n\x10": "a checkpoint of convlab", "\x40\x00\x00\x00\x00\x00\x00\x00{\"a\"": "a safetensors file",
		"\x80\x02}q": "a pickle", "\x08\x0a\x12\x07convlab": "an ONNX network", " <HTML>": "a web page", "RIFF\x00\x00\x00\x00WEBPVP8 ": "a WebP image",
		"module {\n func.func @main(%a": "a StableHLO program", "\x00\x00\x00\x18ftypheic": "a HEIC",
	} {
		if got := Of([]byte(start)); (want == "") != (got == "") || !strings.HasPrefix(got, want) {
			t.Errorf("%q is %q, should be %q", start, got, want)
		}
	}
}
