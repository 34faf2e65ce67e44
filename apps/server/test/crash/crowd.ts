import { brandId, type MatchId } from '@farandole/kernel/id';
import type { ClientMessageOf } from '@farandole/protocol/client-message';
import type { ServerMessage, ServerMessageOf } from '@farandole/protocol/server-message';
import type { Ends } from '../support/ends.ts';
import { inCall, TestPage } from '../support/test-page.ts';

/**
 * How long a user waits for a message, in ms. A run lasts for hours, in which other programs may keep
 * the machine busy for a while.
 */
const PATIENCE_MS = 5 * 60_000;
/** Of this many users, one blocks the partner instead of reporting. */
const BLOCKS_ONE_IN = 4;

type ReportFields = Omit<ClientMessageOf<'report.create'>, 'type' | 'seq'>;

/** A report that a page has sent. The page resends it until it is acknowledged. */
interface Said {
  readonly page: TestPage;
  readonly from: string;
  readonly fields: ReportFields;
}

export interface Promised {
  readonly code: string;
  readonly outcome: string;
  readonly from: string;
}

/** Record of all reports sent and acknowledged, over all processes on one data folder. */
export class Book {
  readonly reports = new Map<string, Promised>();
  readonly blocks = new Set<MatchId>();
  /** Lines of each sent report, acknowledged or not. The key is the report's note. */
  readonly written = new Map<string, readonly string[]>();
  unanswered: Said[] = [];

  get acknowledged(): number {
    return this.reports.size + this.blocks.size;
  }
}

export interface CrowdOptions {
  readonly port: number;
  readonly book: Book;
  /**
   * Number of concurrent users. A user leaves when the report is acknowledged, and a new user
   * then joins.
   */
  readonly people: number;
  readonly firstPerson: number;
}

export class Crowd {
  readonly #ends: Ends;
  readonly #port: number;
  readonly #book: Book;
  readonly #firstPerson: number;
  readonly #going: Promise<void>;
  readonly #answered = new EventTarget();
  #people = 0;
  #isResting = false;
  #isOver = false;
  #failure: Error | null = null;

  constructor(ends: Ends, { port, book, people, firstPerson }: CrowdOptions) {
    this.#ends = ends;
    this.#port = port;
    this.#book = book;
    this.#firstPerson = firstPerson;
    const again = book.unanswered;
    book.unanswered = [];
    this.#going = Promise.all([
      ...again.map((said) => this.#try(() => this.#sayAgain(said))),
      ...Array.from({ length: people }, () => this.#comeAndGo()),
    ]).then(() => {});
  }

  /**
   * Resolves after `count` more acknowledgements.
   * @throws the error of a user that failed
   */
  async answered(count: number): Promise<void> {
    const enough = this.#book.acknowledged + count;
    while (this.#book.acknowledged < enough && this.#failure === null) {
      await new Promise((resolve) => {
        this.#answered.addEventListener('answer', resolve, { once: true });
      });
    }
    if (this.#failure !== null) throw this.#failure;
  }

  /** Stops connecting new users. */
  rest(): void {
    this.#isResting = true;
  }

  /** Kills the node. Resolves when all users have noticed that their connection is lost. */
  async end(kill: () => Promise<void>): Promise<void> {
    this.#isOver = true;
    await kill();
    await this.#going;
    if (this.#failure !== null) throw this.#failure;
  }

  async #comeAndGo(): Promise<void> {
    while (!this.#isResting && !this.#isOver && this.#failure === null)
      await this.#try(() => this.#visit());
  }

  async #try(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!this.#isOver) this.#failure ??= new Error('Somebody was let down.', { cause: error });
    }
    this.#answered.dispatchEvent(new Event('answer'));
  }

  async #visit(): Promise<void> {
    const n = this.#firstPerson + this.#people++;
    const from = addressOf(n);
    const page = new TestPage(this.#ends, this.#port, { from, patienceMs: PATIENCE_MS });
    await page.arrive();
    const found = await matchOf(page, n);
    const { receipt } = found;
    if (n % BLOCKS_ONE_IN === 0) {
      await this.#block(page, receipt);
    } else {
      page.say('chat.send', { ...inCall(found), id: `line-of-${n}`, text: `a line of ${n}` });
      // The partner may leave before the line arrives, so the call may end instead.
      const heard = await page.nextOf(['chat.line', 'call.ended']);
      const lines = heard.type === 'chat.line' ? [heard.line] : [];
      const fields = {
        id: `report-of-${n}`,
        receipt,
        reason: 'other',
        note: `note ${n}`,
        lines,
      } as const;
      await this.#report({ page, from, fields });
    }
    await leave(page);
  }

  async #sayAgain({ page, from, fields }: Said): Promise<void> {
    const again = page.moveTo(this.#ends, this.#port);
    const said = { page: again, from, fields };
    try {
      await again.arrive();
    } catch (error) {
      this.#book.unanswered.push(said);
      throw error;
    }
    await this.#report(said);
    await leave(again);
  }

  /** Repeats a block until it is stored, as the page does. */
  async #block(page: TestPage, receipt: string): Promise<void> {
    for (;;) {
      page.say('block.create', { receipt });
      const answer = await page.nextOf(['block.accepted', 'block.refused']);
      if (answer.type === 'block.accepted') {
        this.#book.blocks.add(brandId<MatchId>(answer.match));
        return;
      }
      assertNotStored(answer);
    }
  }

  async #report(said: Said): Promise<void> {
    const { page, from, fields } = said;
    const { note = '', lines } = fields;
    this.#book.written.set(
      note,
      lines.map(({ text }) => text),
    );
    try {
      const { code, outcome } = await reportStored(page, fields);
      this.#book.reports.set(code, { code, outcome, from });
    } catch (error) {
      this.#book.unanswered.push(said);
      throw error;
    }
  }
}

/** Searches until the user is matched, also after the node was too busy to read the user's facts. */
async function matchOf(page: TestPage, n: number): Promise<ServerMessageOf<'match.found'>> {
  for (let tries = 0; ; tries++) {
    page.search(`search-${tries}-of-${n}`);
    const answer = await page.nextOf(['match.found', 'ticket.refused']);
    if (answer.type === 'match.found') return answer;
    if (answer.type === 'ticket.refused' && answer.reason === 'server-busy') continue;
    throw new Error(`The node answered ${JSON.stringify(answer)}.`);
  }
}

/** Repeats a report until it is stored, as the page does. */
async function reportStored(
  page: TestPage,
  fields: ReportFields,
): Promise<Pick<Promised, 'code' | 'outcome'>> {
  for (;;) {
    page.say('report.create', fields);
    const answer = await page.nextOf(['report.accepted', 'report.refused']);
    if (answer.type === 'report.accepted') return answer;
    assertNotStored(answer);
  }
}

function assertNotStored(answer: ServerMessage): void {
  if ('reason' in answer && answer.reason === 'not-stored') return;
  throw new Error(`The node answered ${JSON.stringify(answer)}.`);
}

async function leave(page: TestPage): Promise<void> {
  page.socket.close(1000);
  await page.untilClosed();
}

/** Returns an address in a separate network for each user, so that no network limit applies. */
function addressOf(n: number): string {
  return `127.${1 + ((n >> 8) % 250)}.${n & 0xff}.${1 + (Math.floor(n / 64_000) % 250)}`;
}
