package stablehlo

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// usual are the limits that convserve has by default.
var usual = Limits{Memory: 4 << 30}

// inMain is a program with these statements.
func inMain(statements string) string {
	return "module @x {\n  func.func @main(%p: tensor<1x4x4x3xui8>) -> tensor<1x2xf32> {\n" + statements + "\n  }\n}\n"
}

// TestHostile: programs that made XLA crash, hang, allocate without end or give
// nonsense are refused with the line and the operation's name, or their true
// signature is told.
func TestHostile(t *testing.T) {
	for name, want := range map[string]string{
		"cc_onednn": "line 3: the operation stablehlo.custom_call is not", "cc_slice": "line 3: the operation stablehlo.custom_call is not",
		"infeed": "line 3: the operation stablehlo.create_token is not", "bigsort": "line 4: the operation stablehlo.sort is not",
		"loop": "line 4: stablehlo.while is a loop", "bigout": "it may need 6867 MiB of memory, the limit is 4096 MiB",
		"lie_out0": "1 in, 0 out", "lie_out2": "1 in, 2 out", "nan": "1 in, 1 out",
	} {
		text, err := os.ReadFile(filepath.Join("testdata", name+".stablehlo"))
		if err != nil {
			t.Fatal(err)
		}
		p, err := Check(text, usual)
		got := ""
		if err != nil {
			got = err.Error()
		} else {
			got = string(rune('0'+len(p.Inputs))) + " in, " + string(rune('0'+len(p.Outputs))) + " out"
		}
		if !strings.HasPrefix(got, want) {
			t.Errorf("%s: %q, should be %q", name, got, want)
		}
	}
	text, _ := os.ReadFile("testdata/loop.stablehlo")
	if _, err := Check(text, Limits{Memory: 1 << 30, Loops: true}); err != nil {
		t.Errorf("a loop that is allowed: %v", err)
	}
}

// TestForms: each operation in the form that XLA's own printer gives it, and in
// the generic one.
func TestForms(t *testing.T) {
	text, err := os.ReadFile("testdata/forms.mlir")
	if err != nil {
		t.Fatal(err)
	}
	p, err := Check(text, usual)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"cat", "dog"}; !slices.Equal(p.Classes, want) {
		t.Errorf("classes %q, should be %q", p.Classes, want)
	}
	if p.Operations != 47 {
		t.Errorf("%d operations, should be 47", p.Operations)
	}
	if strings.Contains(string(text), "//") {
		t.Errorf("comments are left: %s", text)
	}
}

