package augment

// mersenne is MT19937 (Matsumoto, Nishimura 1998), torch's generator on the
// CPU.
type mersenne struct {
	state [624]uint32
	at    int
}

func (m *mersenne) seed(seed uint32) {
	m.state[0] = seed
	for i := 1; i < len(m.state); i++ {
		m.state[i] = 1812433253*(m.state[i-1]^m.state[i-1]>>30) + uint32(i)
	}
	m.at = len(m.state)
}

func (m *mersenne) next() uint32 {
	const n, half = 624, 397
	if m.at == n {
		for i := range m.state {
			y := m.state[i]&0x80000000 | m.state[(i+1)%n]&0x7fffffff
			m.state[i] = m.state[(i+half)%n] ^ y>>1 ^ -(y&1)&0x9908b0df
		}
		m.at = 0
	}
	y := m.state[m.at]
	m.at++
	y ^= y >> 11
	y ^= y << 7 & 0x9d2c5680
	y ^= y << 15 & 0xefc60000
	return y ^ y>>18
}
