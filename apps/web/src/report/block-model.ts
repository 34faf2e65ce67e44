import type { Seat } from '@farandole/protocol/fields';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { type ReadonlySignal, signal } from '@preact/signals';
import type { Outgoing } from '../signal/frame-stream.ts';

/** A stranger to block. In a call of three, the seat says which one. */
type Asked = Pick<Block, 'match' | 'receipt' | 'of'>;

interface Block {
  readonly match: string;
  readonly receipt: string;
  readonly of?: Seat | false | undefined;
  readonly state: 'asked' | 'accepted' | 'refused';
  /** Whether the user undid the block before the server stored it. */
  readonly isUndone: boolean;
}

/**
 * Requests to block a stranger. The page repeats a request in each session until the server has
 * stored the block.
 */
export class BlockModel {
  readonly #send: (message: Outgoing) => boolean;
  readonly #blocks = signal<readonly Block[]>([]);

  constructor(send: (message: Outgoing) => boolean) {
    this.#send = send;
  }

  /** Blocked strangers, in the order of the requests. */
  get blocks(): ReadonlySignal<readonly Block[]> {
    return this.#blocks;
  }

  stateOf(match: string): Block['state'] | 'none' {
    const block = this.#find(match);
    return block === undefined || block.isUndone ? 'none' : block.state;
  }

  ask({ match, receipt, of }: Asked): void {
    const before = this.#find(match);
    if (before !== undefined && before.state !== 'refused') {
      if (before.isUndone) this.#put({ ...before, isUndone: false });
      return;
    }
    this.#put({ match, receipt, of, state: 'asked', isUndone: false });
    this.#request({ receipt, of });
  }

  /**
   * Undoes a block. The request may have reached the server, so the page still waits for its
   * answer, which brings the proof that removes the block.
   */
  undo(match: string): void {
    const block = this.#find(match);
    if (block !== undefined) this.#put({ ...block, isUndone: true });
  }

  isUndone(match: string): boolean {
    return this.#find(match)?.isUndone === true;
  }

  /** Forgets a block that the user removed, so that the same stranger can be blocked again. */
  forget(match: string): void {
    this.#blocks.value = this.#blocks.value.filter((block) => block.match !== match);
  }

  /**
   * Sends pending block requests again in a new session, because those of the old session are
   * lost.
   */
  sessionOpened(): void {
    for (const block of this.#blocks.value) if (block.state === 'asked') this.#request(block);
  }

  receive(message: ServerMessageOf<'block.accepted'> | ServerMessageOf<'block.refused'>): void {
    // The server's refusal of a block names no call. The server replies in order, so the refusal
    // answers the oldest pending request.
    const match =
      message.type === 'block.accepted'
        ? message.match
        : this.#blocks.value.find((block) => block.state === 'asked')?.match;
    const state = message.type === 'block.accepted' ? 'accepted' : 'refused';
    this.#blocks.value = this.#blocks.value.map((block) =>
      block.match === match && block.state === 'asked' ? { ...block, state } : block,
    );
  }

  #request({ receipt, of }: Pick<Block, 'receipt' | 'of'>): void {
    this.#send({ type: 'block.create', receipt, ...(of && { of }) });
  }

  #find(match: string): Block | undefined {
    return this.#blocks.value.find((block) => block.match === match);
  }

  #put(block: Block): void {
    const others = this.#blocks.value.filter(({ match }) => match !== block.match);
    this.#blocks.value = [...others, block];
  }
}
