import { assert } from '@farandole/kernel/assert';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm/dist/base';
import { addConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Add';
import { fusedConv2DConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/FusedConv2D';
import { fusedDepthwiseConv2DConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/FusedDepthwiseConv2D';
import { reshapeConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Reshape';
import {
  add,
  env,
  fused,
  registerKernel,
  setBackend,
  type Tensor4D,
  tensor1d,
  tensor4d,
  tidy,
} from '@tensorflow/tfjs-core/dist/base';
import { averageCells, dense, relu, softmax } from './head.ts';
import type { DenseLayer, ShieldPlan, Step } from './plan.ts';
import { foldNorm, Weights } from './weights.ts';

const KERNELS = [addConfig, fusedConv2DConfig, fusedDepthwiseConv2DConfig, reshapeConfig];

type ReadyStep =
  | {
      readonly op: 'conv' | 'depthwise';
      readonly step: Extract<Step, { op: 'conv' | 'depthwise' }>;
      readonly kernel: Tensor4D;
      readonly bias: ReturnType<typeof tensor1d>;
    }
  | { readonly op: 'add'; readonly inputs: readonly [number, number] };

interface ReadyLayer {
  readonly kernel: Float32Array<ArrayBuffer>;
  readonly bias: Float32Array<ArrayBuffer>;
  readonly activation: DenseLayer['activation'];
}

/** Runs the MobileNetV2 of `nsfwjs` on TensorFlow.js's WebAssembly backend, without threads. */
export class Network {
  readonly #side: number;
  readonly #steps: readonly ReadyStep[];
  readonly #head: readonly ReadyLayer[];

  private constructor({ side, steps, head }: ShieldPlan, weights: Weights) {
    this.#side = side;
    this.#steps = steps.map((step) => readyStep(step, weights));
    this.#head = head.map(({ layer, activation }) => ({
      kernel: weights.values(`${layer}/kernel`),
      bias: weights.values(`${layer}/bias`),
      activation,
    }));
  }

  /**
   * @param program the backend's binary with SIMD
   * @throws if the browser has no SIMD or forbids compiling the binary
   */
  static async open(
    plan: ShieldPlan,
    weightBytes: Uint8Array,
    program: Uint8Array<ArrayBuffer>,
  ): Promise<Network> {
    // The backend never settles if its binary fails to compile, so it is compiled once before.
    await WebAssembly.compile(program);
    // Threads are disabled, because they would start a worker from a string, which Trusted Types
    // refuses.
    env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
    // The backend asks its platform for the binary. Whatever it asks for, it gets the binary with
    // SIMD, which is already here.
    env().platform.fetch = () => Promise.resolve(new Response(program));
    setWasmPaths('/', true);
    for (const kernel of KERNELS) registerKernel(kernel);
    assert(await setBackend('wasm'), 'the wasm backend did not start');
    return new Network(plan, new Weights(weightBytes, plan.tensors));
  }

  /** @param pixels red, green and blue of each pixel from 0 to 1, row by row */
  async run(pixels: Float32Array): Promise<Float32Array> {
    const side = this.#side;
    const last = tidy(() => this.#convolve(tensor4d(pixels, [1, side, side, 3])));
    const channels = last.shape[3];
    const cells = await last.data<'float32'>();
    last.dispose();
    let values = averageCells(cells, channels);
    for (const { kernel, bias, activation } of this.#head) {
      const sums = dense(values, kernel, bias);
      values = activation === 'relu' ? relu(sums) : softmax(sums);
    }
    return values;
  }

  #convolve(picture: Tensor4D): Tensor4D {
    const values = [picture];
    const valueOf = (number: number): Tensor4D => {
      const value = values[number];
      assert(value !== undefined, `step ${values.length} of the plan asks for value ${number}`);
      return value;
    };
    for (const ready of this.#steps) {
      if (ready.op === 'add') {
        const [one, other] = ready.inputs;
        values.push(add(valueOf(one), valueOf(other)));
        continue;
      }
      const { step, kernel, bias } = ready;
      const compute = step.op === 'conv' ? fused.conv2d : fused.depthwiseConv2d;
      values.push(
        compute({
          x: valueOf(step.input),
          filter: kernel,
          strides: step.stride,
          pad: step.pad,
          bias,
          activation: step.relu6 ? 'relu6' : 'linear',
        }),
      );
    }
    return valueOf(values.length - 1);
  }
}

function readyStep(step: Step, weights: Weights): ReadyStep {
  if (step.op === 'add') return step;
  const { kernel, bias } = foldNorm(weights, step.kernel, step.norm, step.epsilon);
  const [height = 0, width = 0, channelsIn = 0, channelsOut = 0] = weights.shape(step.kernel);
  return {
    op: step.op,
    step,
    kernel: tensor4d(kernel, [height, width, channelsIn, channelsOut]),
    bias: tensor1d(bias),
  };
}
