package weights

import (
	"encoding/binary"
	"slices"

	"convlab/cnnlib"
	"convlab/cnnlib/weights/internal/onnx"
)

// reshape is a Flatten, nothing, or the first of the three nodes of a channel
// shuffle.
func (im *importer) reshape(n onnx.Node) error {
	to, err := im.sizes(n)
	if err != nil {
		return err
	}
	features := 1
	for _, d := range im.shape {
		features *= d // checked to be below 2^31 when they were made
	}
	keeps := func(first int64) bool { return first == 0 || first == -1 || first == im.batch && im.batch > 0 }
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

// sizes is the shape that n reshapes to.
func (im *importer) sizes(n onnx.Node) ([]int64, error) {
	var c *onnx.Tensor
	if given(n, 1) {
		c = im.consts[n.Inputs[1]]
	}
	if c == nil || c.Type != onnx.Int64 || len(c.Data)%8 != 0 || len(c.Data) > 8*maxAxes {
		return nil, im.bad(im.at(n), "its shape is not a constant: export the model with fixed sizes")
	}
	var to []int64
	for at := 0; at < len(c.Data); at += 8 {
		to = append(to, int64(binary.LittleEndian.Uint64(c.Data[at:])))
	}
	return to, nil
}

// shuffle is the number of groups if [batch, groups, channels/groups,
// spatial...] is followed by a swap of these two axes and a reshape back, else 0.
func (im *importer) shuffle(split []int64) int {
	channels := int64(im.shape[len(im.shape)-1])
	spatial := im.shape[:len(im.shape)-1]
	if im.pooled || im.next+2 > len(im.nodes) || len(split) != 3+len(spatial) || split[1] < 1 || channels%split[1] != 0 || split[2] != channels/split[1] {
		return 0
	}
	batch := func(d int64) bool { return d == 0 || d == -1 || d == im.batch && im.batch > 0 }
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
	to, err := im.sizes(join)
	if err != nil || len(to) != 2+len(spatial) || !batch(to[0]) || !batch(split[0]) || to[1] != channels || !same(to[2:]) || !same(split[3:]) {
		return 0
	}
	return int(split[1])
}
