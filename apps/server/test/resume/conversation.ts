import { ACK_AFTER_MS } from '@farandole/protocol/limits';
import { addFaults, disagreements, lineFaults, type Said } from './faults.ts';
import type { ResumingPage } from './resuming-page.ts';
import { type PlannedCut, Script, type ScriptOutcome } from './script.ts';

const SILENCE_CHANCE = 0.4;

/**
 * Two pages that match and chat while their connections are cut and resumed. At the end the lines
 * that each page received are compared with those that the other sent.
 */
export class Conversation extends Script {
  protected async play(): Promise<void> {
    await this.meet();
    for (const planned of this.plan.cuts) {
      if (this.#isReset) break;
      await this.#cutAt(planned);
    }
    // The two rounds of pings ensure that the node has received everything that the other page
    // sent before.
    for (let round = 0; round < 2; round++) {
      for (const page of [this.ana, this.ben]) await this.untilAnswered(page);
    }
    if (this.#isReset) {
      await this.until('both to know', () => this.ana.wasReset && this.ben.wasReset);
    }
  }

  get #isReset(): boolean {
    return this.ana.wasReset || this.ben.wasReset;
  }

  /**
   * Cuts the speaker's next connection after a given number of bytes, or at its end if the
   * connection is shorter.
   */
  async #cutAt({ speaker, cut, way }: PlannedCut): Promise<void> {
    const page = this[speaker];
    const other = speaker === 'ana' ? this.ben : this.ana;
    page.planCut(cut, way);
    page.link?.cut(cut.kind);
    if (!this.prng.chance(SILENCE_CHANCE)) this.prng.pick([page, other]).say();
    await this.until('the next connection', () => page.planned !== null);
    const { planned: link } = page;
    if (link === null) return;
    let pongs: number | null = null;
    await this.until('an answer or the cut', () => {
      // A connection can't be cut after either end has closed it.
      if (link.cutBy !== null || (page.link !== null && page.link !== link)) return true;
      if (page.isOnline && pongs === null) {
        ({ pongs } = page);
        if (!page.say()) other.say();
        page.time.advance(ACK_AFTER_MS);
        page.ask();
      }
      return pongs !== null && page.pongs > pongs;
    });
    this.resumed(page, link, cut.kind);
  }

  protected judge(isFinished: boolean): Pick<ScriptOutcome, 'faults' | 'resets'> {
    const { ana, ben } = this;
    // After a reset the last lines may be missing, but all earlier ones must be right.
    const isWhole = isFinished && !this.#isReset;
    const saidBy = ({ said, refused }: ResumingPage): Said => ({
      count: isWhole ? said : 0,
      refused,
    });
    const said = { ana: saidBy(ana), ben: saidBy(ben) };
    const faults = addFaults(lineFaults(ana.heard, said), lineFaults(ben.heard, said));
    const reordered = faults.reordered + disagreements(ana.heard, ben.heard);
    return { faults: { ...faults, reordered }, resets: this.#isReset ? 1 : 0 };
  }
}
