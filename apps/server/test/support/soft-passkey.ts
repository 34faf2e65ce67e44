import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

interface PasskeyRequest {
  readonly challenge: string;
  readonly rpId?: string;
  readonly rp?: { readonly id: string };
}

const FLAGS = { present: 0x01, verified: 0x04, withKey: 0x40 };

export interface Oddities {
  readonly origin?: string;
  readonly isVerified?: boolean;
  readonly counter?: number;
  readonly rpId?: string;
}

/** A WebAuthn browser and authenticator in software, with one passkey. */
export class SoftPasskey {
  readonly #id = randomBytes(16);
  readonly #origin: string;
  readonly #privateKey: KeyObject;
  readonly #point: { readonly x: Buffer; readonly y: Buffer };
  #counter = 0;

  constructor(origin: string) {
    this.#origin = origin;
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.#privateKey = privateKey;
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
    this.#point = { x: Buffer.from(x, 'base64url'), y: Buffer.from(y, 'base64url') };
  }

  /** Answers a call of `navigator.credentials.create`. */
  create(options: unknown, odd: Oddities = {}): unknown {
    const asked = options as PasskeyRequest;
    const key = Buffer.concat([
      this.#authenticatorData(odd.rpId ?? asked.rp?.id ?? '', odd, FLAGS.withKey),
      Buffer.alloc(16),
      Buffer.from([0, this.#id.length]),
      this.#id,
      // Returns a COSE key with the members kty EC2, alg ES256, crv P-256, x and y.
      Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]),
      this.#point.x,
      Buffer.from([0x22, 0x58, 0x20]),
      this.#point.y,
    ]);
    // Returns the map {"fmt": "none", "attStmt": {}, "authData": …} in CBOR.
    const attestation = Buffer.concat([
      Buffer.from([0xa3, 0x63]),
      Buffer.from('fmt'),
      Buffer.from([0x64]),
      Buffer.from('none'),
      Buffer.from([0x67]),
      Buffer.from('attStmt'),
      Buffer.from([0xa0, 0x68]),
      Buffer.from('authData'),
      Buffer.from([0x58, key.length]),
      key,
    ]);
    return this.#credential({
      clientDataJSON: this.#clientData('webauthn.create', asked, odd).toString('base64url'),
      attestationObject: attestation.toString('base64url'),
      transports: ['internal'],
    });
  }

  /** Answers a call of `navigator.credentials.get`. */
  get(options: unknown, odd: Oddities = {}): unknown {
    const asked = options as PasskeyRequest;
    const clientData = this.#clientData('webauthn.get', asked, odd);
    const data = this.#authenticatorData(odd.rpId ?? asked.rpId ?? '', odd);
    const digest = createHash('sha256').update(clientData).digest();
    const signature = sign('sha256', Buffer.concat([data, digest]), this.#privateKey);
    return this.#credential({
      clientDataJSON: clientData.toString('base64url'),
      authenticatorData: data.toString('base64url'),
      signature: signature.toString('base64url'),
    });
  }

  #credential(response: object): unknown {
    const id = this.#id.toString('base64url');
    return { id, rawId: id, type: 'public-key', clientExtensionResults: {}, response };
  }

  #clientData(
    type: string,
    { challenge }: PasskeyRequest,
    { origin = this.#origin }: Oddities,
  ): Buffer {
    return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  }

  #authenticatorData(rpId: string, odd: Oddities, more = 0): Buffer {
    const { isVerified = true } = odd;
    this.#counter += 1;
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(odd.counter ?? this.#counter);
    const flags = FLAGS.present | (isVerified ? FLAGS.verified : 0) | more;
    return Buffer.concat([
      createHash('sha256').update(rpId).digest(),
      Buffer.from([flags]),
      counter,
    ]);
  }
}
