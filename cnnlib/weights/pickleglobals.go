package weights

import (
	"fmt"
	"slices"
	"strings"
)

// storages are PyTorch's storage types.
var storages = map[pickleGlobal]DType{
	"torch.DoubleStorage": F64, "torch.FloatStorage": F32, "torch.HalfStorage": F16, "torch.BFloat16Storage": BF16,
	"torch.LongStorage": I64, "torch.IntStorage": I32, "torch.ShortStorage": I16, "torch.CharStorage": I8,
	"torch.ByteStorage": U8, "torch.BoolStorage": Bool,
}

// What a pickle can make here besides: tensors, and dicts.
const (
	orderedDict      pickleGlobal = "collections.OrderedDict"
	defaultDict      pickleGlobal = "collections.defaultdict"
	rebuildOldTensor pickleGlobal = "torch._utils._rebuild_tensor"
	rebuildTensor    pickleGlobal = "torch._utils._rebuild_tensor_v2"
	rebuildParameter pickleGlobal = "torch._utils._rebuild_parameter"
)

// opaque are things that stand beside the weights in checkpoints (arguments of
// the command, an accuracy, a path). They are not made: what would be one is a
// value without content.
var opaque = map[pickleGlobal]bool{
	"argparse.Namespace": true, "collections.Counter": true, "datetime.datetime": true, "datetime.timedelta": true, "_codecs.encode": true,
	"pathlib.Path": true, "pathlib.PosixPath": true, "pathlib.WindowsPath": true, "pathlib.PurePosixPath": true, "pathlib._local.PosixPath": true, "pathlib._local.WindowsPath": true,
	"numpy.dtype": true, "numpy.ndarray": true, "numpy.core.multiarray.scalar": true, "numpy._core.multiarray.scalar": true,
	"numpy.core.multiarray._reconstruct": true, "numpy._core.multiarray._reconstruct": true,
	"torch.Size": true, "torch.device": true, "torch.float64": true, "torch.float32": true, "torch.float16": true, "torch.bfloat16": true, "torch.int64": true,
	"builtins.set": true, "builtins.list": true, "builtins.dict": true, "builtins.int": true, "builtins.float": true, "builtins.complex": true,
	"builtins.bytearray": true, "builtins.slice": true, "builtins.range": true, "__builtin__.set": true, "__builtin__.list": true, "__builtin__.dict": true,
	"__builtin__.int": true, "__builtin__.float": true, "__builtin__.complex": true, "__builtin__.bytearray": true, "__builtin__.slice": true, "__builtin__.xrange": true,
}

// unread are tensors that are not read, and what to do about them.
var unread = []struct{ begin, reason string }{
	{"torch.Complex", "complex numbers, which no layer here has: save their real and imag"},
	{"torch._utils._rebuild_sparse", "a sparse tensor: save its to_dense()"},
	{"torch._utils._rebuild_qtensor", "a quantized tensor: save its dequantize()"},
	{"torch.Q", "a quantized tensor: save its dequantize()"},
	{"torch._utils._rebuild_tensor_v3", "a tensor of a type that is not read (float8, unsigned numbers of 16 to 64 bits): save its float()"},
	{"torch._utils._rebuild_meta", "a tensor on the meta device, which has no numbers"},
	{"torch._utils._rebuild_nested", "a nested tensor: save its to_padded_tensor(0)"},
	{"torch.distributed", "a tensor that is spread over several processes: gather the full state dict before saving"},
	{"__torch__.", "a module of TorchScript: torch.save(torch.jit.load(file).state_dict(), \"net.pth\") in Python takes the weights out"},
}

// known refuses every global but those above.
func known(name pickleGlobal) (any, error) {
	if _, ok := storages[name]; ok || opaque[name] {
		return name, nil
	}
	switch name {
	case orderedDict, defaultDict, rebuildOldTensor, rebuildTensor, rebuildParameter:
		return name, nil
	}
	for _, u := range unread {
		if strings.HasPrefix(string(name), u.begin) {
			return nil, fmt.Errorf("the file has %s (it asks for %.80q)", u.reason, string(name))
		}
	}
	return nil, fmt.Errorf("the file asks for %.80q, which a state dict of tensors does not need: save net.state_dict() alone", string(name))
}

