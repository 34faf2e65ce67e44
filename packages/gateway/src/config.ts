import type { NodeId } from '@farandole/kernel/id';
import type { MatchRules } from '@farandole/matchmaking/mode';
import type { RelayMode } from '@farandole/protocol/http-api';

export interface GatewayConfig {
  readonly node: NodeId;
  readonly relayMode: RelayMode;
  /** Whether a TURN server is configured. Without a TURN server, all connections are direct. */
  readonly hasTurn: boolean;
  readonly rules: MatchRules;
  readonly takesPictures: boolean;
  /** Maximum number of sockets. Defaults to `CONNECTIONS_MAX`. */
  readonly connectionsMax?: number;
  /**
   * Maximum length of all buffered offers in UTF-16 code units. Defaults to
   * `OFFER_CHARS_BUFFERED_MAX`.
   */
  readonly offerCharsBufferedMax?: number;
  /** Maximum number of chat lines that wait for one user. Defaults to `BUFFERED_LINES_MAX`. */
  readonly bufferedLinesMax?: number;
}
