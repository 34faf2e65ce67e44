import type { SubjectId } from '@farandole/kernel/id';
import type { TaggedLine } from '@farandole/protocol/fields';
import type { ServerMessage } from '@farandole/protocol/server-message';
import type { FakeDevice } from '../support/fake-signer.ts';
import type { TestClient } from '../support/test-client.ts';

export interface LootOwner {
  readonly client: TestClient;
  readonly ticket: string;
}

interface Owned {
  readonly subject: SubjectId;
  readonly device: FakeDevice;
}

export interface StolenReceipt extends Owned {
  readonly token: string;
  readonly match: string;
  readonly epoch: number;
}

export interface StolenSession extends Owned {
  readonly session: string;
  readonly secret: string;
  /** The session's receipt. It proves a session, not a call. */
  readonly receipt: string;
  /** The ticket that opened the session, so it is already used. */
  readonly ticket: string;
}

/** A stolen proof with which its owner can remove one of their blocks. */
export interface StolenProof extends Pick<Owned, 'subject'> {
  readonly token: string;
}

export interface StolenLine {
  readonly match: string;
  readonly line: TaggedLine;
}

const KEPT = 48;

/**
 * Tokens and chat lines of other users that attackers have stolen. Only the latest of each kind
 * are kept.
 */
export class Loot {
  readonly receipts: StolenReceipt[] = [];
  readonly sessions: StolenSession[] = [];
  readonly lines: StolenLine[] = [];
  readonly proofs: StolenProof[] = [];
  #seen = 0;

  see({ client, ticket }: LootOwner, message: ServerMessage): void {
    const { subject, device } = client;
    switch (message.type) {
      case 'match.found':
      case 'call.restored': {
        const { receipt, match, epoch } = message;
        this.#keep(this.receipts, { subject, device, token: receipt, match, epoch });
        return;
      }
      case 'session.opened': {
        const { session, secret, receipt, rejoin } = message;
        this.#keep(this.sessions, { subject, device, session, secret, receipt, ticket });
        if (rejoin !== undefined) {
          const { match, epoch } = rejoin;
          this.#keep(this.receipts, { subject, device, token: rejoin.receipt, match, epoch });
        }
        return;
      }
      case 'block.accepted':
        if (message.proof !== undefined) this.#keep(this.proofs, { subject, token: message.proof });
        return;
      case 'chat.line':
        this.#keep(this.lines, { match: message.match, line: message.line });
        return;
      default:
        return;
    }
  }

  #keep<Kind>(kept: Kind[], one: Kind): void {
    this.#seen += 1;
    if (kept.length < KEPT) kept.push(one);
    else kept[this.#seen % KEPT] = one;
  }
}
