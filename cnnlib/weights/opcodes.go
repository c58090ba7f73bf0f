package weights

import "fmt"

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
	case 'X', 'T', 'B': // BINUNICODE, BINSTRING (of Python 2), BINBYTES
		v, err = u.text(4)
	case 0x8c, 'U', 'C': // the same with a short length
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
	case 0x81: // NEWOBJ
		v, err = u.newObject()
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
			switch u.stack[len(u.stack)-1].(type) {
			case *pickleDict, pickleOpaque:
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
	case pickleOpaque:
		return nil
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

func (u *unpickler) global() (any, error) {
	module, err := u.line()
	if err != nil {
		return nil, err
	}
	name, err := u.line()
	if err != nil {
		return nil, err
	}
	return known(pickleGlobal(module + "." + name))
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
	return known(pickleGlobal(module + "." + name))
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
