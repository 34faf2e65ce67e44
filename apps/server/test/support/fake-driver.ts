import type { ParticipantSocket, SocketDriver } from '../../src/transport/participant-socket.ts';

/** A socket driver without a socket library, which records the calls it gets. */
export class FakeDriver implements SocketDriver {
  readonly calls: string[] = [];
  isOpen = true;
  bufferedBytes = 0;
  socket: ParticipantSocket | null = null;
  #queued: string[] = [];

  attach(socket: ParticipantSocket): void {
    this.socket = socket;
  }

  queue(text: string): number {
    this.#queued.push(text);
    return this.#queued.join('').length;
  }

  flush(): void {
    this.calls.push(`write ${this.#queued.splice(0).join()}`);
  }

  ping(): void {
    this.calls.push('ping');
  }

  pause(): void {
    this.calls.push('pause');
  }

  resume(): void {
    this.calls.push('resume');
  }

  sendClose(code: number, reason: string): void {
    this.calls.push(`close ${code} ${reason}`);
    this.isOpen = false;
  }

  sendLastClose(code: number, reason: string): void {
    this.sendClose(code, reason);
  }

  discardInput(): void {
    this.calls.push('discard');
  }

  terminate(): void {
    this.calls.push('terminate');
  }
}
