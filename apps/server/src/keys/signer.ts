import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  type KeyObject,
  timingSafeEqual,
} from 'node:crypto';
import type { TriedName } from '@farandole/accounts/ids';
import type { SealKind, Signer } from '@farandole/gateway/ports';
import { assertDefined } from '@farandole/kernel/assert';
import { brandId, type DeviceKeyId, type SubjectId } from '@farandole/kernel/id';
import type { AgeRefusal } from '@farandole/moderation/appeals/age-appeals';
import type { CaseId, DecisionId, DeviceHash, SanctionId } from '@farandole/moderation/ids';
import {
  AGE_CODE_PREFIX,
  MEASURE_CODE_PREFIX,
  SHARED_CODE_PREFIX,
} from '@farandole/protocol/http-api';
import { readBase64Url } from './device-checks.ts';
import type { SigningKeys } from './keys.ts';
import { Mac } from './mac.ts';
import { RandomIds } from './random-ids.ts';

const CIPHER = 'aes-256-gcm';
/**
 * IVs are random (NIST SP 800-38D, section 8.2.2). A key is used for only one day, so the number of
 * messages stays far below the limit of 2^32.
 */
const IV_BYTES = 12;
const GCM_TAG_BYTES = 16;
/** Text that stands in place of the key id in tokens encrypted with a permanent key. */
const LASTING_ID = '0';
const APPEAL_MAC_CHARS = 16;
const MINUTE_MS = 60_000;
/** Number of opened tokens in memory, of about 400 bytes each. */
const OPENED_MAX = 256;
const RECOVERY_MAC_CHARS = 22;
/**
 * Prefix of a recovery code. The prefix prevents a leading dash, which a command line would take
 * for an option.
 */
const RECOVERY_PREFIX = 'own-';

interface Keys {
  readonly id: string;
  readonly seal: KeyObject;
  readonly tag: Mac;
}

/**
 * Kinds of encrypted tokens, which are the gateway's kinds and the state that a browser keeps
 * during a sign-in.
 */
type NodeSealKind = SealKind | 'ceremony';

/**
 * Implements the gateway's `Signer` with node:crypto and `Mac`.
 *
 * An encrypted token is `keyId.` and the base64url of IV, ciphertext and tag of AES-256-GCM, with
 * the token's kind as additional data. A token of kind `block` or `community` uses a key derived
 * from the permanent key, and all other tokens use the rotating keys. A tag is `keyId.` and the base64url of
 * an HMAC-SHA256.
 */
export class NodeSigner implements Signer {
  #ring: SigningKeys | null = null;
  /**
   * Key objects are created once per key, because converting a key's bytes at each use costs more
   * than the operation itself.
   */
  #keys: readonly Keys[] = [];
  #subjectKey: Mac | null = null;
  #blockKey: KeyObject | null = null;
  /**
   * The valid tokens that were opened last, the oldest first. The node opens a ticket and a resume
   * secret when a page connects, and again at the page's hello.
   */
  readonly #opened = new Map<string, { readonly kind: NodeSealKind; readonly payload: string }>();
  readonly #ids = new RandomIds();
  readonly #readRing: () => SigningKeys;

  /**
   * @param readRing returns the current keys; it is called at each use, so that a rotated key is
   * used at once
   */
  constructor(readRing: () => SigningKeys) {
    this.#readRing = readRing;
  }

  seal(kind: NodeSealKind, payload: string): string {
    const { id, seal } = isLasting(kind) ? this.#lasting() : this.#newest();
    const iv = this.#ids.bytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, seal, iv, { authTagLength: GCM_TAG_BYTES });
    cipher.setAAD(ADDITIONAL_DATA[kind]);
    const sealed = Buffer.concat([
      iv,
      cipher.update(payload, 'utf8'),
      cipher.final(),
      cipher.getAuthTag(),
    ]);
    return `${id}.${sealed.toString('base64url')}`;
  }