// TestEvasions: there is no way round through the text.
func TestEvasions(t *testing.T) {
	give := "\n return %r : tensor<1x2xf32>"
	for text, want := range map[string]string{
		inMain("%r = \"stablehlo.custom_call\"(%p) {call_target_name = \"x\"} : (tensor<1x4x4x3xui8>) -> tensor<1x2xf32>" + give): "line 3: the operation stablehlo.custom_call",
		inMain("%r = \"stablehlo\\2Ecustom_call\"(%p) : () -> ()"):                                                                "an operation should be",
		inMain("%r = \"mhlo.custom_call\"(%p) : () -> ()"):                                                                        "the operation mhlo.custom_call",
		inMain("%r = mhlo.add %p, %p : tensor<1x2xf32>" + give):                                                                   "the operation mhlo.add",
		inMain("%r = stablehlo.custom_call @x(%p) : () -> tensor<1x2xf32>" + give):                                                "the operation stablehlo.custom_call",
		inMain("%r = stablehlo.all_reduce(%p) : () -> tensor<1x2xf32>" + give):                                                    "the operation stablehlo.all_reduce",
		inMain("%r = \"stablehlo.add\"(%p, %p) {backend_config = \"x\"} : (tensor<f32>, tensor<f32>) -> tensor<f32>"):             "an attribute that is known here should be",
		inMain("%r = \"stablehlo.add\"(%p, %p) {mhlo.sharding = 1} : (tensor<f32>, tensor<f32>) -> tensor<f32>"):                  "an attribute that is known here should be",
		inMain("%r = \"stablehlo.constant\"() {value = @x} : () -> tensor<f32>"):                                                  "a value that is known here should be",
		inMain("%r = \"stablehlo.constant\"() {value = dense_resource<a> : tensor<f32>} : () -> tensor<f32>"):                     "a value that is known here",
		inMain("%r = \"stablehlo.constant\"() {value = dense<\"}\"> : tensor<f32>} : () -> tensor<f32>"):                          `"0x and bytes should be`,
		inMain("%r = stablehlo.constant dense<1.0> : tensor<?xf32>"):                                                              "fixed dimensions",
		inMain("%r = stablehlo.constant dense<1.0> : tensor<2xf32, #a>"):                                                          `">" should be`,
		inMain("%r = stablehlo.constant dense<1.0> : tensor<99999999999999999999xf32>"):                                           "a whole number should be",
		inMain("%r = stablehlo.constant dense<1.0> : tensor<2x!quant.x>"):                                                         "a type of real or whole numbers",
		inMain("%r = \"stablehlo.add\"(%p, %p) ({ ^a: \"stablehlo.return\"() : () -> () }) : (tensor<f32>) -> tensor<f32>"):       "has 1 blocks, should have 0",
		inMain("%r = \"func.call\"(%p) {callee = @x} : () -> tensor<f32>"):                                                        "a value that is known here",
		inMain("%r = func.call @y(%p) : (tensor<f32>) -> tensor<f32>" + give):                                                     "line 3: there is no function @y",
		inMain("%r = func.call @main(%p) : (tensor<f32>) -> tensor<f32>" + give):                                                  "calls itself",
		inMain("cf.br ^a\n^a:"):                               "the operation cf.br",
		inMain("module { }"):                                  "the operation module",
		inMain("func.func @main() { return }"):                "the operation func.func",
		inMain("/* return */"):                                `"/* return */" where an operation`,
		inMain("%r = ſtablehlo.add %p, %p : tensor<1x2xf32>"): "an operation should be",
		inMain("return loc(\"x\")"):                           "the operation loc",
		inMain("return\x00"):                                  "an operation should be",
		"!a = tensor<f32>\n" + inMain("return"):               "a StableHLO program begins",
		"#a = 1\n" + inMain("return"):                         "a StableHLO program begins",
		"// func.func @main(%p: tensor<1x4x4x3xui8>) -> tensor<1x2xf32>\nmodule { func.func @Main() { return } }": "there is no function main",
		inMain("return") + inMain("return"):                                                  "the end of the text, after the module",
		inMain("return } func.func @main() { return"):                                        "two functions @main",
		"module { module { func.func @main() { return } } }":                                 "func.func should be",
		"module attributes {mhlo.num_partitions = 8 : i32} { func.func @main() { return } }": `"1" should be`,
		"{-# dialect_resources: {} #-}":                                                      "a StableHLO program begins",
		"module { func.func private @main(%p: tensor<f32>) -> tensor<f32> }":                 `"{" should be`,
		"":                         "the text ends where module",
		"module {":                 "the text ends",
		strings.Repeat("(", 1<<20): "a StableHLO program begins",
		"module @" + strings.Repeat("a", 1<<20) + "{":                                                          "a name should be",
		inMain("%r = stablehlo.constant dense<" + strings.Repeat("[", 1<<20) + "> : tensor<f32>"):              "lists within lists",
		inMain("%r = \"stablehlo.add\"() {value = " + strings.Repeat("[", 1<<20) + "} : () -> ()"):             "lists within lists",
		inMain(strings.Repeat("%r = \"stablehlo.reduce\"() ({ ", 1<<16)):                                       "blocks within blocks",
		inMain("%r = stablehlo.constant dense<\"0x" + strings.Repeat("00", 1<<20) + "\" : tensor<f32>" + give): `">" should be`,
		inMain("%r = stablehlo.add %p, " + strings.Repeat("%p, ", 1<<18)):                                      "an operand or a setting",
		"module { " + strings.Repeat("func.func @a"+"b() { return } ", 2) + " }":                               "two functions @ab",
	} {
		_, err := Check([]byte(text), usual)
		if err == nil || !strings.Contains(err.Error(), want) || len(err.Error()) > 400 || strings.Contains(err.Error(), "\n") {
			t.Errorf("%.300q: error %v, should be %q", text, err, want)
		}
	}
}

