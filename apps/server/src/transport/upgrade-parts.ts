import type { ConnectionFacts } from '@farandole/gateway/ports';
import type { Log } from '../observe/log.ts';
import type { Admission } from './admission.ts';
import type { Sockets } from './sockets.ts';

/** The session ticket that opens a socket, or null if the secret of a session does. */
export type Opened = Required<Pick<ConnectionFacts, 'ticket'>>;

/** What a transport needs to answer WebSocket handshakes. */
export interface UpgradeParts {
  readonly admission: Pick<Admission, 'judge' | 'refusalOfMalformed'>;
  readonly sockets: Pick<Sockets, 'open'>;
  /**
   * Uses up the session ticket of an admitted request, and answers in a later turn which ticket
   * opens the socket, or null if another node has used it. Absent on a server with one node.
   */
  readonly redeem?: (token: string, answer: (opened: Opened | null) => void) => void;
  readonly log: Log;
}
