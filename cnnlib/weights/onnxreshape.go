package weights

import (
	"encoding/binary"
	"math"
	"slices"

	"convlab/cnnlib"
	"convlab/cnnlib/weights/internal/onnx"
)

// reshape is a Flatten, nothing, or the first of the three nodes of a channel
// shuffle.
func (im *importer) reshape(n onnx.Node) error {
	to, err := im.target(n)
	if err != nil {
		return err
	}
	if intOf(n, "allowzero", 0) != 0 && slices.Contains(to, 0) {
		return im.bad(im.at(n), "to %v with allowzero: nothing would be left", to)
	}
	features := 1
	for _, d := range im.shape {
		features *= d // at most maxOutput, as add checked
	}
	keeps := func(first int64) bool {
		return first == 0 || first == openBatch || first == -1 || first == im.batch && im.batch > 0
	}
	if len(to) == 2 && keeps(to[0]) && (to[1] == int64(features) || to[1] == -1 && to[0] != -1) {
		return im.flatten(onnx.Node{Name: n.Name, Op: n.Op})
	}
	if groups := im.shuffle(to); groups > 0 {
		im.next += 2
		im.value = im.nodes[im.next-1].Outputs[0]
		return im.add(n, cnnlib.ChannelShuffle{Groups: groups})
	}
	return im.bad(im.at(n), "to %v, from [batch, %v] with channels first: neither a Flatten nor the start of a channel shuffle", to, channelsFirst(im.shape))
}

// target is the shape that n reshapes to.
func (im *importer) target(n onnx.Node) ([]int64, error) {
	if given(n, 1) {
		if to, ok := im.known(n.Inputs[1]); ok {
			return to, nil
		}
	}
	return nil, im.bad(im.at(n), "its shape is not known from the file: export the model with fixed sizes")
}

// openBatch stands for the size of a batch in computed sizes.
const openBatch = math.MinInt64

// known is the numbers of a constant or of computed sizes.
func (im *importer) known(name string) ([]int64, bool) {
	if sizes, ok := im.sizes[name]; ok {
		return sizes, true
	}
	c := im.consts[name]
	if c == nil || c.Type != onnx.Int64 || len(c.Data)%8 != 0 || len(c.Data) > 8*maxAxes {
		return nil, false
	}
	var values []int64
	for at := 0; at < len(c.Data); at += 8 {
		values = append(values, int64(binary.LittleEndian.Uint64(c.Data[at:])))
	}
	return values, true
}

// computeSizes tells whether n is one of the nodes that stand beside the chain
// and make a Reshape's target, as x.view(x.size(0), -1) is exported.
func (im *importer) computeSizes(n onnx.Node) bool {
	if !standard(n) || len(n.Inputs) == 0 || len(n.Outputs) != 1 {
		return false
	}
	var sizes []int64
	first, ok := im.known(n.Inputs[0])
	switch n.Op {
	case "Shape":
		if n.Inputs[0] != im.value || im.pooled || len(n.Attrs) > 0 {
			return false
		}
		sizes = []int64{openBatch}
		for _, d := range channelsFirst(im.shape) {
			sizes = append(sizes, int64(d))
		}
	case "Gather":
		if len(n.Inputs) != 2 || intOf(n, "axis", 0) != 0 {
			return false
		}
		index, indexOK := im.known(n.Inputs[1])
		if !ok || !indexOK || len(index) != 1 || index[0] < 0 || index[0] >= int64(len(first)) {
			return false
		}
		sizes = first[index[0] : index[0]+1]
	case "Unsqueeze":
		if !ok || len(first) != 1 {
			return false
		}
		sizes = first
	case "Concat":
		for _, name := range n.Inputs {
			part, ok := im.known(name)
			if !ok || len(sizes)+len(part) > maxAxes {
				return false
			}
			sizes = append(sizes, part...)
		}
	default:
		return false
	}
	im.sizes[n.Outputs[0]] = sizes
	return true
}

// shuffle is the number of groups if [batch, groups, channels/groups,
// spatial...] is followed by a swap of these two axes and a reshape back, else 0.
func (im *importer) shuffle(split []int64) int {
	channels := int64(im.shape[len(im.shape)-1])
	spatial := im.shape[:len(im.shape)-1]
	if im.pooled || im.next+2 > len(im.nodes) || len(split) != 3+len(spatial) || split[1] < 1 || channels%split[1] != 0 || split[2] != channels/split[1] {
		return 0
	}
	batch := func(d int64) bool { return d == 0 || d == -1 || d == openBatch || d == im.batch && im.batch > 0 }
	same := func(dims []int64) bool {
		for i, d := range dims {
			if d != int64(spatial[i]) {
				return false
			}
		}
		return true
	}
	swap, join := im.nodes[im.next], im.nodes[im.next+1]
	perm := []int64{0, 2, 1}
	for i := range spatial {
		perm = append(perm, int64(3+i))
	}
	a := attr(swap, "perm")
	if swap.Op != "Transpose" || join.Op != "Reshape" || a == nil || !slices.Equal(a.Ints, perm) || len(swap.Inputs) != 1 || len(join.Inputs) != 2 ||
		len(swap.Outputs) != 1 || len(join.Outputs) != 1 || swap.Inputs[0] != im.value || join.Inputs[0] != swap.Outputs[0] {
		return 0
	}
	to, err := im.target(join)
	if err != nil || len(to) != 2+len(spatial) || !batch(to[0]) || !batch(split[0]) || to[1] != channels || !same(to[2:]) || !same(split[3:]) {
		return 0
	}
	return int(split[1])
}
