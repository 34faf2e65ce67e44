import wasmUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import type { ClassifierFault } from '../classifier.ts';
import { Network } from '../model/network.ts';
import { plan, weightsByteLength, weightsUrl } from '../model/shield-model.ts';
import type { Pose } from '../sampling.ts';
import { lumaOf, scoresOf } from '../scores.ts';
import { PixelReader } from './pixel-reader.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';

/**
 * The worker of the shield. It holds the classifier's neural network and classifies one picture
 * at a time.
 */

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
    // The neural network runs once during loading, because its first run is slow.
    await network.run(new Float32Array(plan.side * plan.side * 3));
    loaded = { network, pixels };
    say({ say: 'ready' });
  } catch (error) {
    say({ say: 'failed', fault, cause: String(error) });
  }
}

async function classify(id: number, frame: ImageBitmap, pose: Pose): Promise<void> {
  try {
    if (loaded === null) throw new Error('asked before it was loaded');
    const pixels = loaded.pixels.read(frame, pose);
    const scores = scoresOf(await loaded.network.run(pixels));
    say({ say: 'seen', id, sight: { scores, luma: lumaOf(pixels) } });
  } catch (error) {
    say({ say: 'broken', cause: String(error) });
  }
}

addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  if (data.ask === 'load') void load();
  else void classify(data.id, data.frame, data.pose);
});

/**
 * Loads a file of known length. The response's own length isn't used, because the response may
 * be compressed.
 * @param progress receives the loaded share, from 0 to 1
 * @throws if loading fails or the file has another length
 */
async function fetchBytes(
  url: string,
  byteLength: number,
  progress: (share: number) => void,
): Promise<Uint8Array> {
  const response = await fetch(url);
  if (!response.ok || response.body === null) throw new Error(`${url} answers ${response.status}`);
  const bytes = new Uint8Array(byteLength);
  let received = 0;
  const reader = response.body.getReader();
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    // `set` throws if the file is longer than expected.
    bytes.set(chunk.value, received);
    received += chunk.value.length;
    progress(received / byteLength);
  }
  if (received !== byteLength) throw new Error(`${url} ended after ${received} bytes`);
  return bytes;
}
