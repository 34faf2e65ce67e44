import { hostileAddress } from './addresses.ts';
import { Participant, startPair } from './participant.ts';

/** Number of reports per session above which the server closes the session. */
const REPORTS_PER_SESSION = 60;

export interface FloodTally {
  readonly sent: number;
  readonly accepted: number;
  readonly refused: number;
}

/**
 * One attacker reports one stranger of one call repeatedly, with a new session and network each
 * time, because a session's reports are limited.
 */
export class ReportFlood {
  readonly #port: number;
  readonly #attacker: Participant;
  #sessions = 0;
  #sent = 0;
  #accepted = 0;
  #refused = 0;

  static async start(port: number): Promise<ReportFlood> {
    const [attacker] = await startPair(port, [hostileAddress(0), hostileAddress(1)]);
    return new ReportFlood(port, attacker);
  }

  private constructor(port: number, attacker: Participant) {
    this.#port = port;
    this.#attacker = attacker;
  }

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
