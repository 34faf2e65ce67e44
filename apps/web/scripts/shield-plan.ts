import assert from 'node:assert/strict';
import type { DenseLayer, ShieldPlan, Step } from '../src/shield/model/plan.ts';

export interface KerasModel {
  readonly modelTopology: {
    readonly model_config: { readonly config: { readonly layers: readonly KerasLayer[] } };
  };
  readonly weightsManifest: readonly {
    readonly weights: readonly {
      readonly name: string;
      readonly shape: readonly number[];
      readonly quantization?: { readonly min: number; readonly scale: number; dtype: string };
    }[];
  }[];
}

export interface KerasLayer {
  readonly class_name: string;
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** Inputs of one node, as `[[name, node, output, {}], …]`. */
  readonly inbound_nodes: readonly (readonly (readonly [string, ...unknown[]])[])[];
}

/**
 * Compiles MobileNetV2 layers to the worker's steps. @throws On any layer that it doesn't know or
 * would compute differently from Keras.
 */
export function shieldPlanOf(model: KerasModel): ShieldPlan {
  const compiler = new Compiler();
  for (const layer of model.modelTopology.model_config.config.layers) compiler.take(layer);
  const tensors = model.weightsManifest
    .flatMap(({ weights }) => weights)
    .map(({ name, shape, quantization }) => {
      assert.equal(quantization?.dtype, 'uint8', `${name} is not one byte a number`);
      return { name, shape, min: quantization.min, scale: quantization.scale };
    });
  return { ...compiler.finish(), tensors };
}

type Convolution = Extract<Step, { op: 'conv' | 'depthwise' }>;

class Compiler {
  #side = 0;
  readonly #steps: Step[] = [];
  readonly #head: DenseLayer[] = [];
  /** The value number of each layer's output and its side length. */
  readonly #values = new Map<string, { readonly number: number; readonly side: number }>();
  /** Layers that append a row and a column of zeros. */
  readonly #padded = new Set<string>();
  /** Convolutions without their normalisation yet, by layer name. */
  readonly #bare = new Map<string, Omit<Convolution, 'norm' | 'epsilon'> & { side: number }>();

  take(layer: KerasLayer): void {
    const { class_name: kind, name, config } = layer;
    const from = (layer.inbound_nodes[0] ?? []).map(([input]) => input);
    const [first = ''] = from;
    switch (kind) {
      case 'InputLayer': {
        const [, height, width] = config['batch_input_shape'] as number[];
        assert.ok(height !== undefined && height === width, 'the picture is not square');
        this.#side = height;
        this.#values.set(name, { number: 0, side: height });
        return;
      }
      case 'ZeroPadding2D': {
        assert.deepEqual(config['padding'], [
          [0, 1],
          [0, 1],
        ]);
        this.#padded.add(name);
        this.#values.set(name, this.#value(first));
        return;
      }
      case 'Conv2D':
      case 'DepthwiseConv2D':
        this.#convolution(layer, first);
        return;
      case 'BatchNormalization': {
        const bare = this.#bare.get(first);
        assert.ok(bare !== undefined, `${name} follows no convolution`);
        const epsilon = config['epsilon'] as number;
        const { side, ...step } = bare;
        this.#push(name, { ...step, norm: name, epsilon }, side);
        return;
      }
      case 'ReLU': {
        assert.deepEqual(
          [config['max_value'], config['negative_slope'], config['threshold']],
          [6, 0, 0],
        );
        const value = this.#value(first);
        const step = this.#steps.at(-1);
        assert.ok(step !== undefined && step.op !== 'add' && value.number === this.#steps.length);
        this.#steps[this.#steps.length - 1] = { ...step, relu6: true };
        this.#values.set(name, value);
        return;
      }
      case 'Add': {
        const [one = '', other = '', ...more] = from;
        assert.deepEqual(more, []);
        const [a, b] = [this.#value(one), this.#value(other)];
        this.#push(name, { op: 'add', inputs: [a.number, b.number] }, a.side);
        return;
      }
      case 'AveragePooling2D':
      case 'Flatten':
      case 'Dropout':
        // Averages all cells of the last value. Dropout only matters in training.
        assert.equal(this.#value(first).number, this.#steps.length, `${name} is not at the end`);
        this.#values.set(name, this.#value(first));
        return;
      case 'Dense':
        this.#dense(layer, first);
        return;
      default:
        assert.fail(`${name} is a ${kind}, which the worker does not support`);
    }
  }

  finish(): Omit<ShieldPlan, 'tensors'> {
    assert.equal(this.#head.at(-1)?.activation, 'softmax');
    return { side: this.#side, steps: this.#steps, head: this.#head };
  }

  #convolution({ class_name: kind, name, config }: KerasLayer, input: string): void {
    assert.equal(config['use_bias'], false, `${name} has a bias of its own`);
    assert.equal(config['activation'], 'linear');
    assert.equal(config['data_format'], 'channels_last');
    assert.deepEqual(config['dilation_rate'], [1, 1]);
    assert.equal(config['depth_multiplier'] ?? 1, 1);
    const [stride, strideAcross] = config['strides'] as [number, number];
    assert.equal(stride, strideAcross);
    const { number, side } = this.#value(input);
    const padding = config['padding'] as 'same' | 'valid';
    // For an even side, stride 2 and kernel 3, one appended row and column equal "same" padding, so
    // the backend needs no explicit zeros.
    const isPadded = this.#padded.has(input);
    if (isPadded) {
      assert.deepEqual([config['kernel_size'], stride, padding], [[3, 3], 2, 'valid'], name);
      assert.equal(side % 2, 0, `${name} has an odd side`);
    } else if (padding === 'valid') {
      assert.deepEqual(config['kernel_size'], [1, 1], `${name} makes the picture smaller`);
    }
    const isDepthwise = kind === 'DepthwiseConv2D';
    this.#bare.set(name, {
      op: isDepthwise ? 'depthwise' : 'conv',
      input: number,
      kernel: `${name}/${isDepthwise ? 'depthwise_kernel' : 'kernel'}`,
      stride,
      pad: isPadded ? 'same' : padding,
      relu6: false,
      side: Math.ceil(side / stride),
    });
  }

  #dense({ name, config }: KerasLayer, input: string): void {
    const activation = config['activation'] as DenseLayer['activation'];
    assert.ok(activation === 'relu' || activation === 'softmax', `${name} ends in ${activation}`);
    const value = this.#value(input);
    assert.equal(value.number, this.#steps.length);
    this.#values.set(name, value);
    this.#head.push({ layer: name, activation });
  }

  #push(name: string, step: Step, side: number): void {
    this.#steps.push(step);
    this.#values.set(name, { number: this.#steps.length, side });
  }

  #value(name: string): { readonly number: number; readonly side: number } {
    const value = this.#values.get(name);
    assert.ok(value !== undefined, `there is no value ${name}`);
    return value;
  }
}
