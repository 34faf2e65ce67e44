import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  type KeyObject,
} from 'node:crypto';
import { assert } from '@farandole/kernel/assert';
import { brandId, isId, type NodeId } from '@farandole/kernel/id';

/** Format of a batch. A node ignores batches of another format. */
const FORMAT = 2;
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const COUNTER_BYTES = 6;
const LANE_BYTES = 4;
const NUMBER_BYTES = COUNTER_BYTES + LANE_BYTES + COUNTER_BYTES;
/** Maximum number of senders whose keys are kept. Each node's restart adds a sender. */
const KEYS_MAX = 1_024;

export interface BatchHeader {
  readonly from: NodeId;
  /** Number of the batch among all batches of the sender. It is never repeated. */
  readonly counter: number;
  /** Number of the lane to the receiver, 0 on a channel without lanes. */
  readonly lane: number;
  /** Number of the batch in its lane or channel, from 1. */
  readonly seq: number;
}

export interface OpenedBatch extends BatchHeader {
  readonly texts: readonly string[];
}

/**
 * Encrypts batches of messages (AES-256-GCM), because they carry secrets of sessions and lines of
 * chat through a server that may belong to somebody else. Each sender has its own key, and its
 * counter is the nonce. Channel, lane and number are authenticated.
 */
export class BatchSealer {
  readonly #secret: Uint8Array;
  readonly #self: NodeId;
  /** Keys by sender. A cipher with a `KeyObject` is created in a seventh of the time. */
  readonly #keys = new Map<NodeId, KeyObject>();
  #counter = 0;

  /**
   * @param secret secret that all nodes of the cluster share
   * @param self name of this process; a later process must have another name
   */
  constructor(secret: Uint8Array, self: NodeId) {
    assert(isId(self), 'a node has a valid id');
    this.#secret = secret;
    this.#self = self;
  }

  seal(channel: string, lane: number, seq: number, texts: readonly string[]): Buffer {
    this.#counter += 1;
    const nonce = nonceOf(this.#counter);
    const header = Buffer.allocUnsafe(2 + this.#self.length + NUMBER_BYTES);
    header[0] = FORMAT;
    header[1] = this.#self.length;
    header.write(this.#self, 2, 'latin1');
    let at = 2 + this.#self.length;
    at = header.writeUIntBE(this.#counter, at, COUNTER_BYTES);
    at = header.writeUInt32BE(lane, at);
    header.writeUIntBE(seq, at, COUNTER_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#keyOf(this.#self), nonce);
    cipher.setAAD(associatedData(channel, header));
    const sealed = cipher.update(joinTexts(texts), 'utf8');
    // The mode is a stream cipher, so `final` adds no bytes.
    cipher.final();
    return Buffer.concat([header, sealed, cipher.getAuthTag()]);
  }

  /** Returns null for a batch of other keys, of another channel or of another format. */
  open(channel: string, batch: Buffer): OpenedBatch | null {
    const header = readHeader(batch);
    if (header === null) return null;
    const headerBytes = 2 + header.from.length + NUMBER_BYTES;
    const end = batch.length - TAG_BYTES;
    if (end < headerBytes) return null;
    try {
      const nonce = nonceOf(header.counter);
      const decipher = createDecipheriv('aes-256-gcm', this.#keyOf(header.from), nonce);
      decipher.setAAD(associatedData(channel, batch.subarray(0, headerBytes)));
      decipher.setAuthTag(batch.subarray(end));
      const opened = decipher.update(batch.subarray(headerBytes, end));
      decipher.final();
      const texts = splitTexts(opened.toString());
      return texts === null ? null : { ...header, texts };
    } catch {
      return null;
    }
  }

  #keyOf(sender: NodeId): KeyObject {
    const known = this.#keys.get(sender);
    if (known !== undefined) return known;
    if (this.#keys.size >= KEYS_MAX) this.#keys.clear();
    const info = `farandole node channel ${FORMAT} ${sender}`;
    const bytes = hkdfSync('sha256', this.#secret, '', info, KEY_BYTES);
    const key = createSecretKey(new Uint8Array(bytes));
    this.#keys.set(sender, key);
    return key;
  }
}

function nonceOf(counter: number): Buffer {
  const nonce = Buffer.alloc(NONCE_BYTES);
  nonce.writeUIntBE(counter, NONCE_BYTES - COUNTER_BYTES, COUNTER_BYTES);
  return nonce;
}

function associatedData(channel: string, header: Uint8Array): Buffer {
  return Buffer.concat([header, Buffer.from(channel)]);
}

function readHeader(batch: Buffer): BatchHeader | null {
  const length = batch[1] ?? 0;
  if (batch[0] !== FORMAT || batch.length < 2 + length + NUMBER_BYTES) return null;
  const name = batch.toString('latin1', 2, 2 + length);
  if (!isId(name)) return null;
  const at = 2 + length;
  return {
    from: brandId<NodeId>(name),
    counter: batch.readUIntBE(at, COUNTER_BYTES),
    lane: batch.readUInt32BE(at + COUNTER_BYTES),
    seq: batch.readUIntBE(at + COUNTER_BYTES + LANE_BYTES, COUNTER_BYTES),
  };
}

/** Puts the lengths of all texts in the first line, because a text may contain any character. */
function joinTexts(texts: readonly string[]): string {
  return `${texts.map(({ length }) => length).join()}\n${texts.join('')}`;
}

function splitTexts(joined: string): readonly string[] | null {
  const lineEnd = joined.indexOf('\n');
  let at = lineEnd + 1;
  const texts: string[] = [];
  for (const length of lineEnd < 1 ? [] : joined.slice(0, lineEnd).split(',')) {
    const end = at + Number(length);
    texts.push(joined.slice(at, end));
    at = end;
  }
  return lineEnd !== -1 && at === joined.length ? texts : null;
}