  open(kind: NodeSealKind, token: string): string | null {
    // Reads the keys first, because a rotation empties `#opened`.
    this.#current();
    const known = this.#opened.get(token);
    if (known?.kind === kind) return known.payload;
    const payload = this.#decrypt(kind, token);
    if (payload !== null) {
      this.#opened.set(token, { kind, payload });
      const [oldest] = this.#opened.keys();
      if (this.#opened.size > OPENED_MAX && oldest !== undefined) this.#opened.delete(oldest);
    }
    return payload;
  }

  #decrypt(kind: NodeSealKind, token: string): string | null {
    const [id = '', body = '', ...rest] = token.split('.');
    const keys = isLasting(kind) ? this.#lasting(id) : this.#byId(id);
    const sealed = readBase64Url(body);
    if (keys === null || sealed === null || rest.length > 0) return null;
    if (sealed.length < IV_BYTES + GCM_TAG_BYTES) return null;
    const decipher = createDecipheriv(CIPHER, keys.seal, sealed.subarray(0, IV_BYTES), {
      authTagLength: GCM_TAG_BYTES,
    });
    decipher.setAAD(ADDITIONAL_DATA[kind]);
    decipher.setAuthTag(sealed.subarray(-GCM_TAG_BYTES));
    const payload = decipher.update(sealed.subarray(IV_BYTES, -GCM_TAG_BYTES));
    try {
      return Buffer.concat([payload, decipher.final()]).toString('utf8');
    } catch {
      // `final` throws if the token's tag doesn't match, and for no other reason.
      return null;
    }
  }

  tag(text: string): string {
    const { id, tag } = this.#newest();
    return `${id}.${tag.of(text)}`;
  }

  verifyTag(text: string, tag: string): boolean {
    const [id = '', mac = '', ...rest] = tag.split('.');
    const keys = this.#byId(id);
    if (keys === null || rest.length > 0) return false;
    // The tags are compared as texts, because another base64url spelling of the same bytes is not
    // our tag.
    return isSame(mac, keys.tag.of(text));
  }

  knowsKeyOf(tag: string): boolean {
    const [id = '', , ...rest] = tag.split('.');
    return this.#byId(id) !== null && rest.length === 0;
  }

  randomId(): string {
    return this.#ids.next();
  }

