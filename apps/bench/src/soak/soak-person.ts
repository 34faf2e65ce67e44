import { askForTicket } from '@farandole/e2e/http';
import { TestDevice } from '@farandole/e2e/test-device';
import type { SessionTicketReply } from '@farandole/protocol/http-api';

/** Number of different reporters after which the node suspends a user automatically. */
const REPORTERS_OF_A_SUSPENSION = 2;

/** A simulated user who can make several visits with the same address, device key and cookie. */
export class SoakPerson {
  readonly from: string;
  readonly reporters = new Set<SoakPerson>();
  /** In the soak test a suspension is permanent, because no moderator reviews it. */
  isKeptOut = false;
  hasCome = false;
  readonly device = new TestDevice();
  #cookie: string | null = null;

  constructor(from: string) {
    this.from = from;
  }

  get mayBeKeptOut(): boolean {
    return this.reporters.size >= REPORTERS_OF_A_SUSPENSION;
  }

  headers(port: number): Record<string, string> {
    return {
      Origin: `http://localhost:${port}`,
      ...(this.#cookie === null ? {} : { Cookie: this.#cookie }),
    };
  }

  /** @throws Error when the node refuses a session ticket */
  async fetchTicket(port: number): Promise<string> {
    const { answer, cookie } = await askForTicket({ port, from: this.from, cookie: this.#cookie });
    if (answer.status !== 200) throw new Error(`no session ticket: ${answer.status}`);
    this.#cookie = cookie;
    return (answer.json() as SessionTicketReply).ticket;
  }
}
