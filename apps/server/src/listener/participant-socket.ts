import { CLOSES, type CloseReason } from '@farandole/protocol/close-codes';
import { WebSocket } from 'ws';

/**
 * A WebSocket whose every close has a reason of ours. `ws` closes by itself on a frame that it
 * cannot read, with a bare code of RFC 6455 and no reason; this says it in the protocol's words.
 */
export class ParticipantSocket extends WebSocket {
  /** Why this end closed it, or null: it is open, or the other end closed it. */
  closedFor: CloseReason | null = null;

  override close(code?: number, reason?: string | Buffer): void {
    const fault = reason === undefined ? faultOf(code) : null;
    if (fault === null) super.close(code, reason);
    else this.closeFor(fault);
  }

  /** Sends what is queued, then a close frame with the code and word of the reason. */
  closeFor(reason: CloseReason): void {
    this.closedFor ??= reason;
    super.close(CLOSES[reason].code, reason);
  }
}

/** What the codes mean with which `ws` gives up reading (RFC 6455, section 7.4.1). */
function faultOf(code: number | undefined): CloseReason | null {
  switch (code) {
    // Protocol error, data of the wrong kind, text that is not UTF-8.
    case 1002:
    case 1003:
    case 1007:
      return 'malformed';
    // Too many fragments or pieces, too many bytes.
    case 1008:
    case 1009:
      return 'too-large';
    case undefined:
    default:
      return null;
  }
}
