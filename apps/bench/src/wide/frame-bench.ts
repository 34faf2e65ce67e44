import { startValkey, type TestValkey } from '@farandole/cluster/test/valkey-server';
import { turnsOf } from '../scenarios/relay.ts';
import { VolleyPair, type Volleys } from './volley-pair.ts';

export const FRAMES_A_TURN = 16;
const TURNS = 50;
const ECHOES = 25;

type FramePrograms<Value> = Readonly<Record<'ours' | 'bare-resp', Value>>;

/** Two nodes without sockets and the bare program, connected through one Valkey server. */
export class FrameBench {
  readonly #pairs: FramePrograms<VolleyPair>;

  private constructor(pairs: FramePrograms<VolleyPair>) {
    this.#pairs = pairs;
  }

  static async start(ends: AsyncDisposableStack): Promise<FrameBench> {
    const valkey: TestValkey = await startValkey();
    ends.defer(() => valkey.stop());
    const ours = await VolleyPair.start('cluster', valkey);
    ends.defer(() => ours.stop());
    const bare = await VolleyPair.start('bare-resp', valkey);
    ends.defer(() => bare.stop());
    return new FrameBench({ ours, 'bare-resp': bare });
  }

  async run(
    round: number,
  ): Promise<{ readonly many: FramePrograms<Volleys>; readonly single: FramePrograms<Volleys> }> {
    const many: Partial<Record<keyof FramePrograms<Volleys>, Volleys>> = {};
    const single: typeof many = {};
    for (const name of turnsOf(['ours', 'bare-resp'] as const, Math.abs(round))) {
      many[name] = await this.#pairs[name].run({ turns: TURNS, framesATurn: FRAMES_A_TURN });
      single[name] = await this.#pairs[name].run({ turns: ECHOES, framesATurn: 1 });
    }
    return { many: many as FramePrograms<Volleys>, single: single as FramePrograms<Volleys> };
  }
}
