package labdir

// GoOptions makes the pure-Go backend run one operation at a time, each on all
// cores. Side by side, as is its default, matrix products can wait for each
// other's workers for ever (compute v0.1.0): grouped convolutions did.
const GoOptions = "ops_sequential"
