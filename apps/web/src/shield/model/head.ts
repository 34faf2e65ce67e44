/**
 * Returns the mean of each channel over all cells of a layer.
 * @param values all channels of the first cell, then all channels of the next cell
 */
export function averageCells(values: Float32Array, channels: number): Float32Array<ArrayBuffer> {
  const sums = new Float32Array(channels);
  for (let i = 0; i < values.length; i += 1) {
    sums[i % channels] = (sums[i % channels] ?? 0) + (values[i] ?? 0);
  }
  const cells = values.length / channels;
  return sums.map((sum) => sum / cells);
}

/**
 * Computes `x · W + b`.
 * @param kernel one row for each number of `input`
 */
export function dense(
  input: Float32Array,
  kernel: Float32Array,
  bias: Float32Array<ArrayBuffer>,
): Float32Array<ArrayBuffer> {
  const output = bias.slice();
  for (let row = 0; row < input.length; row += 1) {
    const value = input[row] ?? 0;
    for (let column = 0; column < output.length; column += 1) {
      const weight = kernel[row * output.length + column] ?? 0;
      output[column] = (output[column] ?? 0) + value * weight;
    }
  }
  return output;
}

export function relu(values: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  return values.map((value) => Math.max(0, value));
}

/** The maximum is subtracted first, so that `exp` doesn't overflow. */
export function softmax(values: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  const largest = Math.max(...values);
  const powers = values.map((value) => Math.exp(value - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
