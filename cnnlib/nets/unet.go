package nets

import (
	"fmt"

	"convlab/cnnlib"
)

// UNet finds the class of every pixel (Ronneberger et al. 2015, with padding
// and BatchNorm): four times it halves the image and doubles the channels,
// then comes back up by transposed convolutions, each time joined with what it
// had at that size on the way down. The first size has width channels, 64 in
// the paper; with those a state dict of github.com/milesial/Pytorch-UNet loads.
//
// x: [batch, height, width, channels], height and width multiples of 16 →
// [batch, height, width, classes].
func UNet(classes, width int) cnnlib.Sequential {
	up := func(channels int) cnnlib.Layer {
		return cnnlib.TransposedConv{Out: channels, Kernel: 2, Stride: 2}
	}
	return unet(classes, width, 16*width, up, func(channels int) (middle, out int) { return channels, channels })
}

// UNetBilinear is UNet with bilinear upsampling in place of the transposed
// convolutions, and fewer channels on the way up.
//
// x: [batch, height, width, channels], height and width multiples of 16 →
// [batch, height, width, classes].
func UNetBilinear(classes, width int) cnnlib.Sequential {
	up := func(int) cnnlib.Layer {
		return cnnlib.Upsample{Factor: 2, Linear: true, AlignCorners: true}
	}
	return unet(classes, width, 8*width, up, func(channels int) (middle, out int) { return channels, max(channels/2, width) })
}

// unet has deepest channels at the smallest size. up doubles height and width
// and may set the channels, convolved tells those of the two convolutions
// after it, for a size that has channels on the way down.
func unet(classes, width, deepest int, up func(channels int) cnnlib.Layer, convolved func(channels int) (middle, out int)) cnnlib.Sequential {
	pool := cnnlib.MaxPool{Size: 2}
	// below is all that stands between a size on the way down and the same size
	// on the way up. It is made from the smallest size on.
	below := cnnlib.Sequential{
		group("down4.maxpool_conv", pool, twoConvs("1.double_conv", deepest, deepest)),
		cnnlib.Named("up1.up", up(8*width)),
	}
	for size := 3; ; size-- {
		channels := width << size
		joined := cnnlib.Named("", cnnlib.Branches{Layers: []cnnlib.Layer{nil, cnnlib.Named("", below)}})
		middle, out := convolved(channels)
		after := twoConvs(fmt.Sprintf("up%d.conv.double_conv", 4-size), middle, out)
		if size == 0 {
			return cnnlib.Sequential{twoConvs("inc.double_conv", width, width), joined, after, cnnlib.Named("outc.conv", cnnlib.Conv{Out: classes, Kernel: 1})}
		}
		below = cnnlib.Sequential{
			group(fmt.Sprintf("down%d.maxpool_conv", size), pool, twoConvs("1.double_conv", channels, channels)),
			joined, after, cnnlib.Named(fmt.Sprintf("up%d.up", 5-size), up(channels/2)),
		}
	}
}

func twoConvs(name string, middle, out int) cnnlib.Layer {
	return group(name, conv(middle, 3, 1), cnnlib.BatchNorm{}, cnnlib.ReLU{}, conv(out, 3, 1), cnnlib.BatchNorm{}, cnnlib.ReLU{})
}