  /**
   * Returns the user's id, which is the HMAC of the cookie under the permanent key. Files contain
   * only this id, never the cookie.
   */
  subjectOf(cookie: string): SubjectId {
    this.#current();
    const key = assertDefined(this.#subjectKey, 'a key ring has a key for subjects');
    return brandId<SubjectId>(key.of(cookie));
  }

  /**
   * Hashes the name typed at a sign-in, because it may be a password typed into the wrong field.
   */
  triedName(nameKey: string): TriedName {
    // A cookie contains no line feed, so no user's id equals this digest.
    return brandId<TriedName>(this.subjectOf(`name\n${nameKey}`));
  }

  outcomeToken(code: string): string {
    return `${code}.${this.#lastingMac('outcome', code)}`;
  }

  /**
   * Returns the code of the report that the token is about; null if this server didn't make the
   * token.
   */
  openOutcomeToken(token: string): string | null {
    const [code = '', mac = '', ...rest] = token.split('.');
    return isSame(mac, this.#lastingMac('outcome', code)) && rest.length === 0 ? code : null;
  }

  /**
   * Returns the code with which a user reads a decision and appeals against it. Moderators know the
   * decision's id but can't compute its code. The code has the shape of an id, as the protocol
   * requires.
   */
  appealCode(decision: DecisionId): string {
    return `${decision}${this.#appealMac(decision)}`;
  }

  /** Returns the decision of an appeal code; null if this server didn't make the code. */
  openAppealCode(code: string): DecisionId | null {
    const decision = brandId<DecisionId>(code.slice(0, -APPEAL_MAC_CHARS));
    return isSame(code.slice(-APPEAL_MAC_CHARS), this.#appealMac(decision)) ? decision : null;
  }

  /**
   * Makes a code which proves that the sanction of a shared network or device blocks this user. The
   * code works for no other user and doesn't reveal the sanctioned user.
   */
  sharedCode(sanction: SanctionId, subject: SubjectId): string {
    return `${SHARED_CODE_PREFIX}${sanction}${this.#sharedMac(sanction, subject)}`;
  }

  /**
   * Returns the sanction of a shared code; null if this server didn't make the code, or made it for
   * another user.
   */
  openSharedCode(code: string, subject: SubjectId): SanctionId | null {
    const sanction = brandId<SanctionId>(code.slice(SHARED_CODE_PREFIX.length, -APPEAL_MAC_CHARS));
    return isSame(code, this.sharedCode(sanction, subject)) ? sanction : null;
  }

  /**
   * Returns the code with which a user reads what software did in a case and appeals against it.
   * The code isn't bound to a cookie.
   */
  measureCode(of: CaseId): string {
    return `${MEASURE_CODE_PREFIX}${of}${this.#measureMac(of)}`;
  }

  /** Returns the case of a measure's code; null if this server didn't make the code. */
  openMeasureCode(code: string): CaseId | null {
    const of = brandId<CaseId>(code.slice(MEASURE_CODE_PREFIX.length, -APPEAL_MAC_CHARS));
    return isSame(code, this.measureCode(of)) ? of : null;
  }

  /**
   * Makes a code which proves that this user is refused as a minor by device key. It contains the
   * end of the refusal and a hash of the device key, and works for no other user.
   */
  ageCode(subject: SubjectId, device: DeviceKeyId, endsAtWallMs: number): string {
    const hash = this.#lastingMac('age-device', device).slice(0, APPEAL_MAC_CHARS);
    const refusal = `${(endsAtWallMs / MINUTE_MS).toString(36)}-${hash}`;
    return `${AGE_CODE_PREFIX}${refusal}${this.#ageMac(refusal, subject)}`;
  }

  /** Returns null if this server didn't make the code, or made it for another user. */
  openAgeCode(code: string, subject: SubjectId): AgeRefusal | null {
    const refusal = code.slice(AGE_CODE_PREFIX.length, -APPEAL_MAC_CHARS);
    const expected = `${AGE_CODE_PREFIX}${refusal}${this.#ageMac(refusal, subject)}`;
    if (!isSame(code, expected)) return null;
    const minutes = refusal.slice(0, refusal.indexOf('-'));
    const device = brandId<DeviceHash>(refusal.slice(minutes.length + 1));
    return { subject, device, endsAtMs: Number.parseInt(minutes, 36) * MINUTE_MS };
  }

  /**
   * Returns a code that proves a former identity after the cookie is lost. It is valid for data
   * export and erasure only, and is not stored.
   */
  recoveryCode(subject: SubjectId): string {
    return `${RECOVERY_PREFIX}${subject}${this.#recoveryMac(subject)}`;
  }

  /** Returns the user of a recovery code; null if this server didn't make the code. */
  openRecoveryCode(code: string): SubjectId | null {
    const subject = brandId<SubjectId>(code.slice(RECOVERY_PREFIX.length, -RECOVERY_MAC_CHARS));
    return isSame(code, this.recoveryCode(subject)) ? subject : null;
  }

  /** Returns the id under which a community's code is stored. */
  communityCodeId(community: string, code: string): string {
    return this.#lastingMac('community-code', `${community}\n${code}`);
  }

  /** Returns what is stored of the browser that used a code. It links no two codes. */
  communityDevice(codeId: string, device: DeviceKeyId): string {
    return this.#lastingMac('community-device', `${codeId}\n${device}`).slice(0, APPEAL_MAC_CHARS);
  }

  /** Returns the secret that signs the proof-of-work challenges of a network. */
  proofSecret(network: string): string {
    return this.#lastingMac('proof', network);
  }

  /** Returns the MAC of a recovery code, which has 128 bits. */
  #recoveryMac(subject: SubjectId): string {
    return this.#lastingMac('own-data', subject).slice(0, RECOVERY_MAC_CHARS);
  }

  /**
   * Returns the MAC of an appeal code. 96 bits are enough, because guesses are rate-limited, and a
   * short code is easier to copy by hand.
   */
  #appealMac(decision: DecisionId): string {
    return this.#lastingMac('appeal', decision).slice(0, APPEAL_MAC_CHARS);
  }

  /**
   * Returns the MAC of a shared sanction's code. It has 96 bits for the reasons given at
   * `#appealMac`.
   */
  #sharedMac(sanction: SanctionId, subject: SubjectId): string {
    return this.#lastingMac('shared', `${sanction}\n${subject}`).slice(0, APPEAL_MAC_CHARS);
  }

