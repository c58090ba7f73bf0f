package augment

// AlternatingFlip mirrors half of the images left and right in the first
// epoch, chosen by the seed, the other half in the next, and so on: in any two
// epochs in a row an image is seen both ways (K. Jordan, "94% on CIFAR-10 in
// 3.29 seconds on a single GPU", 2024, section 3.6). It takes no draw; epoch
// and image are those that the Rand was made or reset for.
type AlternatingFlip struct{}

// Apply implements Transform.
func (t AlternatingFlip) Apply(s *Sample, r *Rand) error {
	if err := onBytes(s, nil); err != nil {
		return err
	}
	const salt = 0x5bf03635 // so that it is not the first draw of an epoch 0
	if first := mix(mix(r.seed+salt)+uint64(r.index)) >> 63; first != uint64(r.epoch)&1 {
		s.flipX = !s.flipX
	}
	return nil
}

func (t AlternatingFlip) String() string { return "AlternatingFlip()" }
