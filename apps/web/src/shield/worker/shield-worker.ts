import wasmUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import type { ClassifierFault } from '../classifier.ts';
import { Network } from '../model/network.ts';
import { plan, weightsByteLength, weightsUrl } from '../model/shield-model.ts';
import { lumaOf, scoresOf } from '../scores.ts';
import { fetchBytes } from './fetch-bytes.ts';
import { PixelReader } from './pixel-reader.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';

/** The shield's worker: keeps the network, and answers one picture after another. */

interface Loaded {
  readonly network: Network;
  readonly pixels: PixelReader;
}

let loaded: Loaded | null = null;

function say(message: FromWorker): void {
  postMessage(message);
}

async function load(): Promise<void> {
  let fault: ClassifierFault = 'unreachable';
  try {
    const bytes = await fetchBytes(weightsUrl, weightsByteLength, (share) =>
      say({ say: 'progress', share }),
    );
    fault = 'unsupported';
    const network = await Network.open(plan, bytes, wasmUrl);
    const pixels = new PixelReader(plan.side);
    // The first run sets up what every other finds ready; nobody should wait for it later.
    await network.run(new Float32Array(plan.side * plan.side * 3));
    loaded = { network, pixels };
    say({ say: 'ready' });
  } catch (error) {
    say({ say: 'failed', fault, cause: String(error) });
  }
}

async function classify(id: number, frame: ImageBitmap): Promise<void> {
  try {
    if (loaded === null) throw new Error('asked before it was loaded');
    const pixels = loaded.pixels.read(frame);
    const scores = scoresOf(await loaded.network.run(pixels));
    say({ say: 'seen', id, sight: { scores, luma: lumaOf(pixels) } });
  } catch (error) {
    say({ say: 'broken', cause: String(error) });
  }
}

addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  if (data.ask === 'load') void load();
  else void classify(data.id, data.frame);
});
