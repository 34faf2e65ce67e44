import type { Log } from '../observe/log.ts';
import type { Admission } from './admission.ts';
import type { Sockets } from './sockets.ts';

/** What a transport needs to answer WebSocket handshakes. */
export interface UpgradeParts {
  readonly admission: Pick<Admission, 'judge' | 'refusalOfMalformed'>;
  readonly sockets: Pick<Sockets, 'open'>;
  /**
   * Decides whether the token of an admitted request is new to all nodes, and answers in a later
   * turn. Absent on a server with one node.
   */
  readonly redeem?: (token: string, answer: (isNew: boolean) => void) => void;
  readonly log: Log;
}
