/**
 * The network, compiled at build time from the model's description (`scripts/shield-plan.ts`).
 * Value 0 is the picture; step n yields value n.
 */
export interface ShieldPlan {
  /** Side of the square input, in pixels. */
  readonly side: number;
  /** Convolutions and sums, in order. */
  readonly steps: readonly Step[];
  /** Applied to the mean of the last value's cells. */
  readonly head: readonly DenseLayer[];
  /** Tensors in the order of the weight file. */
  readonly tensors: readonly WeightTensor[];
}

export type Step =
  | {
      readonly op: 'conv' | 'depthwise';
      readonly input: number;
      readonly kernel: string;
      /** The batch normalisation after it, folded into the kernel. */
      readonly norm: string;
      readonly epsilon: number;
      readonly stride: number;
      /** Padding mode, as in TensorFlow. */
      readonly pad: 'same' | 'valid';
      /** Whether the layer ends with `min(max(x, 0), 6)`. */
      readonly relu6: boolean;
    }
  | { readonly op: 'add'; readonly inputs: readonly [number, number] };

export interface DenseLayer {
  readonly layer: string;
  readonly activation: 'relu' | 'softmax';
}

/** A tensor stored as one byte per number: `value = byte × scale + min`. */
export interface WeightTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly min: number;
  readonly scale: number;
}
