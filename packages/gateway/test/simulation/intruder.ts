import type { SubjectId } from '@farandole/kernel/id';
import type { Prng } from '@farandole/kernel/prng';
import type { ServerMessage } from '@farandole/protocol/server-message';
import type { FakeDevice } from '../support/fake-signer.ts';
import type { Expectation } from './expectation.ts';
import type { Network, PageEnd, SimConnection } from './network.ts';
import { PageLog } from './page-log.ts';
import { drawPlace, type Place } from './rules.ts';
import type { Scheduler } from './scheduler.ts';

export interface IntruderParts {
  readonly scheduler: Scheduler;
  readonly network: Network;
  readonly prng: Prng;
}

/** What is said on a socket that was never meant to be a page's. */
export interface Saying {
  readonly text: string;
  /** Null where the node may do what it likes within its promises. */
  readonly expects: Expectation | null;
}

/** A session that was opened meanwhile is left after so long. */
const STAYS_MS = 500;

/** One raw socket: says what it was told to once it is challenged, and then nothing. */
export class Intruder implements PageEnd {
  readonly log: PageLog;
  readonly place: Place;
  readonly #parts: IntruderParts;
  readonly #answer: (nonce: string) => readonly Saying[];
  readonly #connection: SimConnection;

  constructor(
    parts: IntruderParts,
    subject: SubjectId,
    device: FakeDevice,
    answer: (nonce: string) => readonly Saying[],
  ) {
    this.log = new PageLog(subject, device.publicKey);
    this.place = drawPlace(parts.prng);
    this.#parts = parts;
    this.#answer = answer;
    this.#connection = parts.network.connect(this);
  }

  opened(): void {}

  heard(message: ServerMessage): void {
    if (message.type === 'session.challenge') {
      for (const { text, expects } of this.#answer(message.nonce)) {
        if (expects !== null) this.log.expects.set(text, expects);
        this.#connection.sendUp({ text, message: null });
      }
    } else if (message.type === 'session.opened') {
      this.#parts.scheduler.after(STAYS_MS, () => this.#connection.closeByPage(1001));
    }
  }

  closed(): void {}
}
