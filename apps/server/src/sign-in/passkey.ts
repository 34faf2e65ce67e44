import type { PasskeyId } from '@farandole/accounts/ids';
import { CHALLENGE_MS } from '@farandole/accounts/limits';
import type { NewPasskey } from '@farandole/accounts/passkeys';
import type { Passkey } from '@farandole/accounts/sign-in';
import { brandId } from '@farandole/kernel/id';

/**
 * Passkeys (WebAuthn, level 3). The relying party is the page's host. The server requests no
 * attestation, and refuses an attestation that comes anyway, because verifying it would contact
 * other hosts.
 */

/**
 * COSE numbers of the accepted signature algorithms, which are ECDSA with P-256, Ed25519, and RSA
 * with SHA-256.
 */
const ALGORITHMS = [-7, -8, -257];
/**
 * Attestation formats for no attestation and self-attestation. For any other format the library
 * contacts revocation servers.
 */
const FORMS_OF_NO_MAKER: ReadonlySet<string> = new Set(['none', 'packed']);
const FIELD_CHARS_MAX = 3_000;
const TRANSPORTS_MAX = 8;
const TRANSPORT = /^[a-z-]{1,20}$/;

const library = () => import('@simplewebauthn/server');

function hostOf(origin: string): string {
  return new URL(origin).hostname;
}

export async function creationOptions(asked: {
  readonly origin: string;
  readonly siteName: string;
  /** A random challenge in base64url. */
  readonly challenge: string;
  readonly member: { readonly id: string; readonly name: string };
  /** Passkeys that the member already has. An authenticator that has one of them makes no other. */
  readonly others: readonly PasskeyId[];
}): Promise<unknown> {
  const { origin, siteName, challenge, member, others } = asked;
  const { generateRegistrationOptions } = await library();
  return await generateRegistrationOptions({
    rpName: siteName,
    rpID: hostOf(origin),
    userName: member.name,
    userDisplayName: member.name,
    userID: bytesOf(Buffer.from(member.id, 'utf8')),
    challenge: bytesOf(Buffer.from(challenge, 'base64url')),
    timeout: CHALLENGE_MS,
    attestationType: 'none',
    excludeCredentials: others.map((id) => ({ id })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    supportedAlgorithmIDs: ALGORITHMS,
  });
}

/**
 * Returns options for `navigator.credentials.get` as JSON. The options contain no name, because the
 * authenticator knows the member.
 */
export async function requestOptions(origin: string, challenge: string): Promise<unknown> {
  const { generateAuthenticationOptions } = await library();
  return await generateAuthenticationOptions({
    rpID: hostOf(origin),
    challenge: bytesOf(Buffer.from(challenge, 'base64url')),
    timeout: CHALLENGE_MS,
    userVerification: 'required',
  });
}

/**
 * Verifies a credential that a browser created. Returns the new passkey without a label; null if
 * the credential is invalid.
 */
export async function verifyCreation(
  credential: unknown,
  { origin, challenge }: { readonly origin: string; readonly challenge: string },
): Promise<Omit<NewPasskey, 'label'> | null> {
  const read = readCredential(credential, ['clientDataJSON', 'attestationObject']);
  if (read === null) return null;
  const { id, fields, transports } = read;
  const [clientDataJSON, attestationObject] = fields;
  try {
    const { verifyRegistrationResponse } = await library();
    const { decodeAttestationObject, isoBase64URL } = await import(
      '@simplewebauthn/server/helpers'
    );
    const attestation = decodeAttestationObject(isoBase64URL.toBuffer(attestationObject));
    const tellsOfMaker =
      !FORMS_OF_NO_MAKER.has(attestation.get('fmt')) ||
      attestation.get('attStmt').get('x5c') !== undefined;
    if (tellsOfMaker) return null;
    const verified = await verifyRegistrationResponse({
      response: {
        id,
        rawId: id,
        type: 'public-key',
        response: { clientDataJSON, attestationObject },
        clientExtensionResults: {},
      },
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: hostOf(origin),
      requireUserVerification: true,
      supportedAlgorithmIDs: ALGORITHMS,
    });
    if (!verified.verified) return null;
    const { publicKey, counter } = verified.registrationInfo.credential;
    return {
      id: brandId<PasskeyId>(verified.registrationInfo.credential.id),
      publicKey: Buffer.from(publicKey).toString('base64url'),
      counter,
      transports,
    };
  } catch {
    // The WebAuthn library throws for every invalid response.
    return null;
  }
}

/** Returns the id of the passkey that a credential claims to be. The id isn't verified yet. */
export function passkeyIn(credential: unknown): PasskeyId | null {
  const read = readCredential(credential, ['clientDataJSON', 'authenticatorData', 'signature']);
  return read === null ? null : brandId<PasskeyId>(read.id);
}

/**
 * Verifies a sign-in with a passkey. Returns the authenticator's signature counter; null if the
 * response is invalid.
 */
export async function verifyAnswer(
  credential: unknown,
  asked: { readonly origin: string; readonly challenge: string; readonly passkey: Passkey },
): Promise<number | null> {
  const { origin, challenge, passkey } = asked;
  const read = readCredential(credential, ['clientDataJSON', 'authenticatorData', 'signature']);
  if (read === null || read.id !== passkey.id) return null;
  const [clientDataJSON, authenticatorData, signature] = read.fields;
  try {
    const { verifyAuthenticationResponse } = await library();
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: {
        id: read.id,
        rawId: read.id,
        type: 'public-key',
        response: { clientDataJSON, authenticatorData, signature },
        clientExtensionResults: {},
      },
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: hostOf(origin),
      requireUserVerification: true,
      credential: {
        id: passkey.id,
        publicKey: bytesOf(Buffer.from(passkey.publicKey, 'base64url')),
        counter: passkey.counter,
      },
    });
    return verified ? authenticationInfo.newCounter : null;
  } catch {
    return null;
  }
}

interface ReadCredential<Names extends readonly string[]> {
  readonly id: string;
  readonly fields: { readonly [At in keyof Names]: string };
  readonly transports: readonly string[];
}

function readCredential<const Names extends readonly string[]>(
  credential: unknown,
  names: Names,
): ReadCredential<Names> | null {
  if (!isRecord(credential)) return null;
  const { id, response } = credential;
  if (!isField(id) || !isRecord(response)) return null;
  const fields = names.map((name) => response[name]);
  if (!fields.every(isField)) return null;
  const said = Array.isArray(response['transports']) ? response['transports'] : [];
  return {
    id,
    // The cast is needed, because the compiler can't infer the tuple's length through `map`.
    fields: fields as ReadCredential<Names>['fields'],
    transports: said.filter(isTransport).slice(0, TRANSPORTS_MAX),
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isField(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= FIELD_CHARS_MAX;
}

function isTransport(value: unknown): value is string {
  return typeof value === 'string' && TRANSPORT.test(value);
}

/** Copies the bytes, because the library's types refuse a Buffer, which may use shared memory. */
function bytesOf(buffer: Buffer): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer);
}
