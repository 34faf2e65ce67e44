import { hostileAddress } from './addresses.ts';
import { Participant } from './participant.ts';

/** What one session may send before it is closed for it: six that are heard, and some that are not. */
const REPORTS_PER_SESSION = 60;

export interface FloodTally {
  readonly sent: number;
  readonly accepted: number;
  readonly refused: number;
}

/**
 * One person who reports one stranger of one call again and again: by ever new sessions, one after
 * the other and each from another network, since a session is let so much and no more.
 */
export class ReportFlood {
  readonly #port: number;
  readonly #attacker: Participant;
  #sessions = 0;
  #sent = 0;
  #accepted = 0;
  #refused = 0;

  /** The attacker meets somebody, who stays to be reported. */
  static async start(port: number): Promise<ReportFlood> {
    const [attacker, victim] = [0, 1].map((index) => new Participant(port, hostileAddress(index)));
    if (attacker === undefined || victim === undefined) throw new Error('there are two of them');
    for (const person of [attacker, victim]) {
      await person.prepare();
      await person.open();
    }
    await Promise.all([attacker.pair(), victim.pair()]);
    return new ReportFlood(port, attacker);
  }

  private constructor(port: number, attacker: Participant) {
    this.#port = port;
    this.#attacker = attacker;
  }

  /** Sends so many, and waits until each is answered. */
  async run(reports: number, reason: string): Promise<FloodTally> {
    for (let left = reports; left > 0; left -= REPORTS_PER_SESSION) {
      await this.#session(Math.min(REPORTS_PER_SESSION, left), reason);
    }
    return { sent: this.#sent, accepted: this.#accepted, refused: this.#refused };
  }

  async #session(reports: number, reason: string): Promise<void> {
    this.#sessions += 1;
    const { receipt, cookie } = this.#attacker;
    const session = new Participant(this.#port, hostileAddress(1 + this.#sessions), cookie);
    await session.prepare();
    await session.open();
    const answered = Promise.withResolvers<void>();
    let answers = 0;
    session.onReported = (answer) => {
      if (answer === 'accepted') this.#accepted += 1;
      else this.#refused += 1;
      answers += 1;
      if (answers === reports) answered.resolve();
    };
    for (let report = 0; report < reports; report++) session.report(reason, receipt);
    this.#sent += reports;
    await answered.promise;
    await session.leave();
  }
}
