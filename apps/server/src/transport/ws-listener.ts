import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { SUBPROTOCOL } from '@farandole/protocol/http-api';
import { CLIENT_FRAME_BYTES_MAX } from '@farandole/protocol/limits';
import { type Server, type ServerOptions, WebSocketServer } from 'ws';
import { refuseRaw } from '../http/hardened-server.ts';
import { statusOf } from '../http/problem.ts';
import { BUFFERED_CHUNKS_MAX, CLOSE_HANDSHAKE_MS, FRAGMENTS_MAX } from '../limits.ts';
import { type UpgradeAdmission, type UpgradeRefusal, usedTicket } from './admission.ts';
import type { UpgradeParts } from './upgrade-parts.ts';
import { WsSocket } from './ws-socket.ts';

/** Answers WebSocket handshakes with `ws`, and hands the sockets over to `Sockets`. */
export class WsListener {
  readonly #parts: UpgradeParts;
  readonly #server: Server<typeof WsSocket>;

  constructor(parts: UpgradeParts) {
    this.#parts = parts;
    const options: ServerOptions<typeof WsSocket> & { readonly closeTimeout: number } = {
      noServer: true,
      WebSocket: WsSocket,
      clientTracking: false,
      maxPayload: CLIENT_FRAME_BYTES_MAX,
      maxFragments: FRAGMENTS_MAX,
      maxBufferedChunks: BUFFERED_CHUNKS_MAX,
      perMessageDeflate: false,
      skipUTF8Validation: false,
      closeTimeout: CLOSE_HANDSHAKE_MS,
      // The other subprotocol that the client offers is its token, which `admission` has checked.
      handleProtocols: () => SUBPROTOCOL,
    };
    this.#server = new WebSocketServer(options);
    // The refusal is sent here, because a refusal from `ws` wouldn't have our headers.
    this.#server.on('wsClientError', (_error, stream, request) => {
      this.#refuse(stream, parts.admission.refusalOfMalformed(request));
    });
  }

  /** Answers a WebSocket handshake by accepting it or with an HTTP refusal. */
  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    // Until `ws` takes over the stream, no other listener handles the stream's errors.
    stream.on('error', destroy);
    const verdict = this.#parts.admission.judge(request);
    if (verdict === null) {
      stream.destroy();
      return;
    }
    if (!verdict.isAdmitted) {
      this.#refuse(stream, verdict);
      return;
    }
    const { redeem } = this.#parts;
    if (redeem === undefined) this.#accept(request, stream, head, verdict);
    else {
      redeem(verdict.token, (opened) => {
        if (stream.destroyed) return;
        if (opened === null) this.#refuse(stream, usedTicket(verdict.isTls));
        else {
          const facts = { ...verdict.facts, ...opened };
          this.#accept(request, stream, head, { ...verdict, facts });
        }
      });
    }
  }

  #accept(
    request: IncomingMessage,
    stream: Duplex,
    head: Buffer,
    { network, facts }: UpgradeAdmission,
  ): void {
    // The stream is corked, so that the answer to the upgrade and the node's first frames go out in
    // one write.
    stream.cork();
    this.#server.handleUpgrade(request, stream, head, (ws) => {
      stream.off('error', destroy);
      this.#parts.sockets.open(ws.begin(stream), network, facts);
    });
    stream.uncork();
  }

  #refuse(stream: Duplex, { kind, ...refusal }: UpgradeRefusal): void {
    this.#parts.log({ event: 'request-refused', status: statusOf(kind) });
    refuseRaw(stream, kind, refusal);
  }
}

function destroy(this: Duplex): void {
  this.destroy();
}
