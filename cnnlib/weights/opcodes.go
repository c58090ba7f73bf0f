package weights

import (
	"fmt"
	"slices"
)

// do carries out one opcode (Python's pickletools lists them).
func (u *unpickler) do(op byte) error {
	var v any
	var err error
	switch op {
	case 0x80: // PROTO
		var version uint64
		if version, err = u.number(1); err == nil && version > 5 {
			err = fmt.Errorf("pickle protocol %d", version)
		}
		return err
	case 0x95: // FRAME
		_, err = u.take(8)
		return err
	case '(':
		v = pickleMark{}
	case 'N':
		v = nil
	case 0x88:
		v = true
	case 0x89:
		v = false
	case 'J':
		v, err = u.long(4)
	case 'K', 'M': // BININT1, BININT2: unsigned
		var n uint64
		n, err = u.number(map[byte]int{'K': 1, 'M': 2}[op])
		v = int64(n)
	case 0x8a: // LONG1
		var n uint64
		if n, err = u.number(1); err == nil {
			v, err = u.long(int(n))
		}
	case 'G':
		v, err = u.float()
	case 'X':
		v, err = u.text(4)
	case 0x8c: // SHORT_BINUNICODE
		v, err = u.text(1)
	case ')':
		v = pickleTuple{}
	case 0x85, 0x86, 0x87: // TUPLE1 to TUPLE3
		var items []any
		items, err = u.popN(int(op) - 0x84)
		v = pickleTuple(items)
	case 't':
		var items []any
		items, err = u.popMark()
		v = pickleTuple(items)
	case '}':
		v = &pickleDict{}
	case ']':
		v = &pickleList{}
	case 'c':
		v, err = u.global()
	case 0x93: // STACK_GLOBAL
		v, err = u.stackGlobal()
	case 'Q':
		v, err = u.persistent()
	case 'R':
		v, err = u.reduce()
	case 'h', 'j': // BINGET, LONG_BINGET
		v, err = u.remembered(map[byte]int{'h': 1, 'j': 4}[op])
	default:
		return u.change(op)
	}
	if err == nil {
		u.push(v)
	}
	return err
}

// change carries out the opcodes that push nothing.
func (u *unpickler) change(op byte) error {
	switch op {
	case 'q', 'r', 0x94: // BINPUT, LONG_BINPUT, MEMOIZE
		slot, err := uint64(len(u.memo)), error(nil)
		if op != 0x94 {
			slot, err = u.number(map[byte]int{'q': 1, 'r': 4}[op])
		}
		if err != nil {
			return err
		}
		if len(u.stack) == 0 {
			return fmt.Errorf("nothing to remember")
		}
		u.memo[uint32(slot)] = u.stack[len(u.stack)-1]
		return nil
	case 's', 'u', 'a', 'e': // SETITEM, SETITEMS, APPEND, APPENDS
		var items []any
		var err error
		switch op {
		case 's':
			items, err = u.popN(2)
		case 'a':
			items, err = u.popN(1)
		default:
			items, err = u.popMark()
		}
		if err != nil {
			return err
		}
		return u.add(items, op == 's' || op == 'u')
	case 'b': // BUILD: attributes of an ordered dict, PyTorch's _metadata
		if _, err := u.pop(); err != nil {
			return err
		}
		if len(u.stack) > 0 {
			if _, ok := u.stack[len(u.stack)-1].(*pickleDict); ok {
				return nil
			}
		}
		return fmt.Errorf("only an ordered dict can have attributes here")
	}
	return fmt.Errorf("opcode 0x%02x has no place in a state dict", op)
}

func (u *unpickler) add(items []any, pairs bool) error {
	if len(u.stack) == 0 {
		return fmt.Errorf("nothing to add to")
	}
	switch into := u.stack[len(u.stack)-1].(type) {
	case *pickleDict:
		if !pairs || len(items)%2 != 0 {
			return fmt.Errorf("a dict takes pairs")
		}
		for i := 0; i < len(items); i += 2 {
			into.keys, into.values = append(into.keys, items[i]), append(into.values, items[i+1])
		}
		return nil
	case *pickleList:
		if !pairs {
			into.items = append(into.items, items...)
			return nil
		}
	}
	return fmt.Errorf("items are added to something else than a dict or a list")
}

// named refuses every global but those of a state dict.
func named(name pickleGlobal) (any, error) {
	if _, ok := storages[name]; ok || name == orderedDict || name == rebuildTensor || name == rebuildParameter {
		return name, nil
	}
	return nil, fmt.Errorf("the file asks for %.80q, which a state dict of tensors does not need: save net.state_dict() alone", string(name))
}

func (u *unpickler) global() (any, error) {
	module, err := u.line()
	if err != nil {
		return nil, err
	}
	name, err := u.line()
	if err != nil {
		return nil, err
	}
	return named(pickleGlobal(module + "." + name))
}

func (u *unpickler) stackGlobal() (any, error) {
	pair, err := u.popN(2)
	if err != nil {
		return nil, err
	}
	module, ok1 := pair[0].(string)
	name, ok2 := pair[1].(string)
	if !ok1 || !ok2 {
		return nil, fmt.Errorf("a global whose name is no text")
	}
	return named(pickleGlobal(module + "." + name))
}

func (u *unpickler) remembered(n int) (any, error) {
	slot, err := u.number(n)
	if err != nil {
		return nil, err
	}
	v, ok := u.memo[uint32(slot)]
	if !ok {
		return nil, fmt.Errorf("nothing was remembered as %d", slot)
	}
	return v, nil
}

// persistent reads ('storage', type, key, device, numbers).
func (u *unpickler) persistent() (any, error) {
	top, err := u.pop()
	if err != nil {
		return nil, err
	}
	id, ok := top.(pickleTuple)
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
	return storage{dtype, key, n}, nil
}

// reduce makes what the three allowed functions make.
func (u *unpickler) reduce() (any, error) {
	pair, err := u.popN(2)
	if err != nil {
		return nil, err
	}
	args, ok := pair[1].(pickleTuple)
	if !ok {
		return nil, fmt.Errorf("arguments that are no tuple")
	}
	switch pair[0] {
	case orderedDict:
		if len(args) == 0 {
			return &pickleDict{}, nil
		}
	case rebuildParameter: // (tensor, requires_grad, hooks)
		if len(args) == 3 {
			if t, ok := args[0].(view); ok {
				return t, nil
			}
		}
	case rebuildTensor: // (storage, offset, shape, strides, requires_grad, hooks[, metadata])
		if len(args) == 6 || len(args) == 7 {
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
	if name, ok := pair[0].(pickleGlobal); ok {
		what = string(name)
	}
	return nil, fmt.Errorf("a call of %s whose %d arguments do not fit", what, len(args))
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