// persistent reads ('storage', type, key, device, numbers).
func (u *unpickler) persistent() (any, error) {
	top, err := u.pop()
	if err != nil {
		return nil, err
	}
	id, ok := top.(pickleTuple)
	if ok && len(id) == 6 { // before PyTorch 1.6: a part of another storage
		if id[5] != nil {
			return nil, fmt.Errorf("a storage that is a part of another one, as very old versions of PyTorch wrote: load it there and save it again")
		}
		id = id[:5]
	}
	if !ok || len(id) != 5 || id[0] != "storage" {
		return nil, fmt.Errorf("an object kept outside the pickle that is no storage")
	}
	kind, ok1 := id[1].(pickleGlobal)
	key, ok2 := id[2].(string)
	n, ok3 := id[4].(int64)
	dtype, known := storages[kind]
	if !ok1 || !ok2 || !ok3 || !known || n < 0 {
		return nil, fmt.Errorf("a storage of an unknown type, or without a name or size")
	}
	s := storage{dtype, key, n}
	if u.storages[key].numbers <= n {
		u.storages[key] = s
	}
	return s, nil
}

// reduce makes what the allowed functions make.
func (u *unpickler) reduce() (any, error) {
	pair, err := u.popN(2)
	if err != nil {
		return nil, err
	}
	args, ok := pair[1].(pickleTuple)
	if !ok {
		return nil, fmt.Errorf("arguments that are no tuple")
	}
	name, ok := pair[0].(pickleGlobal)
	if ok && opaque[name] {
		return pickleOpaque{}, nil
	}
	switch name {
	case orderedDict:
		if len(args) == 0 {
			return &pickleDict{}, nil
		}
		if d, ok := pairs(args); ok {
			return d, nil
		}
	case defaultDict: // (function for new values)
		if len(args) <= 1 {
			return &pickleDict{}, nil
		}
	case rebuildParameter: // (tensor, requires_grad, hooks)
		if len(args) == 3 {
			if t, ok := args[0].(view); ok {
				return t, nil
			}
		}
	case rebuildOldTensor, rebuildTensor: // (storage, offset, shape, strides[, requires_grad, hooks[, metadata]])
		if len(args) == 4 && name == rebuildOldTensor || (len(args) == 6 || len(args) == 7) && name == rebuildTensor {
			from, ok1 := args[0].(storage)
			offset, ok2 := args[1].(int64)
			shape, ok3 := integers(args[2])
			strides, ok4 := integers(args[3])
			if ok1 && ok2 && ok3 && ok4 && len(shape) == len(strides) {
				return view{storage: from, offset: offset, shape: shape, strides: strides}, nil
			}
		}
	}
	what := fmt.Sprintf("%T", pair[0]) // its value could be anything
	if ok {
		what = string(name)
	}
	return nil, fmt.Errorf("a call of %s whose %d arguments do not fit", what, len(args))
}

// pairs makes the ordered dict that Python 2 gives a list of pairs for.
func pairs(args pickleTuple) (*pickleDict, bool) {
	list, ok := args[0].(*pickleList)
	if !ok || len(args) != 1 {
		return nil, false
	}
	d := &pickleDict{}
	for _, item := range list.items {
		switch pair := item.(type) {
		case *pickleList:
			item = pickleTuple(pair.items)
		}
		pair, ok := item.(pickleTuple)
		if !ok || len(pair) != 2 {
			return nil, false
		}
		d.keys, d.values = append(d.keys, pair[0]), append(d.values, pair[1])
	}
	return d, true
}

// newObject makes an object of a class that is opaque.
func (u *unpickler) newObject() (any, error) {
	pair, err := u.popN(2)
	if err != nil {
		return nil, err
	}
	if name, ok := pair[0].(pickleGlobal); ok && opaque[name] {
		return pickleOpaque{}, nil
	}
	return nil, fmt.Errorf("opcode 0x81 makes an object of a class that has no place in a state dict")
}

func integers(v any) ([]int64, bool) {
	items, ok := v.(pickleTuple)
	if !ok || len(items) > maxAxes {
		return nil, false
	}
	out := make([]int64, len(items))
	for i, item := range items {
		if out[i], ok = item.(int64); !ok {
			return nil, false
		}
	}
	return slices.Clip(out), true
}
