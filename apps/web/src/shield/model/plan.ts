/**
 * The classifier's neural network, compiled at build time from the description of the model
 * (`scripts/shield-plan.ts`). Value 0 is the picture, and step n computes value n.
 */
export interface ShieldPlan {
  /** Width and height of the network's square input, in pixels. */
  readonly side: number;
  /** The network's convolutions and sums, in the order of execution. */
  readonly steps: readonly Step[];
  /** Layers that the network applies to the mean over all cells of the last value. */
  readonly head: readonly DenseLayer[];
  /** The network's tensors in the order of the weight file. */
  readonly tensors: readonly WeightTensor[];
}

export type Step =
  | {
      readonly op: 'conv' | 'depthwise';
      readonly input: number;
      readonly kernel: string;
      /** Name of the batch normalisation that follows the layer and is folded into its kernel. */
      readonly norm: string;
      readonly epsilon: number;
      readonly stride: number;
      /** Padding of the layer, with TensorFlow's names. */
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