  /** Returns the MAC of a measure's code. It has 96 bits for the reasons given at `#appealMac`. */
  #measureMac(of: CaseId): string {
    return this.#lastingMac('measure', of).slice(0, APPEAL_MAC_CHARS);
  }

  /** Computes the MAC of an age code, which has 96 bits. */
  #ageMac(refusal: string, subject: SubjectId): string {
    return this.#lastingMac('age', `${refusal}\n${subject}`).slice(0, APPEAL_MAC_CHARS);
  }

  /**
   * Computes a MAC with the permanent key, because the other keys may be gone when the code is
   * used.
   */
  #lastingMac(purpose: string, text: string): string {
    this.#current();
    const key = assertDefined(this.#subjectKey, 'a key ring has a key for subjects');
    // No cookie begins with this prefix, so the digest equals no user's id.
    return key.of(`farandole-${purpose}-1\n${text}`);
  }

  /** Returns the key that encrypts block proofs; null if the token names another key. */
  #lasting(): Pick<Keys, 'id' | 'seal'>;
  #lasting(id: string): Pick<Keys, 'id' | 'seal'> | null;
  #lasting(id = LASTING_ID): Pick<Keys, 'id' | 'seal'> | null {
    this.#current();
    const seal = assertDefined(this.#blockKey, 'a key ring has a key for blocks');
    return id === LASTING_ID ? { id, seal } : null;
  }

  #newest(): Keys {
    return assertDefined(this.#current().at(-1), 'a key ring is never empty');
  }

  #byId(id: string): Keys | null {
    return this.#current().find((keys) => keys.id === id) ?? null;
  }

  #current(): readonly Keys[] {
    const ring = this.#readRing();
    if (ring !== this.#ring) {
      this.#ring = ring;
      this.#opened.clear();
      this.#subjectKey = new Mac(ring.subject);
      // No cookie and no other text that this key signs equals the text below, so the derived key
      // is unique.
      const block = this.#subjectKey.of('farandole-block-1\n');
      this.#blockKey = createSecretKey(block, 'base64url');
      this.#keys = ring.generations.map(({ id, seal, tag }) => ({
        id,
        seal: createSecretKey(seal),
        tag: new Mac(tag),
      }));
    }
    return this.#keys;
  }
}

/** Whether tokens of the kind stay valid longer than the rotating keys. */
function isLasting(kind: NodeSealKind): boolean {
  return kind === 'block' || kind === 'community';
}

function additionalData(kind: NodeSealKind): Buffer {
  return Buffer.from(`farandole-seal-1\n${kind}`);
}

const ADDITIONAL_DATA: Readonly<Record<NodeSealKind, Buffer>> = {
  ticket: additionalData('ticket'),
  session: additionalData('session'),
  resume: additionalData('resume'),
  call: additionalData('call'),
  ceremony: additionalData('ceremony'),
  pictures: additionalData('pictures'),
  invitation: additionalData('invitation'),
  community: additionalData('community'),
  block: additionalData('block'),
};

/** Compares two texts in constant time, except that a difference in length is noticed at once. */
function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
