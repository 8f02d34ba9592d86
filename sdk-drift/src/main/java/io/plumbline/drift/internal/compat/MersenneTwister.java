package io.plumbline.drift.internal.compat;

/**
 * numpy's old generator, {@code RandomState}, as far as permutations need it.
 *
 * <p>Source: M. Matsumoto and T. Nishimura, Mersenne Twister, ACM Transactions on Modeling and
 * Computer Simulation 8 (1998).
 */
final class MersenneTwister {
  private static final int SIZE = 624;

  private final int[] state = new int[SIZE];
  private int position = SIZE;

  MersenneTwister(int seed) {
    state[0] = seed;
    for (int i = 1; i < SIZE; i++) {
      state[i] = 1812433253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
    }
  }

  private int next() {
    if (position == SIZE) {
      for (int i = 0; i < SIZE; i++) {
        int y = (state[i] & 0x80000000) | (state[(i + 1) % SIZE] & 0x7fffffff);
        state[i] = state[(i + 397) % SIZE] ^ (y >>> 1) ^ ((y & 1) == 0 ? 0 : 0x9908b0df);
      }
      position = 0;
    }
    int y = state[position++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return y ^ (y >>> 18);
  }

  /** A uniform number from 0 to {@code max}, both included: masked, and drawn again when above. */
  private int upTo(int max) {
    int mask = max == 0 ? 0 : -1 >>> Integer.numberOfLeadingZeros(max);
    if (max == 0) {
      return 0;
    }
    while (true) {
      int value = next() & mask;
      if (value <= max) {
        return value;
      }
    }
  }

  /** Shuffles in place as {@code RandomState.permutation} does its copy. */
  void shuffle(int[] values) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = upTo(i);
      int value = values[i];
      values[i] = values[j];
      values[j] = value;
    }
  }
}
