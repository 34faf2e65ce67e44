/**
 * The network as the worker runs it, compiled from the model's own description when the page is
 * built (`scripts/shield-plan.ts`). Value 0 is the picture; the value after a step is numbered
 * like the step, from 1.
 */
export interface ShieldPlan {
  /** The side of the square picture that it takes, in pixels. */
  readonly side: number;
  /** Convolutions and sums, in order. */
  readonly steps: readonly Step[];
  /** Over the average of the last value's cells. */
  readonly head: readonly DenseLayer[];
  /** In the order of their bytes in the file of weights. */
  readonly tensors: readonly WeightTensor[];
}

export type Step =
  | {
      readonly op: 'conv' | 'depthwise';
      readonly input: number;
      readonly kernel: string;
      /** The layer of batch normalisation that follows it; it is folded into the kernel. */
      readonly norm: string;
      readonly epsilon: number;
      readonly stride: number;
      /** As TensorFlow means it. */
      readonly pad: 'same' | 'valid';
      /** Ends in `min(max(x, 0), 6)`. */
      readonly relu6: boolean;
    }
  | { readonly op: 'add'; readonly inputs: readonly [number, number] };

export interface DenseLayer {
  readonly layer: string;
  readonly activation: 'relu' | 'softmax';
}

/** One byte a number: `value = byte × scale + min`. */
export interface WeightTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly min: number;
  readonly scale: number;
}