// TestSizes: what is small in the text and large in memory is counted.
func TestSizes(t *testing.T) {
	doubling := "func.func @f00(%a: tensor<1000xf32>) -> tensor<1000xf32> { %b = stablehlo.add %a, %a : tensor<1000xf32>\n return %b : tensor<1000xf32> }\n"
	for i := 1; i < 100; i++ {
		call := " = func.call @f" + number(i-1) + "(%a) : (tensor<1000xf32>) -> tensor<1000xf32>\n"
		doubling += "func.func @f" + number(i) + "(%a: tensor<1000xf32>) -> tensor<1000xf32> { %b" + call + "%c" + call + "return %b : tensor<1000xf32> }\n"
	}
	conv := func(settings string) string {
		return "func.func @main(%a: tensor<1x9x9x1xf32>, %k: tensor<3x3x1x1xf32>) { %b = \"stablehlo.convolution\"(%a, %k) {dimension_numbers = " +
			"#stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>, " + settings + "} : (tensor<1x9x9x1xf32>, tensor<3x3x1x1xf32>) -> tensor<1x1x1x1xf32>\n return }"
	}
	for text, small := range map[string]bool{
		inMain("%r = stablehlo.iota dim = 0 : tensor<1073741824xf32>\n return"):                                                          false,
		inMain("%r = stablehlo.iota dim = 0 : tensor<1000000x1000000x1000000x1000000xf32>\n return"):                                     false,
		inMain("%r = stablehlo.iota dim = 0 : tensor<0x1000000x1000000x1000000x1000000xf32>\n return"):                                   true,
		doubling + "func.func @main(%a: tensor<1000xf32>) { %b = func.call @f99(%a) : (tensor<1000xf32>) -> tensor<1000xf32>\n return }": false,
		conv("padding = dense<1> : tensor<2x2xi64>"):                                                                                     true,
		conv("padding = dense<[[1000000, 0], [0, 1000000]]> : tensor<2x2xi64>, window_strides = array<i64: 900000, 900000>"):             false,
		conv("lhs_dilation = array<i64: 100000, 100000>"):                                                                                false,
		conv("rhs_dilation = array<i64: 100000, 100000>"):                                                                                false,
	} {
		_, err := Check([]byte(text), usual)
		var large *MemoryError
		if small && err != nil || !small && !errors.As(err, &large) {
			t.Errorf("%.300q: error %v", text, err)
		}
	}
	if _, err := Check([]byte(conv(`batch_group_count = 40000 : i64`)), usual); err == nil || !strings.Contains(err.Error(), "line 1: stablehlo.convolution: batch_group_count") {
		t.Errorf("groups of a batch: error %v", err)
	}
	if _, err := Check([]byte(conv(`padding = dense<"0x00"> : tensor<2x2xi64>`)), usual); err == nil || !strings.Contains(err.Error(), "given as bytes") {
		t.Errorf("padding in bytes: error %v", err)
	}
}

func number(i int) string { return string([]byte{byte('0' + i/10), byte('0' + i%10)}) }

// FuzzCheck: any text is refused or accepted in bounded time, and what is
// accepted is accepted again once its comments are gone, as the same program.
func FuzzCheck(f *testing.F) {
	files, err := filepath.Glob("testdata/*.*")
	if err != nil || len(files) < 10 {
		f.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Fuzz(func(t *testing.T, text string) {
		left := []byte(text)
		p, err := Check(left, Limits{Memory: 1 << 40, Loops: true})
		if err != nil {
			return
		}
		for _, b := range left {
			if b >= 0x7f || b < ' ' && b != '\n' && b != '\r' && b != '\t' {
				t.Fatalf("byte %#x is left of %q", b, text)
			}
		}
		again, err := Check(left, Limits{Memory: 1 << 40, Loops: true})
		if err != nil || again.Memory != p.Memory || again.Operations != p.Operations || p.Memory < 0 {
			t.Fatalf("%q: %+v, then %+v, %v", text, p, again, err)
		}
	})
}
