import type { Cut, CutKind, Direction, TcpConditions } from '@farandole/e2e/faults';
import type { TcpLink } from '@farandole/e2e/tcp-link';
import type { Prng } from '@farandole/kernel/prng';
import type { Faults, Speaker } from './faults.ts';
import { type PageOptions, ResumingPage } from './resuming-page.ts';

export interface PlannedCut {
  readonly speaker: Speaker;
  readonly cut: Cut;
  /** Latency, bandwidth and other conditions of the connection besides the cut. */
  readonly way?: Omit<TcpConditions, 'cut'>;
}

export interface ScriptPlan {
  /** Cuts of the first connections, on which the users open sessions and match. */
  readonly openings: Readonly<Partial<Record<Speaker, Cut>>>;
  /**
   * Cuts of later connections, on which the users resume and chat, in the order in which the
   * connections open.
   */
  readonly cuts: readonly PlannedCut[];
}

/** Number of bytes of the longest uncut connection in each direction. */
export type Lengths = Readonly<Record<Direction, number>>;

export interface ScriptOutcome {
  /**
   * Number of connections that were cut and resumed. `pastTheEnd` of them ended before their
   * planned cut.
   */
  readonly cycles: number;
  readonly pastTheEnd: number;
  readonly linesSent: number;
  readonly refused: number;
  readonly faults: Faults;
  /** Number of sessions that were reset. Both users are notified of a reset. */
  readonly resets: number;
  /** Reason why the script failed; null if it finished. */
  readonly failed: string | null;
  readonly lengths: { readonly opening: Lengths; readonly resumed: Lengths };
}

/** Thrown when a script can't continue because of a fault in the code under test. */
export class ScriptFailure extends Error {
  override readonly name = 'ScriptFailure';
}

export interface ScriptParts extends Omit<PageOptions, 'speaker' | 'from' | 'changed'> {
  /** Loopback addresses of the three pages, each a separate one. */
  readonly addresses: readonly [ofAna: string, ofBen: string, ofCem: string];
  readonly plan: ScriptPlan;
  readonly prng: Prng;
}

/**
 * Maximum number of sockets that a page may open per planned cut. A page that needs more is in a
 * loop.
 */
const SOCKETS_A_CUT_MAX = 8;

/**
 * A script of what pages do while their connections are cut and resumed. It gives up if nothing
 * changes.
 */
export abstract class Script {
  readonly ana: ResumingPage;
  readonly ben: ResumingPage;
  /** A third user, who sends no lines and joins late or never. */
  readonly cem: ResumingPage;
  protected readonly plan: ScriptPlan;
  protected readonly prng: Prng;
  readonly #socketsMax: number;
  #wake: () => void = () => {};
  #isStuck = false;
  #changedAtMs = performance.now();
  #cycles = 0;
  #pastTheEnd = 0;
  #opening: Lengths = { up: 0, down: 0 };
  #resumed: Lengths = { up: 0, down: 0 };

  constructor({ addresses, plan, prng, ...parts }: ScriptParts) {
    this.plan = plan;
    this.prng = prng;
    this.#socketsMax = SOCKETS_A_CUT_MAX * (2 + plan.cuts.length);
    const changed = (): void => {
      this.#changedAtMs = performance.now();
      this.#wake();
    };
    const [ofAna, ofBen, ofCem] = addresses;
    this.ana = new ResumingPage({ ...parts, speaker: 'ana', from: ofAna, changed });
    this.ben = new ResumingPage({ ...parts, speaker: 'ben', from: ofBen, changed });
    this.cem = new ResumingPage({ ...parts, speaker: 'cem', from: ofCem, changed });
  }

  get pages(): readonly ResumingPage[] {
    return [this.ana, this.ben, this.cem];
  }

  protected abstract play(): Promise<void>;

  protected abstract judge(isFinished: boolean): Pick<ScriptOutcome, 'faults' | 'resets'>;

  async run(): Promise<ScriptOutcome> {
    let failed: string | null = null;
    try {
      await this.play();
    } catch (error) {
      if (!(error instanceof ScriptFailure)) throw error;
      failed = error.message;
    }
    const outcome = {
      ...this.judge(failed === null),
      cycles: this.#cycles,
      pastTheEnd: this.#pastTheEnd,
      lengths: { opening: this.#opening, resumed: this.#resumed },
      linesSent: this.ana.said + this.ben.said,
      refused: this.ana.refused.size + this.ben.refused.size,
      failed,
    };
    for (const page of this.pages) page.leave();
    return outcome;
  }

  /** Ends the script as stuck if nothing has changed for `patienceMs`. */
  giveUpIfStill(patienceMs: number): void {
    if (performance.now() - this.#changedAtMs < patienceMs) return;
    this.#isStuck = true;
    this.#wake();
  }

  protected async meet(): Promise<void> {
    for (const page of [this.ana, this.ben]) {
      const cut = this.plan.openings[page === this.ana ? 'ana' : 'ben'];
      if (cut !== undefined) page.planCut(cut);
      page.start();
    }
    await this.until('a call', () => this.ana.isInCall && this.ben.isInCall);
    this.#opening = lengthsOf(this.ana);
  }

  /**
   * Counts a resumed connection. If the planned cut didn't happen, cuts the connection at its
   * end.
   */
  protected resumed(page: ResumingPage, link: TcpLink | null, kind: CutKind): void {
    this.#cycles += 1;
    if (link === null || link.cutBy !== null) return;
    this.#pastTheEnd += 1;
    this.#resumed = longer(this.#resumed, lengthsOf(page));
    link.cut(kind);
  }

  /**
   * Waits until the node answers a ping of the page. The page pings again on each new
   * connection.
   */
  protected async untilAnswered(page: ResumingPage): Promise<void> {
    let askedOn: TcpLink | null = null;
    let { pongs } = page;
    await this.until('the last answer', () => {
      if (page.isOnline && page.link !== askedOn) {
        askedOn = page.link;
        ({ pongs } = page);
        page.ask();
      }
      return askedOn !== null && page.pongs > pongs;
    });
  }

  /** @throws ScriptFailure if the condition can't become true */
  protected async until(what: string, isSo: () => boolean): Promise<void> {
    for (;;) {
      if (isSo()) return;
      // A page that hasn't started is left out, because it waits for nothing.
      const pages = this.pages.filter(({ hasBegun }) => hasBegun);
      for (const page of pages) page.hurry();
      // The clock has advanced, so the condition may hold now.
      if (isSo()) return;
      for (const page of pages) {
        const why = page.hasStopped ? 'stopped' : 'connects without end';
        if (!page.hasStopped && page.sockets <= this.#socketsMax) continue;
        const words = page.closes.join(', ');
        throw new ScriptFailure(`${page.speaker} ${why}, waiting for ${what}: ${words}`);
      }
      if (this.#isStuck) throw new ScriptFailure(`nothing happens, waiting for ${what}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

function lengthsOf({ link }: ResumingPage): Lengths {
  return { up: link?.passed('up') ?? 0, down: link?.passed('down') ?? 0 };
}

export function longer(a: Lengths, b: Lengths): Lengths {
  return { up: Math.max(a.up, b.up), down: Math.max(a.down, b.down) };
}
