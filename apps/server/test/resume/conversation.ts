import type { Cut, CutKind, Direction, TcpConditions } from '@farandole/e2e/faults';
import type { TcpLink } from '@farandole/e2e/tcp-link';
import type { Prng } from '@farandole/kernel/prng';
import { ACK_AFTER_MS } from '@farandole/protocol/limits';
import { failureOf, Patience } from './patience.ts';
import { type PageOptions, ResumingPage } from './resuming-page.ts';
import {
  addFaults,
  disagreements,
  type Faults,
  type Said,
  SPEAKERS,
  type Speaker,
} from './transcript.ts';

export interface PlannedCut {
  readonly speaker: Speaker;
  readonly cut: Cut;
  /** Other conditions of the connection. */
  readonly way?: Omit<TcpConditions, 'cut'>;
}

export interface ConversationPlan {
  /** The first connections, for opening a session and matching. */
  readonly openings: Readonly<Partial<Record<Speaker, Cut>>>;
  /** Later connections, which resume and talk, in order. */
  readonly cuts: readonly PlannedCut[];
}

/** Bytes of the longest uncut connection of a kind. */
export type Lengths = Readonly<Record<Direction, number>>;

export interface ConversationOutcome {
  /** Cut and resumed connections, and those of them that had nothing left to say. */
  readonly cycles: number;
  readonly pastTheEnd: number;
  readonly linesSent: number;
  readonly refused: number;
  readonly faults: Faults;
  /** Sessions that were reset, with notice to both sides. */
  readonly resets: number;
  /** Null, or why the conversation did not finish. */
  readonly failed: string | null;
  readonly lengths: { readonly opening: Lengths; readonly resumed: Lengths };
}

export type PageParts = Omit<PageOptions, 'speaker' | 'from' | 'changed'>;

const SILENCE_CHANCE = 0.4;

/**
 * Two pages that meet and talk while their connections are cut and resumed. At the end the lines that
 * each received are compared with the lines that the other sent.
 */
export class Conversation {
  readonly ana: ResumingPage;
  readonly ben: ResumingPage;
  readonly #prng: Prng;
  readonly #plan: ConversationPlan;
  readonly #patience: Patience;
  readonly #tally = new Tally();

  constructor(
    parts: PageParts,
    addresses: readonly [string, string],
    plan: ConversationPlan,
    prng: Prng,
  ) {
    this.#patience = new Patience(plan.cuts.length);
    const { changed } = this.#patience;
    this.ana = new ResumingPage({ ...parts, speaker: 'ana', from: addresses[0], changed });
    this.ben = new ResumingPage({ ...parts, speaker: 'ben', from: addresses[1], changed });
    this.#plan = plan;
    this.#prng = prng;
  }

  get pages(): readonly ResumingPage[] {
    return [this.ana, this.ben];
  }

  giveUpIfStill(patienceMs: number): void {
    this.#patience.giveUpIfStill(patienceMs);
  }

  async run(): Promise<ConversationOutcome> {
    const outcome = this.#outcome(await failureOf(this.#talk()));
    for (const page of this.pages) page.leave();
    return outcome;
  }

  async #talk(): Promise<void> {
    await this.#meet();
    for (const planned of this.#plan.cuts) {
      if (this.#isReset) break;
      const isAna = planned.speaker === 'ana';
      await this.#cutAt(this[planned.speaker], isAna ? this.ben : this.ana, planned);
    }
    await this.#settle();
  }

  get #isReset(): boolean {
    return this.ana.wasReset || this.ben.wasReset;
  }

  async #meet(): Promise<void> {
    for (const speaker of SPEAKERS) {
      const page = this[speaker];
      const cut = this.#plan.openings[speaker];
      if (cut !== undefined) page.planCut(cut);
      page.start();
    }
    await this.#until('a call', () => this.ana.isInCall && this.ben.isInCall);
    this.#tally.opened(this.ana);
  }

  /** Cuts the page's next connection at a position, or at its end if it is shorter. */
  async #cutAt(page: ResumingPage, other: ResumingPage, { cut, way }: PlannedCut): Promise<void> {
    page.planCut(cut, way);
    page.link?.cut(cut.kind);
    if (!this.#prng.chance(SILENCE_CHANCE)) this.#prng.pick([page, other]).say();
    await this.#until('the next connection', () => page.planned !== null);
    const { planned: link } = page;
    if (link === null) return;
    let pongs: number | null = null;
    await this.#until('an answer or the cut', () => {
      // A connection that either end has closed can't be cut.
      if (link.cutBy !== null || (page.link !== null && page.link !== link)) return true;
      if (page.isOnline && pongs === null) {
        ({ pongs } = page);
        if (!page.say()) other.say();
        page.time.advance(ACK_AFTER_MS);
        page.ask();
      }
      return pongs !== null && page.pongs > pongs;
    });
    this.#tally.resumed(page, link, cut.kind);
  }

  async #settle(): Promise<void> {
    // In the second round the node has everything the other sent before the first.
    for (let round = 0; round < 2; round++) {
      for (const page of this.pages) await this.#patience.untilAnswered(page, this.pages);
    }
    if (this.#isReset) {
      await this.#until('both to know', () => this.ana.wasReset && this.ben.wasReset);
    }
  }

  #outcome(failed: string | null): ConversationOutcome {
    const isWhole = failed === null && !this.#isReset;
    const { ana, ben } = this;
    // After a reset the last lines may be missing, but nothing before them may be wrong.
    const saidBy = ({ said, refused }: ResumingPage): Said => ({
      count: isWhole ? said : 0,
      refused,
    });
    const said = { ana: saidBy(ana), ben: saidBy(ben) };
    const faults = addFaults(ana.transcript.faults(said), ben.transcript.faults(said));
    const strife = disagreements(ana.transcript, ben.transcript);
    return {
      ...this.#tally.counts,
      linesSent: ana.said + ben.said,
      faults: { ...faults, reordered: faults.reordered + strife },
      resets: this.#isReset ? 1 : 0,
      refused: ana.refused.size + ben.refused.size,
      failed,
    };
  }

  async #until(what: string, isSo: () => boolean): Promise<void> {
    await this.#patience.until(what, this.pages, isSo);
  }
}

/** Counts the resumed connections of a script and measures the uncut ones. */
export class Tally {
  #cycles = 0;
  #pastTheEnd = 0;
  #opening: Lengths = { up: 0, down: 0 };
  #resumed: Lengths = { up: 0, down: 0 };

  get counts(): Pick<ConversationOutcome, 'cycles' | 'pastTheEnd' | 'lengths'> {
    const lengths = { opening: this.#opening, resumed: this.#resumed };
    return { cycles: this.#cycles, pastTheEnd: this.#pastTheEnd, lengths };
  }

  opened(page: ResumingPage): void {
    this.#opening = lengthsOf(page);
  }

  /** Cuts the link at its end if its planned cut didn't happen. */
  resumed(page: ResumingPage, link: TcpLink | null, kind: CutKind): void {
    this.#cycles += 1;
    if (link === null || link.cutBy !== null) return;
    this.#pastTheEnd += 1;
    this.#resumed = longer(this.#resumed, lengthsOf(page));
    link.cut(kind);
  }
}

function lengthsOf({ link }: ResumingPage): Lengths {
  return { up: link?.passed('up') ?? 0, down: link?.passed('down') ?? 0 };
}

export function longer(a: Lengths, b: Lengths): Lengths {
  return { up: Math.max(a.up, b.up), down: Math.max(a.down, b.down) };
}
